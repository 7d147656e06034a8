"""Taking an estimate back, or turning it into an invoice."""

from collections.abc import Collection
from datetime import datetime

from services.billing.domain.errors import EstimateNotAccepted, EstimateNotVoidable
from services.billing.domain.estimate.record import EstimateRecord, EstimateState, Revision
from services.billing.domain.events import EstimateInvoiced, EstimateVoided


class Closing(EstimateRecord):
    """Void, and note the invoice that it became."""

    def void(self, *, now: datetime) -> None:
        """Take back a draft or an unanswered estimate.

        Raises:
            EstimateNotVoidable: it was answered, or is closed.
        """
        if self.state not in {EstimateState.DRAFT, EstimateState.SENT}:
            raise EstimateNotVoidable
        self._move(EstimateState.VOID)
        self.record(EstimateVoided(**self._facts(now)))

    def accepted_revision(self) -> Revision:
        """Return what the client said yes to.

        Raises:
            EstimateNotAccepted: when there is nothing to invoice.
        """
        last = self.last_sent
        if last is None or self.state not in {EstimateState.ACCEPTED, EstimateState.INVOICED}:
            raise EstimateNotAccepted
        return last

    def become_invoice(self, invoice_id: str, *, now: datetime, instead_of: Collection[str] = ()) -> None:
        """Note the one invoice made from the accepted revision; the same one again changes nothing.

        Args:
            instead_of: invoices that were voided; another one may take their place.

        Raises:
            EstimateNotAccepted: when there is nothing to invoice.
        """
        self.accepted_revision()
        if self.state is EstimateState.INVOICED and self.invoice_id == invoice_id:
            return
        if self.state is EstimateState.INVOICED and self.invoice_id not in instead_of:
            raise EstimateNotAccepted
        self.invoice_id = invoice_id
        self._move(EstimateState.INVOICED)
        self.record(EstimateInvoiced(**self._facts(now), invoice_id=invoice_id))
