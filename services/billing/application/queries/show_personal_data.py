"""What is held of a contact, for owners of its organisation."""

from dataclasses import dataclass

from chassis.erasing import HeldBy, Whose
from chassis.kernel import Principal, Role
from services.billing.application.payment_ports import Erased
from services.billing.application.ports import Personal


@dataclass(frozen=True, slots=True)
class ShowPersonalData:
    """Answers what is held, and since when nothing is that need not be."""

    personal: Personal
    erased: Erased

    async def __call__(self, by: Principal, of: Whose) -> HeldBy:
        """Return what this service holds of a contact. Raises RoleForbids."""
        by.require_role(Role.OWNER)
        items = await self.personal.held(of)
        return HeldBy(service="billing", erased_at=await self.erased.done_at(of.contact_id), items=items)
