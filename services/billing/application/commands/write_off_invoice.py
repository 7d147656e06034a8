"""Staff give up what is still owed on an invoice."""

from dataclasses import dataclass

from services.billing.application.access import require_invoice_id, require_writer
from services.billing.domain.invoice import Invoice
from services.billing.domain.repositories import Invoices
from services.chassis.kernel import Clock, Principal


@dataclass(frozen=True, kw_only=True)
class WriteOffInvoice:
    """Give up the balance, and note why."""

    invoice_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WriteOffInvoiceHandler:
    """Writes the balance off."""

    invoices: Invoices
    clock: Clock

    async def __call__(self, command: WriteOffInvoice, by: Principal) -> Invoice:
        """Return the closed invoice.

        Raises:
            RoleForbids, WrongIdKind, NotFound, InvoiceNotOpen, NothingToWriteOff, InvoiceHasPayments, InvalidInput.
        """
        require_writer(by)
        now = self.clock.now()
        return await self.invoices.update(
            by,
            require_invoice_id(command.invoice_id),
            lambda invoice: invoice.write_off(command.reason, now=now),
        )
