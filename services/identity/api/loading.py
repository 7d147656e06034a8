"""Look-ups that many objects of one request share: one question to the database for a whole list."""

from typing import Any

from strawberry.types import Info

from chassis.graphql.context import Context
from services.identity.api.door import Door
from services.identity.domain.contact import Contact
from services.identity.domain.customer import Customer
from services.identity.domain.organisation import Organisation
from services.identity.domain.staff_member import StaffMember

AppInfo = Info[Context[Door], Any]
Asking = Context[Door]


async def organisation(context: Asking, organisation_id: str) -> Organisation | None:
    """Return the organisation when it is the caller's own."""
    by, load = context.acting(), context.app.queries.directory.organisations
    return await context.loader("organisations", lambda ids: load(by, ids)).load(organisation_id)


async def customer(context: Asking, customer_id: str) -> Customer | None:
    """Return the customer when the caller may see it."""
    by, load = context.acting(), context.app.queries.directory.customers
    return await context.loader("customers", lambda ids: load(by, ids)).load(customer_id)


async def contact(context: Asking, contact_id: str) -> Contact | None:
    """Return the contact when the caller may see it."""
    by, load = context.acting(), context.app.queries.directory.contacts
    return await context.loader("contacts", lambda ids: load(by, ids)).load(contact_id)


async def staff_member(context: Asking, staff_id: str) -> StaffMember | None:
    """Return the member of staff when the caller may see it."""
    by, load = context.acting(), context.app.queries.directory.staff
    return await context.loader("staff", lambda ids: load(by, ids)).load(staff_id)
