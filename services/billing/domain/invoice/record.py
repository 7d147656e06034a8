"""The state of an invoice and what is computed from it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypedDict

from chassis.kernel import AggregateRoot
from chassis.words import Word
from services.billing.domain.content import Content, Party
from services.billing.domain.mailings import Mailings
from services.billing.domain.money import ZERO, Money
from services.billing.domain.payment_mode import PaymentMode
from services.billing.domain.reminders import Reminders


class InvoiceState(Word):
    """The stored part of an invoice's status."""

    DRAFT = "draft"
    SENT = "sent"
    VOID = "void"
    WRITTEN_OFF = "written_off"


class CollectionState(Word):
    """How far a payment has come on this invoice."""

    RESERVED = "reserved"
    SETTLED = "settled"
    RELEASED = "released"


@dataclass(frozen=True, kw_only=True)
class PaymentTerms:
    """Until when, how and in what steps the client may pay; without `due_on` it is due on the day it is sent."""

    modes: tuple[PaymentMode, ...]
    due_on: date | None = None
    partial_payments: bool = False


@dataclass(frozen=True, kw_only=True)
class Refunded:
    """Money of a payment that went back; `reversed_at` is when it turned out that it did not.

    `day` and `reversed_day` are the organisation's days of both, which it keeps whatever its time zone is later.
    """

    amount: Decimal
    at: datetime
    reversed_at: datetime | None = None
    day: date | None = None
    reversed_day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Collection:
    """One payment as the invoice knows it. `at` is when it reached its state; `received_on` a day given by staff.

    `day` is the organisation's day of `at`, kept whatever its time zone is later. `turned_away` says that its money
    arrived and is not taken: it goes back, whatever the invoice could take later.
    """

    state: CollectionState
    amount: Decimal
    at: datetime
    received_on: date | None = None
    refunds: dict[str, Refunded] = field(default_factory=dict[str, Refunded])
    turned_away: bool = False
    day: date | None = None

    @property
    def refunded(self) -> Decimal:
        return sum((refund.amount for refund in self.refunds.values() if refund.reversed_at is None), ZERO)

    @property
    def kept(self) -> Decimal:
        """What arrived and did not go back."""
        return self.amount - self.refunded if self.state is CollectionState.SETTLED else ZERO


@dataclass(frozen=True, kw_only=True)
class Closed:
    """How an invoice ended: voided, or the amount that was written off; `day` is the organisation's day of `at`."""

    at: datetime
    amount: Decimal
    reason: str
    day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Reminded:
    """The latest reminder, by a plan or by hand; `on` is the organisation's day of `at`."""

    at: datetime
    on: date


class Facts(TypedDict):
    """What every event about an invoice tells."""

    occurred_at: datetime
    organisation_id: str
    invoice_id: str
    customer_id: str
    number: str | None
    total: Money
    balance: Money
    due_on: date | None


@dataclass(kw_only=True, eq=False)
class InvoiceRecord(AggregateRoot):
    """The fields of an invoice. `collections` maps payment ids to what they hold or brought.

    `closed_before` are earlier write-offs: money that went back afterwards was owed again, and given up or paid anew.
    `rescheduled_on` is the organisation's day on which the due date was changed last.
    """

    customer_id: str
    content: Content
    terms: PaymentTerms
    created_at: datetime
    state: InvoiceState = InvoiceState.DRAFT
    number: str | None = None
    issued_on: date | None = None
    sent_at: datetime | None = None
    seller: Party | None = None
    buyer: Party | None = None
    estimate_id: str | None = None
    estimate_revision: int | None = None
    collections: dict[str, Collection] = field(default_factory=dict[str, Collection])
    closed: Closed | None = None
    overdue_since: date | None = None
    look_again_on: date | None = None
    closed_before: tuple[Closed, ...] = ()
    mailings: Mailings = ()
    reminded: Reminded | None = None
    rescheduled_on: date | None = None

    @property
    def currency(self) -> str:
        return self.content.currency

    @property
    def total(self) -> Money:
        return self.content.total

    @property
    def due_on(self) -> date | None:
        return self.terms.due_on

    @property
    def paid(self) -> Money:
        """What arrived and did not go back."""
        return Money(sum((entry.kept for entry in self.collections.values()), ZERO), self.currency)

    @property
    def balance(self) -> Money:
        """What the client owes: nothing before it was sent, nothing after it was voided.

        Money of a refund that came back after that is the client's: below zero, as the statement says.
        """
        if self.state is InvoiceState.DRAFT:
            return Money(ZERO, self.currency)
        if self.state is InvoiceState.VOID:
            return Money(-self.paid.amount, self.currency)
        written_off = sum((one.amount for one in (*self.closed_before, *self._closings())), ZERO)
        return Money(self.total.amount - self.paid.amount - written_off, self.currency)

    @property
    def is_open(self) -> bool:
        """Whether people still act on it: it was sent, and is neither void nor written off with nothing owed since.

        Where money went back after a write-off, that is owed: it can be paid, written off as well, or voided.
        """
        owed_again = self.state is InvoiceState.WRITTEN_OFF and self.balance.amount > 0
        return self.state is InvoiceState.SENT or owed_again

    def _closings(self) -> tuple[Closed, ...]:
        return (self.closed,) if self.closed else ()

    def _booked_on(self, day: date | None) -> date | None:
        """Return the day under which something is booked: never before the day on which the invoice was issued."""
        return max(day, self.issued_on) if day and self.issued_on else day

    @property
    def reserved(self) -> Money:
        """What payments under way hold."""
        held = (e.amount for e in self.collections.values() if e.state is CollectionState.RESERVED)
        return Money(sum(held, ZERO), self.currency)

    @property
    def available(self) -> Money:
        """What another payment could still take: the balance without what is being paid right now."""
        return Money(self.balance.amount - self.reserved.amount, self.currency)

    @property
    def needs_no_number(self) -> bool:
        """Whether it was taken back before it was ever sent: a number that it took is somebody else's."""
        return self.state is InvoiceState.VOID and self.number is None

    def _is_owed(self) -> bool:
        return self.is_open and self.balance.amount > 0

    def _steps_until(self, reminders: Reminders) -> date:
        """Return the day through which steps of the plan are past; the notice of being overdue was one as well."""
        reminded = self.reminded.on if self.reminded else None
        days = (self.issued_on, self.rescheduled_on, self.overdue_since, reminders.since, reminded)
        return max((day for day in days if day), default=date.min)

    def _first_look(self, reminders: Reminders) -> date | None:
        """Return when the job looks next, where it has not looked since the invoice was sent or changed."""
        due_on = self.terms.due_on
        if due_on is None or not self._is_owed():
            return None
        return self._next_look(reminders, due_on, after=self._steps_until(reminders))

    def _next_look(self, reminders: Reminders, due_on: date, *, after: date) -> date | None:
        """Return the day of the next step, or the one after the due date while nobody knows that it passed."""
        late = due_on + timedelta(days=1) if self.overdue_since is None else None
        return min((day for day in (late, reminders.plan.next_day(due_on, after=after)) if day), default=None)

    def _facts(self, now: datetime) -> Facts:
        return Facts(
            occurred_at=now,
            organisation_id=self.organisation_id,
            invoice_id=self.id,
            customer_id=self.customer_id,
            number=self.number,
            total=self.total,
            balance=self.balance,
            due_on=self.terms.due_on,
        )
