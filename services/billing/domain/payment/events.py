"""Facts about payments."""

from dataclasses import dataclass

from chassis.kernel import DomainEvent
from services.billing.domain.money import Money
from services.billing.domain.payment.outcome import DisputeState
from services.billing.domain.payment_mode import PaymentMode


@dataclass(frozen=True, kw_only=True)
class PaymentEvent(DomainEvent):
    """What every fact about a payment tells; `paid_by` is the contact, or the staff member who recorded it."""

    organisation_id: str
    payment_id: str
    invoice_id: str
    invoice_number: str
    customer_id: str
    amount: Money
    mode: PaymentMode
    paid_by: str


@dataclass(frozen=True, kw_only=True)
class PaymentSucceeded(PaymentEvent):
    """The money has arrived."""


@dataclass(frozen=True, kw_only=True)
class PaymentFailed(PaymentEvent):
    """No money moved; `failure_code` says why."""

    failure_code: str


@dataclass(frozen=True, kw_only=True)
class PaymentRefunded(PaymentEvent):
    """`amount` of the payment went back."""

    refund_id: str


@dataclass(frozen=True, kw_only=True)
class PaymentRefundFailed(PaymentEvent):
    """`amount`, of which it was told that it went back, did not: the client's bank refused it."""

    refund_id: str


@dataclass(frozen=True, kw_only=True)
class PaymentDisputed(PaymentEvent):
    """The client's bank wants `amount` back, and the provider holds it until that is decided."""

    dispute: str


@dataclass(frozen=True, kw_only=True)
class PaymentDisputeClosed(PaymentEvent):
    """It was decided who keeps `amount`."""

    dispute: str
    outcome: DisputeState
