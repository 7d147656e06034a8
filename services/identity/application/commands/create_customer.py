"""Enter a client company."""

from dataclasses import dataclass, field

from chassis.kernel import AlreadyExists, Principal, Role, new_id
from services.identity.application.ports import Ports
from services.identity.domain.customer import Customer, CustomerDetails


@dataclass(frozen=True, kw_only=True)
class CreateCustomer:
    """The same `customer_id` always names the same customer, so a repeated command enters it once."""

    details: CustomerDetails
    customer_id: str = field(default_factory=lambda: new_id("cus"))


@dataclass(frozen=True, slots=True)
class CreateCustomerHandler:
    ports: Ports

    async def __call__(self, command: CreateCustomer, by: Principal) -> Customer:
        """Enter a client company."""
        by.require_role(Role.OWNER, Role.ACCOUNTANT)
        customer = Customer.create(command.customer_id, by.organisation_id, command.details, self.ports.clock.now())
        try:
            await self.ports.customers.add(customer)
        except AlreadyExists:
            return await self.ports.customers.get(by, customer.id)
        return customer
