"""Forget a saved card."""

from dataclasses import dataclass

from chassis.kernel import Principal, Role, require_id
from services.billing.application.payment_ports import OutcomeUnknown, ProviderRefused
from services.billing.application.payment_steps import PaymentSteps
from services.billing.domain.payment.errors import ProviderUnavailable
from services.billing.domain.saved_card import SavedCard


@dataclass(frozen=True, kw_only=True)
class RemoveCard:
    """Which card."""

    card_id: str


@dataclass(frozen=True, slots=True)
class RemoveCardHandler:
    """Has the provider forget a card."""

    steps: PaymentSteps

    async def __call__(self, command: RemoveCard, by: Principal) -> SavedCard:
        """Have the provider forget the card, then take it off the list; removing it again changes nothing.

        Raises:
            NotFound: no such card of this contact.
            ProviderUnavailable: the provider does not answer; the card is still there.
        """
        require_id(command.card_id, "crd", "savedCardId")
        by.require_recent_proof(self.steps.clock.now())
        by.require_role(Role.CONTACT)
        card = await self.steps.cards.get(by, command.card_id)
        now = self.steps.clock.now()
        if card.removed_at is None:
            try:
                await self.steps.provider_named(card.provider).forget_card(card.details)
            except (OutcomeUnknown, ProviderRefused):
                raise ProviderUnavailable from None
        return await self.steps.cards.update(by, card.id, lambda it: it.remove(now))
