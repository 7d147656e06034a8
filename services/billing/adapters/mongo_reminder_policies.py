"""Reminder policies in MongoDB, staff's own."""

from collections.abc import Callable, Sequence

from chassis.cloudevents import PublishedLanguage
from chassis.kernel import NotFound, Principal
from chassis.mongo.client import Database, Document
from chassis.mongo.histories import declare
from chassis.mongo.indexes import Index
from chassis.mongo.repository import MongoRepository
from chassis.mongo.turns import Turns
from services.billing.domain.reminders import ReminderPolicy
from services.billing.domain.repositories import Whereabouts

COLLECTION = "reminder_policies"
HISTORY = declare(ReminderPolicy)
INDEXES = (Index(COLLECTION, (("spreading", 1), ("changed_at", 1))),)


class MongoReminderPolicies(MongoRepository[ReminderPolicy]):
    """Implements `ReminderPolicies`."""

    def __init__(
        self, database: Database, language: PublishedLanguage, committed: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(
            database[COLLECTION], ReminderPolicy, language, what="reminder policy", scope=_staffs, committed=committed
        )
        self._waiting = Turns(self.collection, {}, order=[("changed_at", 1)])

    async def spreading(
        self, limit: int, *, without: Sequence[str] = (), not_of: Sequence[str] = ()
    ) -> Sequence[Whereabouts]:
        """Return policies, of all organisations, whose change has not reached all invoices yet; each takes turns."""
        rows = await self._waiting.batch({"spreading": True}, limit, without=without, not_of=not_of)
        return [(row["organisation_id"], row["_id"]) for row in rows]


def _staffs(by: Principal) -> Document:
    """Clients have none."""
    if by.is_contact:
        raise NotFound("reminder policy")
    return {"organisation_id": by.organisation_id}
