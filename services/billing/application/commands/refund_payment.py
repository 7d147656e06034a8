"""Give money back."""

from dataclasses import dataclass

from services.billing.application.payment_steps import PaymentSteps
from services.billing.domain.money import Money
from services.billing.domain.payment import Payment
from services.billing.domain.payment.errors import RefundNotPossible
from services.billing.domain.text import checked
from services.chassis.kernel import Principal, Role

REASON_LIMIT = 500


@dataclass(frozen=True, kw_only=True)
class RefundPayment:
    """Give back `amount`, or all that is left. `refund_id` derives from the idempotency key."""

    refund_id: str
    payment_id: str
    amount: Money | None = None
    reason: str = ""


async def refund_payment(command: RefundPayment, *, by: Principal, steps: PaymentSteps) -> Payment:
    """Set the amount aside, ask the provider, tell the invoice; return the payment with its refund as it stands.

    Raises:
        RoleForbids: for viewers and clients.
        NotFound: no such payment.
        PaymentNotRefundable, RefundTooLarge, InvalidInput: nothing goes back.
    """
    by.require_role(Role.OWNER, Role.ACCOUNTANT)
    reason, now = checked(command.reason, REASON_LIMIT, "reason"), steps.clock.now()

    def ask(payment: Payment) -> None:
        amount = command.amount or payment.refundable
        _require_refundable(payment, amount, steps)
        payment.request_refund(command.refund_id, amount, reason=reason, requested_by=by.id, now=now)

    payment = await steps.payments.update(by, command.payment_id, ask)
    booked = await steps.book(payment)
    return await steps.refund(booked, command.refund_id)


def _require_refundable(payment: Payment, amount: Money, steps: PaymentSteps) -> None:
    """Refuse an amount that this payment's provider cannot count; the rest is the payment's to refuse."""
    provider = steps.providers.get(payment.provider)
    if provider is None or amount.currency != payment.amount.currency:
        return
    step = provider.limits(amount.currency).step
    if amount.amount % step:
        raise RefundNotPossible(step, amount.currency)
