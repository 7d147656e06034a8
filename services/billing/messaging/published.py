"""The events that billing publishes: its contract with other systems, and how its facts become them.

Longer than most files, because it is a list: one model per fact, in the order of the domain's own.
"""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

from pydantic import Field, WithJsonSchema

from chassis.cloudevents import Amount, Published, PublishedLanguage
from chassis.kernel import DomainEvent
from chassis.wire import Day, bounded, count, flag, id_of, line, text, word
from chassis.world.currencies import DIGITS
from services.billing.domain import events
from services.billing.domain.money import Money, fits, with_digits
from services.billing.domain.payment import DisputeState
from services.billing.domain.payment import events as payments
from services.billing.domain.payment_mode import PaymentMode

EstimateId = Annotated[str, id_of("The ID of the estimate.", "est")]
InvoiceId = Annotated[str, id_of("The ID of the invoice.", "inv")]
PaymentId = Annotated[str, id_of("The ID of the payment, an attempt to pay one invoice.", "pay")]
RefundId = Annotated[str, id_of("The ID of the refund: one payment may have several.", "rfd")]
DisputeName = Annotated[str, line("The payment provider's own id of the dispute.", 255)]
CustomerId = Annotated[str, id_of("The ID of the client company.", "cus")]
ContactId = Annotated[str, id_of("The ID of the contact person of the client company.", "con")]
FailureCode = Annotated[
    str, WithJsonSchema(bounded("[a-z][a-z0-9_]*", 100, "The reason as a code; the list may grow.", "card_declined"))
]
Chosen = Annotated[
    tuple[ContactId, ...],
    Field(description="The contacts whom staff chose to be told; empty where whoever is told by rule is."),
]
Asker = Annotated[str, id_of("The ID of the member of staff who asked for it.", "stf")]
MaybeAsker = Annotated[
    Asker | None, Field(description="The member of staff who asked for it; null where a reminder policy decided.")
]
Number = Annotated[str, line("The number of the document, as it is printed.", 50)]
DraftNumber = Annotated[
    Number | None, Field(description="The number of the document, as it is printed; null in a draft.")
]
Total = Annotated[Amount, Field(description="The total amount of the document, with taxes and discounts.")]
Balance = Annotated[Amount, Field(description="What is still owed of the invoice after this event.")]
Moved = Annotated[Amount, Field(description="The money that this event is about, never all that was paid.")]


# --- estimates -------------------------------------------------------------------------------------------------------


class _EstimateFact(Published):
    about: ClassVar[tuple[str, ...]] = ("estimate_id",)

    estimate_id: EstimateId
    customer_id: CustomerId
    number: DraftNumber
    revision: Annotated[int, count("The number of the revision, starting at 1.")]
    total: Total


class EstimateDraftedV1(_EstimateFact):
    """A draft estimate was created. Changes until it is sent are not published."""

    event_type: ClassVar[str] = "billing.estimate_drafted.v1"


class EstimateSentV1(_EstimateFact):
    """A revision was sent and can be answered until the end of the day `expiresOn`."""

    event_type: ClassVar[str] = "billing.estimate_sent.v1"

    expires_on: Annotated[
        Day, Field(description="The last day on which it can be answered, in the organisation's time zone.")
    ]
    added: ClassVar[frozenset[str]] = frozenset({"recipient_ids"})
    recipient_ids: Chosen


class EstimateSentAgainV1(_EstimateFact):
    """Staff had the revision that was sent last mailed once more; nothing else changed."""

    event_type: ClassVar[str] = "billing.estimate_sent_again.v1"

    requested_by: Asker
    recipient_ids: Chosen


class EstimateRevisedV1(_EstimateFact):
    """A declined or expired estimate is being revised; `revision` is the new revision."""

    event_type: ClassVar[str] = "billing.estimate_revised.v1"
    mandatory: ClassVar[bool] = False


class EstimateAcceptedV1(_EstimateFact):
    """The client accepted this revision."""

    event_type: ClassVar[str] = "billing.estimate_accepted.v1"

    contact_id: ContactId


class EstimateDeclinedV1(_EstimateFact):
    """The client declined this revision and gave a reason."""

    event_type: ClassVar[str] = "billing.estimate_declined.v1"

    contact_id: ContactId
    reason: Annotated[str, text("The reason that the client gave.", 2000)]


class EstimateExpiredV1(_EstimateFact):
    """The last day of the estimate passed without an answer."""

    event_type: ClassVar[str] = "billing.estimate_expired.v1"
    mandatory: ClassVar[bool] = False


class EstimateVoidedV1(_EstimateFact):
    """The estimate was voided."""

    event_type: ClassVar[str] = "billing.estimate_voided.v1"
    mandatory: ClassVar[bool] = False


class EstimateInvoicedV1(_EstimateFact):
    """An invoice was created from the estimate."""

    event_type: ClassVar[str] = "billing.estimate_invoiced.v1"
    mandatory: ClassVar[bool] = False

    invoice_id: InvoiceId


# --- invoices --------------------------------------------------------------------------------------------------------


class _InvoiceFact(Published):
    about: ClassVar[tuple[str, ...]] = ("invoice_id",)

    invoice_id: InvoiceId
    customer_id: CustomerId
    number: DraftNumber
    total: Total
    balance: Balance
    due_date: Annotated[
        Day | None,
        Field(description="The last day to pay, in the organisation's time zone; null while a draft has none."),
    ]


class InvoiceDraftedV1(_InvoiceFact):
    """A draft invoice was created, by staff or from an estimate. Changes until it is sent are not published."""

    event_type: ClassVar[str] = "billing.invoice_drafted.v1"


class InvoiceSentV1(_InvoiceFact):
    """The invoice was sent; it has its number, and `balance` is owed from now on.

    With a `balance` of 0, as after a prepayment of all, it counts as paid at once and `invoice_paid` is not published.
    """

    event_type: ClassVar[str] = "billing.invoice_sent.v1"
    added: ClassVar[frozenset[str]] = frozenset({"recipient_ids"})

    recipient_ids: Chosen


class InvoiceSentAgainV1(_InvoiceFact):
    """Staff had the invoice mailed once more; nothing else changed."""

    event_type: ClassVar[str] = "billing.invoice_sent_again.v1"

    requested_by: Asker
    recipient_ids: Chosen


class InvoiceTermsChangedV1(_InvoiceFact):
    """The payment terms of an open invoice were changed."""

    event_type: ClassVar[str] = "billing.invoice_terms_changed.v1"
    mandatory: ClassVar[bool] = False


class InvoicePartiallyPaidV1(_InvoiceFact):
    """A payment was received; `balance` is still owed."""

    event_type: ClassVar[str] = "billing.invoice_partially_paid.v1"
    mandatory: ClassVar[bool] = False

    payment_id: PaymentId


class InvoicePaidV1(_InvoiceFact):
    """A payment was received and the invoice is paid in full."""

    event_type: ClassVar[str] = "billing.invoice_paid.v1"
    mandatory: ClassVar[bool] = False

    payment_id: PaymentId


class InvoiceRefundedV1(_InvoiceFact):
    """A payment was refunded in full or in part, so that the amount is owed again.

    An invoice that had been written off is open again by it.
    """

    event_type: ClassVar[str] = "billing.invoice_refunded.v1"
    mandatory: ClassVar[bool] = False

    payment_id: PaymentId
    refund_id: RefundId
    amount: Moved


class InvoiceRefundReversedV1(_InvoiceFact):
    """A refund came back because the client's bank did not accept the money.

    `balance` is less by `amount`, and below zero where something else had paid in the meantime.
    """

    event_type: ClassVar[str] = "billing.invoice_refund_reversed.v1"
    mandatory: ClassVar[bool] = False

    payment_id: PaymentId
    refund_id: RefundId
    amount: Moved


class InvoiceOverdueV1(_InvoiceFact):
    """The due date of the invoice passed with a balance still owed."""

    event_type: ClassVar[str] = "billing.invoice_overdue.v1"
    added: ClassVar[frozenset[str]] = frozenset({"reminds_client"})

    reminds_client: Annotated[
        bool, flag("Whether the client is reminded because of it, as the reminder policy says for this day.")
    ]


class InvoiceDueSoonV1(_InvoiceFact):
    """A reminder of the invoice is due before, or on, its due date; at most once for each step."""

    event_type: ClassVar[str] = "billing.invoice_due_soon.v1"

    days_left: Annotated[
        int, count("Whole days until the due date, in the organisation's time zone; 0 on that day.", least=0)
    ]
    requested_by: MaybeAsker
    recipient_ids: Chosen


class InvoiceReminderDueV1(_InvoiceFact):
    """A reminder of the overdue invoice is due; at most once for each step of the policy, or asked for by staff."""

    event_type: ClassVar[str] = "billing.invoice_reminder_due.v1"
    added: ClassVar[frozenset[str]] = frozenset({"requested_by", "recipient_ids"})

    days_overdue: Annotated[int, count("Whole days since the due date, in the organisation's time zone.")]
    requested_by: MaybeAsker
    recipient_ids: Chosen


class InvoiceVoidedV1(_InvoiceFact):
    """The invoice was voided; nothing had been paid."""

    event_type: ClassVar[str] = "billing.invoice_voided.v1"
    mandatory: ClassVar[bool] = False


class InvoiceWrittenOffV1(_InvoiceFact):
    """The balance of the invoice, `amount`, was written off."""

    event_type: ClassVar[str] = "billing.invoice_written_off.v1"
    mandatory: ClassVar[bool] = False

    amount: Moved


# --- payments --------------------------------------------------------------------------------------------------------


class _PaymentFact(Published):
    about: ClassVar[tuple[str, ...]] = ("payment_id",)

    payment_id: PaymentId
    invoice_id: InvoiceId
    invoice_number: Number
    customer_id: CustomerId
    amount: Moved
    mode: Annotated[str, word("How the money was paid.", PaymentMode)]
    paid_by: Annotated[
        str, id_of("The ID of the contact who paid, or of the member of staff who recorded the payment.", "con", "stf")
    ]


class PaymentSucceededV1(_PaymentFact):
    """The payment was received; `paidBy` is the contact who paid, or the member of staff who recorded it.

    It pays the invoice once `invoice_paid` or `invoice_partially_paid` names it. What the invoice cannot take, because
    another amount came than was asked for, goes back (`payment_refunded`), and the invoice is owed as before.
    """

    event_type: ClassVar[str] = "billing.payment_succeeded.v1"


class PaymentFailedV1(_PaymentFact):
    """The payment failed and no money was moved; `failureCode` has the reason."""

    event_type: ClassVar[str] = "billing.payment_failed.v1"
    mandatory: ClassVar[bool] = False

    failure_code: FailureCode


class PaymentRefundedV1(_PaymentFact):
    """`amount` of the payment was refunded."""

    event_type: ClassVar[str] = "billing.payment_refunded.v1"
    mandatory: ClassVar[bool] = False

    refund_id: RefundId


class PaymentRefundFailedV1(_PaymentFact):
    """A refund that had been reported as made has failed: the client's bank refused `amount`."""

    event_type: ClassVar[str] = "billing.payment_refund_failed.v1"
    mandatory: ClassVar[bool] = False

    refund_id: RefundId


class PaymentDisputedV1(_PaymentFact):
    """The payer's bank demands `amount` back. Nothing else changes until the dispute is decided."""

    event_type: ClassVar[str] = "billing.payment_disputed.v1"
    mandatory: ClassVar[bool] = False

    dispute: DisputeName


class PaymentDisputeClosedV1(_PaymentFact):
    """A dispute was decided. With `lost`, `amount` is gone, and `payment_refunded` is published as well."""

    event_type: ClassVar[str] = "billing.payment_dispute_closed.v1"
    mandatory: ClassVar[bool] = False

    dispute: DisputeName
    outcome: Annotated[str, word("How the dispute was decided.", [DisputeState.WON, DisputeState.LOST])]


_MODELS: dict[type[DomainEvent], type[Published]] = {
    events.EstimateDrafted: EstimateDraftedV1,
    events.EstimateSent: EstimateSentV1,
    events.EstimateSentAgain: EstimateSentAgainV1,
    events.EstimateRevised: EstimateRevisedV1,
    events.EstimateAccepted: EstimateAcceptedV1,
    events.EstimateDeclined: EstimateDeclinedV1,
    events.EstimateLapsed: EstimateExpiredV1,
    events.EstimateVoided: EstimateVoidedV1,
    events.EstimateInvoiced: EstimateInvoicedV1,
    events.InvoiceDrafted: InvoiceDraftedV1,
    events.InvoiceSent: InvoiceSentV1,
    events.InvoiceSentAgain: InvoiceSentAgainV1,
    events.InvoiceTermsChanged: InvoiceTermsChangedV1,
    events.InvoicePartiallyPaid: InvoicePartiallyPaidV1,
    events.InvoicePaid: InvoicePaidV1,
    events.InvoiceRefunded: InvoiceRefundedV1,
    events.InvoiceRefundReversed: InvoiceRefundReversedV1,
    events.InvoiceBecameOverdue: InvoiceOverdueV1,
    events.InvoiceDueSoon: InvoiceDueSoonV1,
    events.InvoiceReminderDue: InvoiceReminderDueV1,
    events.InvoiceVoided: InvoiceVoidedV1,
    events.InvoiceWrittenOff: InvoiceWrittenOffV1,
    payments.PaymentSucceeded: PaymentSucceededV1,
    payments.PaymentFailed: PaymentFailedV1,
    payments.PaymentRefunded: PaymentRefundedV1,
    payments.PaymentRefundFailed: PaymentRefundFailedV1,
    payments.PaymentDisputed: PaymentDisputedV1,
    payments.PaymentDisputeClosed: PaymentDisputeClosedV1,
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
    return _amount(value) if isinstance(value, Money) else value


def _amount(money: Money) -> Amount:
    """Return it with the currency's digits; an amount of old that does not fit them is told as it is."""
    known = money.currency in DIGITS and fits(money.amount, money.currency)
    amount = with_digits(money.amount, money.currency) if known else money.amount
    return Amount(amount=amount, currency=money.currency)


PUBLISHED = tuple(_MODELS.values())
"""Every type of event that billing publishes."""

LANGUAGE = PublishedLanguage(
    "billing", {fact: _translation(model) for fact, model in _MODELS.items()}, facts=[events, payments]
)
"""How billing's facts become its published events."""
