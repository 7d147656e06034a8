"""Brings identity's own mails to the mail server: what they say is decided now, from what is true now."""

from chassis.handing_over import mail_outcomes
from chassis.kernel import DomainError, Principal, Unavailable
from chassis.mailing import Away, NoLongerTrue, TryLater
from chassis.telemetry import MAILS
from services.identity.application import Reactions
from services.identity.application.reactions.send_mails import (
    EmailProofAsked,
    EmailReplaced,
    InviteSent,
    PasskeyAddedOrRemoved,
    PasswordReplaced,
    ResetRequested,
    SecondFactorTurned,
)
from services.identity.domain.outgoing import Occasion, OutgoingMail


class LetterCourier:
    """Implements `Courier` over the use cases that mail."""

    def __init__(self, application: Reactions) -> None:
        self._application = application

    async def deliver(self, notification: OutgoingMail) -> None:
        """Return when the mail was taken. Raises Undeliverable, NoLongerTrue, TryLater."""
        outcome = "failed"
        try:
            with mail_outcomes():
                mailed = await self._mail(notification)
            outcome = "sent" if mailed else "dropped"
        except TryLater:
            outcome = "later"
            raise
        except Unavailable as away:
            outcome = "later"
            raise Away(away.message, "identity") from away
        except DomainError as refusal:
            raise NoLongerTrue(refusal.code) from refusal
        finally:
            MAILS.labels(notification.occasion.value, outcome).inc()
        if not mailed:
            raise NoLongerTrue("the link is open no more")

    async def _mail(self, mail: OutgoingMail) -> bool:
        by, reference = Principal.for_service(mail.organisation_id), mail.event_id
        if mail.occasion is Occasion.INVITE:
            invite = InviteSent(event_id=reference, mail_id=mail.id, person_id=mail.about, generation=mail.generation)
            return await self._application.send_mails.invite(invite, by=by)
        if mail.occasion is Occasion.RESET:
            return await self._application.send_mails.reset(
                ResetRequested(event_id=reference, mail_id=mail.id, reset_id=mail.about), by=by
            )
        if mail.occasion is Occasion.EMAIL_PROOF:
            asked = EmailProofAsked(
                event_id=reference, mail_id=mail.id, person_id=mail.about, generation=mail.generation
            )
            return await self._application.send_mails.email_proof(asked, by=by)
        if mail.occasion is Occasion.EMAIL_CHANGED:
            moved = EmailReplaced(
                event_id=reference,
                mail_id=mail.id,
                person_id=mail.about,
                former_name=mail.to_name or "",
                former_email=mail.to or "",
            )
            return await self._application.send_mails.email_changed(moved, by=by)
        if mail.occasion in (Occasion.PASSKEY_ADDED, Occasion.PASSKEY_REMOVED):
            is_added = mail.occasion is Occasion.PASSKEY_ADDED
            passkey = PasskeyAddedOrRemoved(
                event_id=reference, mail_id=mail.id, person_id=mail.about, is_added=is_added
            )
            return await self._application.send_mails.passkey_changed(passkey, by=by)
        if mail.occasion in (Occasion.SECOND_FACTOR_ON, Occasion.SECOND_FACTOR_OFF):
            is_on = mail.occasion is Occasion.SECOND_FACTOR_ON
            turned = SecondFactorTurned(event_id=reference, mail_id=mail.id, person_id=mail.about, is_on=is_on)
            return await self._application.send_mails.second_factor_changed(turned, by=by)
        changed = PasswordReplaced(event_id=reference, mail_id=mail.id, person_id=mail.about)
        return await self._application.send_mails.password_changed(changed, by=by)
