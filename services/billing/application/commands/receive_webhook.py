"""A provider tells that something happened."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.kernel import NotFound
from services.billing.application.looking_after import look_after
from services.billing.application.payment_ports import WebhookMemory, WebhookNotice
from services.billing.application.payment_steps import PaymentSteps
from services.billing.domain.payment import Payment


@dataclass(frozen=True, kw_only=True)
class ReceiveWebhook:
    """One delivery as it arrived: header names in lower case, the body untouched."""

    provider: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class ReceiveWebhookHandler:
    """Asks what became of the payment that a delivery names."""

    steps: PaymentSteps
    memory: WebhookMemory

    async def __call__(self, command: ReceiveWebhook) -> bool:
        """Verify the delivery, then ask the provider what became of the payment; return whether it was news.

        The body decides nothing but which payment to ask about, so that deliveries may come twice, late or in any
        order. An event is noted after its effect: dying in between costs one more question, never the effect.

        Raises:
            NotFound: we have no such provider.
            WebhookRefused: the delivery is not genuine; nothing was done.
            OutcomeUnknown: the provider does not tell; it should deliver again.
        """
        provider = self.steps.providers.get(command.provider)
        if provider is None:
            raise NotFound("provider")
        notice = provider.read_webhook(command.headers, command.body, self.steps.clock.now())
        if notice is None or await self.memory.knows(command.provider, notice.event_id):
            return False
        payment = await _payment_of(notice, command.provider, self.steps)
        if payment is not None:
            await look_after(payment, steps=self.steps, told=True)
        await self.memory.remember(command.provider, notice.event_id, self.steps.clock.now())
        return payment is not None


async def _payment_of(notice: WebhookNotice, provider: str, steps: PaymentSteps) -> Payment | None:
    if notice.provider_payment_id is not None:
        known = await steps.payments.find_by_provider(provider, notice.provider_payment_id)
        if known is not None:
            return known
    named = await steps.payments.find(notice.payment_id) if notice.payment_id else None
    return named if named is not None and named.provider == provider else None
