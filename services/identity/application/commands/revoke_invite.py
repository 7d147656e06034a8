"""Take the invite of a contact or colleague back."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.inviting import get_invitable
from services.identity.application.ports import Ports
from services.identity.domain.contact import Contact
from services.identity.domain.staff_member import StaffMember


@dataclass(frozen=True, kw_only=True)
class RevokeInvite:
    person_id: str


@dataclass(frozen=True, slots=True)
class RevokeInviteHandler:
    ports: Ports

    async def __call__(self, command: RevokeInvite, by: Principal) -> StaffMember | Contact:
        """Take the link back.

        Raises:
            NotInvited: when there is no open or expired invite.
        """
        person, now = await get_invitable(command.person_id, by, self.ports), self.ports.clock.now()
        if isinstance(person, StaffMember):
            return await self.ports.staff.update(by, person.id, lambda it: it.revoke_invite(now))
        return await self.ports.contacts.update(by, person.id, lambda it: it.revoke_invite(now))
