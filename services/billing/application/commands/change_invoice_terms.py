"""Staff change until when, how and in what steps an open invoice may be paid."""

from dataclasses import dataclass
from datetime import date

from chassis.kernel import Clock, Principal
from services.billing.application.access import require_invoice_id, require_writer
from services.billing.application.days import on_the_day
from services.billing.application.directory import OrganisationProfile
from services.billing.application.ports import Directory
from services.billing.application.reminding import Plans
from services.billing.domain.invoice import Invoice, PaymentTerms
from services.billing.domain.repositories import Invoices


@dataclass(frozen=True, kw_only=True)
class ChangeInvoiceTerms:
    """Replace the terms of an invoice that was sent."""

    invoice_id: str
    terms: PaymentTerms


@dataclass(frozen=True, slots=True)
class ChangeInvoiceTermsHandler:
    """Changes the terms."""

    invoices: Invoices
    directory: Directory
    clock: Clock
    plans: Plans

    async def __call__(self, command: ChangeInvoiceTerms, by: Principal) -> Invoice:
        """Return the changed invoice.

        Raises:
            RoleForbids, WrongIdKind, NotFound, InvoiceNotOpen, NoPaymentModes, DatePassed, DateTooFar.
        """
        require_writer(by)
        now = self.clock.now()
        invoice_id = require_invoice_id(command.invoice_id)

        async def change(today: date, organisation: OrganisationProfile) -> Invoice:
            known = await self.invoices.get(by, invoice_id)
            reminders = await self.plans.of(by, known.customer_id, organisation)
            return await self.invoices.update(
                by,
                invoice_id,
                lambda invoice: invoice.change_terms(command.terms, today=today, now=now, reminders=reminders),
            )

        return await on_the_day(self.directory, by, now, change)
