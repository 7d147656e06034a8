"""Giving money back: the sum of refunds never exceeds what was captured."""

from dataclasses import replace
from datetime import datetime

from chassis.kernel import derived_bits, id_from_bits
from services.billing.domain.errors import AmountNotPositive, CurrencyMismatch, PaymentNotRefundable, RefundTooLarge
from services.billing.domain.money import Money
from services.billing.domain.payment.declines import Failure
from services.billing.domain.payment.events import PaymentRefunded
from services.billing.domain.payment.outcome import RefundOutcome
from services.billing.domain.payment.record import SERVICE, PaymentRecord, PaymentState, Refund, RefundState

MAX_REFUNDS = 100
UNBOOKABLE = "The invoice could not take this payment."


class Refunding(PaymentRecord):
    """Ask, settle, book; each idempotent by the refund's id."""

    def request_refund(self, refund_id: str, amount: Money, *, reason: str, requested_by: str, now: datetime) -> None:
        """Set an amount aside for going back, before the provider is asked.

        Raises:
            PaymentNotRefundable: no money arrived.
            AmountNotPositive, CurrencyMismatch, RefundTooLarge: nothing is set aside.
        """
        if refund_id in self.refunds:
            return
        if self.state is not PaymentState.SUCCEEDED:
            raise PaymentNotRefundable
        currency = self.captured.currency
        if amount.currency != currency:
            raise CurrencyMismatch(currency)
        if amount.amount > self.refundable.amount or not self.refundable.amount or len(self.refunds) >= MAX_REFUNDS:
            raise RefundTooLarge(self.refundable.amount, currency)
        if amount.amount <= 0:
            raise AmountNotPositive
        self._ask(refund_id, amount, reason, requested_by, now)

    def send_back(self, now: datetime) -> None:
        """Set all that is left aside for going back, since the invoice does not take it."""
        self.turned_away = True
        if self.returns_now(now):
            turn = sum(refund.requested_by == SERVICE for refund in self.refunds.values())
            refund_id = id_from_bits("rfd", derived_bits(f"{self.id} sent back {turn}", self.created_at))
            self._ask(refund_id, self.refundable, UNBOOKABLE, SERVICE, now)

    def settle_refund(self, refund_id: str, outcome: RefundOutcome, now: datetime) -> None:
        """Apply what the provider reports about a refund; a second report changes nothing."""
        refund = self.refunds[refund_id]
        if refund.state is not RefundState.REQUESTED:
            return
        if outcome.succeeded:
            self._put(refund, now, state=RefundState.SUCCEEDED, provider_refund_id=outcome.provider_refund_id)
            amount = self.money(refund.amount)
            self.record(PaymentRefunded(**self._facts(now), amount=amount, refund_id=refund_id))
        elif outcome.failure is not None:
            self.fail_refund(refund_id, outcome.failure, now)
        else:
            self.refunds[refund_id] = replace(refund, provider_refund_id=outcome.provider_refund_id)
            self.look_again(now)

    def fail_refund(self, refund_id: str, failure: Failure, now: datetime) -> None:
        """The provider refused for good; the amount may be asked back again."""
        refund = self.refunds[refund_id]
        if refund.state is RefundState.REQUESTED:
            self._put(refund, now, state=RefundState.FAILED, failure=failure, booked=True)

    def mark_refund_booked(self, refund_id: str, state: RefundState, now: datetime) -> None:
        """The invoice knows that this refund came to this state; what has changed since then, it does not know."""
        refund = self.refunds[refund_id]
        if refund.state is state and state is not RefundState.REQUESTED and not refund.booked:
            self.refunds[refund_id] = replace(refund, booked=True)
            self.look_again(now)

    def _ask(self, refund_id: str, amount: Money, reason: str, requested_by: str, now: datetime) -> None:
        self.refunds[refund_id] = Refund(
            id=refund_id,
            amount=amount.amount,
            reason=reason,
            requested_by=requested_by,
            requested_at=now,
        )
        self.look_again(now)

    def _put(
        self,
        refund: Refund,
        now: datetime,
        *,
        state: RefundState,
        provider_refund_id: str | None = None,
        failure: Failure | None = None,
        booked: bool = False,
    ) -> None:
        self.refunds[refund.id] = replace(
            refund,
            state=state,
            provider_refund_id=provider_refund_id or refund.provider_refund_id,
            failure=failure,
            settled_at=now,
            booked=booked,
        )
        self.look_again(now)
