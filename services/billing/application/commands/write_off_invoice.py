"""Staff give up what is still owed on an invoice."""

from dataclasses import dataclass

from chassis.kernel import Clock, Principal
from services.billing.application.access import require_invoice_id, require_writer
from services.billing.application.closing import GiveWay, closing
from services.billing.application.days import DayOf, no_day
from services.billing.domain.invoice import Invoice
from services.billing.domain.repositories import Invoices


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
    give_way: GiveWay
    day_of: DayOf = no_day

    async def __call__(self, command: WriteOffInvoice, by: Principal) -> Invoice:
        """Return the closed invoice.

        Raises:
            RoleForbids, WrongIdKind, NotFound, InvoiceNotOpen, NothingToWriteOff, InvoiceHasPayments, InvalidInput.
        """
        require_writer(by)
        now, invoice_id = self.clock.now(), require_invoice_id(command.invoice_id)
        today = await self.day_of(by, now)
        return await closing(
            self.invoices,
            invoice_id,
            by,
            self.give_way,
            change=lambda invoice: invoice.write_off(command.reason, now=now, on=today),
            is_held=lambda invoice: invoice.reserved.amount > 0,
        )
