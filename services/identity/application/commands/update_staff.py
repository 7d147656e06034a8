"""Change a colleague. Owners only."""

from dataclasses import dataclass

from chassis.kernel import Principal, Role, require_id
from services.identity.application.people import count_owner, end_stragglers, open_sessions, stop_counting_owner
from services.identity.application.ports import Ports
from services.identity.domain.staff_member import StaffChanges, StaffMember


@dataclass(frozen=True, kw_only=True)
class UpdateStaff:
    staff_id: str
    changes: StaffChanges


@dataclass(frozen=True, slots=True)
class UpdateStaffHandler:
    ports: Ports

    async def __call__(self, command: UpdateStaff, by: Principal) -> StaffMember:
        """Change name, phone, job, language or role. Another role takes effect at once: the colleague logs in again.

        Raises:
            LastOwner: when the role of the only owner would change.
        """
        by.require_role(Role.OWNER)
        staff_id, now = require_id(command.staff_id, "stf"), self.ports.clock.now()
        member = await self.ports.staff.get(by, staff_id)
        was_owner = member.role is Role.OWNER
        member.update(command.changes, (), now)
        if was_owner and member.role is not Role.OWNER:
            await stop_counting_owner(staff_id, by, self.ports)
        ended = await open_sessions(staff_id, by, self.ports)
        member = await self.ports.staff.update(by, staff_id, lambda it: it.update(command.changes, ended, now))
        await end_stragglers(member, ended, self.ports)
        await count_owner(member, self.ports)
        return member
