"""The home page of the portal."""

from typing import Annotated

import strawberry

from chassis.graphql.selection import asked_for
from chassis.graphql.types import Currency, Money, Span, page_request
from chassis.left_out import shown
from services.billing.api.documents import ESTIMATE_ROW_FIELDS, ROW_FIELDS, Estimate, Invoice
from services.billing.api.values import AppInfo, money_of


@strawberry.type(description="The outstanding amount in one currency.")
class OutstandingAmount:
    """A row per currency."""

    currency: Currency = strawberry.field(description="The currency.")
    balance: Money = strawberry.field(description="The total balance; credits are subtracted.")
    overdue: Money = strawberry.field(description="The overdue part of the balance.")
    invoices: int = strawberry.field(description="The number of invoices with a balance.")


async def outstanding(info: AppInfo, customer_id: str | None) -> list[OutstandingAmount]:
    """Return what is owed to the caller's organisation, or by the caller's company."""
    rows = await info.context.app.queries.home.outstanding(info.context.acting(), customer_id)
    return [
        OutstandingAmount(
            currency=Currency(row.balance.currency),
            balance=money_of(row.balance),
            overdue=money_of(row.overdue),
            invoices=row.invoices,
        )
        for row in rows
    ]


@strawberry.type(
    description="The content of the portal's home page: figures of their own company for contacts, of the "
    "organisation for staff."
)
class Home:
    """The home page; each field is read when it is asked for."""

    customer_id: strawberry.Private[str | None] = None

    @strawberry.field(description="The most recently paid invoices, newest first; at most five.")
    async def last_paid_invoices(self, info: AppInfo) -> list[Invoice]:
        by, home = info.context.acting(), info.context.app.queries.home
        if asked_for(info, ()) <= ROW_FIELDS:
            return shown(await home.last_paid_rows(by, self.customer_id), Invoice.of_row)
        return shown(await home.last_paid(by, self.customer_id), Invoice.of)

    @strawberry.field(
        description="The outstanding amounts, one row for each currency; different currencies are never added up."
    )
    async def outstanding(self, info: AppInfo) -> list[OutstandingAmount]:
        return await outstanding(info, self.customer_id)

    @strawberry.field(description="The estimates that are awaiting an answer, those that expire first at the top.")
    async def estimates_to_answer(
        self,
        info: AppInfo,
        first: Annotated[int, strawberry.argument(description="The number of estimates, 1 to 100.")] = 20,
    ) -> list[Estimate]:
        by, home = info.context.acting(), info.context.app.queries.home
        most = page_request(Span(first), "waiting").first
        if asked_for(info, ()) <= ESTIMATE_ROW_FIELDS:
            return shown(await home.waiting_rows(by, self.customer_id, most), Estimate.of_row)
        return shown(await home.waiting_estimates(by, self.customer_id, most), Estimate.of)
