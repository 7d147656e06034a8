"""Come in by a passkey: it is used up first, and then lets in, so that the request can be repeated."""

from dataclasses import dataclass

from services.identity.application.passkeys import Answer, Asked, Purpose, counted, read, show_passkey, whose_handle
from services.identity.application.people import may_enter
from services.identity.application.ports import Ports
from services.identity.application.signing_in import SignedIn, start_session
from services.identity.domain.contact import Contact
from services.identity.domain.errors import PasskeyAttemptOver, PasskeyRefused
from services.identity.domain.staff_member import StaffMember


@dataclass(frozen=True, kw_only=True)
class LogInWithPasskey:
    answer: Answer
    address: str
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class ShowPasskeyToLogInHandler:
    ports: Ports

    async def __call__(self, command: LogInWithPasskey) -> StaffMember | Contact:
        """Use up what was asked: a passkey is both, what one has and, by its own PIN or sensor, who one is.

        Raises:
            PasskeyAttemptOver, PasskeyRefused, PasskeyCopied
        """
        async with counted(command.address, self.ports):
            asked = read(command.answer.token, Purpose.LOG_IN, None, self.ports)
            person = await _who_shows(command.answer, asked, self.ports)
            return await show_passkey(person, command.answer, asked, self.ports)


@dataclass(frozen=True, slots=True)
class LogInWithPasskeyHandler:
    ports: Ports

    async def __call__(self, command: LogInWithPasskey) -> SignedIn:
        """Open a session for who has shown a passkey in this attempt, by `show_passkey_to_log_in` in the same request.

        Raises:
            PasskeyAttemptOver, PasskeyRefused, LogInRefused
        """
        asked = read(command.answer.token, Purpose.LOG_IN, None, self.ports)
        person = await _who_shows(command.answer, asked, self.ports)
        if (
            not person.has_shown(asked.digest)
            or person.passkey(self.ports.passkeys.named(command.answer.credential)[0]) is None
        ):
            raise PasskeyAttemptOver
        return await start_session(person, self.ports, user_agent=command.user_agent)


async def _who_shows(answer: Answer, asked: Asked, ports: Ports) -> StaffMember | Contact:
    """Return who is meant by an answer to what one person was asked, or anybody. Raises PasskeyRefused."""
    _, handle = ports.passkeys.named(answer.credential)
    person = await whose_handle(handle or asked.handle, ports)
    if not asked.allows(person) or not await may_enter(person, ports):
        ports.notice("passkey_refused", "unknown", person.id)
        raise PasskeyRefused
    return person
