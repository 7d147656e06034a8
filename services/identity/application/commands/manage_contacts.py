"""Enter and change the contact persons of client companies; shut them out and let them in again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chassis.kernel import AlreadyExists, Principal, Role, new_id, require_id
from services.identity.application.people import end_stragglers, open_sessions
from services.identity.application.ports import Ports
from services.identity.domain.contact import Contact, ContactChanges, ContactDetails
from services.identity.domain.errors import EmailTaken

_MOMENT = timedelta(milliseconds=1)


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


@dataclass(frozen=True, kw_only=True)
class EraseContact:
    contact_id: str


async def add_contact(command: AddContact, *, by: Principal, ports: Ports) -> Contact:
    """Enter a contact person, without access.

    Raises:
        EmailTaken: when the company has a contact with this e-mail.
    """
    by.require_role(Role.OWNER, Role.ACCOUNTANT)
    customer = await ports.customers.get(by, require_id(command.customer_id, "cus", "customerId"))
    since = await _primary_since(customer.id, by, ports) if command.details.is_primary else None
    contact = Contact.add(
        command.contact_id, by.organisation_id, customer.id, command.details, ports.clock.now(), primary_since=since
    )
    try:
        await ports.contacts.add(contact)
    except AlreadyExists:
        if contact.id not in (known := await ports.contacts.get_many(by, [contact.id])):
            raise EmailTaken from None
        contact = known[contact.id]
    return await _keep_one_primary(contact, by, ports)


async def update_contact(command: UpdateContact, *, by: Principal, ports: Ports) -> Contact:
    """Change a contact person; another e-mail takes the access away until a new invite is accepted.

    Raises:
        EmailTaken: when the company has another contact with this e-mail.
    """
    by.require_role(Role.OWNER, Role.ACCOUNTANT)
    contact_id, now = require_id(command.contact_id, "con"), ports.clock.now()
    ended = await open_sessions(contact_id, by, ports)
    try:
        since = await _primary_since_of(command, by, ports)
        contact = await ports.contacts.update(
            by, contact_id, lambda it: it.update(command.changes, ended, now, primary_since=since)
        )
    except AlreadyExists:
        raise EmailTaken from None
    await end_stragglers(contact, ended, ports)
    return await _keep_one_primary(contact, by, ports)


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


async def erase_contact(command: EraseContact, *, by: Principal, ports: Ports) -> Contact:
    """Forget a contact person, in every service; it cannot be taken back. Owners only.

    Raises:
        ContactIsErased
        ProofNeeded: when it is long ago that the owner showed who that is.
    """
    by.require_role(Role.OWNER)
    contact_id, now = require_id(command.contact_id, "con"), ports.clock.now()
    by.require_recent_proof(now)
    ended = await open_sessions(contact_id, by, ports)
    contact = await ports.contacts.update(by, contact_id, lambda it: it.erase(ended, now, by=by.id))
    await end_stragglers(contact, ended, ports)
    return contact


async def _keep_one_primary(contact: Contact, by: Principal, ports: Ports) -> Contact:
    """Let all primary contacts of the company give way to the one that became it last; return this one as it is then.

    Of those that are saved at once, the last one looks after all are saved, so that one stays.
    """
    if not contact.is_primary:
        return contact
    now, found = ports.clock.now(), await _primary_contacts(contact.customer_id, by, ports)
    first = max([contact.primacy, *(one.primacy for one in found)])
    for one in {contact.id: contact, **{one.id: one for one in found}}.values():
        if one.primacy < first:
            saved = await ports.contacts.update(by, one.id, lambda it: it.make_secondary(now, to=first))
            contact = saved if saved.id == contact.id else contact
    return contact


async def _primary_contacts(customer_id: str, by: Principal, ports: Ports) -> list[Contact]:
    found = await ports.contacts.get_many(by, await ports.contacts.primary_ids(by, customer_id))
    return [*found.values()]


async def _primary_since_of(command: UpdateContact, by: Principal, ports: Ports) -> datetime | None:
    if not command.changes.get("is_primary"):
        return None
    contact = await ports.contacts.get(by, command.contact_id)
    return await _primary_since(contact.customer_id, by, ports)


async def _primary_since(customer_id: str, by: Principal, ports: Ports) -> datetime:
    """Return now, or the moment after the last one became primary: on whatever machine that was."""
    found = await _primary_contacts(customer_id, by, ports)
    return max([ports.clock.now(), *(one.primacy[0] + _MOMENT for one in found)])
