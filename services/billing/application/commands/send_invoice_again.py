"""Staff have an invoice mailed once more, to whoever is told by rule or to contacts whom they choose."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel import Clock, Principal
from services.billing.application.access import require_invoice_id, require_writer
from services.billing.application.reminding import Recipients
from services.billing.domain.invoice import Invoice
from services.billing.domain.repositories import Invoices


@dataclass(frozen=True, kw_only=True)
class SendInvoiceAgain:
    """Which invoice, and to whom: `recipient_ids` are contacts of its client company."""

    invoice_id: str
    recipient_ids: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class SendInvoiceAgainHandler:
    """Has an invoice mailed again."""

    invoices: Invoices
    recipients: Recipients
    clock: Clock

    async def __call__(self, command: SendInvoiceAgain, by: Principal) -> Invoice:
        """Return the invoice.

        Raises:
            RoleForbids, WrongIdKind, NotFound, NotYetSent, InvoiceNotOpen, SentTooOften, NobodyToReach,
            NotAContactOfTheClient, TooManyEntries, DirectoryUnavailable,
            EmailUnproven.
        """
        require_writer(by)
        by.require_proven_email()
        known = await self.invoices.get(by, require_invoice_id(command.invoice_id))
        chosen = await self.recipients.reached(by, known.customer_id, command.recipient_ids)
        now = self.clock.now()
        return await self.invoices.update(by, known.id, lambda it: it.send_again(by=by.id, recipients=chosen, now=now))
