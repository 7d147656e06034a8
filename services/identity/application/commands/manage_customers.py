"""Enter and change client companies."""

from dataclasses import dataclass, field

from chassis.kernel import AlreadyExists, Principal, Role, new_id, require_id
from services.identity.application.ports import Ports
from services.identity.domain.customer import CompanyChanges, Customer, CustomerChanges, CustomerDetails
from services.identity.domain.errors import EditingNotAllowed


@dataclass(frozen=True, kw_only=True)
class CreateCustomer:
    """The same `customer_id` always names the same customer, so a repeated command enters it once."""

    details: CustomerDetails
    customer_id: str = field(default_factory=lambda: new_id("cus"))


@dataclass(frozen=True, kw_only=True)
class UpdateCustomer:
    customer_id: str
    changes: CustomerChanges


@dataclass(frozen=True, kw_only=True)
class UpdateMyCompany:
    changes: CompanyChanges


async def create_customer(command: CreateCustomer, *, by: Principal, ports: Ports) -> Customer:
    """Enter a client company."""
    by.require_role(Role.OWNER, Role.ACCOUNTANT)
    customer = Customer.create(command.customer_id, by.organisation_id, command.details, ports.clock.now())
    try:
        await ports.customers.add(customer)
    except AlreadyExists:
        return await ports.customers.get(by, customer.id)
    return customer


async def update_customer(command: UpdateCustomer, *, by: Principal, ports: Ports) -> Customer:
    """Change a client company."""
    by.require_role(Role.OWNER, Role.ACCOUNTANT)
    customer_id, now = require_id(command.customer_id, "cus"), ports.clock.now()
    return await ports.customers.update(by, customer_id, lambda customer: customer.update(command.changes, now))


async def update_my_company(command: UpdateMyCompany, *, by: Principal, ports: Ports) -> Customer:
    """Change one's own company, where the portal allows it.

    Raises:
        EditingNotAllowed: where it does not.
    """
    by.require_role(Role.CONTACT)
    organisation = await ports.organisations.get(Principal.for_service(by.organisation_id), by.organisation_id)
    if organisation.portal is None or not organisation.portal.clients_may_edit:
        raise EditingNotAllowed
    changes, now = CustomerChanges(**command.changes), ports.clock.now()
    return await ports.customers.update(by, by.customer_id or "", lambda customer: customer.update(changes, now))
