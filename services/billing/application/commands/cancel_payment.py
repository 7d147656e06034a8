"""Give up a payment that waits for its payer."""

import logging
from dataclasses import dataclass

from chassis.kernel import Principal, Role, require_id
from services.billing.application.access import require_shown
from services.billing.application.payment_ports import OutcomeUnknown, ProviderRefused
from services.billing.application.payment_steps import PaymentSteps
from services.billing.application.ports import Directory
from services.billing.domain.errors import PaymentAlreadySettled
from services.billing.domain.payment import Payment, PaymentState
from services.billing.domain.payment.errors import PaymentNotCancellable
from services.billing.domain.series import Series

_LOG = logging.getLogger("payments")


@dataclass(frozen=True, kw_only=True)
class CancelPayment:
    """Which payment: one of the client's own, or for staff any."""

    payment_id: str


@dataclass(frozen=True, slots=True)
class CancelPaymentHandler:
    """Gives up what waits for its payer."""

    steps: PaymentSteps
    directory: Directory

    async def __call__(self, command: CancelPayment, by: Principal) -> Payment:
        """Have the provider cancel it, release its amount and return it.

        One that has ended without money stays as it is. A payment that its provider does not know, or whose provider is
        set up no more, staff can end all the same: it is noted who did. Money that it brings after all is booked, or
        sent back.

        Raises:
            RoleForbids: for viewers.
            NotFound: no such payment for this principal.
            PaymentAlreadySettled: the money has arrived, perhaps a moment ago.
            PaymentNotCancellable: the provider is at work on it, or does not tell.
        """
        require_id(command.payment_id, "pay", "paymentId")
        await require_shown(by, Series.INVOICE, self.directory)
        by.require_role(Role.CONTACT, Role.OWNER, Role.ACCOUNTANT)
        payment = await self.steps.payments.get(by, command.payment_id)
        if payment.mode.is_offline and not payment.state.is_final:
            raise PaymentNotCancellable
        try:
            ended = await self.steps.withdraw(payment)
        except OutcomeUnknown:
            ended = await _end_by_staff(payment, by, self.steps)
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
