"""Writing an invoice before it is sent."""

from datetime import datetime
from typing import Self

from services.billing.domain.content import Content
from services.billing.domain.errors import CustomerFixed, InvoiceNotDraft, NoPaymentModes
from services.billing.domain.events import InvoiceDrafted
from services.billing.domain.invoice.record import InvoiceRecord, InvoiceState, PaymentTerms


class Drafting(InvoiceRecord):
    """Begin and change a draft."""

    @classmethod
    def draft(
        cls,
        *,
        invoice_id: str,
        organisation_id: str,
        customer_id: str,
        content: Content,
        terms: PaymentTerms,
        now: datetime,
        estimate_id: str | None = None,
        estimate_revision: int | None = None,
    ) -> Self:
        """Begin an invoice, from scratch or from an accepted estimate.

        Raises:
            NoPaymentModes: when the client could not pay it.
        """
        invoice = cls(
            id=invoice_id,
            organisation_id=organisation_id,
            customer_id=customer_id,
            content=content,
            terms=_payable(terms),
            created_at=now,
            estimate_id=estimate_id,
            estimate_revision=estimate_revision,
        )
        invoice.record(InvoiceDrafted(**invoice._facts(now)))
        return invoice

    def rewrite(self, *, customer_id: str, content: Content, terms: PaymentTerms) -> None:
        """Replace what a draft says.

        Raises:
            InvoiceNotDraft, NoPaymentModes: nothing is changed.
            CustomerFixed: it is the invoice of what another client company accepted.
        """
        if self.state is not InvoiceState.DRAFT:
            raise InvoiceNotDraft
        if self.estimate_id is not None and customer_id != self.customer_id:
            raise CustomerFixed
        self.customer_id, self.content, self.terms = customer_id, content, _payable(terms)


def _payable(terms: PaymentTerms) -> PaymentTerms:
    if not terms.modes:
        raise NoPaymentModes
    return terms
