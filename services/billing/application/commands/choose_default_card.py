"""Choose the card that is offered first."""

from dataclasses import dataclass

from chassis.kernel import NotFound, Principal, Role
from services.billing.application.payment_steps import PaymentSteps
from services.billing.domain.saved_card import SavedCard


@dataclass(frozen=True, kw_only=True)
class ChooseDefaultCard:
    """Which card."""

    card_id: str


async def choose_default_card(command: ChooseDefaultCard, *, by: Principal, steps: PaymentSteps) -> SavedCard:
    """Make it the default of this contact.

    Raises:
        NotFound: no such card of this contact, or it was removed.
    """
    by.require_role(Role.CONTACT)
    now = steps.clock.now()

    def choose(card: SavedCard) -> None:
        if card.removed_at is not None:
            raise NotFound("saved card")
        card.choose(now)

    return await steps.cards.update(by, command.card_id, choose)
