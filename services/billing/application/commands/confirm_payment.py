"""Look at a payment after the payer came back from the provider."""

from dataclasses import dataclass

from chassis.kernel import ConcurrentUpdate, Principal, Role, require_id
from services.billing.application.looking_after import look_after
from services.billing.application.payment_ports import OutcomeUnknown
from services.billing.application.payment_steps import PaymentSteps
from services.billing.domain.payment import Payment


@dataclass(frozen=True, kw_only=True)
class ConfirmPayment:
    """The payer says that the provider's step is done; what really happened, the provider tells."""

    payment_id: str


@dataclass(frozen=True, slots=True)
class ConfirmPaymentHandler:
    """Asks the provider."""

    steps: PaymentSteps

    async def __call__(self, command: ConfirmPayment, by: Principal) -> Payment:
        """Ask the provider and return the payment as it stands now; may be called at any time, any number of times.

        For staff it also takes over the refunds and disputes that the provider shows.

        Raises:
            NotFound: no such payment for this principal.
        """
        require_id(command.payment_id, "pay", "paymentId")
        by.require_role(Role.CONTACT, Role.OWNER, Role.ACCOUNTANT)
        payment = await self.steps.payments.get(by, command.payment_id)
        try:
            return await look_after(payment, steps=self.steps, told=by.is_staff)
        except OutcomeUnknown:
            return payment
        except ConcurrentUpdate:
            return await self.steps.payments.get(by, payment.id)
