"""Documents as a principal sees them: staff what they work on, a contact what was last sent, and no more."""

from dataclasses import dataclass
from datetime import date, datetime

from chassis.kernel import NotFound, Principal
from services.billing.domain.content import Content, Party
from services.billing.domain.estimate import Estimate, EstimateState, Revision
from services.billing.domain.invoice import Invoice, InvoiceStatus
from services.billing.domain.invoice.status import is_overdue, status_of
from services.billing.domain.listing import InvoiceRow
from services.billing.domain.mailings import Mailings


@dataclass(frozen=True, kw_only=True)
class EstimateView:
    """An estimate in the revision that the principal sees. `revisions` are all that were sent, oldest first."""

    id: str
    organisation_id: str
    customer_id: str
    version: int
    number: str | None
    status: EstimateState
    revision: int
    content: Content
    created_at: datetime
    issued_on: date | None
    expires_on: date | None
    sent_at: datetime | None
    answered_at: datetime | None
    answered_by: str | None
    decline_reason: str | None
    invoice_id: str | None
    seller: Party | None
    buyer: Party | None
    revisions: tuple[Revision, ...]
    mailings: Mailings = ()


def estimate_view(estimate: Estimate, by: Principal, today: date) -> EstimateView:
    """Return the estimate as this principal sees it on this day of the organisation.

    Raises:
        NotFound: for a contact, when nothing was sent.
    """
    sent = estimate.last_sent
    if by.is_contact and sent is None:
        raise NotFound("estimate")
    if sent is None or (estimate.state is EstimateState.DRAFT and not by.is_contact):
        return _view(estimate, None, estimate.state, estimate.revision, estimate.content, estimate.expires_on)
    state = EstimateState.EXPIRED if estimate.has_expired(today) else sent.state
    return _view(estimate, sent, state, sent.number, sent.content, sent.expires_on)


def revision_view(estimate: Estimate, revision: int) -> EstimateView:
    """Return the estimate as it was sent in this revision.

    Raises:
        NotFound: when no such revision was sent.
    """
    for sent in estimate.revisions:
        if sent.number == revision:
            return _view(estimate, sent, sent.state, sent.number, sent.content, sent.expires_on)
    raise NotFound("revision", field=("revision",))


def _view(
    estimate: Estimate,
    sent: Revision | None,
    state: EstimateState,
    revision: int,
    content: Content,
    expires_on: date | None,
) -> EstimateView:
    return EstimateView(
        id=estimate.id,
        organisation_id=estimate.organisation_id,
        customer_id=estimate.customer_id,
        version=estimate.version,
        number=estimate.number,
        status=state,
        revision=revision,
        content=content,
        created_at=estimate.created_at,
        issued_on=sent.issued_on if sent else None,
        expires_on=expires_on,
        sent_at=sent.sent_at if sent else None,
        answered_at=sent.answered_at if sent else None,
        answered_by=sent.answered_by if sent else None,
        decline_reason=(sent.reason or None) if sent else None,
        invoice_id=estimate.invoice_id,
        seller=sent.seller if sent else None,
        buyer=sent.buyer if sent else None,
        revisions=estimate.revisions,
        mailings=estimate.mailings,
    )


@dataclass(frozen=True, kw_only=True)
class InvoiceView:
    """An invoice with what this day makes of it. `closing_reason` is for staff only."""

    invoice: Invoice
    status: InvoiceStatus
    is_overdue: bool
    closing_reason: str | None


def invoice_view(invoice: Invoice, by: Principal, today: date) -> InvoiceView:
    """Return the invoice as this principal sees it on this day of the organisation."""
    return InvoiceView(
        invoice=invoice,
        status=status_of(invoice, today),
        is_overdue=is_overdue(invoice, today),
        closing_reason=(invoice.closed.reason or None) if invoice.closed and not by.is_contact else None,
    )


@dataclass(frozen=True, slots=True)
class InvoiceRowView:
    """What lists show of an invoice, with what this day makes of it."""

    row: InvoiceRow
    status: InvoiceStatus
    is_overdue: bool

    @property
    def id(self) -> str:
        return self.row.id


def row_view(row: InvoiceRow, today: date) -> InvoiceRowView:
    """Return the row on this day of the organisation."""
    return InvoiceRowView(row, row.status(today), row.is_overdue(today))
