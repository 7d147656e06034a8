"""What billing adds to client companies: their documents, what they owe, their statement."""

from datetime import date
from typing import Annotated

import strawberry

from chassis.graphql.types import USUAL_ROWS, After, Before, Currency, First, Last, Span
from services.billing.api import loading
from services.billing.api.home import OutstandingAmount, outstanding
from services.billing.api.lists import (
    EstimateFilterInput,
    EstimateOrderInput,
    Estimates,
    InvoiceFilterInput,
    InvoiceOrderInput,
    Invoices,
    estimate_page,
    invoice_page,
)
from services.billing.api.statements import CURRENCY, FROM, TO, Statement, statements
from services.billing.api.values import AppInfo

FILTER = strawberry.argument(name="filter", description="A filter; by default all.")
ORDER = strawberry.argument(description="The sort order; by default newest first.")


@strawberry.federation.type(keys=["id"], description="A client company.")
class Customer:
    """Identity's entity."""

    id: strawberry.ID = strawberry.field(description="The ID, `cus_…`.")

    @strawberry.field(description="The invoices of the company that the caller may see.")
    async def invoices(
        self,
        info: AppInfo,
        first: First = USUAL_ROWS,
        after: After = None,
        last: Last = None,
        before: Before = None,
        wanted: Annotated[InvoiceFilterInput | None, FILTER] = None,
        order_by: Annotated[InvoiceOrderInput | None, ORDER] = None,
    ) -> Invoices | None:
        return await invoice_page(info, Span(first, after, last, before), wanted, order_by, customer_id=self.id)

    @strawberry.field(description="The estimates of the company that the caller may see.")
    async def estimates(
        self,
        info: AppInfo,
        first: First = USUAL_ROWS,
        after: After = None,
        last: Last = None,
        before: Before = None,
        wanted: Annotated[EstimateFilterInput | None, FILTER] = None,
        order_by: Annotated[EstimateOrderInput | None, ORDER] = None,
    ) -> Estimates | None:
        return await estimate_page(info, Span(first, after, last, before), wanted, order_by, customer_id=self.id)

    @strawberry.field(
        description="The outstanding amounts of the company, one row for each currency; different currencies are "
        "never added up."
    )
    async def outstanding(self, info: AppInfo) -> list[OutstandingAmount] | None:
        return await outstanding(info, self.id)

    @strawberry.field(description="The statement of the company in one currency for a period, including both days.")
    async def statement(
        self,
        info: AppInfo,
        currency: Annotated[Currency, CURRENCY],
        first_day: Annotated[date, FROM],
        last_day: Annotated[date, TO],
    ) -> Statement | None:
        return (await statements(info, self.id, first_day, last_day, currency))[0]

    @classmethod
    async def resolve_reference(cls, info: AppInfo, id: strawberry.ID) -> "Customer | None":
        """Return the client company when the caller may see it, otherwise null."""
        return cls(id=id) if await loading.is_known_customer(info.context, id) else None
