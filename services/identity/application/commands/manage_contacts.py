"""Enter and change the contact persons of client companies; shut them out and let them in again."""

from dataclasses import dataclass, field

from services.chassis.kernel import AlreadyExists, Principal, Role, new_id, require_id
from services.identity.application.people import end_stragglers, open_sessions
from services.identity.application.ports import Ports
from services.identity.domain.contact import Contact, ContactChanges, ContactDetails
from services.identity.domain.errors import EmailTaken


@dataclass(frozen=True, kw_only=True)
class AddContact:
    """The same `contact_id` always names the same contact, so a repeated command enters it once."""

    customer_id: str
    details: ContactDetails
    contact_id: str = field(default_factory=lambda: new_id("con"))


@dataclass(frozen=True, kw_only=True)
class UpdateContact:
    contact_id: str
    changes: ContactChanges


@dataclass(frozen=True, kw_only=True)
class DisableContact:
    contact_id: str


@dataclass(frozen=True, kw_only=True)
class EnableContact:
    contact_id: str


async def add_contact(command: AddContact, *, by: Principal, ports: Ports) -> Contact:
    """Enter a contact person, without access.

    Raises:
        EmailTaken: when the company has a contact with this e-mail.
    """
    by.require_role(Role.OWNER, Role.ACCOUNTANT)
    customer = await ports.customers.get(by, require_id(command.customer_id, "cus", "customerId"))
    contact = Contact.add(command.contact_id, by.organisation_id, customer.id, command.details, ports.clock.now())
    try:
        await ports.contacts.add(contact)
    except AlreadyExists:
        if contact.id not in (known := await ports.contacts.get_many(by, [contact.id])):
            raise EmailTaken from None
        contact = known[contact.id]
    await _keep_one_primary(contact, by, ports)
    return contact


async def update_contact(command: UpdateContact, *, by: Principal, ports: Ports) -> Contact:
    """Change a contact person; another e-mail takes the access away until a new invite is accepted.

    Raises:
        EmailTaken: when the company has another contact with this e-mail.
    """
    by.require_role(Role.OWNER, Role.ACCOUNTANT)
    contact_id, now = require_id(command.contact_id, "con"), ports.clock.now()
    ended = await open_sessions(contact_id, by, ports)
    try:
        contact = await ports.contacts.update(by, contact_id, lambda it: it.update(command.changes, ended, now))
    except AlreadyExists:
        raise EmailTaken from None
    await end_stragglers(contact, ended, ports)
    await _keep_one_primary(contact, by, ports)
    return contact


async def disable_contact(command: DisableContact, *, by: Principal, ports: Ports) -> Contact:
    """Shut a contact out, at once.

    Raises:
        NoAccessToDisable
    """
    by.require_role(Role.OWNER, Role.ACCOUNTANT)
    contact_id, now = require_id(command.contact_id, "con"), ports.clock.now()
    ended = await open_sessions(contact_id, by, ports)
    contact = await ports.contacts.update(by, contact_id, lambda it: it.disable(ended, now))
    await end_stragglers(contact, ended, ports)
    return contact


async def enable_contact(command: EnableContact, *, by: Principal, ports: Ports) -> Contact:
    """Let a contact in again, with the old password.

    Raises:
        NotDisabled
    """
    by.require_role(Role.OWNER, Role.ACCOUNTANT)
    now = ports.clock.now()
    return await ports.contacts.update(by, require_id(command.contact_id, "con"), lambda it: it.enable(now))


async def _keep_one_primary(contact: Contact, by: Principal, ports: Ports) -> None:
    """Let the company's other primary contacts give way."""
    if not contact.is_primary:
        return
    now = ports.clock.now()
    for other_id in await ports.contacts.primary_ids(by, contact.customer_id):
        if other_id != contact.id:
            await ports.contacts.update(by, other_id, lambda it: it.make_secondary(now))
