"""Which events identity answers, and how."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from chassis.bus import Park
from chassis.forgetting import Forgetting, erasure_of
from chassis.inbox import Narrow, Reaction, Received, answered
from chassis.kernel import DomainError, Unavailable
from chassis.mongo.ended_sessions import MongoEndedSessions
from services.identity.application import Reactions
from services.identity.application.reactions.add_forwarded_contact import DocumentForwarded
from services.identity.domain.outgoing import Occasion, OutgoingMail
from services.identity.messaging import consumed

M = TypeVar("M", bound=Narrow)
Post = Callable[[OutgoingMail], Awaitable[None]]


def reactions(
    application: Reactions, ended_sessions: MongoEndedSessions, post: Post, forget: Forgetting
) -> dict[str, Reaction[Any]]:
    """Return the table of what identity does with events; `post` lets a mail wait."""

    async def add_contact(event: Received[consumed.DocumentForwarded]) -> None:
        data = event.data
        forwarded = DocumentForwarded(
            event_id=event.id,
            forwarded_at=event.time,
            customer_id=data.customer_id,
            recipient_name=data.recipient_name,
            recipient_email=data.recipient_email,
        )
        await application.add_forwarded_contact(forwarded, by=event.by)

    async def mail_contact(event: Received[consumed.ContactInvited]) -> None:
        await post(_mail(event, Occasion.INVITE, event.data.contact_id, event.data.generation))

    async def mail_staff(event: Received[consumed.StaffMemberInvited]) -> None:
        await post(_mail(event, Occasion.INVITE, event.data.staff_id, event.data.generation))

    async def mail_reset(event: Received[consumed.PasswordResetRequested]) -> None:
        await post(_mail(event, Occasion.RESET, event.data.reset_id))

    async def mail_proof(event: Received[consumed.EmailProofRequested]) -> None:
        await post(_mail(event, Occasion.EMAIL_PROOF, event.data.principal_id, event.data.generation))

    async def mail_changed(event: Received[consumed.PasswordChanged]) -> None:
        await post(_mail(event, Occasion.PASSWORD_CHANGED, event.data.principal_id))

    async def mail_former_address(event: Received[consumed.EmailChanged]) -> None:
        if await forget.erased.is_erased(event.data.principal_id):
            return  # it comes late: the former address is to be forgotten as well
        mail = _mail(event, Occasion.EMAIL_CHANGED, event.data.principal_id)
        mail.to, mail.to_name = event.data.former_email, event.data.former_name
        await post(mail)

    async def mail_second_factor(event: Received[consumed.SecondFactorChanged]) -> None:
        occasion = Occasion.SECOND_FACTOR_ON if event.data.is_on else Occasion.SECOND_FACTOR_OFF
        await post(_mail(event, occasion, event.data.principal_id))

    async def mail_passkey(event: Received[consumed.PasskeyChanged]) -> None:
        occasion = Occasion.PASSKEY_ADDED if event.data.is_added else Occasion.PASSKEY_REMOVED
        await post(_mail(event, occasion, event.data.principal_id))

    async def end_sessions(event: Received[consumed.SessionsEnded]) -> None:
        data = event.data
        await ended_sessions.end(event.id, data.principal_id, data.session_ids, data.ended_at)

    answers: dict[type[Narrow], Callable[[Received[Any]], Awaitable[None]]] = {
        consumed.DocumentForwarded: add_contact,
        consumed.ContactInvited: mail_contact,
        consumed.StaffMemberInvited: mail_staff,
        consumed.PasswordResetRequested: mail_reset,
        consumed.EmailProofRequested: mail_proof,
        consumed.PasswordChanged: mail_changed,
        consumed.EmailChanged: mail_former_address,
        consumed.SecondFactorChanged: mail_second_factor,
        consumed.PasskeyChanged: mail_passkey,
        consumed.ContactErased: _forgetting(forget),
        consumed.SessionsEnded: end_sessions,
    }
    return answered("identity", consumed.CONSUMED, {model: _decided(react) for model, react in answers.items()})


def _forgetting(forget: Forgetting) -> Callable[[Received[consumed.ContactErased]], Awaitable[None]]:
    async def forget_contact(event: Received[consumed.ContactErased]) -> None:
        await forget(erasure_of(event))

    return forget_contact


def _mail(event: Received[Any], occasion: Occasion, about: str, generation: int = 0) -> OutgoingMail:
    return OutgoingMail.of(event.id, event.time, event.by.organisation_id, occasion, about, generation)


def _decided(react: Callable[[Received[M]], Awaitable[None]]) -> Callable[[Received[M]], Awaitable[None]]:
    """Say what a failure means: a refusal is final, a server that is away is not."""

    async def decided(event: Received[M]) -> None:
        try:
            await react(event)
        except Unavailable:
            raise
        except DomainError as refusal:
            raise Park(f"{refusal.code}: {refusal.message}") from refusal

    return decided
