"""Lists of estimates and invoices: filters, orders, pages."""

from datetime import date
from enum import Enum

import strawberry

from chassis.graphql.order import DIRECTION, SortDirection
from chassis.graphql.selection import asked_for
from chassis.graphql.types import Connection, Currency, Span, connection, page_request
from chassis.kernel import require_id
from chassis.left_out import shown_page
from chassis.text import identifier
from chassis.world.currencies import ENDED
from services.billing.api.documents import ROW_FIELDS, Estimate, EstimateStatus, Invoice, InvoiceStatus
from services.billing.api.values import AppInfo
from services.billing.domain import listing
from services.billing.domain.calendar import require_period
from services.billing.domain.estimate import EstimateState
from services.billing.domain.invoice import InvoiceStatus as DomainInvoiceStatus
from services.billing.domain.money import digits_of

Invoices = Connection[Invoice]
Estimates = Connection[Estimate]

STATUSES = "Only documents with one of these statuses; by default all."
SEARCH = (
    "Only documents whose number, subject, reference or client company (once it was sent) contains this text, "
    "regardless of case and accents."
)


@strawberry.enum(description="The field by which a list of invoices is sorted.")
class InvoiceSortField(Enum):
    """`InvoiceOrder` with descriptions."""

    CREATED = strawberry.enum_value("created", description="When the document was created.")
    ISSUED = strawberry.enum_value("issued", description="The date of issue.")
    DUE = strawberry.enum_value("due", description="The due date.")
    NUMBER = strawberry.enum_value("number", description="The number.")
    TOTAL = strawberry.enum_value("total", description="The total in minor units, regardless of the currency.")
    BALANCE = strawberry.enum_value("balance", description="The balance in minor units, regardless of the currency.")


@strawberry.enum(description="The field by which a list of estimates is sorted.")
class EstimateSortField(Enum):
    """`EstimateOrder` with descriptions."""

    CREATED = strawberry.enum_value("created", description="When the document was created.")
    ISSUED = strawberry.enum_value("issued", description="The day on which the current revision was sent.")
    EXPIRES = strawberry.enum_value("expires", description="The last day on which it can be accepted.")
    NUMBER = strawberry.enum_value("number", description="The number.")
    TOTAL = strawberry.enum_value("total", description="The total in minor units, regardless of the currency.")


@strawberry.input(description="The order of a list of invoices.")
class InvoiceOrderInput:
    """An order."""

    field: InvoiceSortField = strawberry.field(default=InvoiceSortField.CREATED, description="The field to sort by.")
    direction: SortDirection = strawberry.field(default=SortDirection.DESC, description=DIRECTION)


@strawberry.input(description="The order of a list of estimates.")
class EstimateOrderInput:
    """An order."""

    field: EstimateSortField = strawberry.field(default=EstimateSortField.CREATED, description="The field to sort by.")
    direction: SortDirection = strawberry.field(default=SortDirection.DESC, description=DIRECTION)


@strawberry.input(description="A filter for invoices; all given fields must match.")
class InvoiceFilterInput:
    """A filter."""

    statuses: list[InvoiceStatus] | None = strawberry.field(default=None, description=STATUSES)
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only documents of this client company."
    )
    estimate_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only the invoice created from this estimate."
    )
    currency: Currency | None = strawberry.field(default=None, description="Only documents in this currency.")
    search: str | None = strawberry.field(default=None, description=SEARCH)
    issued_from: date | None = strawberry.field(default=None, description="Only documents sent on this day or later.")
    issued_to: date | None = strawberry.field(default=None, description="Only documents sent on this day or earlier.")
    due_from: date | None = strawberry.field(default=None, description="Only invoices due on this day or later.")
    due_to: date | None = strawberry.field(default=None, description="Only invoices due on this day or earlier.")


@strawberry.input(description="A filter for estimates; all given fields must match.")
class EstimateFilterInput:
    """A filter."""

    statuses: list[EstimateStatus] | None = strawberry.field(default=None, description=STATUSES)
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only documents of this client company."
    )
    currency: Currency | None = strawberry.field(default=None, description="Only documents in this currency.")
    search: str | None = strawberry.field(default=None, description=SEARCH)
    issued_from: date | None = strawberry.field(default=None, description="Only documents sent on this day or later.")
    issued_to: date | None = strawberry.field(default=None, description="Only documents sent on this day or earlier.")


async def invoice_page(
    info: AppInfo,
    span: Span,
    given: InvoiceFilterInput | None,
    order_by: InvoiceOrderInput | None,
    *,
    customer_id: str | None = None,
) -> Invoices:
    """Return a page of invoices that the caller may see."""
    given, order_by = given or InvoiceFilterInput(), order_by or InvoiceOrderInput()
    wanted = listing.InvoiceFilter(
        customer_id=_customer(customer_id or given.customer_id),
        statuses=frozenset(DomainInvoiceStatus(status.value) for status in given.statuses or ()),
        estimate_id=require_id(given.estimate_id, "est", "estimateId") if given.estimate_id else None,
        currency=_currency(given.currency),
        search=identifier(given.search or "", 100, "filter", "search"),
        issued_from=given.issued_from,
        issued_to=given.issued_to,
        due_from=given.due_from,
        due_to=given.due_to,
    )
    _require_forward(given.issued_from, given.issued_to, "issuedTo")
    _require_forward(given.due_from, given.due_to, "dueTo")
    request = page_request(span, f"invoices {order_by.field.value} {order_by.direction.value}")
    by, queries = info.context.acting(), info.context.app.queries.invoices
    order, descending = listing.InvoiceOrder(order_by.field.value), order_by.direction is SortDirection.DESC
    if asked_for(info, ("nodes",), ("edges", "node")) <= ROW_FIELDS:
        rows = await queries.rows(by, wanted, request, order=order, descending=descending)
        page = shown_page(rows, Invoice.of_row)
    else:
        whole = await queries.page(by, wanted, request, order=order, descending=descending)
        page = shown_page(whole, Invoice.of)
    return connection(page, request, lambda: queries.count(by, wanted))


async def estimate_page(
    info: AppInfo,
    span: Span,
    given: EstimateFilterInput | None,
    order_by: EstimateOrderInput | None,
    *,
    customer_id: str | None = None,
) -> Estimates:
    """Return a page of estimates that the caller may see."""
    given, order_by = given or EstimateFilterInput(), order_by or EstimateOrderInput()
    wanted = listing.EstimateFilter(
        customer_id=_customer(customer_id or given.customer_id),
        statuses=frozenset(EstimateState(status.value) for status in given.statuses or ()),
        currency=_currency(given.currency),
        search=identifier(given.search or "", 100, "filter", "search"),
        issued_from=given.issued_from,
        issued_to=given.issued_to,
    )
    _require_forward(given.issued_from, given.issued_to, "issuedTo")
    request = page_request(span, f"estimates {order_by.field.value} {order_by.direction.value}")
    page = await info.context.app.queries.estimates.page(
        info.context.acting(),
        wanted,
        request,
        order=listing.EstimateOrder(order_by.field.value),
        descending=order_by.direction is SortDirection.DESC,
    )
    by, count = info.context.acting(), info.context.app.queries.estimates.count
    return connection(shown_page(page, Estimate.of), request, lambda: count(by, wanted))


def _currency(currency: str | None) -> str | None:
    """Return the code that is filtered by; one that never was a currency's is refused, not answered by nothing."""
    if currency and currency not in ENDED:
        digits_of(currency, field=("filter", "currency"))
    return currency or None


def _require_forward(first: date | None, last: date | None, field: str) -> None:
    if first and last:
        require_period(first, last, field=("filter", field))


def _customer(customer_id: str | None) -> str | None:
    return require_id(customer_id, "cus", "customerId") if customer_id else None
