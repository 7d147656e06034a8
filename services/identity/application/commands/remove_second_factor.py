"""Go back to the password alone."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.people import get_person
from services.identity.application.ports import Ports
from services.identity.application.second_factors import demand_on, show_code
from services.identity.domain.errors import SecondFactorNeeded
from services.identity.domain.organisation import Demand
from services.identity.domain.person import Person, Shown


@dataclass(frozen=True, kw_only=True)
class RemoveSecondFactor:
    code: str
    address: str


@dataclass(frozen=True, slots=True)
class RemoveSecondFactorHandler:
    ports: Ports

    async def __call__(self, command: RemoveSecondFactor, by: Principal) -> None:
        """Go back to the password alone.

        Raises:
            SecondFactorNeeded, NoSecondFactor, CodeRefused
        """
        person, now = await get_person(by, by.id, self.ports), self.ports.clock.now()
        if await demand_on(person, self.ports) is Demand.REQUIRED:
            raise SecondFactorNeeded

        def change(it: Person, shown: Shown) -> None:
            it.show(shown)
            it.remove_second_factor(now)

        await show_code(person, command.code, command.address, change, self.ports)
