"""Staff send an invoice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from chassis.kernel import Clock, Principal
from services.billing.application.access import require_invoice_id, require_writer
from services.billing.application.days import on_the_day
from services.billing.application.directory import OrganisationProfile
from services.billing.application.numbering import send_numbered
from services.billing.application.ports import Directory
from services.billing.application.reminding import Plans, Recipients
from services.billing.domain.invoice import Invoice
from services.billing.domain.repositories import Invoices, NumberSeries
from services.billing.domain.series import Series


@dataclass(frozen=True, kw_only=True)
class SendInvoice:
    """Make the draft owed by the client."""

    invoice_id: str
    recipient_ids: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class SendInvoiceHandler:
    """Takes the number once, then sends; after a crash in between the same invoice takes the same number."""

    invoices: Invoices
    numbers: NumberSeries
    directory: Directory
    clock: Clock
    recipients: Recipients
    plans: Plans

    async def __call__(self, command: SendInvoice, by: Principal) -> Invoice:
        """Return the sent invoice.

        Raises:
            RoleForbids, WrongIdKind, NotFound, InvoiceNotDraft, DatePassed, DateTooFar,
            NotAContactOfTheClient, TooManyEntries, DirectoryUnavailable, EmailUnproven.
        """
        require_writer(by)
        by.require_proven_email()
        draft = await self.invoices.get(by, require_invoice_id(command.invoice_id))
        buyer = (await self.directory.customer(by, draft.customer_id)).as_party()
        chosen = await self.recipients.chosen(by, draft.customer_id, command.recipient_ids)
        now = self.clock.now()

        async def send(today: date, organisation: OrganisationProfile) -> Invoice:
            draft.require_sendable(today)
            reminders = await self.plans.of(by, draft.customer_id, organisation)

            async def under(number: str) -> Invoice:
                return await self.invoices.update(
                    by,
                    draft.id,
                    lambda invoice: invoice.send(
                        number=number,
                        seller=organisation.as_party(),
                        buyer=buyer,
                        today=today,
                        now=now,
                        by=by.id,
                        recipients=chosen,
                        reminders=reminders,
                    ),
                )

            again = partial(self.invoices.get, by, draft.id)
            return await send_numbered(draft, Series.INVOICE, self.numbers, under, again)

        return await on_the_day(self.directory, by, now, send)
