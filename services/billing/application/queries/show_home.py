"""The home page: what was paid last, what is owed, which estimates wait for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel import Clock, PageRequest, Principal
from chassis.left_out import shown
from services.billing.application.access import is_shown
from services.billing.application.ports import Directory
from services.billing.application.views import (
    EstimateView,
    InvoiceRowView,
    InvoiceView,
    estimate_view,
    invoice_view,
    row_view,
)
from services.billing.domain.estimate import EstimateState
from services.billing.domain.listing import EstimateFilter, EstimateOrder, EstimateRow, Outstanding
from services.billing.domain.repositories import Estimates, Invoices
from services.billing.domain.series import Series

LAST_PAID = 5
WAITING = frozenset({EstimateState.SENT})


@dataclass(frozen=True, slots=True)
class ShowHome:
    """Reads the figures; a contact gets its own company's, staff the organisation's or one client company's."""

    estimates: Estimates
    invoices: Invoices
    directory: Directory
    clock: Clock

    async def last_paid(self, by: Principal, customer_id: str | None = None) -> Sequence[InvoiceView]:
        """Return the invoices that were paid in full last."""
        if not await is_shown(by, Series.INVOICE, self.directory):
            return ()
        today = (await self.directory.organisation(by)).today(self.clock.now())
        paid = await self.invoices.last_paid(by, customer_id, LAST_PAID)
        return shown(paid, lambda invoice: invoice_view(invoice, by, today))

    async def last_paid_rows(self, by: Principal, customer_id: str | None = None) -> Sequence[InvoiceRowView]:
        """As `last_paid`, with what lists show and no more."""
        if not await is_shown(by, Series.INVOICE, self.directory):
            return ()
        today = (await self.directory.organisation(by)).today(self.clock.now())
        paid = await self.invoices.last_paid_rows(by, customer_id, LAST_PAID)
        return shown(paid, lambda row: row_view(row, today))

    async def outstanding(self, by: Principal, customer_id: str | None = None) -> Sequence[Outstanding]:
        """Return what is owed, one row per currency: amounts of different currencies are never added."""
        if not await is_shown(by, Series.INVOICE, self.directory):
            return ()
        today = (await self.directory.organisation(by)).today(self.clock.now())
        return await self.invoices.outstanding(by, customer_id, today)

    async def waiting_rows(
        self, by: Principal, customer_id: str | None = None, first: int = 20
    ) -> Sequence[EstimateRow]:
        """As `waiting_estimates`, with what the page shows and no more."""
        if not await is_shown(by, Series.ESTIMATE, self.directory):
            return ()
        today = (await self.directory.organisation(by)).today(self.clock.now())
        return await self.estimates.waiting_rows(by, customer_id, first, today=today)

    async def waiting_estimates(
        self, by: Principal, customer_id: str | None = None, first: int = 20
    ) -> Sequence[EstimateView]:
        """Return the estimates that wait for an answer, those that expire first at the top."""
        if not await is_shown(by, Series.ESTIMATE, self.directory):
            return ()
        today = (await self.directory.organisation(by)).today(self.clock.now())
        wanted, request = EstimateFilter(customer_id=customer_id, statuses=WAITING), PageRequest(first)
        page = await self.estimates.page(
            by, wanted, request, order=EstimateOrder.EXPIRES, descending=False, today=today
        )
        return shown(page.items, lambda estimate: estimate_view(estimate, by, today))
