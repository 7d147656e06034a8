"""Paying in another way gives up what waits for its payer.

Whoever closed the bank's page has left an attempt that holds its amount. The next card, the transfer that really came,
a void and a write-off end it: at the provider first, so that finishing the old page later takes no money. What the
provider has captured in the meantime counts, and then the new one is not made. An attempt whose outcome nobody knows
keeps its amount: its money may have moved.
"""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.billing.application.payment_ports import OutcomeUnknown
from services.billing.application.payment_steps import PaymentSteps
from services.billing.domain.invoice import Invoice
from services.billing.domain.money import Money
from services.billing.domain.payment import PaymentState
from services.billing.domain.payment.errors import EarlierPaymentSucceeded


@dataclass(frozen=True, slots=True)
class GiveUpWaiting:
    """Implements `GiveWay`: for an invoice that is to be closed."""

    steps: PaymentSteps

    async def __call__(self, invoice_id: str, by: Principal, /) -> None:
        """Give up what waits for its payer."""
        await give_up_waiting(invoice_id, steps=self.steps, organisation_id=by.organisation_id)


async def make_room(
    invoice: Invoice, amount: Money | None, *, by: Principal, steps: PaymentSteps, recorded_by_staff: bool = False
) -> Invoice:
    """Return the invoice as it is once nothing that can be given up stands in the way of this amount.

    Raises:
        EarlierPaymentSucceeded: what was to be given up has gone through.
    """
    if not invoice.lacks_room_for(amount, recorded_by_staff=recorded_by_staff):
        return invoice
    succeeded = await give_up_waiting(invoice.id, steps=steps, organisation_id=invoice.organisation_id)
    if succeeded:
        raise EarlierPaymentSucceeded
    return await steps.invoices.get(by, invoice.id)


async def give_up_waiting(invoice_id: str, *, steps: PaymentSteps, organisation_id: str) -> bool:
    """Give up every attempt of this invoice that waits for its payer; return whether one has gone through instead.

    One that was given up before, by somebody who did not live to tell the invoice, is told now.
    """
    payments = await steps.payments.of_invoice(Principal.for_service(organisation_id), invoice_id)
    succeeded = False
    for payment in payments:
        if payment.waits_for_payer or (payment.state.is_final and not payment.booked):
            try:
                ended = await steps.withdraw(payment)
            except OutcomeUnknown:
                continue
            succeeded = succeeded or ended.state is PaymentState.SUCCEEDED
    return succeeded
