"""Estimates and invoices as the API shows them.

Longer than most files, because the two entities refer to each other and every field is described.
"""

from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Self

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from services.billing.api import loading
from services.billing.api.files_of_documents import FileForm, FileLink, link
from services.billing.api.values import (
    AppInfo,
    DocumentAdjustment,
    DocumentLine,
    DocumentParty,
    DocumentTotals,
    PaymentMode,
    adjustments_of,
    lines_of,
    money_of,
)
from services.billing.application.printing import PrintKind
from services.billing.application.views import EstimateView, InvoiceView
from services.billing.domain.content import Content, Party
from services.billing.domain.estimate import EstimateState, Revision
from services.billing.domain.invoice import InvoiceStatus as DomainInvoiceStatus
from services.billing.domain.payment_mode import PaymentMode as DomainMode
from services.chassis.graphql.types import Currency, Money, named
from services.chassis.left_out import shown

if TYPE_CHECKING:
    from services.billing.api.customers import Customer
    from services.billing.api.payments import Payment, PaymentOption

STUB = Key(fields=FieldSet("id"), resolvable=False)
CustomerRef = Annotated["Customer", strawberry.lazy("services.billing.api.customers")]
PaymentRef = Annotated["Payment", strawberry.lazy("services.billing.api.payments")]
PaymentOptionRef = Annotated["PaymentOption", strawberry.lazy("services.billing.api.payments")]


@strawberry.enum(description="Where an estimate stands, as the caller sees it.")
class EstimateStatus(Enum):
    """`EstimateState` with descriptions."""

    DRAFT = strawberry.enum_value(EstimateState.DRAFT.value, description="Staff work on it; clients do not see it.")
    SENT = strawberry.enum_value(EstimateState.SENT.value, description="It waits for the client's answer.")
    ACCEPTED = strawberry.enum_value(EstimateState.ACCEPTED.value, description="The client said yes.")
    DECLINED = strawberry.enum_value(EstimateState.DECLINED.value, description="The client said no.")
    EXPIRED = strawberry.enum_value(EstimateState.EXPIRED.value, description="Its last day passed without an answer.")
    INVOICED = strawberry.enum_value(EstimateState.INVOICED.value, description="It became an invoice.")
    VOID = strawberry.enum_value(EstimateState.VOID.value, description="Staff took it back.")


@strawberry.enum(description="The one status of an invoice, from its state, its payments and the day.")
class InvoiceStatus(Enum):
    """The domain's `InvoiceStatus` with descriptions."""

    DRAFT = strawberry.enum_value(DomainInvoiceStatus.DRAFT.value, description="Staff work on it; it is not owed.")
    SENT = strawberry.enum_value(DomainInvoiceStatus.SENT.value, description="It is owed; nothing is paid yet.")
    PARTIALLY_PAID = strawberry.enum_value(
        DomainInvoiceStatus.PARTIALLY_PAID.value, description="A part is paid, the rest is owed and not overdue."
    )
    OVERDUE = strawberry.enum_value(
        DomainInvoiceStatus.OVERDUE.value, description="Something is owed and the due date has passed."
    )
    PAID = strawberry.enum_value(DomainInvoiceStatus.PAID.value, description="Nothing is owed any more.")
    VOID = strawberry.enum_value(DomainInvoiceStatus.VOID.value, description="Staff took it back.")
    WRITTEN_OFF = strawberry.enum_value(
        DomainInvoiceStatus.WRITTEN_OFF.value, description="Staff gave up what was owed."
    )


@strawberry.federation.type(keys=[STUB], description="A contact person of a client company.")
class Contact:
    """A stub of identity's entity."""

    id: strawberry.ID = strawberry.field(description="The id, `con_…`.")


@strawberry.interface(description="An estimate or an invoice.")
class Document:
    """What estimates and invoices have in common."""

    id: strawberry.ID = strawberry.field(description="The id, `est_…` or `inv_…`.")
    number: str | None = strawberry.field(description="Its number; null until it was sent for the first time.")
    subject: str = strawberry.field(description="What it is about in a few words; may be empty.")
    reference: str = strawberry.field(description="The client's own reference, an order number say; may be empty.")
    notes: str = strawberry.field(description="A text for the client; may be empty.")
    terms: str = strawberry.field(description="Terms and conditions; may be empty.")
    currency: Currency = strawberry.field(description="The currency of all its amounts.")
    total: Money = strawberry.field(description="What it asks to be paid.")
    prices_include_tax: bool = strawberry.field(description="Whether the prices of its lines include tax.")
    issued_on: date | None = strawberry.field(description="The day on which it was sent; null in a draft.")
    sent_at: datetime | None = strawberry.field(description="When it was sent; null in a draft.")
    created_at: datetime = strawberry.field(description="When staff began it.")
    version: int = strawberry.field(
        description="Counts the changes of any kind: `expectedVersion` of an update that must not overwrite others'."
    )
    customer: CustomerRef | None = strawberry.field(description="The client company.")
    content: strawberry.Private[Content]
    parties: strawberry.Private[tuple[Party | None, Party | None]]

    @strawberry.field(description="Its lines.")
    def lines(self) -> list[DocumentLine]:
        return lines_of(self.content)

    @strawberry.field(description="Discounts and charges on the document as a whole.")
    def adjustments(self) -> list[DocumentAdjustment]:
        return adjustments_of(self.content)

    @strawberry.field(description="What it comes to, with the tax breakdown.")
    def totals(self) -> DocumentTotals:
        return DocumentTotals.of(self.content.amounts, self.content.currency)

    @strawberry.field(description="The business as it was named when the document was sent; null in a draft.")
    def seller(self) -> DocumentParty | None:
        return DocumentParty.of(self.parties[0])

    @strawberry.field(description="The client company as it was named when the document was sent; null in a draft.")
    def buyer(self) -> DocumentParty | None:
        return DocumentParty.of(self.parties[1])


@strawberry.type(description="A revision of an estimate as it was sent, and what became of it.")
class EstimateRevision:
    """A sent revision."""

    number: int = strawberry.field(description="Its number, from 1.")
    status: EstimateStatus = strawberry.field(description="What became of it.")
    total: Money = strawberry.field(description="What it asked to be paid.")
    issued_on: date = strawberry.field(description="The day on which it was sent.")
    expires_on: date = strawberry.field(description="The last day on which it could be accepted.")
    sent_at: datetime = strawberry.field(description="When it was sent.")
    answered_at: datetime | None = strawberry.field(description="When the client answered.")
    answered_by: Contact | None = strawberry.field(description="Who answered.")
    decline_reason: str | None = strawberry.field(description="Why it was declined.")
    subject: str = strawberry.field(description="What it was about; may be empty.")
    notes: str = strawberry.field(description="Its text for the client; may be empty.")
    terms: str = strawberry.field(description="Its terms and conditions; may be empty.")
    content: strawberry.Private[Content]

    @strawberry.field(description="Its lines.")
    def lines(self) -> list[DocumentLine]:
        return lines_of(self.content)

    @strawberry.field(description="What it came to, with the tax breakdown.")
    def totals(self) -> DocumentTotals:
        return DocumentTotals.of(self.content.amounts, self.content.currency)

    @classmethod
    def of(cls, sent: Revision) -> Self:
        """Return the revision as the API shows it."""
        return cls(
            number=sent.number,
            status=named(EstimateStatus, sent.state),
            total=money_of(sent.content.total),
            issued_on=sent.issued_on,
            expires_on=sent.expires_on,
            sent_at=sent.sent_at,
            answered_at=sent.answered_at,
            answered_by=contact(sent.answered_by),
            decline_reason=sent.reason or None,
            subject=sent.content.subject,
            notes=sent.content.notes,
            terms=sent.content.terms,
            content=sent.content,
        )


@strawberry.federation.type(
    keys=["id"], description="An estimate. A client sees the revision that was sent last, while staff rework the next."
)
class Estimate(Document):
    """The entity."""

    status: EstimateStatus = strawberry.field(description="Where it stands.")
    revision: int = strawberry.field(description="The revision shown, from 1; an answer must name it.")
    expires_on: date | None = strawberry.field(
        description="The last day on which it can be accepted, where the business is; null in a draft without one."
    )
    answered_at: datetime | None = strawberry.field(description="When the client answered.")
    answered_by: Contact | None = strawberry.field(description="Who answered.")
    decline_reason: str | None = strawberry.field(description="Why it was declined.")
    revisions: list[EstimateRevision] = strawberry.field(description="Every revision that was sent, oldest first.")
    invoice_id: strawberry.Private[str | None]

    @strawberry.field(description="The invoice that it became; null before that, and until a client may see it.")
    async def invoice(self, info: AppInfo) -> Annotated["Invoice", strawberry.lazy(__name__)] | None:
        return await loading.invoice(info.context, self.invoice_id) if self.invoice_id else None

    @strawberry.field(description="A short-lived link to the file of the estimate, in one of its sent revisions.")
    def file(
        self,
        info: AppInfo,
        form: Annotated[FileForm, strawberry.argument(description="PDF or print view.")] = FileForm.PDF,
        revision: Annotated[int | None, strawberry.argument(description="By default the one shown.")] = None,
    ) -> FileLink:
        return link(info, PrintKind.ESTIMATE, form, self.id, revision=revision)

    @classmethod
    def of(cls, view: EstimateView) -> Self:
        """Return the estimate as the API shows it."""
        return cls(
            **_common(view.id, view.number, view.content, view.customer_id, (view.seller, view.buyer)),
            issued_on=view.issued_on,
            sent_at=view.sent_at,
            created_at=view.created_at,
            version=view.version,
            status=named(EstimateStatus, view.status),
            revision=view.revision,
            expires_on=view.expires_on,
            answered_at=view.answered_at,
            answered_by=contact(view.answered_by),
            decline_reason=view.decline_reason,
            revisions=[EstimateRevision.of(sent) for sent in view.revisions],
            invoice_id=view.invoice_id,
        )

    @classmethod
    async def resolve_reference(cls, info: AppInfo, id: strawberry.ID) -> "Estimate | None":
        """Return the estimate when the caller may see it, otherwise null, as for one that does not exist."""
        return await loading.estimate(info.context, id)


@strawberry.federation.type(keys=["id"], description="An invoice.")
class Invoice(Document):
    """The entity."""

    status: InvoiceStatus = strawberry.field(description="Its one status.")
    is_overdue: bool = strawberry.field(description="Whether something is owed though the due date has passed.")
    due_on: date | None = strawberry.field(
        description="The last day to pay; null in a draft that will be due on the day it is sent."
    )
    payment_modes: list[PaymentMode] = strawberry.field(
        description="The ways of paying that staff offer on this invoice."
    )
    partial_payments_allowed: bool = strawberry.field(description="Whether a client may pay a part.")
    paid: Money = strawberry.field(description="What arrived and did not go back.")
    balance: Money = strawberry.field(description="What is owed; zero in a draft and on a voided invoice.")
    payable_now: Money = strawberry.field(
        description="What a new payment can take: the balance without what is being paid at this moment."
    )
    estimate_revision: int | None = strawberry.field(description="The accepted revision that it came from.")
    closed_at: datetime | None = strawberry.field(description="When it was voided or written off.")
    closing_reason: str | None = strawberry.field(description="Why it was voided or written off; for staff only.")
    estimate_id: strawberry.Private[str | None]

    @strawberry.field(description="The estimate that it came from.")
    async def estimate(self, info: AppInfo) -> Estimate | None:
        return await loading.estimate(info.context, self.estimate_id) if self.estimate_id else None

    @strawberry.field(description="What was paid, and attempted to be paid, on it, oldest first.")
    async def payments(self, info: AppInfo) -> list[PaymentRef]:
        from services.billing.api.payments import Payment

        by = info.context.acting()
        payments = await info.context.app.payments.payments_of(self.id, by)
        return shown(payments, lambda payment: Payment.of(payment, by))

    @strawberry.field(description="The ways of paying that staff offer on it, with instructions for those not online.")
    async def payment_options(self, info: AppInfo) -> list[PaymentOptionRef]:
        from services.billing.api.payments import PaymentOption

        by, told = info.context.acting(), info.context.app.payments.instructions_for
        return [
            PaymentOption(mode=mode, instructions=await told(self.id, DomainMode[mode.name], by))
            for mode in self.payment_modes
        ]

    @strawberry.field(description="A short-lived link to the file of the invoice.")
    def file(
        self,
        info: AppInfo,
        form: Annotated[FileForm, strawberry.argument(description="PDF or print view.")] = FileForm.PDF,
    ) -> FileLink:
        return link(info, PrintKind.INVOICE, form, self.id)

    @classmethod
    def of(cls, view: InvoiceView) -> Self:
        """Return the invoice as the API shows it."""
        invoice = view.invoice
        parties, balance = (invoice.seller, invoice.buyer), invoice.balance
        return cls(
            **_common(invoice.id, invoice.number, invoice.content, invoice.customer_id, parties),
            issued_on=invoice.issued_on,
            sent_at=invoice.sent_at,
            created_at=invoice.created_at,
            version=invoice.version,
            status=named(InvoiceStatus, view.status),
            is_overdue=view.is_overdue,
            due_on=invoice.terms.due_on,
            payment_modes=[PaymentMode(mode.value) for mode in invoice.terms.modes if mode.is_known],
            partial_payments_allowed=invoice.terms.partial_payments,
            paid=money_of(invoice.paid),
            balance=money_of(balance),
            payable_now=money_of(invoice.available),
            estimate_revision=invoice.estimate_revision,
            closed_at=invoice.closed.at if invoice.closed else None,
            closing_reason=view.closing_reason,
            estimate_id=invoice.estimate_id,
        )

    @classmethod
    async def resolve_reference(cls, info: AppInfo, id: strawberry.ID) -> "Invoice | None":
        """Return the invoice when the caller may see it, otherwise null, as for one that does not exist."""
        return await loading.invoice(info.context, id)


def contact(contact_id: str | None) -> Contact | None:
    """Return the stub of a contact."""
    return Contact(id=strawberry.ID(contact_id)) if contact_id else None


def _common(
    document_id: str, number: str | None, content: Content, customer_id: str, parties: tuple[Party | None, Party | None]
) -> dict[str, Any]:
    from services.billing.api.customers import Customer as Entity

    return {
        "id": strawberry.ID(document_id),
        "number": number,
        "subject": content.subject,
        "reference": content.reference,
        "notes": content.notes,
        "terms": content.terms,
        "currency": Currency(content.currency),
        "total": money_of(content.total),
        "prices_include_tax": content.prices_include_tax,
        "customer": Entity(id=strawberry.ID(customer_id)),
        "content": content,
        "parties": parties,
    }
