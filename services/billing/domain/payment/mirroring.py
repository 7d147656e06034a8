"""What was done at the provider without us, done here as well: refunds, their late ends, and disputes.

A refund made there becomes a refund here, under an id that is derived from the provider's; one that fails a day after
it had succeeded becomes failed here. A dispute that is lost takes its money like a refund, under the dispute's id; one
that is won, or closed otherwise, takes nothing. What is reported has happened: it is recorded whatever our rules say,
up to what the payment brought. Every report may come again, and in any order.
"""

from dataclasses import replace
from datetime import datetime

from chassis.kernel import derived_bits, id_from_bits
from services.billing.domain.money import ZERO, Money
from services.billing.domain.payment.declines import Failure
from services.billing.domain.payment.events import PaymentDisputeClosed, PaymentDisputed, PaymentRefundFailed
from services.billing.domain.payment.outcome import DisputeSeen, DisputeState, Movements, RefundOutcome, RefundSeen
from services.billing.domain.payment.record import (
    NOT_REFUNDED,
    PROVIDER,
    Dispute,
    PaymentState,
    Refund,
    RefundState,
)
from services.billing.domain.payment.refunding import Refunding

MADE_THERE = "Refunded at the payment provider."
LOST = "The payer's bank took the money back because the dispute was lost."
WON_BACK = Failure(code=NOT_REFUNDED, message="The refund could not be made.", provider_code="dispute_won")


class Mirroring(Refunding):
    """Refunds and disputes as the provider shows them, applied."""

    def mirror(self, movements: Movements, now: datetime) -> None:
        """Record what the provider shows that is not known here; what is known changes nothing."""
        if self.state is not PaymentState.SUCCEEDED:
            return
        for seen in movements.refunds:
            self._mirror_refund(seen, now)
        for dispute in movements.disputes:
            self._mirror_dispute(dispute, now)

    def _mirror_refund(self, seen: RefundSeen, now: datetime) -> None:
        known = self._known(seen)
        if known is None:
            known = self._made_there(seen, MADE_THERE, now)
        if known is None:
            return
        if seen.failure is not None and known.state is RefundState.SUCCEEDED:
            self._take_back(known, seen.failure, now)
            return
        if seen.succeeded and known.state is RefundState.FAILED and known.provider_refund_id is None:
            self.refunds[known.id] = replace(known, state=RefundState.REQUESTED, failure=None, booked=False)
        told = RefundOutcome(provider_refund_id=seen.provider_refund_id, succeeded=seen.succeeded, failure=seen.failure)
        if self.refunds[known.id].state is RefundState.REQUESTED:
            self.settle_refund(known.id, told, now)

    def _known(self, seen: RefundSeen) -> Refund | None:
        if seen.refund_id is not None and seen.refund_id in self.refunds:
            return self.refunds[seen.refund_id]
        there = (refund for refund in self.refunds.values() if refund.provider_refund_id == seen.provider_refund_id)
        return next(there, None)

    def _made_there(self, seen: RefundSeen, reason: str, now: datetime) -> Refund | None:
        """Return the refund that somebody made at the provider; None where nothing is left that could have gone."""
        certain = (
            refund.amount
            for refund in self.refunds.values()
            if refund.state is RefundState.SUCCEEDED
            or (refund.state is RefundState.REQUESTED and refund.provider_refund_id is not None)
        )
        left = self.captured.amount - sum(certain, ZERO)
        same = seen.amount.currency == self.captured.currency
        amount = min(seen.amount.amount, left) if same else left
        if amount <= 0:
            return None
        fact = f"{self.provider}:{seen.provider_refund_id}"
        refund_id = id_from_bits("rfd", derived_bits(fact, seen.made_at or self.created_at))
        self._ask(refund_id, self.money(amount), reason, PROVIDER, seen.made_at or now)
        return self.refunds[refund_id]

    def _take_back(self, refund: Refund, failure: Failure, now: datetime) -> None:
        """It had gone, and came back: the invoice has still to be told."""
        self._put(refund, now, state=RefundState.FAILED, failure=failure)
        amount = self.money(refund.amount)
        self.record(PaymentRefundFailed(**self._facts(now), amount=amount, refund_id=refund.id))

    def _mirror_dispute(self, seen: DisputeSeen, now: datetime) -> None:
        known = self.disputes.get(seen.provider_dispute_id)
        if known is None:
            known = Dispute(
                id=seen.provider_dispute_id,
                amount=seen.amount,
                state=DisputeState.OPEN,
                reason=seen.reason,
                opened_at=seen.opened_at or now,
            )
            self.disputes[known.id] = known
            self.record(PaymentDisputed(**self._facts(now), amount=seen.amount, dispute=known.id))
        if seen.state is not DisputeState.OPEN and seen.state is not known.state:
            self.disputes[known.id] = replace(known, state=seen.state, closed_at=now)
            self.record(
                PaymentDisputeClosed(**self._facts(now), amount=known.amount, dispute=known.id, outcome=seen.state)
            )
            self._book_decision(known.amount, known.id, seen.state, now)

    def _book_decision(self, amount: Money, dispute_id: str, state: DisputeState, now: datetime) -> None:
        """A lost dispute is money gone; one that is won after all brings it back."""
        taken = RefundSeen(provider_refund_id=dispute_id, refund_id=None, amount=amount, succeeded=True)
        known = self._known(taken)
        if state is DisputeState.LOST and known is None:
            made = self._made_there(taken, LOST, now)
            if made is not None:
                self.settle_refund(made.id, RefundOutcome(provider_refund_id=dispute_id, succeeded=True), now)
        elif state is DisputeState.WON and known is not None and known.state is RefundState.SUCCEEDED:
            self._take_back(known, WON_BACK, now)
