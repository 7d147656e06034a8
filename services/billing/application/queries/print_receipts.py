"""Fill the printed form of a payment's receipt with what is stored, and find the printed form of anything."""

from dataclasses import dataclass

from chassis.kernel import NotFound, Principal
from services.billing.application.ports import Directory, Logos
from services.billing.application.printing import FileGrant, Letter, PrintedDocument, PrintedReceipt, PrintKind
from services.billing.application.queries.draw_statements import Period
from services.billing.application.queries.print_documents import PrintDocuments, party_of, taxes_of
from services.billing.domain.payment import Payment
from services.billing.domain.payment.repositories import Payments
from services.billing.domain.repositories import Invoices


@dataclass(frozen=True, slots=True)
class PrintReceipts:
    """Reads a received payment and its invoice."""

    payments: Payments
    invoices: Invoices
    directory: Directory
    logos: Logos

    async def __call__(self, by: Principal, payment_id: str) -> PrintedReceipt:
        """Return the receipt of a payment that arrived. Raises NotFound."""
        payment = await self.payments.get(by, payment_id)
        if payment.captured.amount <= 0:
            raise NotFound("receipt")
        invoice = await self.invoices.get(by, payment.invoice_id)
        if invoice.seller is None or invoice.buyer is None:
            raise NotFound("receipt")
        organisation = await self.directory.organisation(by)
        received_on = payment.received_on or organisation.today(payment.settled_at or payment.created_at)
        letter = Letter(
            sender=party_of(invoice.seller),
            recipient=party_of(invoice.buyer),
            language=invoice.buyer.language,
            currency=invoice.currency,
            place=organisation.locale,
            dated=received_on,
            logo=await self.logos.of(by.organisation_id),
        )
        return PrintedReceipt(
            letter=letter,
            number=f"{payment.invoice_number}-{payment.id[-6:].upper()}",
            amount=payment.captured.amount,
            mode=payment.mode.name,
            card=_card(payment),
            invoice_number=payment.invoice_number,
            invoice_total=invoice.total.amount,
            refunded=payment.refunded.amount,
            balance=invoice.balance.amount,
            payer=await self.directory.contact_name(by, payment.paid_by),
            taxes=taxes_of(invoice.content),
        )


def _card(payment: Payment) -> str:
    return f"{payment.card.brand.capitalize()} •••• {payment.card.last_four}" if payment.card else ""


@dataclass(frozen=True, slots=True)
class PrintAnything:
    """Every kind of printed document: by the grant of a signed link, or by the id's prefix."""

    documents: PrintDocuments
    receipts: PrintReceipts

    async def granted(self, grant: FileGrant) -> PrintedDocument:
        """Return what a signed link allows, as its principal may see it now. Raises NotFound."""
        by, document_id = grant.principal, grant.document_id
        match grant.kind:
            case PrintKind.ESTIMATE:
                return await self.documents.estimate(by, document_id, grant.revision)
            case PrintKind.INVOICE:
                return await self.documents.invoice(by, document_id)
            case PrintKind.RECEIPT:
                return await self.receipts(by, document_id)
            case PrintKind.STATEMENT:
                return await self.documents.statement(by, _period(grant))

    async def by_id(self, by: Principal, document_id: str) -> PrintedDocument:
        """Return an estimate, an invoice or a payment's receipt. Raises NotFound."""
        if document_id.startswith("est_"):
            return await self.documents.estimate(by, document_id)
        if document_id.startswith("inv_"):
            return await self.documents.invoice(by, document_id)
        return await self.receipts(by, document_id)


def _period(grant: FileGrant) -> Period:
    if grant.first_day is None or grant.last_day is None:
        raise NotFound("statement")
    return Period(
        customer_id=grant.document_id, first_day=grant.first_day, last_day=grant.last_day, currency=grant.currency
    )
