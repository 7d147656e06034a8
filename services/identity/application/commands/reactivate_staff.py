"""Let a colleague in again. Owners only."""

from dataclasses import dataclass

from chassis.kernel import Principal, Role, require_id
from services.identity.application.people import count_owner
from services.identity.application.ports import Ports
from services.identity.domain.staff_member import StaffMember


@dataclass(frozen=True, kw_only=True)
class ReactivateStaff:
    staff_id: str


@dataclass(frozen=True, slots=True)
class ReactivateStaffHandler:
    ports: Ports

    async def __call__(self, command: ReactivateStaff, by: Principal) -> StaffMember:
        """Let a colleague in again.

        Raises:
            NotDisabled
        """
        by.require_role(Role.OWNER)
        now = self.ports.clock.now()
        member = await self.ports.staff.update(by, require_id(command.staff_id, "stf"), lambda it: it.enable(now))
        await count_owner(member, self.ports)
        return member
