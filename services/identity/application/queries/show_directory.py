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


@dataclass(frozen=True, slots=True)
class ShowDirectory:
    """Answers hold only what the principal may see; one by id that it may not see is not found."""

    ports: Ports

    async def me(self, by: Principal) -> StaffMember | Contact:
        """Return the person who asks."""
        return await get_person(by, by.id, self.ports)

    async def person(self, by: Principal, person_id: str) -> StaffMember | Contact:
        """Return one by id, whichever kind it is.

        Raises:
            NotFound
        """
        return await get_person(by, person_id, self.ports)

    async def organisations(self, by: Principal, ids: list[str]) -> dict[str, Organisation]:
        """Return those of the ids that are one's own organisation."""
        return await self.ports.organisations.get_many(Principal.for_service(by.organisation_id), ids)

    async def portal(self, slug: str) -> Organisation | None:
        """Return the organisation whose open portal has this address, for anybody."""
        organisation = await self.ports.organisations.find_by_slug(slug[:100])
        return organisation if organisation is not None and organisation.portal_is_open else None

    async def customers(self, by: Principal, ids: list[str]) -> dict[str, Customer]:
        """Return those of the ids that the principal may see, by id."""
        return await self.ports.customers.get_many(by, ids)

    async def contacts(self, by: Principal, ids: list[str]) -> dict[str, Contact]:
        """Return those of the ids that the principal may see, by id."""
        return await self.ports.contacts.get_many(by, ids)

    async def staff(self, by: Principal, ids: list[str]) -> dict[str, StaffMember]:
        """Return those of the ids that the principal may see, by id. Clients may see staff too: their names stand on
        replies; the doors show them nothing more."""
        return await self.ports.staff.get_many(by, ids)

    async def customer(self, by: Principal, customer_id: str) -> Customer:
        """Return one.

        Raises:
            NotFound
        """
        return await self.ports.customers.get(by, require_id(customer_id, "cus"))

    async def contact(self, by: Principal, contact_id: str) -> Contact:
        """Return one.

        Raises:
            NotFound
        """
        return await self.ports.contacts.get(by, require_id(contact_id, "con"))

    async def staff_member(self, by: Principal, staff_id: str) -> StaffMember:
        """Return one, to staff.

        Raises:
            NotFound
        """
        if by.is_contact:
            raise NotFound("staff member")
        return await self.ports.staff.get(by, require_id(staff_id, "stf"))

    async def list_customers(self, by: Principal, query: ListCustomers) -> Page[Customer]:
        """Return a page of client companies, to staff."""
        by.require_role(*STAFF)
        return await self.ports.customers.page(by, query.match, query.order, query.page)

    async def list_contacts(self, by: Principal, query: ListContacts) -> Page[Contact]:
        """Return a page of contacts; a contact sees those of its own company."""
        return await self.ports.contacts.page(by, query.match, query.order, query.page)

    async def list_staff(self, by: Principal, query: ListStaff) -> Page[StaffMember]:
        """Return a page of staff, to staff."""
        by.require_role(*STAFF)
        return await self.ports.staff.page(by, query.match, query.order, query.page)
