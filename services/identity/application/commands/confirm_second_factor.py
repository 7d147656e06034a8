"""Turn a second factor on."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.ports import Ports
from services.identity.application.second_factors import Confirmed, hashes_of, recovery_codes, show_code, who_sets_up
from services.identity.application.signing_in import start_session
from services.identity.domain.person import Person, Shown


@dataclass(frozen=True, kw_only=True)
class ConfirmSecondFactor:
    code: str
    address: str
    challenge: str | None = None
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmSecondFactorHandler:
    ports: Ports

    async def __call__(self, command: ConfirmSecondFactor, by: Principal | None) -> Confirmed:
        """Turn the second factor on, by its first code.

        Raises:
            SecondFactorIsOn, SetUpOver, CodeRefused, ChallengeOver, ProofNeeded
        """
        person, now = await who_sets_up(command.challenge, by, self.ports), self.ports.clock.now()
        hashes = hashes_of(recovery_codes(person, now, self.ports), self.ports)

        def change(it: Person, shown: Shown) -> None:
            it.confirm_set_up(shown.step, hashes, now)

        person = await show_code(person, command.code, command.address, change, self.ports)
        entered = None
        if command.challenge is not None:
            entered = await start_session(person, self.ports, user_agent=command.user_agent)
        return Confirmed(person=person, signed_in=entered)
