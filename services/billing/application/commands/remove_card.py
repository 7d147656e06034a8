"""Forget a saved card."""

from dataclasses import dataclass

from chassis.kernel import Principal, Role
from services.billing.application.payment_ports import OutcomeUnknown, ProviderRefused
from services.billing.application.payment_steps import PaymentSteps
from services.billing.domain.payment.errors import ProviderUnavailable
from services.billing.domain.saved_card import SavedCard


@dataclass(frozen=True, kw_only=True)
class RemoveCard:
    """Which card."""

    card_id: str


async def remove_card(command: RemoveCard, *, by: Principal, steps: PaymentSteps) -> SavedCard:
    """Have the provider forget the card, then take it off the list; removing it again changes nothing.

    Raises:
        NotFound: no such card of this contact.
        ProviderUnavailable: the provider does not answer; the card is still there.
    """
    by.require_role(Role.CONTACT)
    card = await steps.cards.get(by, command.card_id)
    now = steps.clock.now()
    if card.removed_at is None:
        try:
            await steps.provider_named(card.provider).forget_card(card.details)
        except (OutcomeUnknown, ProviderRefused):
            raise ProviderUnavailable from None
    return await steps.cards.update(by, card.id, lambda it: it.remove(now))
