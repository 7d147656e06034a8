"""Send the invite of a contact or colleague again."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.inviting import counted_invite, get_invitable, require_portal
from services.identity.application.people import invite_fingerprint, update_person
from services.identity.application.ports import Ports
from services.identity.application.proving import require_proven
from services.identity.domain.contact import Contact
from services.identity.domain.staff_member import StaffMember


@dataclass(frozen=True, kw_only=True)
class ResendInvite:
    person_id: str


@dataclass(frozen=True, slots=True)
class ResendInviteHandler:
    ports: Ports

    async def __call__(self, command: ResendInvite, by: Principal) -> StaffMember | Contact:
        """Send a new link, which kills the old one.

        Raises:
            NotInvited: when there is no open or expired invite.
            InviteQuotaReached: when too many were sent today.
            EmailUnproven: before the registration is confirmed.
        """
        person = await get_invitable(command.person_id, by, self.ports)
        await require_proven(by, self.ports)
        fingerprint, now, life = (
            invite_fingerprint(person, self.ports),
            self.ports.clock.now(),
            self.ports.policy.invite_life,
        )
        if isinstance(person, Contact):
            await require_portal(by, self.ports)
        async with counted_invite(person.id, by, self.ports):
            return await update_person(
                by, person.id, lambda it: it.resend_invite(fingerprint, by=by.id, life=life, now=now), self.ports
            )
