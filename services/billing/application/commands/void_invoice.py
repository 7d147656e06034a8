"""Staff take an invoice back."""

from dataclasses import dataclass

from chassis.kernel import Clock, Principal
from services.billing.application.access import require_invoice_id, require_writer
from services.billing.application.closing import GiveWay, closing
from services.billing.application.days import DayOf, no_day
from services.billing.domain.invoice import Invoice
from services.billing.domain.repositories import Invoices, NumberSeries
from services.billing.domain.series import Series


@dataclass(frozen=True, kw_only=True)
class VoidInvoice:
    """Take back a draft, or an open invoice on which nothing is paid, and note why."""

    invoice_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class VoidInvoiceHandler:
    """Voids; a draft that took a number in a send that crashed gives it back."""

    invoices: Invoices
    numbers: NumberSeries
    clock: Clock
    give_way: GiveWay
    day_of: DayOf = no_day

    async def __call__(self, command: VoidInvoice, by: Principal) -> Invoice:
        """Return the voided invoice.

        Raises:
            RoleForbids, WrongIdKind, NotFound, InvoiceNotOpen, InvoiceHasPayments, InvalidInput.
        """
        require_writer(by)
        now, invoice_id = self.clock.now(), require_invoice_id(command.invoice_id)
        today = await self.day_of(by, now)
        voided = await closing(
            self.invoices,
            invoice_id,
            by,
            self.give_way,
            change=lambda invoice: invoice.void(command.reason, now=now, on=today),
            is_held=lambda invoice: invoice.reserved.amount > 0 and not invoice.paid.amount,
        )
        if voided.number is None:
            await self.numbers.give_back(voided.organisation_id, Series.INVOICE, voided.id)
        return voided
