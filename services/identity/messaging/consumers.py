"""Which events identity answers, and how."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from services.chassis.bus import DependencyDown, Park
from services.chassis.inbox import Narrow, Reaction, Received, answered
from services.chassis.kernel import DomainError, Unavailable
from services.chassis.mail import MailRefused, MailServerDown
from services.chassis.mongo.ended_sessions import MongoEndedSessions
from services.identity.application import Reactions
from services.identity.application.reactions.add_forwarded_contact import DocumentForwarded
from services.identity.application.reactions.send_mails import InviteSent, PasswordReplaced, ResetRequested
from services.identity.messaging import consumed

M = TypeVar("M", bound=Narrow)


def reactions(application: Reactions, ended_sessions: MongoEndedSessions) -> dict[str, Reaction[Any]]:
    """Return the table of what identity does with events."""

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
        sent = InviteSent(event_id=event.id, person_id=event.data.contact_id, generation=event.data.generation)
        await application.mail_invite(sent, by=event.by)

    async def mail_staff(event: Received[consumed.StaffMemberInvited]) -> None:
        sent = InviteSent(event_id=event.id, person_id=event.data.staff_id, generation=event.data.generation)
        await application.mail_invite(sent, by=event.by)

    async def mail_reset(event: Received[consumed.PasswordResetRequested]) -> None:
        await application.mail_reset(ResetRequested(event_id=event.id, reset_id=event.data.reset_id), by=event.by)

    async def mail_changed(event: Received[consumed.PasswordChanged]) -> None:
        replaced = PasswordReplaced(event_id=event.id, person_id=event.data.principal_id)
        await application.mail_password_changed(replaced, by=event.by)

    async def end_sessions(event: Received[consumed.SessionsEnded]) -> None:
        data = event.data
        await ended_sessions.end(event.id, data.principal_id, data.session_ids, data.ended_at)

    answers: dict[type[Narrow], Callable[[Received[Any]], Awaitable[None]]] = {
        consumed.DocumentForwarded: add_contact,
        consumed.ContactInvited: mail_contact,
        consumed.StaffMemberInvited: mail_staff,
        consumed.PasswordResetRequested: mail_reset,
        consumed.PasswordChanged: mail_changed,
        consumed.SessionsEnded: end_sessions,
    }
    return answered("identity", consumed.CONSUMED, {model: _decided(react) for model, react in answers.items()})


def _decided(react: Callable[[Received[M]], Awaitable[None]]) -> Callable[[Received[M]], Awaitable[None]]:
    """Say what a failure means: a refusal is final, a server that is away is not."""

    async def decided(event: Received[M]) -> None:
        try:
            await react(event)
        except MailServerDown as error:
            raise DependencyDown(f"mail server: {error}") from error
        except MailRefused as error:
            raise Park(f"mail refused: {error}") from error
        except Unavailable:
            raise
        except DomainError as refusal:
            raise Park(f"{refusal.code}: {refusal.message}") from refusal

    return decided
