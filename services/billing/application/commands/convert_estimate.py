"""Staff turn an accepted estimate into an invoice, exactly once."""

from dataclasses import dataclass
from hashlib import blake2b

from services.billing.application.access import require_estimate_id, require_writer
from services.billing.domain.estimate import Estimate
from services.billing.domain.invoice import Invoice, PaymentTerms
from services.billing.domain.repositories import Estimates, Invoices
from services.chassis.kernel import AlreadyExists, Clock, Principal, id_from_bits


@dataclass(frozen=True, kw_only=True)
class ConvertEstimate:
    """Draft the invoice of what was accepted, payable on these terms."""

    estimate_id: str
    terms: PaymentTerms


def invoice_id_of(estimate_id: str, revision: int) -> str:
    """Return the id of the one invoice that can come from this revision."""
    digest = blake2b(f"{estimate_id}/{revision}".encode(), digest_size=16).digest()
    return id_from_bits("inv", int.from_bytes(digest))


@dataclass(frozen=True, slots=True)
class ConvertEstimateHandler:
    """Stores the invoice first, then notes it on the estimate; repeating after a crash finishes the rest."""

    estimates: Estimates
    invoices: Invoices
    clock: Clock

    async def __call__(self, command: ConvertEstimate, by: Principal) -> tuple[Estimate, Invoice]:
        """Return the invoiced estimate and its draft invoice.

        Raises:
            RoleForbids, WrongIdKind, NotFound, EstimateNotAccepted, NoPaymentModes.
        """
        require_writer(by)
        estimate = await self.estimates.get(by, require_estimate_id(command.estimate_id))
        invoice = self._draft(estimate, command.terms)
        try:
            await self.invoices.add(invoice)
        except AlreadyExists:
            invoice = await self.invoices.get(by, invoice.id)
        now = self.clock.now()
        invoiced = await self.estimates.update(
            by, estimate.id, lambda estimate: estimate.become_invoice(invoice.id, now=now)
        )
        return invoiced, invoice

    def _draft(self, estimate: Estimate, terms: PaymentTerms) -> Invoice:
        accepted = estimate.accepted_revision()
        return Invoice.draft(
            invoice_id=invoice_id_of(estimate.id, accepted.number),
            organisation_id=estimate.organisation_id,
            customer_id=estimate.customer_id,
            content=accepted.content,
            terms=terms,
            now=self.clock.now(),
            estimate_id=estimate.id,
            estimate_revision=accepted.number,
        )
