"""Give money back."""

from dataclasses import dataclass

from chassis.kernel import ConcurrentUpdate, Principal, Role, require_id
from chassis.text import free_text
from services.billing.application.payment_steps import PaymentSteps
from services.billing.domain.money import Money
from services.billing.domain.payment import Payment
from services.billing.domain.payment.errors import ProviderUnavailable, RefundNotPossible

REASON_LIMIT = 500


@dataclass(frozen=True, kw_only=True)
class RefundPayment:
    """Give back `amount`, or all that is left. `refund_id` derives from the idempotency key."""

    refund_id: str
    payment_id: str
    amount: Money | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RefundPaymentHandler:
    """Gives money back, once."""

    steps: PaymentSteps

    async def __call__(self, command: RefundPayment, by: Principal) -> Payment:
        """Set the amount aside, ask the provider, tell the invoice; return the payment with its refund as it stands.

        Once the amount is set aside nothing is refused any more: what others keep from being noted now, the recovery
        job notes, and the same request again finds the same refund.

        Raises:
            RoleForbids: for viewers and clients.
            NotFound: no such payment.
            PaymentNotRefundable, RefundTooLarge, InvalidInput, ConcurrentUpdate: nothing goes back.
            ProviderUnavailable: the payment's provider is set up no more.
        """
        require_id(command.payment_id, "pay", "paymentId")
        by.require_role(Role.OWNER, Role.ACCOUNTANT)
        reason, now = free_text(command.reason, REASON_LIMIT, "reason"), self.steps.clock.now()

        def ask(payment: Payment) -> None:
            if command.refund_id in payment.refunds:
                return
            amount = command.amount or payment.refundable
            _require_refundable(payment, amount, self.steps)
            payment.request_refund(command.refund_id, amount, reason=reason, requested_by=by.id, now=now)

        try:
            payment = await self.steps.payments.update(by, command.payment_id, ask)
        except ConcurrentUpdate:
            payment = await self.steps.payments.get(by, command.payment_id)
            if command.refund_id not in payment.refunds:  # else the same request, made twice at once, has set it aside
                raise
        try:
            booked = await self.steps.book(payment)
            return await self.steps.refund(booked, command.refund_id)
        except ConcurrentUpdate:
            return await self.steps.payments.get(by, payment.id)


def _require_refundable(payment: Payment, amount: Money, steps: PaymentSteps) -> None:
    """Refuse an amount that this payment's provider cannot count; the rest is the payment's to refuse."""
    provider = steps.providers.get(payment.provider)
    if provider is None:
        raise ProviderUnavailable
    if amount.currency != payment.captured.currency:
        return
    step = provider.limits(amount.currency).step
    if amount.amount % step:
        raise RefundNotPossible(step, amount.currency)
