"""How lists of documents are asked for: filters, orders, and the figures of the home page."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.billing.domain.estimate import Estimate, EstimateState
from services.billing.domain.invoice import Invoice, InvoiceState, InvoiceStatus
from services.billing.domain.invoice.status import is_overdue, status_of
from services.billing.domain.money import Money


class InvoiceOrder(StrEnum):
    """What a list of invoices is sorted by."""

    CREATED = "created"
    ISSUED = "issued"
    DUE = "due"
    NUMBER = "number"
    TOTAL = "total"
    BALANCE = "balance"


class EstimateOrder(StrEnum):
    """What a list of estimates is sorted by."""

    CREATED = "created"
    ISSUED = "issued"
    EXPIRES = "expires"
    NUMBER = "number"
    TOTAL = "total"


@dataclass(frozen=True, kw_only=True)
class InvoiceFilter:
    """Which invoices; an empty field filters nothing. `search` looks into number, subject and reference."""

    customer_id: str | None = None
    statuses: frozenset[InvoiceStatus] = frozenset()
    currency: str | None = None
    search: str = ""
    issued_from: date | None = None
    issued_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    estimate_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class EstimateFilter:
    """Which estimates; an empty field filters nothing. `search` looks into number, subject and reference."""

    customer_id: str | None = None
    statuses: frozenset[EstimateState] = frozenset()
    currency: str | None = None
    search: str = ""
    issued_from: date | None = None
    issued_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class Outstanding:
    """What is owed in one currency, how much of it is overdue, and on how many invoices."""

    balance: Money
    overdue: Money
    invoices: int


@dataclass(frozen=True, kw_only=True, slots=True)
class InvoiceRow:
    """What lists show of an invoice, without all that it is made of. It stands as the invoice does."""

    id: str
    customer_id: str
    version: int
    number: str | None
    state: InvoiceState
    total: Money
    paid: Money
    balance: Money
    created_at: datetime
    issued_on: date | None
    sent_at: datetime | None
    due_on: date | None

    @property
    def is_open(self) -> bool:
        """As of the invoice."""
        return self.state is InvoiceState.SENT or (self.state is InvoiceState.WRITTEN_OFF and self.balance.amount > 0)

    def status(self, today: date) -> InvoiceStatus:
        """Return the display status on this day of the organisation."""
        return status_of(self, today)

    def is_overdue(self, today: date) -> bool:
        """Tell whether something is owed and the due date lies before today."""
        return is_overdue(self, today)


@dataclass(frozen=True, kw_only=True, slots=True)
class EstimateRow:
    """What the home page shows of an estimate that was sent, as the client has it."""

    id: str
    customer_id: str
    version: int
    number: str | None
    state: EstimateState
    total: Money
    created_at: datetime
    issued_on: date | None
    expires_on: date | None


def estimate_row(estimate: Estimate) -> EstimateRow | None:
    """Return the row of an estimate; None of one that was never sent."""
    if (sent := estimate.last_sent) is None:
        return None
    return EstimateRow(
        id=estimate.id,
        customer_id=estimate.customer_id,
        version=estimate.version,
        number=estimate.number,
        state=sent.state,
        total=sent.content.total,
        created_at=estimate.created_at,
        issued_on=sent.issued_on,
        expires_on=sent.expires_on,
    )


def invoice_row(invoice: Invoice) -> InvoiceRow:
    """Return the row of an invoice."""
    return InvoiceRow(
        id=invoice.id,
        customer_id=invoice.customer_id,
        version=invoice.version,
        number=invoice.number,
        state=invoice.state,
        total=invoice.total,
        paid=invoice.paid,
        balance=invoice.balance,
        created_at=invoice.created_at,
        issued_on=invoice.issued_on,
        sent_at=invoice.sent_at,
        due_on=invoice.due_on,
    )
