"""The aggregate, and which of several cards is the default."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel import AggregateRoot
from services.billing.domain.payment.errors import CardExpired
from services.billing.domain.payment.outcome import CardDetails


@dataclass(kw_only=True, eq=False)
class SavedCard(AggregateRoot):
    """One card of one contact. `chosen_at` is when the contact last made it the default."""

    customer_id: str
    contact_id: str
    provider: str
    details: CardDetails
    added_at: datetime
    chosen_at: datetime | None = None
    removed_at: datetime | None = None

    def choose(self, now: datetime) -> None:
        """Make it the default: the card chosen last is."""
        self.chosen_at = now

    def renew(self, details: CardDetails, now: datetime, *, choose: bool) -> None:
        """Take over what was entered again of the same card: another expiry, say."""
        self.details = details
        if choose:
            self.choose(now)

    def remove(self, now: datetime) -> None:
        """Take it off the list; the provider has forgotten it already."""
        self.removed_at = self.removed_at or now

    def erase(self, now: datetime) -> None:
        """Keep nothing that leads to its owner; the provider has forgotten it already."""
        self.remove(now)
        self.details = self.details.without_holder()

    def require_valid(self, now: datetime) -> None:
        """Refuse a card past its last month.

        Raises:
            CardExpired: when it is.
        """
        if (self.details.exp_year, self.details.exp_month) < (now.year, now.month):
            raise CardExpired


def default_of(cards: Iterable[SavedCard]) -> SavedCard | None:
    """Return the default among a contact's cards: the one chosen last, otherwise the one added first."""
    listed = sorted(cards, key=lambda card: (card.added_at, card.id))
    chosen = [card for card in listed if card.chosen_at]
    return (
        max(chosen, key=lambda card: (card.chosen_at or card.added_at, card.id)) if chosen else next(iter(listed), None)
    )
