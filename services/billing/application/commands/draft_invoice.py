"""Staff begin an invoice."""

from dataclasses import dataclass

from chassis.kernel import AlreadyExists, Clock, Principal, require_id
from services.billing.application.access import require_writer
from services.billing.application.ports import Directory
from services.billing.domain.content import Content
from services.billing.domain.invoice import Invoice, PaymentTerms
from services.billing.domain.repositories import Invoices


@dataclass(frozen=True, kw_only=True)
class DraftInvoice:
    """Begin the invoice with this id; the same id again is the same invoice."""

    invoice_id: str
    customer_id: str
    content: Content
    terms: PaymentTerms


@dataclass(frozen=True, slots=True)
class DraftInvoiceHandler:
    """Stores the draft."""

    invoices: Invoices
    directory: Directory
    clock: Clock

    async def __call__(self, command: DraftInvoice, by: Principal) -> Invoice:
        """Return the new draft.

        Raises:
            RoleForbids, WrongIdKind, NoPaymentModes, NotFound: no such client company.
        """
        require_writer(by)
        require_id(command.customer_id, "cus", "customerId")
        await self.directory.customer(by, command.customer_id)
        invoice = Invoice.draft(
            invoice_id=command.invoice_id,
            organisation_id=by.organisation_id,
            customer_id=command.customer_id,
            content=command.content,
            terms=command.terms,
            now=self.clock.now(),
        )
        try:
            await self.invoices.add(invoice)
        except AlreadyExists:
            return await self.invoices.get(by, command.invoice_id)
        return invoice
