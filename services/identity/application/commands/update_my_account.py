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


async def update_my_account(command: UpdateMyAccount, *, by: Principal, ports: Ports) -> StaffMember | Contact:
    """Change it. The e-mail address is not among it: that needs a new invite."""
    now = ports.clock.now()
    if by.is_contact:
        changes = ContactChanges(**command.changes)
        return await ports.contacts.update(by, by.id, lambda it: it.update(changes, (), now))
    own = StaffChanges(**command.changes)
    return await ports.staff.update(by, by.id, lambda it: it.update(own, (), now))
