"""Choose the card that is offered first."""

from dataclasses import dataclass

from chassis.kernel import NotFound, Principal, Role, require_id
from services.billing.application.payment_steps import PaymentSteps
from services.billing.domain.saved_card import SavedCard


@dataclass(frozen=True, kw_only=True)
class ChooseDefaultCard:
    """Which card."""

    card_id: str


@dataclass(frozen=True, slots=True)
class ChooseDefaultCardHandler:
    """Puts one of a contact's cards first."""

    steps: PaymentSteps

    async def __call__(self, command: ChooseDefaultCard, by: Principal) -> SavedCard:
        """Make it the default of this contact.

        Raises:
            NotFound: no such card of this contact, or it was removed.
        """
        require_id(command.card_id, "crd", "savedCardId")
        by.require_recent_proof(self.steps.clock.now())
        by.require_role(Role.CONTACT)
        now = self.steps.clock.now()

        def choose(card: SavedCard) -> None:
            if card.removed_at is not None:
                raise NotFound("saved card")
            card.choose(now)

        return await self.steps.cards.update(by, command.card_id, choose)
