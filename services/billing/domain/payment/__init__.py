"""The payment: one attempt to move money towards one invoice, and the refunds that give some of it back.

`Payment` is cut by behaviour: `record` (state), `settling` (what the provider said), `refunding`, `mirroring` (what was
done there without us). docs/state-machines.md draws it. It never talks to a provider and never touches
the invoice; `application/payment_steps.py` does both, in steps that are safe to run twice.
"""

from services.billing.domain.payment.declines import Failure
from services.billing.domain.payment.outcome import (
    BillingAddress,
    CardDetails,
    DisputeSeen,
    DisputeState,
    Movements,
    Outcome,
    OutcomeStatus,
    RefundOutcome,
    RefundSeen,
)
from services.billing.domain.payment.payment import Payment
from services.billing.domain.payment.record import Dispute, PaymentState, Refund, RefundState

__all__ = [
    "BillingAddress",
    "CardDetails",
    "Dispute",
    "DisputeSeen",
    "DisputeState",
    "Failure",
    "Movements",
    "Outcome",
    "OutcomeStatus",
    "Payment",
    "PaymentState",
    "Refund",
    "RefundOutcome",
    "RefundSeen",
    "RefundState",
]
