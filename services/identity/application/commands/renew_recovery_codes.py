"""Replace one's recovery codes."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.people import get_person
from services.identity.application.ports import Ports
from services.identity.application.second_factors import hashes_of, recovery_codes, show_code
from services.identity.domain.person import Person, Shown


@dataclass(frozen=True, kw_only=True)
class RenewRecoveryCodes:
    code: str
    address: str


@dataclass(frozen=True, slots=True)
class RenewRecoveryCodesHandler:
    ports: Ports

    async def __call__(self, command: RenewRecoveryCodes, by: Principal) -> Person:
        """Replace one's recovery codes. Raises NoSecondFactor, CodeRefused."""
        person, now = await get_person(by, by.id, self.ports), self.ports.clock.now()
        hashes = hashes_of(recovery_codes(person, now, self.ports), self.ports)

        def change(it: Person, shown: Shown) -> None:
            it.renew_recovery(hashes, shown, now)

        return await show_code(person, command.code, command.address, change, self.ports)
