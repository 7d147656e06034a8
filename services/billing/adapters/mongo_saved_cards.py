"""Saved cards in MongoDB: tokens and what may be shown of a card, each contact's own."""

from collections.abc import Callable, Sequence

from chassis.cloudevents import PublishedLanguage
from chassis.kernel import Principal, Role
from chassis.mongo.applied import STATE_ONLY
from chassis.mongo.client import Database, Document
from chassis.mongo.indexes import Index
from chassis.mongo.repository import MongoRepository
from services.billing.domain.saved_card import SavedCard

COLLECTION = "saved_cards"
INDEXES = (Index(COLLECTION, (("organisation_id", 1), ("contact_id", 1), ("added_at", 1))),)


class MongoSavedCards(MongoRepository[SavedCard]):
    """Implements `SavedCards`."""

    def __init__(
        self, database: Database, language: PublishedLanguage, committed: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(database[COLLECTION], SavedCard, language, what="saved card", scope=_own, committed=committed)

    async def of_contact(self, organisation_id: str, contact_id: str) -> Sequence[SavedCard]:
        """Return the contact's cards that were not removed, oldest first."""
        match = {"organisation_id": organisation_id, "contact_id": contact_id, "removed_at": None}
        rows = self.collection.find(match, STATE_ONLY).sort([("added_at", 1), ("_id", 1)])
        return await self.read_all(rows)


def _own(by: Principal) -> Document:
    """A contact's own cards, in the organisation and client company of its token; staff have none."""
    if by.role is Role.SERVICE:
        return {"organisation_id": by.organisation_id}
    return {"organisation_id": by.organisation_id, "contact_id": by.id, "customer_id": by.customer_id}
