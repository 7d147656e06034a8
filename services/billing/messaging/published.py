"""The events that billing publishes: its contract with other systems, and how its facts become them.

Longer than most files, because it is a list: one model per fact, in the order of the domain's own.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar, Self

from services.billing.domain import events
from services.billing.domain.money import Money
from services.billing.domain.payment import events as payments
from services.chassis.cloudevents import Amount, Published, PublishedLanguage
from services.chassis.kernel import DomainEvent

_ORG = "org_01k9zxr2h5e8v9s6w3q7t4m1nb"
_CUSTOMER, _CONTACT = "cus_01k9zxr2h5e8v9s6w3q7t4m1nd", "con_01k9zxr2h5e8v9s6w3q7t4m1ne"
_ESTIMATE, _INVOICE = "est_01k9zxr2h5e8v9s6w3q7t4m1nh", "inv_01k9zxr2h5e8v9s6w3q7t4m1nj"
_PAYMENT, _REFUND = "pay_01k9zxr2h5e8v9s6w3q7t4m1nk", "rfd_01k9zxr2h5e8v9s6w3q7t4m1nm"


def _amount(text: str) -> dict[str, str]:
    return {"amount": text, "currency": "EUR"}


_ESTIMATE_EXAMPLE: dict[str, Any] = {
    "organisation_id": _ORG,
    "estimate_id": _ESTIMATE,
    "customer_id": _CUSTOMER,
    "number": "EST-000042",
    "revision": 1,
    "total": _amount("1190.00"),
}
_INVOICE_EXAMPLE: dict[str, Any] = {
    "organisation_id": _ORG,
    "invoice_id": _INVOICE,
    "customer_id": _CUSTOMER,
    "number": "INV-000042",
    "total": _amount("1190.00"),
    "balance": _amount("1190.00"),
    "due_date": date(2026, 2, 14),
}
_PAYMENT_EXAMPLE: dict[str, Any] = {
    "organisation_id": _ORG,
    "payment_id": _PAYMENT,
    "invoice_id": _INVOICE,
    "invoice_number": "INV-000042",
    "customer_id": _CUSTOMER,
    "amount": _amount("595.00"),
    "mode": "card",
    "paid_by": _CONTACT,
}


class _Fact(Published):
    _example: ClassVar[dict[str, Any]] = {}

    @classmethod
    def example(cls) -> Self:
        return cls.model_validate(cls._example)


# --- estimates -------------------------------------------------------------------------------------------------------


class _EstimateFact(_Fact):
    _example: ClassVar[dict[str, Any]] = _ESTIMATE_EXAMPLE

    estimate_id: str
    customer_id: str
    number: str | None
    revision: int
    total: Amount


class EstimateDraftedV1(_EstimateFact):
    """Staff began an estimate."""

    _example: ClassVar[dict[str, Any]] = {**_ESTIMATE_EXAMPLE, "number": None}
    event_type: ClassVar[str] = "billing.estimate_drafted.v1"


class EstimateSentV1(_EstimateFact):
    """A revision was sent and waits for an answer through the day `expiresOn`."""

    _example: ClassVar[dict[str, Any]] = {**_ESTIMATE_EXAMPLE, "expires_on": date(2026, 2, 14)}
    event_type: ClassVar[str] = "billing.estimate_sent.v1"

    expires_on: date


class EstimateRevisedV1(_EstimateFact):
    """Staff rework a declined or expired estimate; `revision` is the new one."""

    _example: ClassVar[dict[str, Any]] = {**_ESTIMATE_EXAMPLE, "revision": 2}
    event_type: ClassVar[str] = "billing.estimate_revised.v1"
    mandatory: ClassVar[bool] = False


class EstimateAcceptedV1(_EstimateFact):
    """The client said yes to this revision."""

    _example: ClassVar[dict[str, Any]] = {**_ESTIMATE_EXAMPLE, "contact_id": _CONTACT}
    event_type: ClassVar[str] = "billing.estimate_accepted.v1"

    contact_id: str


class EstimateDeclinedV1(_EstimateFact):
    """The client said no to this revision, and why."""

    _example: ClassVar[dict[str, Any]] = {**_ESTIMATE_EXAMPLE, "contact_id": _CONTACT, "reason": "Too expensive."}
    event_type: ClassVar[str] = "billing.estimate_declined.v1"

    contact_id: str
    reason: str


class EstimateExpiredV1(_EstimateFact):
    """Its last day passed without an answer."""

    event_type: ClassVar[str] = "billing.estimate_expired.v1"
    mandatory: ClassVar[bool] = False


class EstimateVoidedV1(_EstimateFact):
    """Staff took it back."""

    event_type: ClassVar[str] = "billing.estimate_voided.v1"
    mandatory: ClassVar[bool] = False


class EstimateInvoicedV1(_EstimateFact):
    """It became this invoice."""

    _example: ClassVar[dict[str, Any]] = {**_ESTIMATE_EXAMPLE, "invoice_id": _INVOICE}
    event_type: ClassVar[str] = "billing.estimate_invoiced.v1"
    mandatory: ClassVar[bool] = False

    invoice_id: str


# --- invoices --------------------------------------------------------------------------------------------------------


class _InvoiceFact(_Fact):
    _example: ClassVar[dict[str, Any]] = _INVOICE_EXAMPLE

    invoice_id: str
    customer_id: str
    number: str | None
    total: Amount
    balance: Amount
    due_date: date | None


class InvoiceDraftedV1(_InvoiceFact):
    """Staff began an invoice, or an estimate became one."""

    _example: ClassVar[dict[str, Any]] = {**_INVOICE_EXAMPLE, "number": None, "balance": _amount("0.00")}
    event_type: ClassVar[str] = "billing.invoice_drafted.v1"


class InvoiceSentV1(_InvoiceFact):
    """It has its number and is owed."""

    event_type: ClassVar[str] = "billing.invoice_sent.v1"


class InvoiceTermsChangedV1(_InvoiceFact):
    """Staff changed until when, how and in what steps an open invoice may be paid."""

    event_type: ClassVar[str] = "billing.invoice_terms_changed.v1"
    mandatory: ClassVar[bool] = False


class InvoicePartiallyPaidV1(_InvoiceFact):
    """A payment arrived; `balance` is still owed."""

    _example: ClassVar[dict[str, Any]] = {**_INVOICE_EXAMPLE, "balance": _amount("595.00"), "payment_id": _PAYMENT}
    event_type: ClassVar[str] = "billing.invoice_partially_paid.v1"
    mandatory: ClassVar[bool] = False

    payment_id: str


class InvoicePaidV1(_InvoiceFact):
    """A payment arrived; nothing is owed any more."""

    _example: ClassVar[dict[str, Any]] = {**_INVOICE_EXAMPLE, "balance": _amount("0.00"), "payment_id": _PAYMENT}
    event_type: ClassVar[str] = "billing.invoice_paid.v1"
    mandatory: ClassVar[bool] = False

    payment_id: str


class InvoiceRefundedV1(_InvoiceFact):
    """Money of a payment went back, so that it is owed again."""

    _example: ClassVar[dict[str, Any]] = {
        **_INVOICE_EXAMPLE,
        "balance": _amount("100.00"),
        "payment_id": _PAYMENT,
        "refund_id": _REFUND,
        "amount": _amount("100.00"),
    }
    event_type: ClassVar[str] = "billing.invoice_refunded.v1"
    mandatory: ClassVar[bool] = False

    payment_id: str
    refund_id: str
    amount: Amount


class InvoiceOverdueV1(_InvoiceFact):
    """Its due date passed with something still owed."""

    event_type: ClassVar[str] = "billing.invoice_overdue.v1"


class InvoiceReminderDueV1(_InvoiceFact):
    """The client should be reminded; never more than once per step."""

    _example: ClassVar[dict[str, Any]] = {**_INVOICE_EXAMPLE, "days_overdue": 7}
    event_type: ClassVar[str] = "billing.invoice_reminder_due.v1"

    days_overdue: int


class InvoiceVoidedV1(_InvoiceFact):
    """Staff took it back; nothing had been paid."""

    _example: ClassVar[dict[str, Any]] = {**_INVOICE_EXAMPLE, "balance": _amount("0.00")}
    event_type: ClassVar[str] = "billing.invoice_voided.v1"
    mandatory: ClassVar[bool] = False


class InvoiceWrittenOffV1(_InvoiceFact):
    """Staff gave up `amount`, which was still owed."""

    _example: ClassVar[dict[str, Any]] = {
        **_INVOICE_EXAMPLE,
        "balance": _amount("0.00"),
        "amount": _amount("1190.00"),
    }
    event_type: ClassVar[str] = "billing.invoice_written_off.v1"
    mandatory: ClassVar[bool] = False

    amount: Amount


# --- payments --------------------------------------------------------------------------------------------------------


class _PaymentFact(_Fact):
    _example: ClassVar[dict[str, Any]] = _PAYMENT_EXAMPLE

    payment_id: str
    invoice_id: str
    invoice_number: str
    customer_id: str
    amount: Amount
    mode: str
    paid_by: str


class PaymentSucceededV1(_PaymentFact):
    """The money has arrived; `paidBy` is the contact, or the staff member who recorded it."""

    event_type: ClassVar[str] = "billing.payment_succeeded.v1"


class PaymentFailedV1(_PaymentFact):
    """No money moved; `failureCode` says why."""

    _example: ClassVar[dict[str, Any]] = {**_PAYMENT_EXAMPLE, "failure_code": "card_declined"}
    event_type: ClassVar[str] = "billing.payment_failed.v1"
    mandatory: ClassVar[bool] = False

    failure_code: str


class PaymentRefundedV1(_PaymentFact):
    """`amount` of the payment went back."""

    _example: ClassVar[dict[str, Any]] = {**_PAYMENT_EXAMPLE, "amount": _amount("100.00"), "refund_id": _REFUND}
    event_type: ClassVar[str] = "billing.payment_refunded.v1"
    mandatory: ClassVar[bool] = False

    refund_id: str


_MODELS: dict[type[DomainEvent], type[Published]] = {
    events.EstimateDrafted: EstimateDraftedV1,
    events.EstimateSent: EstimateSentV1,
    events.EstimateRevised: EstimateRevisedV1,
    events.EstimateAccepted: EstimateAcceptedV1,
    events.EstimateDeclined: EstimateDeclinedV1,
    events.EstimateLapsed: EstimateExpiredV1,
    events.EstimateVoided: EstimateVoidedV1,
    events.EstimateInvoiced: EstimateInvoicedV1,
    events.InvoiceDrafted: InvoiceDraftedV1,
    events.InvoiceSent: InvoiceSentV1,
    events.InvoiceTermsChanged: InvoiceTermsChangedV1,
    events.InvoicePartiallyPaid: InvoicePartiallyPaidV1,
    events.InvoicePaid: InvoicePaidV1,
    events.InvoiceRefunded: InvoiceRefundedV1,
    events.InvoiceBecameOverdue: InvoiceOverdueV1,
    events.InvoiceReminderDue: InvoiceReminderDueV1,
    events.InvoiceVoided: InvoiceVoidedV1,
    events.InvoiceWrittenOff: InvoiceWrittenOffV1,
    payments.PaymentSucceeded: PaymentSucceededV1,
    payments.PaymentFailed: PaymentFailedV1,
    payments.PaymentRefunded: PaymentRefundedV1,
}


def _translation(model: type[Published]) -> Callable[[DomainEvent], Published]:
    """Return the function that tells a fact in this model's fields; the time is the envelope's."""

    def translate(event: DomainEvent) -> Published:
        fields = {name: _wire(value) for name, value in vars(event).items() if name != "occurred_at"}
        if "due_on" in fields:
            fields["due_date"] = fields.pop("due_on")
        return model.model_validate(fields)

    return translate


def _wire(value: Any) -> Any:
    return Amount(amount=value.amount, currency=value.currency) if isinstance(value, Money) else value


PUBLISHED = tuple(_MODELS.values())
"""Every type of event that billing publishes."""

LANGUAGE = PublishedLanguage("billing", {fact: _translation(model) for fact, model in _MODELS.items()})
"""How billing's facts become its published events."""
