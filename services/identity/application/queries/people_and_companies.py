"""The organisation, its staff, client companies and contacts, one by id or many by page."""

from dataclasses import dataclass

from chassis.kernel import NotFound, Page, PageRequest, Principal, Role, require_id
from services.identity.application.people import get_person
from services.identity.application.ports import Ports
from services.identity.domain.contact import Contact
from services.identity.domain.customer import Customer
from services.identity.domain.organisation import Organisation
from services.identity.domain.repositories import ContactFilter, CustomerFilter, SortOrder, StaffFilter
from services.identity.domain.staff_member import StaffMember

STAFF = (Role.OWNER, Role.ACCOUNTANT, Role.VIEWER)


@dataclass(frozen=True, kw_only=True)
class ListCustomers:
    match: CustomerFilter
    order: SortOrder
    page: PageRequest


@dataclass(frozen=True, kw_only=True)
class ListContacts:
    match: ContactFilter
    order: SortOrder
    page: PageRequest


@dataclass(frozen=True, kw_only=True)
class ListStaff:
    match: StaffFilter
    order: SortOrder
    page: PageRequest


async def get_me(*, by: Principal, ports: Ports) -> StaffMember | Contact:
    """Return the person who asks."""
    return await get_person(by, by.id, ports)


async def find_person(person_id: str, *, by: Principal, ports: Ports) -> StaffMember | Contact:
    """Return one by id, whichever kind it is.

    Raises:
        NotFound
    """
    return await get_person(by, person_id, ports)


async def get_organisations(ids: list[str], *, by: Principal, ports: Ports) -> dict[str, Organisation]:
    """Return those of the ids that are one's own organisation."""
    return await ports.organisations.get_many(Principal.for_service(by.organisation_id), ids)


async def get_portal(slug: str, *, ports: Ports) -> Organisation | None:
    """Return the organisation whose open portal has this address, for anybody."""
    organisation = await ports.organisations.find_by_slug(slug[:100])
    return organisation if organisation is not None and organisation.portal_is_open else None


async def get_customers(ids: list[str], *, by: Principal, ports: Ports) -> dict[str, Customer]:
    """Return those of the ids that the principal may see, by id."""
    return await ports.customers.get_many(by, ids)


async def get_contacts(ids: list[str], *, by: Principal, ports: Ports) -> dict[str, Contact]:
    """Return those of the ids that the principal may see, by id."""
    return await ports.contacts.get_many(by, ids)


async def get_staff(ids: list[str], *, by: Principal, ports: Ports) -> dict[str, StaffMember]:
    """Return those of the ids that the principal may see, by id. Clients may see staff too: their names stand on
    replies; the doors show them nothing more."""
    return await ports.staff.get_many(by, ids)


async def get_customer(customer_id: str, *, by: Principal, ports: Ports) -> Customer:
    """Return one.

    Raises:
        NotFound
    """
    return await ports.customers.get(by, require_id(customer_id, "cus"))


async def get_contact(contact_id: str, *, by: Principal, ports: Ports) -> Contact:
    """Return one.

    Raises:
        NotFound
    """
    return await ports.contacts.get(by, require_id(contact_id, "con"))


async def get_staff_member(staff_id: str, *, by: Principal, ports: Ports) -> StaffMember:
    """Return one, to staff.

    Raises:
        NotFound
    """
    if by.is_contact:
        raise NotFound("staff member")
    return await ports.staff.get(by, require_id(staff_id, "stf"))


async def list_customers(query: ListCustomers, *, by: Principal, ports: Ports) -> Page[Customer]:
    """Return a page of client companies, to staff."""
    by.require_role(*STAFF)
    return await ports.customers.page(by, query.match, query.order, query.page)


async def list_contacts(query: ListContacts, *, by: Principal, ports: Ports) -> Page[Contact]:
    """Return a page of contacts; a contact sees those of its own company."""
    return await ports.contacts.page(by, query.match, query.order, query.page)


async def list_staff(query: ListStaff, *, by: Principal, ports: Ports) -> Page[StaffMember]:
    """Return a page of staff, to staff."""
    by.require_role(*STAFF)
    return await ports.staff.page(by, query.match, query.order, query.page)
