"""Shut a colleague out. Owners only."""

from dataclasses import dataclass

from chassis.kernel import Principal, Role, require_id
from services.identity.application.people import end_stragglers, open_sessions, stop_counting_owner
from services.identity.application.ports import Ports
from services.identity.domain.staff_member import StaffMember


@dataclass(frozen=True, kw_only=True)
class DeactivateStaff:
    staff_id: str


@dataclass(frozen=True, slots=True)
class DeactivateStaffHandler:
    ports: Ports

    async def __call__(self, command: DeactivateStaff, by: Principal) -> StaffMember:
        """Shut a colleague out, at once (an open invite is revoked, not deactivated).

        Raises:
            LastOwner, NoAccessToDisable
        """
        by.require_role(Role.OWNER)
        staff_id, now = require_id(command.staff_id, "stf"), self.ports.clock.now()
        member = await self.ports.staff.get(by, staff_id)
        member.disable((), now)
        if member.role is Role.OWNER:
            await stop_counting_owner(staff_id, by, self.ports)
        ended = await open_sessions(staff_id, by, self.ports)
        member = await self.ports.staff.update(by, staff_id, lambda it: it.disable(ended, now))
        await end_stragglers(member, ended, self.ports)
        return member
