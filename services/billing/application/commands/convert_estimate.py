"""Staff turn an accepted estimate into an invoice: exactly one that is not void."""

from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b

from chassis.kernel import AlreadyExists, Clock, Principal, id_from_bits
from services.billing.application.access import require_estimate_id, require_writer
from services.billing.domain.errors import TooManyVoidInvoices
from services.billing.domain.estimate import Estimate
from services.billing.domain.invoice import Invoice, InvoiceState, PaymentTerms
from services.billing.domain.repositories import Estimates, Invoices


@dataclass(frozen=True, kw_only=True)
class ConvertEstimate:
    """Draft the invoice of what was accepted, payable on these terms."""

    estimate_id: str
    terms: PaymentTerms


MAX_TAKEN_BACK = 100


class _IsVoid(Exception):
    """The invoice was taken back, and another may follow it."""


def _refuse_void(invoice: Invoice) -> None:
    if invoice.state is InvoiceState.VOID:
        raise _IsVoid


def invoice_id_of(estimate_id: str, revision: int, taken_back: int = 0) -> str:
    """Return the id of the one invoice that can come from this revision after so many that were voided."""
    place = f"/{taken_back}" if taken_back else ""
    digest = blake2b(f"{estimate_id}/{revision}{place}".encode(), digest_size=16).digest()
    return id_from_bits("inv", int.from_bytes(digest))


@dataclass(frozen=True, slots=True)
class ConvertEstimateHandler:
    """Stores the invoice first, then notes it on the estimate; repeating after a crash finishes the rest."""

    estimates: Estimates
    invoices: Invoices
    clock: Clock

    async def __call__(self, command: ConvertEstimate, by: Principal) -> tuple[Estimate, Invoice]:
        """Return the invoiced estimate and its invoice: the one that it has, or a draft where every one was voided.

        Raises:
            RoleForbids, WrongIdKind, NotFound, EstimateNotAccepted, NoPaymentModes, TooManyVoidInvoices.
        """
        require_writer(by)
        estimate = await self.estimates.get(by, require_estimate_id(command.estimate_id))
        taken_back: list[str] = []
        while (invoice := await self._one(estimate, command.terms, by, len(taken_back))) is None:
            taken_back.append(self._draft(estimate, command.terms, len(taken_back)).id)
        now = self.clock.now()
        invoiced = await self.estimates.update(
            by, estimate.id, lambda estimate: estimate.become_invoice(invoice.id, now=now, instead_of=taken_back)
        )
        return invoiced, invoice

    async def _one(self, estimate: Estimate, terms: PaymentTerms, by: Principal, taken_back: int) -> Invoice | None:
        """Return the invoice that followed so many void ones, or draft it; None where it is void as well.

        One that this very request drafted, in a run whose answer was lost, is the answer whatever became of it.
        """
        if taken_back > MAX_TAKEN_BACK:
            raise TooManyVoidInvoices(MAX_TAKEN_BACK)
        invoice = self._draft(estimate, terms, taken_back)
        try:
            await self.invoices.add(invoice)
        except AlreadyExists:
            with suppress(_IsVoid):
                return await self.invoices.update(by, invoice.id, _refuse_void)
            return None
        return invoice

    def _draft(self, estimate: Estimate, terms: PaymentTerms, taken_back: int) -> Invoice:
        accepted = estimate.accepted_revision()
        return Invoice.draft(
            invoice_id=invoice_id_of(estimate.id, accepted.number, taken_back),
            organisation_id=estimate.organisation_id,
            customer_id=estimate.customer_id,
            content=accepted.content,
            terms=terms,
            now=self.clock.now(),
            estimate_id=estimate.id,
            estimate_revision=accepted.number,
        )
