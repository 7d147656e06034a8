"""The statement: everything that happened between a business and a client company in one currency.

Every row keeps the day under which it was booked, whatever the time zone is later, and is derived from one invoice's
own record, so the closing balance of a period is the opening balance of the next. Ageing looks at what was open at the
end of the period, by due date, never at today.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate

from services.billing.domain.calendar import local_day, require_period
from services.billing.domain.invoice.record import Closed, Collection, CollectionState, InvoiceState
from services.billing.domain.money import ZERO


class RowKind(StrEnum):
    """What a row of a statement tells."""

    INVOICE = "invoice"
    CREDIT = "credit"
    PAYMENT = "payment"
    REFUND = "refund"
    WRITE_OFF = "write_off"


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """What a statement needs to know of one sent invoice."""

    invoice_id: str
    number: str
    currency: str
    state: InvoiceState
    payable: Decimal
    issued_on: date
    due_on: date
    sent_at: datetime
    collections: dict[str, Collection]
    closed: Closed | None = None
    closed_before: tuple[Closed, ...] = ()

    @property
    def first_day(self) -> date:
        """The day of its earliest row: staff may record money that came before the invoice was sent."""
        settled = (entry for entry in self.collections.values() if entry.state is CollectionState.SETTLED)
        return min([self.issued_on, *(entry.received_on for entry in settled if entry.received_on)])


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One transaction; `amount` is what it adds to the debt, below zero what it takes away."""

    day: date
    at: datetime
    kind: RowKind
    invoice_id: str
    number: str
    amount: Decimal
    payment_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """An entry with the balance after it; one of debit and credit is zero."""

    entry: Entry
    balance: Decimal

    @property
    def debit(self) -> Decimal:
        return max(self.entry.amount, ZERO)

    @property
    def credit(self) -> Decimal:
        return max(-self.entry.amount, ZERO)


@dataclass(frozen=True, kw_only=True)
class Ageing:
    """What was open at the end of the period, by days after the due date; credits count as current."""

    current: Decimal = ZERO
    days_1_to_30: Decimal = ZERO
    days_31_to_60: Decimal = ZERO
    days_61_to_90: Decimal = ZERO
    over_90: Decimal = ZERO

    @property
    def buckets(self) -> tuple[Decimal, ...]:
        return (self.current, self.days_1_to_30, self.days_31_to_60, self.days_61_to_90, self.over_90)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """All transactions of a client company in one currency from the first through the last day."""

    customer_id: str
    currency: str
    first_day: date
    last_day: date
    opening: Decimal
    rows: tuple[Row, ...]
    closing: Decimal
    ageing: Ageing


def draw_statement(
    ledgers: Sequence[Ledger], *, customer_id: str, currency: str, first_day: date, last_day: date, time_zone: str
) -> Statement:
    """Draw the statement of these invoices, all of one client company and currency.

    Args:
        time_zone: IANA name; what was booked without its day belongs to the day that it was there.

    Raises:
        PeriodReversed: when the period ends before it starts.
    """
    require_period(first_day, last_day)
    entries = sorted(
        (entry for ledger in ledgers for entry in entries_of(ledger, time_zone) if entry.day <= last_day),
        key=lambda entry: (entry.day, entry.at, entry.invoice_id, entry.payment_id or ""),
    )
    opening = sum((entry.amount for entry in entries if entry.day < first_day), ZERO)
    shown = [entry for entry in entries if entry.day >= first_day]
    balances = list(accumulate((entry.amount for entry in shown), initial=opening))
    return Statement(
        customer_id=customer_id,
        currency=currency,
        first_day=first_day,
        last_day=last_day,
        opening=opening,
        rows=tuple(Row(entry=entry, balance=after) for entry, after in zip(shown, balances[1:], strict=True)),
        closing=balances[-1],
        ageing=_age(ledgers, entries, last_day),
    )


def entries_of(ledger: Ledger, time_zone: str) -> Iterator[Entry]:
    """Yield what happened to one invoice, in no particular order."""

    def entry(kind: RowKind, amount: Decimal, at: datetime, day: date | None, payment_id: str | None = None) -> Entry:
        return Entry(
            day=day or local_day(at, time_zone),
            at=at,
            kind=kind,
            invoice_id=ledger.invoice_id,
            number=ledger.number,
            amount=amount,
            payment_id=payment_id,
        )

    kind = RowKind.INVOICE if ledger.payable >= 0 else RowKind.CREDIT
    yield entry(kind, ledger.payable, ledger.sent_at, ledger.issued_on)
    for payment_id, collection in ledger.collections.items():
        if collection.state is not CollectionState.SETTLED:
            continue
        yield entry(
            RowKind.PAYMENT, -collection.amount, collection.at, collection.received_on or collection.day, payment_id
        )
        for refund in collection.refunds.values():
            if refund.reversed_at == refund.at:  # it turned out before it was recorded
                continue
            yield entry(RowKind.REFUND, refund.amount, refund.at, refund.day, payment_id)
            if refund.reversed_at is not None:
                yield entry(RowKind.REFUND, -refund.amount, refund.reversed_at, refund.reversed_day, payment_id)
    for closed in ledger.closed_before:
        yield entry(RowKind.WRITE_OFF, -closed.amount, closed.at, closed.day)
    if ledger.closed is not None:
        kind = RowKind.WRITE_OFF if ledger.state is InvoiceState.WRITTEN_OFF else RowKind.CREDIT
        yield entry(kind, -ledger.closed.amount, ledger.closed.at, ledger.closed.day)


def _age(ledgers: Iterable[Ledger], entries: Iterable[Entry], last_day: date) -> Ageing:
    open_amounts: dict[str, Decimal] = {}
    for entry in entries:
        open_amounts[entry.invoice_id] = open_amounts.get(entry.invoice_id, ZERO) + entry.amount
    buckets = [ZERO] * 5
    for ledger in ledgers:
        amount = open_amounts.get(ledger.invoice_id, ZERO)
        days = (last_day - ledger.due_on).days if amount > 0 else 0
        buckets[0 if days <= 0 else min((days + 29) // 30, 4)] += amount
    return Ageing(
        current=buckets[0],
        days_1_to_30=buckets[1],
        days_31_to_60=buckets[2],
        days_61_to_90=buckets[3],
        over_90=buckets[4],
    )
