"""How saved cards are stored and found."""

from collections.abc import Callable, Sequence
from typing import Protocol

from chassis.kernel import Principal
from services.billing.domain.saved_card.saved_card import SavedCard


class SavedCards(Protocol):
    """All saved cards; a contact sees its own only, staff see none."""

    async def add(self, card: SavedCard, /) -> None:
        """Store a new card; raises `AlreadyExists` when its id is taken."""
        ...

    async def get(self, by: Principal, card_id: str, /) -> SavedCard:
        """Return a card of this contact, removed ones included; raises `NotFound`."""
        ...

    async def update(self, by: Principal, card_id: str, change: Callable[[SavedCard], None], /) -> SavedCard:
        """Apply a pure change and save it."""
        ...

    async def of_contact(self, organisation_id: str, contact_id: str) -> Sequence[SavedCard]:
        """Return the contact's cards that were not removed, oldest first."""
        ...
