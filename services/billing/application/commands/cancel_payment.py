"""Give up a payment that waits for its payer."""

from dataclasses import dataclass

from services.billing.application.payment_ports import OutcomeUnknown
from services.billing.application.payment_steps import PaymentSteps
from services.billing.domain.errors import PaymentAlreadySettled
from services.billing.domain.payment import Payment, PaymentState
from services.billing.domain.payment.errors import PaymentNotCancellable
from services.chassis.kernel import Principal, Role


@dataclass(frozen=True, kw_only=True)
class CancelPayment:
    """Which payment: one of the client's own, or for staff any."""

    payment_id: str


async def cancel_payment(command: CancelPayment, *, by: Principal, steps: PaymentSteps) -> Payment:
    """Have the provider cancel it, release its amount and return it; one that has ended without money stays as it is.

    Raises:
        RoleForbids: for viewers.
        NotFound: no such payment for this principal.
        PaymentAlreadySettled: the money has arrived, perhaps a moment ago.
        PaymentNotCancellable: the provider is at work on it, or does not tell.
    """
    by.require_role(Role.CONTACT, Role.OWNER, Role.ACCOUNTANT)
    payment = await steps.payments.get(by, command.payment_id)
    if payment.mode.is_offline and not payment.state.is_final:
        raise PaymentNotCancellable
    try:
        ended = await steps.withdraw(payment)
    except OutcomeUnknown:
        raise PaymentNotCancellable from None
    if ended.state is PaymentState.SUCCEEDED:
        raise PaymentAlreadySettled
    if not ended.state.is_final:
        raise PaymentNotCancellable
    return ended
