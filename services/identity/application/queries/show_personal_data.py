"""What is held of a contact, for owners of its organisation."""

from dataclasses import dataclass
from datetime import datetime

from chassis.erasing import HeldBy, Whose
from chassis.kernel import Principal, Role, require_id
from services.identity.application.ports import Ports


@dataclass(frozen=True, slots=True)
class AboutContact:
    """Of whom others are asked as well, and when it was decided to erase the person."""

    whose: Whose
    erasure_asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShowPersonalData:
    """Owners see what is held of a contact, and by what others are asked for it."""

    ports: Ports

    async def whose(self, by: Principal, contact_id: str) -> AboutContact:
        """Return by what a contact is found in every service. Raises WrongIdKind, NotFound, RoleForbids."""
        by.require_role(Role.OWNER)
        contact = await self.ports.contacts.get(by, require_id(contact_id, "con", "contactId"))
        of = Whose(
            contact_id=contact.id,
            organisation_id=contact.organisation_id,
            customer_id=contact.customer_id,
            marks=contact.address_marks,
        )
        return AboutContact(of, contact.erased.at if contact.erased else None)

    async def held(self, by: Principal, of: Whose) -> HeldBy:
        """Return what identity holds of a contact. Raises RoleForbids."""
        by.require_role(Role.OWNER)
        items = await self.ports.personal.held(of)
        return HeldBy(service="identity", erased_at=await self.ports.personal.erased_at(of.contact_id), items=items)
