"""Staff change a draft invoice."""

from dataclasses import dataclass

from chassis.kernel import Principal, require_id
from services.billing.application.access import require_invoice_id, require_unchanged, require_writer
from services.billing.application.ports import Directory
from services.billing.domain.content import Content
from services.billing.domain.invoice import Invoice, PaymentTerms
from services.billing.domain.repositories import Invoices


@dataclass(frozen=True, kw_only=True)
class UpdateInvoice:
    """Replace what the draft says; with `expected_version` only if nobody saved it since the caller read it."""

    invoice_id: str
    customer_id: str
    content: Content
    terms: PaymentTerms
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class UpdateInvoiceHandler:
    """Rewrites the draft."""

    invoices: Invoices
    directory: Directory

    async def __call__(self, command: UpdateInvoice, by: Principal) -> Invoice:
        """Return the changed draft.

        Raises:
            RoleForbids, WrongIdKind, NotFound, DocumentChanged, InvoiceNotDraft, NoPaymentModes,
                CustomerFixed.
        """
        require_writer(by)
        require_id(command.customer_id, "cus", "customerId")
        await self.directory.customer(by, command.customer_id)

        def rewrite(invoice: Invoice) -> None:
            require_unchanged(invoice, command.expected_version)
            invoice.rewrite(customer_id=command.customer_id, content=command.content, terms=command.terms)

        return await self.invoices.update(by, require_invoice_id(command.invoice_id), rewrite)
