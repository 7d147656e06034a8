"""What notifications reads of others' events: these fields and no more."""

from datetime import date, datetime
from decimal import Decimal

from chassis.inbox import Narrow


class Amount(Narrow):
    """An amount of money."""

    amount: Decimal
    currency: str


# --- identity --------------------------------------------------------------------------------------------------------


class OrganisationTold(Narrow):
    """An organisation's details."""

    organisation_id: str
    name: str
    email: str | None = None
    locale: str = ""


class PortalTold(Narrow):
    """A portal's settings, whole."""

    organisation_id: str
    enabled: bool
    name: str
    slug: str
    document_types: tuple[str, ...]
    notify_staff_of: tuple[str, ...]


class StaffTold(Narrow):
    """A member of staff."""

    organisation_id: str
    staff_id: str
    name: str
    email: str
    language: str
    active: bool
    role: str = ""


class CustomerTold(Narrow):
    """A client company."""

    organisation_id: str
    customer_id: str
    name: str


class ContactTold(Narrow):
    """A contact person."""

    organisation_id: str
    contact_id: str
    customer_id: str
    name: str
    email: str
    language: str
    status: str
    is_primary: bool


class ContactErased(Narrow):
    """A contact is to be forgotten."""

    organisation_id: str
    customer_id: str
    contact_id: str
    address_marks: tuple[str, ...]
    erased_at: datetime


class SessionsEnded(Narrow):
    """Sessions of a person ended: these, or with null all that began until then."""

    principal_id: str
    session_ids: tuple[str, ...] | None
    ended_at: datetime


# --- billing ---------------------------------------------------------------------------------------------------------


class EstimateTold(Narrow):
    """An estimate was sent."""

    organisation_id: str
    estimate_id: str
    customer_id: str
    number: str | None
    total: Amount
    recipient_ids: tuple[str, ...] = ()


class EstimateAccepted(EstimateTold):
    """A contact said yes."""

    contact_id: str


class EstimateDeclined(EstimateTold):
    """A contact said no."""

    contact_id: str
    reason: str


class InvoiceSent(Narrow):
    """An invoice was sent, for the first time or again."""

    organisation_id: str
    invoice_id: str
    customer_id: str
    number: str | None
    total: Amount
    recipient_ids: tuple[str, ...] = ()


class InvoiceOverdue(Narrow):
    """An invoice became overdue, or is still and the client should be reminded."""

    organisation_id: str
    invoice_id: str
    customer_id: str
    number: str | None
    balance: Amount
    due_date: date
    reminds_client: bool = True
    requested_by: str | None = None
    recipient_ids: tuple[str, ...] = ()


class InvoiceDueSoon(Narrow):
    """An invoice is due soon, and the client should be reminded."""

    organisation_id: str
    invoice_id: str
    customer_id: str
    number: str | None
    balance: Amount
    due_date: date
    requested_by: str | None = None
    recipient_ids: tuple[str, ...] = ()


class PaymentSucceeded(Narrow):
    """Money arrived."""

    organisation_id: str
    payment_id: str
    invoice_id: str
    invoice_number: str | None
    customer_id: str
    amount: Amount
    paid_by: str | None = None


# --- our own ---------------------------------------------------------------------------------------------------------


class NotificationFailed(Narrow):
    """Our own `notifications.notification_failed.v1`."""

    organisation_id: str
    notification_id: str


# --- collaboration ---------------------------------------------------------------------------------------------------


class AboutDocument(Narrow):
    """The document that something happened to."""

    organisation_id: str
    document_id: str
    document_type: str
    document_number: str | None
    customer_id: str


class CommentAdded(AboutDocument):
    """Somebody commented."""

    author_id: str
    author_kind: str
    visibility: str
    excerpt: str


class DocumentViewed(AboutDocument):
    """A contact opened the document."""

    contact_id: str
    first: bool


class DocumentForwarded(AboutDocument):
    """A contact sent the document on."""

    forward_id: str
    forwarded_by: str
    recipient_name: str
    recipient_email: str
    message: str


_CONTACT_FACTS = ("contact_added", "contact_updated", "contact_invited", "contact_accepted", "contact_disabled")

CONSUMED: dict[str, type[Narrow]] = {
    "identity.organisation_registered.v1": OrganisationTold,
    "identity.organisation_updated.v1": OrganisationTold,
    "identity.portal_settings_changed.v1": PortalTold,
    "identity.staff_member_added.v1": StaffTold,
    "identity.staff_member_updated.v1": StaffTold,
    "identity.customer_created.v1": CustomerTold,
    "identity.customer_updated.v1": CustomerTold,
    **{f"identity.{fact}.v1": ContactTold for fact in _CONTACT_FACTS},
    "identity.contact_erased.v1": ContactErased,
    "identity.sessions_ended.v1": SessionsEnded,
    "billing.estimate_sent.v1": EstimateTold,
    "billing.estimate_accepted.v1": EstimateAccepted,
    "billing.estimate_declined.v1": EstimateDeclined,
    "billing.invoice_sent.v1": InvoiceSent,
    "billing.estimate_sent_again.v1": EstimateTold,
    "billing.invoice_sent_again.v1": InvoiceSent,
    "billing.invoice_due_soon.v1": InvoiceDueSoon,
    "billing.invoice_overdue.v1": InvoiceOverdue,
    "billing.invoice_reminder_due.v1": InvoiceOverdue,
    "billing.payment_succeeded.v1": PaymentSucceeded,
    "notifications.notification_failed.v1": NotificationFailed,
    "collaboration.comment_added.v1": CommentAdded,
    "collaboration.document_viewed.v1": DocumentViewed,
    "collaboration.document_forwarded.v1": DocumentForwarded,
}
"""Every type that we read, and what we read of it."""
