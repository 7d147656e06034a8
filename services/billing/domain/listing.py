"""How lists of documents are asked for: filters, orders, and the figures of the home page."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.billing.domain.estimate import EstimateState
from services.billing.domain.invoice import InvoiceStatus
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
