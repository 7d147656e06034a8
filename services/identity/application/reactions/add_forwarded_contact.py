"""Somebody got a document forwarded: that person becomes a contact of the client company, without access."""

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel import AlreadyExists, Principal, derived_bits, id_from_bits
from chassis.mailing.return_path import mark_of
from services.identity.application.ports import Ports
from services.identity.domain.contact import Contact, ContactDetails
from services.identity.domain.text import email_address, email_key


@dataclass(frozen=True, kw_only=True)
class DocumentForwarded:
    event_id: str
    forwarded_at: datetime
    customer_id: str
    recipient_name: str
    recipient_email: str


@dataclass(frozen=True, slots=True)
class AddForwardedContact:
    """The same event again adds nothing, and brings nobody back who was erased after it."""

    ports: Ports

    async def __call__(self, event: DocumentForwarded, by: Principal) -> None:
        """Add the contact, unless the company has one with this e-mail. The id follows from the event.

        Raises:
            NotFound: when there is no such customer.
            InvalidInput: when the recipient can be no contact.
        """
        email = email_address(event.recipient_email, "recipientEmail")
        if await self.ports.contacts.find_by_email(by, event.customer_id, email_key(email)):
            return
        if await self.ports.contacts.was_erased(by, event.customer_id, mark_of(email), event.forwarded_at):
            return
        customer = await self.ports.customers.get(by, event.customer_id)
        bits = derived_bits(event.event_id, event.forwarded_at)
        details = ContactDetails(name=event.recipient_name or email, email=email, language=customer.details.language)
        contact = Contact.add(
            id_from_bits("con", bits), by.organisation_id, customer.id, details, self.ports.clock.now()
        )
        try:
            await self.ports.contacts.add(contact)
        except AlreadyExists:
            return
