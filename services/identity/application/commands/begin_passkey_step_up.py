"""Begin to show again who one is, by a passkey."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.passkeys import Attempt, Purpose, ask_for_passkey
from services.identity.application.people import get_person
from services.identity.application.ports import Ports
from services.identity.domain.errors import NoSecondFactor


@dataclass(frozen=True, kw_only=True)
class BeginPasskeyStepUp:
    pass


@dataclass(frozen=True, slots=True)
class BeginPasskeyStepUpHandler:
    ports: Ports

    async def __call__(self, command: BeginPasskeyStepUp, by: Principal) -> Attempt:
        """Ask who is logged in for a passkey. Raises NoSecondFactor without one."""
        person = await get_person(by, by.id, self.ports)
        if not person.own_passkeys:
            raise NoSecondFactor
        return ask_for_passkey(Purpose.STEP_UP, person, by.session_id, self.ports)
