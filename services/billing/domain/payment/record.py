"""The state of a payment and of its refunds, and what is computed from it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypedDict

from chassis.kernel import AggregateRoot
from chassis.words import Word
from services.billing.domain.money import ZERO, Money
from services.billing.domain.payment.declines import Failure
from services.billing.domain.payment.outcome import CardDetails, DisputeState
from services.billing.domain.payment_mode import PaymentMode

LEASE = timedelta(seconds=30)
"""How long the request that made a payment may take before the recovery job looks after it."""

LONGEST_PAUSE = timedelta(minutes=10)
NOT_REFUNDED = "refund_failed"
SERVICE, PROVIDER = "service", "provider"
"""Who asked for a refund that no person here did: we ourselves, or somebody at the provider."""
NEXT_TRY = timedelta(days=1)
MAX_TRIES = 5
"""Money that is not ours and that its bank does not take is sent again a day later, so often; then it is for staff."""


class PaymentState(Word):
    """Where an attempt stands. A time-out is `UNKNOWN`, never `FAILED`."""

    CREATED = "created"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"

    @property
    def is_final(self) -> bool:
        return self in {PaymentState.SUCCEEDED, PaymentState.FAILED, PaymentState.CANCELLED}


class RefundState(Word):
    """Where a refund stands."""

    REQUESTED = "requested"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Refund:
    """Money on its way back. `booked` says that the invoice was told, or had nothing to be told.

    `requested_by` is the staff member, or `SERVICE` or `PROVIDER`.
    """

    id: str
    amount: Decimal
    reason: str
    requested_by: str
    requested_at: datetime
    state: RefundState = RefundState.REQUESTED
    provider_refund_id: str | None = None
    failure: Failure | None = None
    settled_at: datetime | None = None
    booked: bool = False

    def __post_init__(self) -> None:
        """Whatever a provider says about a card when money goes back is for staff, beside a code of ours."""
        if self.failure is not None and self.failure.code != NOT_REFUNDED:
            said = self.failure.provider_code or self.failure.code
            told = Failure(code=NOT_REFUNDED, message="The refund could not be made.", provider_code=said)
            object.__setattr__(self, "failure", told)


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """The client's bank wants money back; `id` is the provider's. A lost one is a refund besides, under the same id."""

    id: str
    amount: Money
    state: DisputeState
    reason: str
    opened_at: datetime
    closed_at: datetime | None = None


class PaymentFacts(TypedDict):
    """What every event about a payment tells, but for the amount."""

    occurred_at: datetime
    organisation_id: str
    payment_id: str
    invoice_id: str
    invoice_number: str
    customer_id: str
    mode: PaymentMode
    paid_by: str


@dataclass(kw_only=True, eq=False)
class PaymentRecord(AggregateRoot):
    """The fields of a payment.

    `booked` says that the invoice knows how it ended. `check_at` is when the recovery job looks at it next: None once
    nothing is left to do. `provider_payment_id` is stored before any money can move. `missing_since` and
    `unreadable_since` are when the provider first said that it knows no such payment, or said what we cannot read, or
    was set up no more; any other answer takes them back. `arrived` is what the provider says has come, where that is
    another amount or currency than was asked for. `turned_away` says that the invoice does not take the money: all that
    is left of it goes back. `ended_by` is who of the staff gave it up where its provider could not say anything.
    """

    customer_id: str
    invoice_id: str
    invoice_number: str
    amount: Money
    mode: PaymentMode
    provider: str
    paid_by: str
    created_at: datetime
    state: PaymentState = PaymentState.CREATED
    provider_payment_id: str | None = None
    save_card: bool = False
    redirect_url: str | None = None
    failure: Failure | None = None
    card: CardDetails | None = None
    note: str | None = None
    received_on: date | None = None
    settled_at: datetime | None = None
    booked: bool = False
    refunds: dict[str, Refund] = field(default_factory=dict[str, Refund])
    missing_since: datetime | None = None
    unreadable_since: datetime | None = None
    checks: int = 0
    check_at: datetime | None = None
    arrived: Money | None = None
    turned_away: bool = False
    disputes: dict[str, Dispute] = field(default_factory=dict[str, Dispute])
    ended_by: str | None = None

    def money(self, amount: Decimal) -> Money:
        """Return an amount in the currency in which this payment's money came."""
        return Money(amount, (self.arrived or self.amount).currency)

    @property
    def captured(self) -> Money:
        """What arrived."""
        return (self.arrived or self.amount) if self.state is PaymentState.SUCCEEDED else self.money(ZERO)

    @property
    def refunded(self) -> Money:
        """What went back, for certain."""
        gone = (refund.amount for refund in self.refunds.values() if refund.state is RefundState.SUCCEEDED)
        return self.money(sum(gone, ZERO))

    @property
    def refundable(self) -> Money:
        """What may still be asked back: refunds under way count as gone."""
        asked = (refund.amount for refund in self.refunds.values() if refund.state is not RefundState.FAILED)
        return self.money(max(self.captured.amount - sum(asked, ZERO), ZERO))

    @property
    def goes_back(self) -> bool:
        """Whether the invoice does not take the money: what was begun to be sent back is never booked instead."""
        return self.turned_away or bool(self._sent_back())

    @property
    def owes_return(self) -> bool:
        """Whether money that the invoice does not take has still to be sent back."""
        tries = sum(refund.state is RefundState.FAILED for refund in self._sent_back())
        return self.turned_away and self.refundable.amount > 0 and tries < MAX_TRIES

    def returns_now(self, now: datetime) -> bool:
        """Whether it is time to send it back: at once, and a day after it was refused."""
        last = max((refund.settled_at for refund in self._sent_back() if refund.settled_at), default=None)
        return self.owes_return and (last is None or now - last >= NEXT_TRY)

    @property
    def waits_for_payer(self) -> bool:
        """Whether it is the payer's turn at the provider: nothing moves unless somebody goes on there."""
        return self.state is PaymentState.REQUIRES_ACTION

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do: a final state, known to the invoice, and so is every refund."""
        told = all(refund.booked for refund in self.refunds.values())
        return self.state.is_final and self.booked and told and not self.owes_return

    def is_due(self, now: datetime) -> bool:
        """Whether it is the recovery job's turn: nobody's request is at work on it any more."""
        return self.check_at is not None and self.check_at <= now

    def look_again(self, now: datetime) -> None:
        """Plan the recovery job's next look: soon at first, then with growing pauses, never when all is done."""
        if self.is_settled:
            self.check_at = None
            return
        self.checks += 1
        self.check_at = now + min(timedelta(seconds=5) * 2 ** min(self.checks - 1, 10), LONGEST_PAUSE)

    def _sent_back(self) -> list[Refund]:
        return [refund for refund in self.refunds.values() if refund.requested_by == SERVICE]

    def _facts(self, now: datetime) -> PaymentFacts:
        return PaymentFacts(
            occurred_at=now,
            organisation_id=self.organisation_id,
            payment_id=self.id,
            invoice_id=self.invoice_id,
            invoice_number=self.invoice_number,
            customer_id=self.customer_id,
            mode=self.mode,
            paid_by=self.paid_by,
        )
