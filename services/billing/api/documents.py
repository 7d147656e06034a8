"""Estimates and invoices as the API shows them.

Longer than most files, because the two entities refer to each other and every field is described.
"""

from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Self

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from chassis.graphql.types import Currency, Money, named
from chassis.left_out import shown
from services.billing.api import loading
from services.billing.api.files_of_documents import FileForm, FileLink, link
from services.billing.api.loading import Asking
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
from services.billing.application.views import EstimateView, InvoiceRowView, InvoiceView
from services.billing.domain import mailings
from services.billing.domain.caveats import Caveat, caveats_of
from services.billing.domain.content import Content, Party
from services.billing.domain.estimate import EstimateState, Revision
from services.billing.domain.invoice import InvoiceStatus as DomainInvoiceStatus
from services.billing.domain.listing import EstimateRow
from services.billing.domain.payment_mode import PaymentMode as DomainMode

if TYPE_CHECKING:
    from services.billing.api.customers import Customer
    from services.billing.api.payments import Payment, PaymentOption

STUB = Key(fields=FieldSet("id"), resolvable=False)
CustomerRef = Annotated["Customer", strawberry.lazy("services.billing.api.customers")]
PaymentRef = Annotated["Payment", strawberry.lazy("services.billing.api.payments")]
PaymentOptionRef = Annotated["PaymentOption", strawberry.lazy("services.billing.api.payments")]


@strawberry.enum(description="The status of an estimate, as the caller may see it.")
class EstimateStatus(Enum):
    """`EstimateState` with descriptions."""

    DRAFT = strawberry.enum_value(
        EstimateState.DRAFT.value, description="The estimate is being prepared; clients cannot see it."
    )
    SENT = strawberry.enum_value(EstimateState.SENT.value, description="The estimate is awaiting the client's answer.")
    ACCEPTED = strawberry.enum_value(EstimateState.ACCEPTED.value, description="The client has accepted the estimate.")
    DECLINED = strawberry.enum_value(EstimateState.DECLINED.value, description="The client has declined the estimate.")
    EXPIRED = strawberry.enum_value(
        EstimateState.EXPIRED.value, description="The last day of the estimate passed without an answer."
    )
    INVOICED = strawberry.enum_value(
        EstimateState.INVOICED.value, description="An invoice was created from the estimate."
    )
    VOID = strawberry.enum_value(EstimateState.VOID.value, description="The document was voided by staff.")


@strawberry.enum(description="The status of an invoice, which follows from its payments and its due date.")
class InvoiceStatus(Enum):
    """The domain's `InvoiceStatus` with descriptions."""

    DRAFT = strawberry.enum_value(
        DomainInvoiceStatus.DRAFT.value, description="The invoice is being prepared; clients cannot see it."
    )
    SENT = strawberry.enum_value(
        DomainInvoiceStatus.SENT.value, description="The invoice is owed and nothing has been paid."
    )
    PARTIALLY_PAID = strawberry.enum_value(
        DomainInvoiceStatus.PARTIALLY_PAID.value,
        description="Part of the invoice has been paid; the rest is owed and not overdue.",
    )
    OVERDUE = strawberry.enum_value(
        DomainInvoiceStatus.OVERDUE.value, description="A balance is owed and the due date has passed."
    )
    PAID = strawberry.enum_value(DomainInvoiceStatus.PAID.value, description="The invoice has been paid in full.")
    VOID = strawberry.enum_value(DomainInvoiceStatus.VOID.value, description="The document was voided by staff.")
    WRITTEN_OFF = strawberry.enum_value(
        DomainInvoiceStatus.WRITTEN_OFF.value, description="The balance was written off by staff."
    )


@strawberry.federation.type(keys=[STUB], description="A contact person of a client company.")
class Contact:
    """A stub of identity's entity."""

    id: strawberry.ID = strawberry.field(description="The ID: `con_…` for contacts, `stf_…` for staff.")


@strawberry.federation.type(
    keys=[STUB], description="A member of staff. Contacts see the name only; all other fields are null for them."
)
class StaffMember:
    """A stub of identity's entity."""

    id: strawberry.ID = strawberry.field(description="The ID: `con_…` for contacts, `stf_…` for staff.")


@strawberry.enum(description="Why a document was mailed to its client.")
class MailingKind(Enum):
    """The domain's `MailingKind` with descriptions."""

    SENT = strawberry.enum_value(mailings.MailingKind.SENT.value, description="The document was sent.")
    SENT_AGAIN = strawberry.enum_value(mailings.MailingKind.SENT_AGAIN.value, description="Staff had it mailed again.")
    REMINDED = strawberry.enum_value(
        mailings.MailingKind.REMINDED.value, description="The client was reminded of it, by policy or by staff."
    )


@strawberry.type(description="One time that a document was mailed to its client.")
class DocumentMailing:
    """An entry of the history."""

    kind: MailingKind = strawberry.field(description="Why it was mailed.")
    at: datetime = strawberry.field(description="When that was decided.")
    by: StaffMember | None = strawberry.field(description="The person who decided it; null if a reminder policy did.")
    recipients: list[Contact] = strawberry.field(
        description="The contacts whom staff chose; empty where whoever is told by rule was."
    )

    @classmethod
    def of(cls, one: mailings.Mailing) -> Self:
        """Return the entry as the API shows it."""
        return cls(
            kind=named(MailingKind, one.kind),
            at=one.at,
            by=StaffMember(id=strawberry.ID(one.by)) if one.by else None,
            recipients=[Contact(id=strawberry.ID(person)) for person in one.recipients],
        )


MAILINGS = "The last 50 times that the document was mailed to the client, oldest first; empty for contacts."


def mailings_of(info: AppInfo, known: mailings.Mailings) -> list[DocumentMailing]:
    """Return the history for staff, nothing for clients."""
    return [] if info.context.acting().is_contact else shown(known, DocumentMailing.of)


@strawberry.interface(description="An estimate or an invoice.")
class Document:
    """What estimates and invoices have in common."""

    id: strawberry.ID = strawberry.field(description="The ID, `est_…` or `inv_…`.")
    number: str | None = strawberry.field(description="The number; null until the document is sent for the first time.")
    subject: str = strawberry.field(description="The subject in a few words; may be empty.")
    reference: str = strawberry.field(description="The client's own reference, e.g. an order number; may be empty.")
    notes: str = strawberry.field(description="A message to the client; may be empty.")
    terms: str = strawberry.field(description="The terms and conditions; may be empty.")
    currency: Currency = strawberry.field(description="The currency of all amounts of the document.")
    total: Money = strawberry.field(description="The amount to pay.")
    prices_include_tax: bool = strawberry.field(description="Whether the prices of the lines include tax.")
    issued_on: date | None = strawberry.field(
        description="The date of issue, on which the document was sent; null in a draft."
    )
    sent_at: datetime | None = strawberry.field(description="When the document was sent; null in a draft.")
    created_at: datetime = strawberry.field(description="When the document was created.")
    version: int = strawberry.field(
        description="A number that every change increases; give it as `expectedVersion` so that an update does not "
        "overwrite the changes of others."
    )
    customer: CustomerRef | None = strawberry.field(description="The client company.")
    content: strawberry.Private[Content]
    parties: strawberry.Private[tuple[Party | None, Party | None]]

    @strawberry.field(description="The lines.")
    def lines(self) -> list[DocumentLine]:
        return lines_of(self.content)

    @strawberry.field(description="The discounts and charges on the document as a whole.")
    def adjustments(self) -> list[DocumentAdjustment]:
        return adjustments_of(self.content)

    @strawberry.field(description="The totals and the tax breakdown.")
    def totals(self) -> DocumentTotals:
        return DocumentTotals.of(self.content.amounts, self.content.currency)

    @strawberry.field(description="The business's details when the document was sent; null in a draft.")
    def seller(self) -> DocumentParty | None:
        return DocumentParty.of(self.parties[0])

    @strawberry.field(description="The client company's details when the document was sent; null in a draft.")
    def buyer(self) -> DocumentParty | None:
        return DocumentParty.of(self.parties[1])


@strawberry.type(description="A revision of an estimate as it was sent, and its outcome.")
class EstimateRevision:
    """A sent revision."""

    number: int = strawberry.field(description="The number of the revision, starting at 1.")
    status: EstimateStatus = strawberry.field(description="The status of the revision.")
    total: Money = strawberry.field(description="The amount to pay according to the revision.")
    issued_on: date = strawberry.field(description="The date of issue.")
    expires_on: date = strawberry.field(description="The last day on which the revision could be accepted.")
    sent_at: datetime = strawberry.field(description="When the revision was sent.")
    answered_at: datetime | None = strawberry.field(description="When the client answered; null until then.")
    answered_by: Contact | None = strawberry.field(description="The contact who answered; null until then.")
    decline_reason: str | None = strawberry.field(description="The reason why it was declined; null unless it was.")
    subject: str = strawberry.field(description="The subject; may be empty.")
    notes: str = strawberry.field(description="The message to the client; may be empty.")
    terms: str = strawberry.field(description="The terms and conditions of the revision; may be empty.")
    content: strawberry.Private[Content]

    @strawberry.field(description="The lines.")
    def lines(self) -> list[DocumentLine]:
        return lines_of(self.content)

    @strawberry.field(description="The totals and the tax breakdown of the revision.")
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
    keys=["id"],
    description="An estimate. Clients see the revision that was sent last, even while staff prepare the next one.",
)
class Estimate(Document):
    """The entity."""

    status: EstimateStatus = strawberry.field(description="The status.")
    revision: int = strawberry.field(
        description="The number of the revision shown, starting at 1; an answer must name it."
    )
    expires_on: date | None = strawberry.field(
        description="The last day on which it can be accepted, in the business's time zone; null if a draft does not"
        " have one."
    )
    answered_at: datetime | None = strawberry.field(description="When the client answered; null until then.")
    answered_by: Contact | None = strawberry.field(description="The contact who answered; null until then.")
    decline_reason: str | None = strawberry.field(description="The reason why it was declined; null unless it was.")
    revisions: list[EstimateRevision] = strawberry.field(description="The revisions that were sent, oldest first.")
    invoice_id: strawberry.Private[str | None]
    mailed: strawberry.Private[mailings.Mailings]

    @strawberry.field(description=MAILINGS)
    def mailings(self, info: AppInfo) -> list[DocumentMailing]:
        return mailings_of(info, self.mailed)

    @strawberry.field(
        description="The invoice created from the estimate; null until there is one that the caller may see."
    )
    async def invoice(self, info: AppInfo) -> Annotated["Invoice", strawberry.lazy(__name__)] | None:
        return await Invoice.load(info.context, self.invoice_id) if self.invoice_id else None

    @strawberry.field(description="A short-lived link to the estimate as a file, in one of its sent revisions.")
    def file(
        self,
        info: AppInfo,
        form: Annotated[
            FileForm, strawberry.argument(description="The form of the file: PDF or print view.")
        ] = FileForm.PDF,
        revision: Annotated[
            int | None, strawberry.argument(description="The revision; by default the one shown.")
        ] = None,
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
            mailed=view.mailings,
        )

    @classmethod
    def of_row(cls, row: EstimateRow) -> Self:
        """Return the estimate for answers that ask for `ESTIMATE_ROW_FIELDS` only; it has no others."""
        from services.billing.api.customers import Customer as Entity

        estimate = cls.__new__(cls)
        estimate.__dict__.update(
            id=strawberry.ID(row.id),
            number=row.number,
            currency=Currency(row.total.currency),
            total=money_of(row.total),
            customer=Entity(id=strawberry.ID(row.customer_id)),
            issued_on=row.issued_on,
            created_at=row.created_at,
            version=row.version,
            status=named(EstimateStatus, row.state),
            expires_on=row.expires_on,
        )
        return estimate

    @classmethod
    async def resolve_reference(cls, info: AppInfo, id: strawberry.ID) -> "Estimate | None":
        """Return the estimate when the caller may see it, otherwise null, as for one that does not exist."""
        return await cls.load(info.context, id)

    @classmethod
    async def load(cls, context: Asking, estimate_id: str) -> Self | None:
        """Return an estimate that the caller may see."""
        view = await loading.estimate(context, estimate_id)
        return cls.of(view) if view else None


@strawberry.enum(description="Something that staff should look at before an invoice is sent.")
class InvoiceWarning(Enum):
    """The domain's `Caveat` with descriptions."""

    SELLER_TAX_ID_MISSING = strawberry.enum_value(
        Caveat.SELLER_TAX_ID_MISSING.value,
        description="The invoice charges tax, and the organisation has no tax number. Add it to the organisation.",
    )
    SELLER_TAX_ID_DOUBTFUL = strawberry.enum_value(
        Caveat.SELLER_TAX_ID_DOUBTFUL.value,
        description="The VAT number of the organisation does not follow the rules of its country. Check it.",
    )
    BUYER_TAX_ID_DOUBTFUL = strawberry.enum_value(
        Caveat.BUYER_TAX_ID_DOUBTFUL.value,
        description="The VAT number of the client company does not follow the rules of its country. Check it.",
    )


@strawberry.federation.type(keys=["id"], description="An invoice.")
class Invoice(Document):
    """The entity."""

    status: InvoiceStatus = strawberry.field(description="The status of the invoice.")
    is_overdue: bool = strawberry.field(description="Whether a balance is owed and the due date has passed.")
    due_on: date | None = strawberry.field(
        description="The due date; null in a draft that will be due on the day it is sent."
    )
    payment_modes: list[PaymentMode] = strawberry.field(description="The payment modes offered on the invoice.")
    partial_payments_allowed: bool = strawberry.field(description="Whether the client may pay part of the balance.")
    paid: Money = strawberry.field(description="The amount received and not refunded.")
    balance: Money = strawberry.field(description="The amount owed; zero if the invoice is a draft or was voided.")
    payable_now: Money = strawberry.field(
        description="The amount that can be paid now: the balance less payments under way."
    )
    estimate_revision: int | None = strawberry.field(
        description="The accepted revision of the estimate from which the invoice was created; null without one."
    )
    closed_at: datetime | None = strawberry.field(
        description="When the invoice was voided or written off; null unless it was."
    )
    closing_reason: str | None = strawberry.field(
        description="The reason for voiding or writing off; null for contacts."
    )
    estimate_id: strawberry.Private[str | None]
    client_id: strawberry.Private[str]
    mailed: strawberry.Private[mailings.Mailings]

    @strawberry.field(description=MAILINGS)
    def mailings(self, info: AppInfo) -> list[DocumentMailing]:
        return mailings_of(info, self.mailed)

    @strawberry.field(description="The estimate from which the invoice was created; null without one.")
    async def estimate(self, info: AppInfo) -> Estimate | None:
        return await Estimate.load(info.context, self.estimate_id) if self.estimate_id else None

    @strawberry.field(
        description="What staff should look at, best before the invoice is sent; sending is possible all the same. "
        "Empty for contacts."
    )
    async def warnings(self, info: AppInfo) -> list[InvoiceWarning]:
        by, directory = info.context.acting(), info.context.app.directory
        if by.is_contact:
            return []
        seller, buyer = self.parties
        seller = seller or (await directory.organisation(by)).as_party()
        buyer = buyer or (await directory.customer(by, self.client_id)).as_party()
        return [InvoiceWarning(caveat.value) for caveat in caveats_of(self.content, seller, buyer)]

    @strawberry.field(description="The payments of the invoice, including failed attempts, oldest first.")
    async def payments(self, info: AppInfo) -> list[PaymentRef]:
        from services.billing.api.payments import Payment

        by = info.context.acting()
        payments = await info.context.app.queries.payments.of_invoice(by, self.id)
        return shown(payments, lambda payment: Payment.of(payment, by))

    @strawberry.field(
        description="The payment modes offered on the invoice, with instructions for those that are not paid online."
    )
    async def payment_options(self, info: AppInfo) -> list[PaymentOptionRef]:
        from services.billing.api.payments import PaymentOption

        by, told = info.context.acting(), info.context.app.queries.instructions.of_invoice
        return [
            PaymentOption(mode=mode, instructions=await told(by, self.id, DomainMode[mode.name]))
            for mode in self.payment_modes
        ]

    @strawberry.field(description="A short-lived link to the invoice as a file.")
    def file(
        self,
        info: AppInfo,
        form: Annotated[
            FileForm, strawberry.argument(description="The form of the file: PDF or print view.")
        ] = FileForm.PDF,
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
            client_id=invoice.customer_id,
            mailed=invoice.mailings,
        )

    @classmethod
    def of_row(cls, view: InvoiceRowView) -> Self:
        """Return the invoice for answers that ask for `ROW_FIELDS` only; it has no others."""
        from services.billing.api.customers import Customer as Entity

        row, invoice = view.row, cls.__new__(cls)
        invoice.__dict__.update(
            id=strawberry.ID(row.id),
            number=row.number,
            currency=Currency(row.total.currency),
            total=money_of(row.total),
            customer=Entity(id=strawberry.ID(row.customer_id)),
            issued_on=row.issued_on,
            sent_at=row.sent_at,
            created_at=row.created_at,
            version=row.version,
            status=named(InvoiceStatus, view.status),
            is_overdue=view.is_overdue,
            due_on=row.due_on,
            paid=money_of(row.paid),
            balance=money_of(row.balance),
        )
        return invoice

    @classmethod
    async def resolve_reference(cls, info: AppInfo, id: strawberry.ID) -> "Invoice | None":
        """Return the invoice when the caller may see it, otherwise null, as for one that does not exist."""
        return await cls.load(info.context, id)

    @classmethod
    async def load(cls, context: Asking, invoice_id: str) -> Self | None:
        """Return an invoice that the caller may see."""
        view = await loading.invoice(context, invoice_id)
        return cls.of(view) if view else None

    @classmethod
    async def load_row(cls, context: Asking, invoice_id: str) -> Self | None:
        """As `load`, for answers that ask for `ROW_FIELDS` only."""
        view = await loading.invoice_row(context, invoice_id)
        return cls.of_row(view) if view else None


ROW_FIELDS = frozenset(
    {
        *("__typename", "id", "number", "currency", "total", "customer", "issuedOn", "sentAt", "createdAt", "version"),
        *("status", "isOverdue", "dueOn", "paid", "balance", "file"),
    }
)
"""The fields of an invoice for which its row is enough."""
ESTIMATE_ROW_FIELDS = frozenset(
    {
        *("__typename", "id", "number", "currency", "total", "customer", "issuedOn", "createdAt", "version"),
        *("status", "expiresOn", "file"),
    }
)
"""The fields of an estimate that was sent for which its row is enough."""


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
