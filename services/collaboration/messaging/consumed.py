"""What collaboration reads of others' events: these fields and no more."""

from datetime import datetime

from chassis.inbox import Narrow
from services.collaboration.domain.document import DocumentType, PortalRules


class EstimateDrafted(Narrow):
    """An estimate exists; its client does not see it yet."""

    organisation_id: str
    customer_id: str
    estimate_id: str


class EstimateSent(EstimateDrafted):
    """The client sees the estimate."""

    number: str | None = None


class InvoiceDrafted(Narrow):
    """An invoice exists; its client does not see it yet."""

    organisation_id: str
    customer_id: str
    invoice_id: str


class InvoiceSent(InvoiceDrafted):
    """The client sees the invoice."""

    number: str | None = None


class PortalSet(Narrow):
    """The portal's settings, whole, after every change."""

    organisation_id: str
    enabled: bool = True
    forwarding_allowed: bool
    document_types: tuple[str, ...]

    def rules(self) -> PortalRules:
        """Return what clients may do: they see nothing of a portal that was closed."""
        shown = self.document_types if self.enabled else ()
        types = tuple(kind for kind in DocumentType if kind.value in shown)
        return PortalRules(forwarding_allowed=self.forwarding_allowed, document_types=types)


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


CONSUMED: dict[str, type[Narrow]] = {
    "billing.estimate_drafted.v1": EstimateDrafted,
    "billing.estimate_sent.v1": EstimateSent,
    "billing.invoice_drafted.v1": InvoiceDrafted,
    "billing.invoice_sent.v1": InvoiceSent,
    "identity.portal_settings_changed.v1": PortalSet,
    "identity.contact_erased.v1": ContactErased,
    "identity.sessions_ended.v1": SessionsEnded,
}
"""Every type that we read, and what we read of it."""
