"""Facts of billing. `messaging/published.py` turns each into its public event; the aggregate's id is the subject."""

from dataclasses import dataclass
from datetime import date

from chassis.kernel import DomainEvent
from services.billing.domain.money import Money

# --- estimates -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class EstimateEvent(DomainEvent):
    """What every fact about an estimate tells; `number` is null until it was sent for the first time."""

    organisation_id: str
    estimate_id: str
    customer_id: str
    number: str | None
    revision: int
    total: Money


@dataclass(frozen=True, kw_only=True)
class EstimateDrafted(EstimateEvent):
    """Staff began an estimate."""


@dataclass(frozen=True, kw_only=True)
class EstimateSent(EstimateEvent):
    """A revision was sent and waits for an answer through the day `expires_on`.

    `recipient_ids` are the contacts whom staff chose; without any it goes to whoever is told by rule.
    """

    expires_on: date
    recipient_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EstimateSentAgain(EstimateEvent):
    """Staff had the revision that was sent last mailed once more."""

    requested_by: str
    recipient_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EstimateRevised(EstimateEvent):
    """Staff rework a declined or expired estimate: `revision` is the new one."""


@dataclass(frozen=True, kw_only=True)
class EstimateAccepted(EstimateEvent):
    """The client said yes to this revision."""

    contact_id: str


@dataclass(frozen=True, kw_only=True)
class EstimateDeclined(EstimateEvent):
    """The client said no, and why."""

    contact_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class EstimateLapsed(EstimateEvent):
    """Its last day passed without an answer."""


@dataclass(frozen=True, kw_only=True)
class EstimateVoided(EstimateEvent):
    """Staff took it back."""


@dataclass(frozen=True, kw_only=True)
class EstimateInvoiced(EstimateEvent):
    """It became this invoice."""

    invoice_id: str


# --- invoices --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class InvoiceEvent(DomainEvent):
    """What every fact about an invoice tells; `balance` is what is still owed after it."""

    organisation_id: str
    invoice_id: str
    customer_id: str
    number: str | None
    total: Money
    balance: Money
    due_on: date | None


@dataclass(frozen=True, kw_only=True)
class InvoiceDrafted(InvoiceEvent):
    """Staff began an invoice, or an estimate became one."""


@dataclass(frozen=True, kw_only=True)
class InvoiceSent(InvoiceEvent):
    """It has its number and is owed. `recipient_ids` as for estimates."""

    recipient_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InvoiceSentAgain(InvoiceEvent):
    """Staff had it mailed once more."""

    requested_by: str
    recipient_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InvoicePartiallyPaid(InvoiceEvent):
    """A payment arrived; something is still owed."""

    payment_id: str


@dataclass(frozen=True, kw_only=True)
class InvoicePaid(InvoiceEvent):
    """A payment arrived; nothing is owed any more."""

    payment_id: str


@dataclass(frozen=True, kw_only=True)
class InvoiceRefunded(InvoiceEvent):
    """Money went back, so that it is owed again."""

    payment_id: str
    refund_id: str
    amount: Money


@dataclass(frozen=True, kw_only=True)
class InvoiceRefundReversed(InvoiceEvent):
    """Money that went back came back: its bank did not take it."""

    payment_id: str
    refund_id: str
    amount: Money


@dataclass(frozen=True, kw_only=True)
class InvoiceBecameOverdue(InvoiceEvent):
    """Its due date passed with something still owed. `reminds_client`: a step of the reminders fell due with it."""

    reminds_client: bool = True


@dataclass(frozen=True, kw_only=True)
class InvoiceReminderDue(InvoiceEvent):
    """The client should be reminded; never more than once per step. `requested_by`: staff asked for it."""

    days_overdue: int
    requested_by: str | None = None
    recipient_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InvoiceDueSoon(InvoiceEvent):
    """The client should be reminded before, or on, the due date."""

    days_left: int
    requested_by: str | None = None
    recipient_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InvoiceVoided(InvoiceEvent):
    """Staff took it back; nothing had been paid."""


@dataclass(frozen=True, kw_only=True)
class InvoiceWrittenOff(InvoiceEvent):
    """Staff gave up what was still owed."""

    amount: Money


@dataclass(frozen=True, kw_only=True)
class InvoiceTermsChanged(InvoiceEvent):
    """Staff changed until when, how and in what steps an open invoice may be paid."""
