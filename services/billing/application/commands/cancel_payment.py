"""Give up a payment that waits for its payer."""

import logging
from dataclasses import dataclass

from chassis.kernel import Principal, Role
from services.billing.application.payment_ports import OutcomeUnknown, ProviderRefused
from services.billing.application.payment_steps import PaymentSteps
from services.billing.domain.errors import PaymentAlreadySettled
from services.billing.domain.payment import Payment, PaymentState
from services.billing.domain.payment.errors import PaymentNotCancellable

_LOG = logging.getLogger("payments")


@dataclass(frozen=True, kw_only=True)
class CancelPayment:
    """Which payment: one of the client's own, or for staff any."""

    payment_id: str


async def cancel_payment(command: CancelPayment, *, by: Principal, steps: PaymentSteps) -> Payment:
    """Have the provider cancel it, release its amount and return it; one that has ended without money stays as it is.

    A payment that its provider does not know, or whose provider is set up no more, staff can end all the same: it is
    noted who did. Money that it brings after all is booked, or sent back.

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
        ended = await _end_by_staff(payment, by, steps)
    if ended.state is PaymentState.SUCCEEDED:
        raise PaymentAlreadySettled
    if not ended.state.is_final:
        raise PaymentNotCancellable
    return ended


async def _end_by_staff(payment: Payment, by: Principal, steps: PaymentSteps) -> Payment:
    """End what its provider, asked now, does not know, or what nobody can be asked about."""
    if by.is_staff and not await _is_known(payment, steps):
        _LOG.warning("payment_ended_by_staff %s at %s by %s", payment.id, payment.provider, by.id)
        return await steps.end_by_staff(payment, by)
    raise PaymentNotCancellable


async def _is_known(payment: Payment, steps: PaymentSteps) -> bool:
    provider = steps.providers.get(payment.provider)
    if provider is None:
        return False
    try:
        found = await provider.retrieve(payment.id, payment.provider_payment_id, begun_at=payment.created_at)
    except (OutcomeUnknown, ProviderRefused):
        return True
    return found is not None
