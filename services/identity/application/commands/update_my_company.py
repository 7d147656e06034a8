"""A client changes its own company."""

from dataclasses import dataclass

from chassis.kernel import Principal, Role
from services.identity.application.ports import Ports
from services.identity.domain.customer import CompanyChanges, Customer, CustomerChanges
from services.identity.domain.errors import EditingNotAllowed


@dataclass(frozen=True, kw_only=True)
class UpdateMyCompany:
    changes: CompanyChanges


@dataclass(frozen=True, slots=True)
class UpdateMyCompanyHandler:
    ports: Ports

    async def __call__(self, command: UpdateMyCompany, by: Principal) -> Customer:
        """Change one's own company, where the portal allows it.

        Raises:
            EditingNotAllowed: where it does not.
        """
        by.require_role(Role.CONTACT)
        organisation = await self.ports.organisations.get(Principal.for_service(by.organisation_id), by.organisation_id)
        if organisation.portal is None or not organisation.portal.clients_may_edit:
            raise EditingNotAllowed
        changes, now = CustomerChanges(**command.changes), self.ports.clock.now()
        return await self.ports.customers.update(
            by, by.customer_id or "", lambda customer: customer.update(changes, now)
        )
