"""One primary contact of a company: of those that are made it, the one that became it last."""

from datetime import datetime, timedelta

from chassis.kernel import Principal
from services.identity.application.ports import Ports
from services.identity.domain.contact import Contact

_MOMENT = timedelta(milliseconds=1)


async def keep_one_primary(contact: Contact, by: Principal, ports: Ports) -> Contact:
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


async def primary_since(customer_id: str, by: Principal, ports: Ports) -> datetime:
    """Return now, or the moment after the last one became primary: on whatever machine that was."""
    found = await _primary_contacts(customer_id, by, ports)
    return max([ports.clock.now(), *(one.primacy[0] + _MOMENT for one in found)])
