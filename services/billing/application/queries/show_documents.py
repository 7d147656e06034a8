"""One document, many by id, or a page of them, as the principal may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chassis.kernel import Clock, Page, PageRequest, Principal
from chassis.left_out import shown_by_id, shown_page
from services.billing.application.access import is_shown, require_estimate_id, require_invoice_id, require_shown
from services.billing.application.ports import Directory
from services.billing.application.views import (
    EstimateView,
    InvoiceRowView,
    InvoiceView,
    estimate_view,
    invoice_view,
    revision_view,
    row_view,
)
from services.billing.domain.estimate import Estimate
from services.billing.domain.invoice import Invoice, InvoiceState
from services.billing.domain.listing import EstimateFilter, EstimateOrder, InvoiceFilter, InvoiceOrder
from services.billing.domain.repositories import Estimates, Invoices
from services.billing.domain.series import Series


@dataclass(frozen=True, slots=True)
class ShowEstimates:
    """Reads estimates."""

    estimates: Estimates
    directory: Directory
    clock: Clock

    async def one(self, by: Principal, estimate_id: str, revision: int | None = None) -> EstimateView:
        """Return an estimate, or one of its sent revisions. Raises WrongIdKind, NotFound."""
        require_estimate_id(estimate_id)
        await require_shown(by, Series.ESTIMATE, self.directory)
        estimate = await self.estimates.get(by, estimate_id)
        if revision is not None:
            return revision_view(estimate, revision)
        return estimate_view(estimate, by, await self._today(by))

    async def many(self, by: Principal, ids: Sequence[str]) -> dict[str, EstimateView]:
        """Return those that the principal may see, by id."""
        if not await is_shown(by, Series.ESTIMATE, self.directory):
            return {}
        found = await self.estimates.get_many(by, list(ids))
        today = await self._today(by)
        return shown_by_id(found, lambda estimate: estimate_view(estimate, by, today))

    async def page(
        self,
        by: Principal,
        wanted: EstimateFilter,
        request: PageRequest,
        *,
        order: EstimateOrder = EstimateOrder.CREATED,
        descending: bool = True,
    ) -> Page[EstimateView]:
        """Return a page of estimates."""
        if not await is_shown(by, Series.ESTIMATE, self.directory):
            return Page((), (), has_next_page=False)
        today = await self._today(by)
        page = await self.estimates.page(by, wanted, request, order=order, descending=descending, today=today)
        return shown_page(page, lambda estimate: estimate_view(estimate, by, today))

    async def count(self, by: Principal, wanted: EstimateFilter) -> int:
        """Return how many estimates a list has over all its pages."""
        if not await is_shown(by, Series.ESTIMATE, self.directory):
            return 0
        return await self.estimates.count(by, wanted, today=await self._today(by))

    async def _today(self, by: Principal) -> date:
        return (await self.directory.organisation(by)).today(self.clock.now())


@dataclass(frozen=True, slots=True)
class ShowInvoices:
    """Reads invoices."""

    invoices: Invoices
    directory: Directory
    clock: Clock

    async def one(self, by: Principal, invoice_id: str) -> InvoiceView:
        """Return an invoice. Raises WrongIdKind, NotFound."""
        require_invoice_id(invoice_id)
        await require_shown(by, Series.INVOICE, self.directory)
        return invoice_view(await self.invoices.get(by, invoice_id), by, await self._today(by))

    async def many(self, by: Principal, ids: Sequence[str]) -> dict[str, InvoiceView]:
        """Return those that the principal may see, by id."""
        if not await is_shown(by, Series.INVOICE, self.directory):
            return {}
        found = await self.invoices.get_many(by, list(ids))
        today = await self._today(by)
        return shown_by_id(found, lambda invoice: invoice_view(invoice, by, today))

    async def page(
        self,
        by: Principal,
        wanted: InvoiceFilter,
        request: PageRequest,
        *,
        order: InvoiceOrder = InvoiceOrder.CREATED,
        descending: bool = True,
    ) -> Page[InvoiceView]:
        """Return a page of invoices."""
        if not await is_shown(by, Series.INVOICE, self.directory):
            return Page((), (), has_next_page=False)
        today = await self._today(by)
        page = await self.invoices.page(by, wanted, request, order=order, descending=descending, today=today)
        return shown_page(page, lambda invoice: invoice_view(invoice, by, today))

    async def rows(
        self,
        by: Principal,
        wanted: InvoiceFilter,
        request: PageRequest,
        *,
        order: InvoiceOrder = InvoiceOrder.CREATED,
        descending: bool = True,
    ) -> Page[InvoiceRowView]:
        """As `page`, with what lists show and no more."""
        if not await is_shown(by, Series.INVOICE, self.directory):
            return Page((), (), has_next_page=False)
        today = await self._today(by)
        page = await self.invoices.rows(by, wanted, request, order=order, descending=descending, today=today)
        return shown_page(page, lambda row: row_view(row, today))

    async def rows_of(self, by: Principal, ids: Sequence[str]) -> dict[str, InvoiceRowView]:
        """As `many`, with what lists show and no more."""
        if not await is_shown(by, Series.INVOICE, self.directory):
            return {}
        found = await self.invoices.rows_of(by, list(ids))
        today = await self._today(by)
        return shown_by_id(found, lambda row: row_view(row, today))

    async def count(self, by: Principal, wanted: InvoiceFilter) -> int:
        """Return how many invoices a list has over all its pages."""
        if not await is_shown(by, Series.INVOICE, self.directory):
            return 0
        return await self.invoices.count(by, wanted, today=await self._today(by))

    async def _today(self, by: Principal) -> date:
        return (await self.directory.organisation(by)).today(self.clock.now())


@dataclass(frozen=True, kw_only=True)
class DocumentBrief:
    """What other services ask about a document before they refuse anything because of it.

    `sequence` is the place of the last event that this includes; `was_sent` stays true from the first sending on;
    `balance` is what the client owes on an invoice, as a plain number.
    """

    id: str
    kind: Series
    organisation_id: str
    customer_id: str
    number: str | None
    was_sent: bool
    sequence: int
    is_void: bool = False
    balance: str | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class BriefDocuments:
    """Answers other services from the documents alone: nothing here depends on what yet others told us."""

    estimates: Estimates
    invoices: Invoices

    async def __call__(self, by: Principal, ids: Sequence[str]) -> list[DocumentBrief]:
        """Return the briefs of those of these that are estimates or invoices of the principal's organisation."""
        estimates = await self.estimates.get_many(by, [one for one in ids if one.startswith("est_")])
        invoices = await self.invoices.get_many(by, [one for one in ids if one.startswith("inv_")])
        return [
            *(_brief(Series.ESTIMATE, one) for one in estimates.values()),
            *(_brief(Series.INVOICE, one) for one in invoices.values()),
        ]


def _brief(kind: Series, document: Estimate | Invoice) -> DocumentBrief:
    return DocumentBrief(
        id=document.id,
        kind=kind,
        organisation_id=document.organisation_id,
        customer_id=document.customer_id,
        number=document.number,
        was_sent=document.sent_at is not None,
        sequence=document.event_sequence,
        is_void=isinstance(document, Invoice) and document.state is InvoiceState.VOID,
        balance=format(document.balance.amount, "f") if isinstance(document, Invoice) else None,
        due_on=document.due_on if isinstance(document, Invoice) else None,
    )
