"""Look at a payment after the payer came back from the provider."""

from dataclasses import dataclass

from chassis.kernel import ConcurrentUpdate, Principal, Role
from services.billing.application.commands.resolve_unknown_payments import look_after
from services.billing.application.payment_ports import OutcomeUnknown
from services.billing.application.payment_steps import PaymentSteps
from services.billing.domain.payment import Payment


@dataclass(frozen=True, kw_only=True)
class ConfirmPayment:
    """The payer says that the provider's step is done; what really happened, the provider tells."""

    payment_id: str


async def confirm_payment(command: ConfirmPayment, *, by: Principal, steps: PaymentSteps) -> Payment:
    """Ask the provider and return the payment as it stands now; may be called at any time, any number of times.

    For staff it also takes over the refunds and disputes that the provider shows.

    Raises:
        NotFound: no such payment for this principal.
    """
    by.require_role(Role.CONTACT, Role.OWNER, Role.ACCOUNTANT)
    payment = await steps.payments.get(by, command.payment_id)
    try:
        return await look_after(payment, steps=steps, told=by.is_staff)
    except OutcomeUnknown:
        return payment
    except ConcurrentUpdate:
        return await steps.payments.get(by, payment.id)
