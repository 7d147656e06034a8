"""Ask a colleague in. Owners only."""

from dataclasses import dataclass, field

from chassis.kernel import AlreadyExists, Principal, Role, new_id
from services.identity.application.inviting import counted_invite
from services.identity.application.people import invite_fingerprint
from services.identity.application.ports import Ports
from services.identity.application.proving import require_proven
from services.identity.domain.errors import EmailTaken
from services.identity.domain.staff_member import StaffDetails, StaffMember


@dataclass(frozen=True, kw_only=True)
class InviteStaff:
    """The same `staff_id` always names the same colleague, so a repeated command adds one."""

    details: StaffDetails
    staff_id: str = field(default_factory=lambda: new_id("stf"))


@dataclass(frozen=True, slots=True)
class InviteStaffHandler:
    ports: Ports

    async def __call__(self, command: InviteStaff, by: Principal) -> StaffMember:
        """Add a colleague and send the invite.

        Raises:
            EmailTaken: when somebody with this e-mail is on the staff.
            EmailUnproven: before the registration is confirmed.
        """
        by.require_role(Role.OWNER)
        await require_proven(by, self.ports)
        now = self.ports.clock.now()
        member = StaffMember.join(command.staff_id, by.organisation_id, command.details, now)
        member.send_invite(
            invite_fingerprint(member, self.ports), by=by.id, life=self.ports.policy.invite_life, now=now
        )
        try:
            async with counted_invite(member.id, by, self.ports):
                await self.ports.staff.add(member)
        except AlreadyExists:
            if member.id not in (known := await self.ports.staff.get_many(by, [member.id])):
                raise EmailTaken from None
            return known[member.id]
        return member
