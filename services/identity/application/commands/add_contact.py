"""Enter a contact person of a client company."""

from dataclasses import dataclass, field

from chassis.kernel import AlreadyExists, Principal, Role, new_id, require_id
from services.identity.application.ports import Ports
from services.identity.application.primary_contacts import keep_one_primary, primary_since
from services.identity.domain.contact import Contact, ContactDetails
from services.identity.domain.errors import EmailTaken


@dataclass(frozen=True, kw_only=True)
class AddContact:
    """The same `contact_id` always names the same contact, so a repeated command enters it once."""

    customer_id: str
    details: ContactDetails
    contact_id: str = field(default_factory=lambda: new_id("con"))


@dataclass(frozen=True, slots=True)
class AddContactHandler:
    ports: Ports

    async def __call__(self, command: AddContact, by: Principal) -> Contact:
        """Enter a contact person, without access.

        Raises:
            EmailTaken: when the company has a contact with this e-mail.
        """
        by.require_role(Role.OWNER, Role.ACCOUNTANT)
        customer = await self.ports.customers.get(by, require_id(command.customer_id, "cus", "customerId"))
        since = await primary_since(customer.id, by, self.ports) if command.details.is_primary else None
        contact = Contact.add(
            command.contact_id,
            by.organisation_id,
            customer.id,
            command.details,
            self.ports.clock.now(),
            primary_since=since,
        )
        try:
            await self.ports.contacts.add(contact)
        except AlreadyExists:
            if contact.id not in (known := await self.ports.contacts.get_many(by, [contact.id])):
                raise EmailTaken from None
            contact = known[contact.id]
        return await keep_one_primary(contact, by, self.ports)
