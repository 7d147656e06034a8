"""Look-ups that are batched within one request. They return what the application shows, for types to show."""

from typing import Any

from chassis.graphql.context import Context
from services.billing.application import Application
from services.billing.application.views import EstimateView, InvoiceRowView, InvoiceView

Asking = Context[Application]


async def invoice(context: Asking, invoice_id: str) -> InvoiceView | None:
    """Return an invoice that the caller may see."""
    by, queries = context.acting(), context.app.queries

    async def load(ids: list[str]) -> dict[str, Any]:
        return await queries.invoices.many(by, ids)

    return await context.loader("invoices", load).load(invoice_id)


async def invoice_row(context: Asking, invoice_id: str) -> InvoiceRowView | None:
    """As `invoice`, for answers for which its row is enough."""
    by, queries = context.acting(), context.app.queries

    async def load(ids: list[str]) -> dict[str, Any]:
        return await queries.invoices.rows_of(by, ids)

    return await context.loader("invoice rows", load).load(invoice_id)


async def estimate(context: Asking, estimate_id: str) -> EstimateView | None:
    """Return an estimate that the caller may see."""
    by, queries = context.acting(), context.app.queries

    async def load(ids: list[str]) -> dict[str, Any]:
        return await queries.estimates.many(by, ids)

    return await context.loader("estimates", load).load(estimate_id)


async def is_known_customer(context: Asking, customer_id: str) -> bool:
    """Tell whether the caller may see this client company."""
    by, directory = context.acting(), context.app.directory

    async def load(ids: list[str]) -> dict[str, Any]:
        return await directory.customers(by, ids)

    return await context.loader("customers", load).load(customer_id) is not None
