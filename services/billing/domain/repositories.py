"""Where aggregates are kept. Everybody sees their own only: the scope comes from the principal, never from arguments.

A contact sees documents that were sent to its client company, and no others. `update` takes a pure change that may
run several times. Adapters and fakes pass one contract suite.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Protocol

from chassis.kernel import Page, PageRequest, Principal
from services.billing.domain.estimate import Estimate
from services.billing.domain.invoice import Invoice
from services.billing.domain.listing import (
    EstimateFilter,
    EstimateOrder,
    EstimateRow,
    InvoiceFilter,
    InvoiceOrder,
    InvoiceRow,
    Outstanding,
)
from services.billing.domain.reminders import ReminderPolicy
from services.billing.domain.series import HeldNumber, Series
from services.billing.domain.statement import Ledger

Whereabouts = tuple[str, str]
"""Organisation id and document id."""


class Estimates(Protocol):
    """All estimates."""

    async def add(self, aggregate: Estimate) -> None:
        """Store a new estimate. Raises AlreadyExists."""
        ...

    async def get(self, by: Principal, aggregate_id: str) -> Estimate:
        """Return one that the principal may see. Raises NotFound."""
        ...

    async def get_many(self, by: Principal, ids: list[str]) -> dict[str, Estimate]:
        """Return those that exist and that the principal may see, by id."""
        ...

    async def update(self, by: Principal, aggregate_id: str, change: Callable[[Estimate], None]) -> Estimate:
        """Load, change, save. Raises NotFound, ConcurrentUpdate, and what `change` raises."""
        ...

    async def page(
        self,
        by: Principal,
        wanted: EstimateFilter,
        request: PageRequest,
        *,
        order: EstimateOrder = EstimateOrder.CREATED,
        descending: bool = True,
        today: date,
    ) -> Page[Estimate]:
        """Return a page; for contacts filters and order look at what was sent. `today` is the organisation's."""
        ...

    async def waiting_rows(
        self, by: Principal, customer_id: str | None, limit: int, *, today: date
    ) -> Sequence[EstimateRow]:
        """Return what is shown of those that wait for an answer, those that expire first at the top."""
        ...

    async def count(self, by: Principal, wanted: EstimateFilter, *, today: date) -> int:
        """Return how many rows all pages have together."""
        ...

    async def needing_attention(
        self, until: date, limit: int, *, without: Sequence[str] = (), not_of: Sequence[str] = ()
    ) -> Sequence[Whereabouts]:
        """Return unanswered estimates, of all organisations, whose last day lies before `until`; oldest first."""
        ...


class Invoices(Protocol):
    """All invoices."""

    async def add(self, aggregate: Invoice) -> None:
        """Store a new invoice. Raises AlreadyExists."""
        ...

    async def get(self, by: Principal, aggregate_id: str) -> Invoice:
        """Return one that the principal may see. Raises NotFound."""
        ...

    async def get_many(self, by: Principal, ids: list[str]) -> dict[str, Invoice]:
        """Return those that exist and that the principal may see, by id."""
        ...

    async def update(self, by: Principal, aggregate_id: str, change: Callable[[Invoice], None]) -> Invoice:
        """Load, change, save. Raises NotFound, ConcurrentUpdate, and what `change` raises."""
        ...

    async def page(
        self,
        by: Principal,
        wanted: InvoiceFilter,
        request: PageRequest,
        *,
        order: InvoiceOrder = InvoiceOrder.CREATED,
        descending: bool = True,
        today: date,
    ) -> Page[Invoice]:
        """Return a page. `today` is the organisation's, which decides what is overdue."""
        ...

    async def rows(
        self,
        by: Principal,
        wanted: InvoiceFilter,
        request: PageRequest,
        *,
        order: InvoiceOrder = InvoiceOrder.CREATED,
        descending: bool = True,
        today: date,
    ) -> Page[InvoiceRow]:
        """As `page`, with what lists show and no more."""
        ...

    async def rows_of(self, by: Principal, ids: list[str]) -> dict[str, InvoiceRow]:
        """As `get_many`, with what lists show and no more."""
        ...

    async def count(self, by: Principal, wanted: InvoiceFilter, *, today: date) -> int:
        """Return how many rows all pages have together."""
        ...

    async def last_paid(self, by: Principal, customer_id: str | None, limit: int) -> Sequence[Invoice]:
        """Return the invoices that were paid in full last, latest first."""
        ...

    async def last_paid_rows(self, by: Principal, customer_id: str | None, limit: int) -> Sequence[InvoiceRow]:
        """As `last_paid`, with what lists show and no more."""
        ...

    async def outstanding(self, by: Principal, customer_id: str | None, today: date) -> Sequence[Outstanding]:
        """Return what is owed per currency, sorted by currency."""
        ...

    async def ledgers(self, by: Principal, customer_id: str, until: date) -> Sequence[Ledger]:
        """Return the ledgers of a client company's sent invoices with a row through this day, in all currencies."""
        ...

    async def needing_attention(
        self, until: date, limit: int, *, without: Sequence[str] = (), not_of: Sequence[str] = ()
    ) -> Sequence[Whereabouts]:
        """Return invoices, of all organisations, that may be overdue before `until`; oldest first."""
        ...

    async def looked_after(self, by: Principal, customer_id: str | None, *, after: str, limit: int) -> Sequence[str]:
        """Return ids, in order, of open invoices of the organisation or a company that have more than nothing owed."""
        ...


class ReminderPolicies(Protocol):
    """What staff set about reminders: one for the organisation, one for each client company that has its own."""

    async def add(self, aggregate: ReminderPolicy) -> None:
        """Store a new one. Raises AlreadyExists."""
        ...

    async def get_many(self, by: Principal, ids: list[str]) -> dict[str, ReminderPolicy]:
        """Return those that exist, by id."""
        ...

    async def update(
        self, by: Principal, aggregate_id: str, change: Callable[[ReminderPolicy], None]
    ) -> ReminderPolicy:
        """Load, change, save. Raises NotFound, ConcurrentUpdate, and what `change` raises."""
        ...

    async def spreading(
        self, limit: int, *, without: Sequence[str] = (), not_of: Sequence[str] = ()
    ) -> Sequence[Whereabouts]:
        """Return policies, of all organisations, whose change has not reached all invoices yet; each takes turns."""
        ...


class NumberSeries(Protocol):
    """Numbers without gaps: a document keeps the number it took for ever, or gives it back unsent."""

    async def take(self, organisation_id: str, series: Series, document_id: str) -> str:
        """Return the document's number, the same one however often it asks, one that no other document has."""
        ...

    async def give_back(self, organisation_id: str, series: Series, document_id: str) -> None:
        """Free the number of a document that was never sent and never will be; the next one takes it."""
        ...

    async def unconfirmed(self, before: datetime, limit: int, *, without: Sequence[str] = ()) -> Sequence[HeldNumber]:
        """Return numbers, of all organisations, that were taken before this and of which nobody knows the end.

        Those of the documents in `without` are passed over.
        """
        ...

    async def confirm(self, held: HeldNumber) -> None:
        """Note that the document was sent under its number: nobody needs to look again."""
        ...

    async def look_later(self, held: HeldNumber, now: datetime) -> None:
        """Note that the document is still to be sent."""
        ...
