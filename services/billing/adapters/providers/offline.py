"""Bank transfer, cheque and cash: staff are the provider, and what they record has happened."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from services.billing.application.payment_ports import (
    Attempt,
    CardForm,
    CardToken,
    ChargeLimits,
    Payer,
    ProviderRefused,
    TokenNotTheirs,
    WebhookNotice,
    WebhookRefused,
)
from services.billing.domain.money import Money, digits_of
from services.billing.domain.payment import CardDetails, Failure, Movements, Outcome, OutcomeStatus, RefundOutcome

_NO_CARDS = Failure(code="no_cards", message="This way of paying does not use cards.")


class OfflineProvider:
    """Answers at once; our ids are its ids."""

    name = "offline"

    def limits(self, currency: str) -> ChargeLimits:
        """Return any amount that the currency can express."""
        step = Decimal(1).scaleb(-digits_of(currency))
        return ChargeLimits(least=step, most=Decimal(10) ** 15, step=step)

    async def read_token(self, token: str, payer: Payer) -> CardToken:
        """Refuse."""
        raise TokenNotTheirs

    async def create(self, attempt: Attempt) -> Outcome:
        """Return the attempt under its own id; a card is never taken for money in hand."""
        if attempt.source is not None:
            raise ProviderRefused(_NO_CARDS)
        return Outcome(provider_payment_id=attempt.payment_id, status=OutcomeStatus.UNCONFIRMED)

    async def confirm(self, attempt: Attempt, provider_payment_id: str) -> Outcome:
        """Return that the money is here: staff hold it."""
        return _received(provider_payment_id)

    async def retrieve(
        self, payment_id: str, provider_payment_id: str | None, *, begun_at: datetime | None = None
    ) -> Outcome | None:
        """Return that the money is here once the amount was reserved, which the stored provider id tells."""
        return _received(payment_id) if provider_payment_id else None

    async def cancel(self, payment_id: str, provider_payment_id: str) -> Outcome:
        """Return what it is: what was received is not cancelled."""
        return _received(payment_id)

    async def refund(self, refund_id: str, provider_payment_id: str, amount: Money) -> RefundOutcome:
        """Return that staff have given it back."""
        return RefundOutcome(provider_refund_id=refund_id, succeeded=True)

    async def find_refund(self, refund_id: str, provider_payment_id: str) -> RefundOutcome | None:
        """Return None: asking again is harmless here."""
        return None

    async def movements(self, payment_id: str, provider_payment_id: str) -> Movements:
        """Return nothing: what staff do, they do here."""
        return Movements()

    async def open_card_form(self, payer: Payer, return_url: str | None, origin: str | None) -> CardForm:
        """Refuse."""
        raise ProviderRefused(_NO_CARDS)

    async def save_card(self, payer: Payer, token: CardToken) -> CardDetails:
        """Refuse."""
        raise ProviderRefused(_NO_CARDS)

    async def forget_card(self, card: CardDetails) -> None:
        """Refuse."""
        raise ProviderRefused(_NO_CARDS)

    def read_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> WebhookNotice | None:
        """Refuse: staff send none."""
        raise WebhookRefused("no webhooks here")

    async def close(self) -> None:
        """Nothing to disconnect from."""


def _received(payment_id: str) -> Outcome:
    return Outcome(provider_payment_id=payment_id, status=OutcomeStatus.SUCCEEDED)
