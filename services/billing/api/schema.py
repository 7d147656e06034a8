"""The subgraph: queries, mutations and the subscription, payments' included."""

from collections.abc import AsyncGenerator
from datetime import date
from typing import Annotated

import strawberry

from chassis.graphql.schema import SubgraphSchema
from chassis.graphql.selection import asked_for
from chassis.graphql.types import USUAL_ROWS, After, Before, Currency, First, Last, Span
from chassis.graphql.wording import MUTATIONS, QUERIES, SUBSCRIPTIONS
from chassis.kernel import NotFound, require_id
from chassis.left_out import shown
from services.billing.api.customers import FILTER, ORDER, Customer
from services.billing.api.documents import ROW_FIELDS, Contact, Document, Estimate, Invoice, StaffMember
from services.billing.api.errors import DECLARED
from services.billing.api.home import Home
from services.billing.api.lists import (
    EstimateFilterInput,
    EstimateOrderInput,
    Estimates,
    InvoiceFilterInput,
    InvoiceOrderInput,
    Invoices,
    estimate_page,
    invoice_page,
)
from services.billing.api.mailing_mutations import MailingMutations, ReminderQueries
from services.billing.api.mutations import EstimateMutations, InvoiceMutations
from services.billing.api.payment_mutations import PaymentMutations, PaymentQueries, SavedCardMutations
from services.billing.api.payments import Payment, Refund, SavedCard
from services.billing.api.personal import PersonalData
from services.billing.api.previews import PreviewQueries
from services.billing.api.statements import CURRENCY, FROM, TO, Statement, statements
from services.billing.api.values import AppInfo
from services.billing.application.views import EstimateView, InvoiceView

CUSTOMER = strawberry.argument(description="The client company (staff only); contacts always get their own company.")


@strawberry.type
class DocumentQueries:
    """Queries; none of them marks a document as viewed."""

    @strawberry.field(description="An estimate, if the caller may see it.")
    async def estimate(
        self, info: AppInfo, id: Annotated[strawberry.ID, strawberry.argument(description="The ID, `est_…`.")]
    ) -> Estimate | None:
        found = await Estimate.load(info.context, require_id(id, "est"))
        if found is None:
            raise NotFound("estimate")
        return found

    @strawberry.field(description="An invoice, if the caller may see it.")
    async def invoice(
        self, info: AppInfo, id: Annotated[strawberry.ID, strawberry.argument(description="The ID, `inv_…`.")]
    ) -> Invoice | None:
        load = Invoice.load_row if asked_for(info, ()) <= ROW_FIELDS else Invoice.load
        found = await load(info.context, require_id(id, "inv"))
        if found is None:
            raise NotFound("invoice")
        return found

    @strawberry.field(description="The estimates that the caller may see.")
    async def estimates(
        self,
        info: AppInfo,
        first: First = USUAL_ROWS,
        after: After = None,
        last: Last = None,
        before: Before = None,
        wanted: Annotated[EstimateFilterInput | None, FILTER] = None,
        order_by: Annotated[EstimateOrderInput | None, ORDER] = None,
    ) -> Estimates | None:
        return await estimate_page(info, Span(first, after, last, before), wanted, order_by)

    @strawberry.field(description="The invoices that the caller may see.")
    async def invoices(
        self,
        info: AppInfo,
        first: First = USUAL_ROWS,
        after: After = None,
        last: Last = None,
        before: Before = None,
        wanted: Annotated[InvoiceFilterInput | None, FILTER] = None,
        order_by: Annotated[InvoiceOrderInput | None, ORDER] = None,
    ) -> Invoices | None:
        return await invoice_page(info, Span(first, after, last, before), wanted, order_by)

    @strawberry.field(description="The content of the portal's home page.")
    def home(self, info: AppInfo, customer_id: Annotated[strawberry.ID | None, CUSTOMER] = None) -> Home | None:
        info.context.acting()
        return Home(customer_id=require_id(customer_id, "cus", "customerId") if customer_id else None)

    @strawberry.field(
        description="The statements of a client company for a period, including both days: one for each currency "
        "with invoices, or only the currency given. Contacts get those of their own company."
    )
    async def statements(
        self,
        info: AppInfo,
        first_day: Annotated[date, FROM],
        last_day: Annotated[date, TO],
        customer_id: Annotated[strawberry.ID | None, CUSTOMER] = None,
        currency: Annotated[Currency | None, CURRENCY] = None,
    ) -> list[Statement] | None:
        return await statements(info, customer_id or None, first_day, last_day, currency)


def _changed(view: EstimateView | InvoiceView) -> Estimate | Invoice:
    return Estimate.of(view) if isinstance(view, EstimateView) else Invoice.of(view)


@strawberry.type(description=SUBSCRIPTIONS)
class Subscription:
    """Subscriptions."""

    @strawberry.subscription(description="An estimate or invoice after each change of it, as the caller may see it.")
    async def document_changed(
        self,
        info: AppInfo,
        document_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(
                description="Only changes of this document; by default of all that the caller may see."
            ),
        ] = None,
    ) -> AsyncGenerator[Document, None]:
        async for view in info.context.app.queries.changes.of(info.context.acting(), document_id or None):
            for one in shown([view], _changed):
                yield one


@strawberry.type(description=QUERIES)
class Query(DocumentQueries, PreviewQueries, PaymentQueries, ReminderQueries):
    """All queries."""


@strawberry.type(description=MUTATIONS)
class Mutation(EstimateMutations, InvoiceMutations, PaymentMutations, SavedCardMutations, MailingMutations):
    """All mutations."""


SCHEMA = SubgraphSchema(
    declared=DECLARED,
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[Estimate, Invoice, Customer, Contact, StaffMember, Payment, Refund, SavedCard, PersonalData],
)
