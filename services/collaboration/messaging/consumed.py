"""What collaboration reads of others' events: these fields and no more."""

from datetime import datetime

from services.chassis.inbox import Narrow


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
    """The portal was enabled, or its settings changed."""

    organisation_id: str
    forwarding_allowed: bool | None = None


class SessionsEnded(Narrow):
    """Sessions of a person ended: these, or with null all that began until then."""

    principal_id: str
    session_ids: tuple[str, ...] | None
    ended_at: datetime
