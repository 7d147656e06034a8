"""Begin to add a passkey."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.passkeys import Attempt, Purpose, begin, handle_of, session_of
from services.identity.application.ports import Ports
from services.identity.application.second_factors import demand_on, who_sets_up
from services.identity.domain.errors import SecondFactorNotOffered
from services.identity.domain.organisation import Demand


@dataclass(frozen=True, kw_only=True)
class BeginPasskey:
    """By `challenge` for who has to set up a second factor before coming in."""

    challenge: str | None = None


@dataclass(frozen=True, slots=True)
class BeginPasskeyHandler:
    ports: Ports

    async def __call__(self, command: BeginPasskey, by: Principal | None) -> Attempt:
        """Ask for a new passkey.

        Raises:
            SecondFactorNotOffered, SecondFactorIsOn, ChallengeOver, ProofNeeded
        """
        person = await who_sets_up(command.challenge, by, self.ports)
        if await demand_on(person, self.ports) is Demand.OFF:
            raise SecondFactorNotOffered
        token, challenge, expires_at = begin(Purpose.ADD, person, session_of(command.challenge, by), self.ports)
        known = tuple(one.id for one in person.own_passkeys)
        options = self.ports.passkeys.creation(challenge, handle_of(person), person.email, known)
        return Attempt(token=token, options=options, expires_at=expires_at)
