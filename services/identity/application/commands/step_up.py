"""Show again who one is."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.own_password import require_password
from services.identity.application.passkeys import Answer, show_own_passkey
from services.identity.application.people import get_person, service_of
from services.identity.application.ports import Ports
from services.identity.application.second_factors import show_code
from services.identity.application.signing_in import SignedIn, tokens_for
from services.identity.domain.errors import SessionEnded


@dataclass(frozen=True, kw_only=True)
class StepUp:
    address: str
    password: str = ""
    code: str = ""
    passkey: Answer | None = None


@dataclass(frozen=True, slots=True)
class StepUpHandler:
    ports: Ports

    async def __call__(self, command: StepUp, by: Principal) -> SignedIn:
        """Show again who one is: by the second factor where there is one, else by the password.

        Raises:
            CodeRefused, WrongPassword, PasskeyRefused, PasskeyCopied, PasskeyAttemptOver, SessionEnded
        """
        person = await get_person(by, by.id, self.ports)
        if command.passkey is not None:
            person = await show_own_passkey(person, command.passkey, command.address, by, self.ports)
        elif person.guard is not None:
            person = await show_code(
                person, command.code, command.address, lambda it, shown: it.show(shown), self.ports
            )
        else:
            await require_password(person, command.password, self.ports)
        if by.session_id is None:
            raise SessionEnded
        now = self.ports.clock.now()
        session = await self.ports.sessions.update(service_of(person), by.session_id, lambda it: it.prove(now))
        return await tokens_for(person, session, self.ports)
