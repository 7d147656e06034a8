"""Look-ups that are batched within one request."""

from typing import TYPE_CHECKING, Any

from chassis.graphql.context import Context
from services.billing.application import Application

if TYPE_CHECKING:
    from services.billing.api.documents import Document, Estimate, Invoice


async def invoice(context: Context[Application], invoice_id: str) -> "Invoice | None":
    """Return an invoice that the caller may see."""
    from services.billing.api.documents import Invoice

    by, queries = context.acting(), context.app.queries

    async def load(ids: list[str]) -> dict[str, Any]:
        return await queries.invoices.many(by, ids)

    view = await context.loader("invoices", load).load(invoice_id)
    return Invoice.of(view) if view else None


async def invoice_row(context: Context[Application], invoice_id: str) -> "Invoice | None":
    """As `invoice`, for answers for which its row is enough."""
    from services.billing.api.documents import Invoice

    by, queries = context.acting(), context.app.queries

    async def load(ids: list[str]) -> dict[str, Any]:
        return await queries.invoices.rows_of(by, ids)

    view = await context.loader("invoice rows", load).load(invoice_id)
    return Invoice.of_row(view) if view else None


async def estimate(context: Context[Application], estimate_id: str) -> "Estimate | None":
    """Return an estimate that the caller may see."""
    from services.billing.api.documents import Estimate

    by, queries = context.acting(), context.app.queries

    async def load(ids: list[str]) -> dict[str, Any]:
        return await queries.estimates.many(by, ids)

    view = await context.loader("estimates", load).load(estimate_id)
    return Estimate.of(view) if view else None


async def document(context: Context[Application], document_id: str) -> "Document | None":
    """Return an estimate or invoice that the caller may see, by the id's prefix."""
    if document_id.startswith("est_"):
        return await estimate(context, document_id)
    return await invoice(context, document_id) if document_id.startswith("inv_") else None


async def is_known_customer(context: Context[Application], customer_id: str) -> bool:
    """Tell whether the caller may see this client company."""
    by, directory = context.acting(), context.app.directory

    async def load(ids: list[str]) -> dict[str, Any]:
        return await directory.customers(by, ids)

    return await context.loader("customers", load).load(customer_id) is not None
