"""Change a client company."""

from dataclasses import dataclass

from chassis.kernel import Principal, Role, require_id
from services.identity.application.ports import Ports
from services.identity.domain.customer import Customer, CustomerChanges


@dataclass(frozen=True, kw_only=True)
class UpdateCustomer:
    customer_id: str
    changes: CustomerChanges


@dataclass(frozen=True, slots=True)
class UpdateCustomerHandler:
    ports: Ports

    async def __call__(self, command: UpdateCustomer, by: Principal) -> Customer:
        """Change a client company."""
        by.require_role(Role.OWNER, Role.ACCOUNTANT)
        customer_id, now = require_id(command.customer_id, "cus"), self.ports.clock.now()
        return await self.ports.customers.update(
            by, customer_id, lambda customer: customer.update(command.changes, now)
        )
