"""Remove a passkey."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.people import get_person, update_person
from services.identity.application.ports import Ports
from services.identity.application.second_factors import demand_on
from services.identity.domain.errors import SecondFactorNeeded
from services.identity.domain.organisation import Demand
from services.identity.domain.person import Person


@dataclass(frozen=True, kw_only=True)
class RemovePasskey:
    passkey_id: str


@dataclass(frozen=True, slots=True)
class RemovePasskeyHandler:
    ports: Ports

    async def __call__(self, command: RemovePasskey, by: Principal) -> Person:
        """Let one of one's own count no more.

        Raises:
            ProofNeeded, NotFound
            SecondFactorNeeded: when the organisation demands a second factor and it is the last of it.
        """
        now = self.ports.clock.now()
        by.require_recent_proof(now)
        is_demanded = await demand_on(await get_person(by, by.id, self.ports), self.ports) is Demand.REQUIRED

        def change(it: Person) -> None:
            if is_demanded and it.is_last_factor(command.passkey_id):
                raise SecondFactorNeeded
            it.remove_passkey(command.passkey_id, now)

        return await update_person(by, by.id, change, self.ports)
