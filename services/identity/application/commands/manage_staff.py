"""Ask colleagues in, change them, shut them out and let them in again. Owners only."""

from dataclasses import dataclass, field

from chassis.kernel import AlreadyExists, Principal, Role, new_id, require_id
from services.identity.application.inviting import counted_invite
from services.identity.application.people import count_owner, end_stragglers, invite_fingerprint, open_sessions
from services.identity.application.ports import Ports
from services.identity.application.proving import require_proven
from services.identity.domain.errors import EmailTaken
from services.identity.domain.staff_member import StaffChanges, StaffDetails, StaffMember


@dataclass(frozen=True, kw_only=True)
class InviteStaff:
    """The same `staff_id` always names the same colleague, so a repeated command adds one."""

    details: StaffDetails
    staff_id: str = field(default_factory=lambda: new_id("stf"))


@dataclass(frozen=True, kw_only=True)
class UpdateStaff:
    staff_id: str
    changes: StaffChanges


@dataclass(frozen=True, kw_only=True)
class DeactivateStaff:
    staff_id: str


@dataclass(frozen=True, kw_only=True)
class ReactivateStaff:
    staff_id: str


async def invite_staff(command: InviteStaff, *, by: Principal, ports: Ports) -> StaffMember:
    """Add a colleague and send the invite.

    Raises:
        EmailTaken: when somebody with this e-mail is on the staff.
        EmailUnproven: before the registration is confirmed.
    """
    by.require_role(Role.OWNER)
    await require_proven(by, ports)
    now = ports.clock.now()
    member = StaffMember.join(command.staff_id, by.organisation_id, command.details, now)
    member.send_invite(invite_fingerprint(member, ports), by=by.id, life=ports.policy.invite_life, now=now)
    try:
        async with counted_invite(member.id, by, ports):
            await ports.staff.add(member)
    except AlreadyExists:
        if member.id not in (known := await ports.staff.get_many(by, [member.id])):
            raise EmailTaken from None
        return known[member.id]
    return member


async def update_staff(command: UpdateStaff, *, by: Principal, ports: Ports) -> StaffMember:
    """Change name, phone, job, language or role. Another role takes effect at once: the colleague logs in again.

    Raises:
        LastOwner: when the role of the only owner would change.
    """
    by.require_role(Role.OWNER)
    staff_id, now = require_id(command.staff_id, "stf"), ports.clock.now()
    member = await ports.staff.get(by, staff_id)
    was_owner = member.role is Role.OWNER
    member.update(command.changes, (), now)
    if was_owner and member.role is not Role.OWNER:
        await _stop_counting(staff_id, by, ports)
    ended = await open_sessions(staff_id, by, ports)
    member = await ports.staff.update(by, staff_id, lambda it: it.update(command.changes, ended, now))
    await end_stragglers(member, ended, ports)
    await count_owner(member, ports)
    return member


async def deactivate_staff(command: DeactivateStaff, *, by: Principal, ports: Ports) -> StaffMember:
    """Shut a colleague out, at once (an open invite is revoked, not deactivated).

    Raises:
        LastOwner, NoAccessToDisable
    """
    by.require_role(Role.OWNER)
    staff_id, now = require_id(command.staff_id, "stf"), ports.clock.now()
    member = await ports.staff.get(by, staff_id)
    member.disable((), now)
    if member.role is Role.OWNER:
        await _stop_counting(staff_id, by, ports)
    ended = await open_sessions(staff_id, by, ports)
    member = await ports.staff.update(by, staff_id, lambda it: it.disable(ended, now))
    await end_stragglers(member, ended, ports)
    return member


async def reactivate_staff(command: ReactivateStaff, *, by: Principal, ports: Ports) -> StaffMember:
    """Let a colleague in again.

    Raises:
        NotDisabled
    """
    by.require_role(Role.OWNER)
    now = ports.clock.now()
    member = await ports.staff.update(by, require_id(command.staff_id, "stf"), lambda it: it.enable(now))
    await count_owner(member, ports)
    return member


async def _stop_counting(staff_id: str, by: Principal, ports: Ports) -> None:
    """Give an owner up before the member itself changes: a crash in between leaves one owner too few in the count,
    never an organisation without one."""
    await ports.organisations.update(by, by.organisation_id, lambda it: it.remove_owner(staff_id))
