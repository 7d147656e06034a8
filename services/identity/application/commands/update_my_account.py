"""Change one's own name and contact details."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.ports import Ports
from services.identity.domain.contact import Contact, ContactChanges
from services.identity.domain.person import OwnChanges
from services.identity.domain.staff_member import StaffChanges, StaffMember


@dataclass(frozen=True, kw_only=True)
class UpdateMyAccount:
    changes: OwnChanges


@dataclass(frozen=True, slots=True)
class UpdateMyAccountHandler:
    ports: Ports

    async def __call__(self, command: UpdateMyAccount, by: Principal) -> StaffMember | Contact:
        """Change it. The e-mail address is not among it: that needs a new invite."""
        now = self.ports.clock.now()
        if by.is_contact:
            changes = ContactChanges(**command.changes)
            return await self.ports.contacts.update(by, by.id, lambda it: it.update(changes, (), now))
        own = StaffChanges(**command.changes)
        return await self.ports.staff.update(by, by.id, lambda it: it.update(own, (), now))
