"""What client companies were told of late, in MongoDB."""

from datetime import datetime, timedelta

from chassis.kernel import Clock
from chassis.mongo.client import Database
from chassis.mongo.documents import from_value, to_value
from chassis.mongo.histories import ROW
from chassis.mongo.indexes import LATEST, Index
from chassis.mongo.reading import readable
from services.notifications.domain.notification import News

COLLECTION = "recent_news"
KEPT = timedelta(days=7)

INDEXES = (
    Index(COLLECTION, (("organisation_id", 1), ("customer_id", 1), ("happened_at", 1)), {"name": "by_company"}),
    Index(COLLECTION, (("kept_at", 1),), {"expireAfterSeconds": int(KEPT.total_seconds())}),
)


class MongoRecentNews:
    """Implements `RecentNews`: one document per event, for a week, longer than any service lags behind another."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._collection = database[COLLECTION]
        self._clock = clock

    async def keep(self, news: News) -> None:
        """Keep it for a while; keeping it again changes nothing."""
        fields = {**from_value(news), **ROW, "kept_at": self._clock.now()}
        await self._collection.update_one({"_id": news.event_id}, {"$setOnInsert": fields}, upsert=True)

    async def since(self, organisation_id: str, customer_id: str, moment: datetime) -> list[News]:
        """Return what happened to a client company at or after that moment, the oldest first."""
        match = {
            "organisation_id": organisation_id,
            "customer_id": customer_id,
            "happened_at": {"$gte": moment, "$lte": LATEST},
        }
        rows = await self._collection.find(match).sort("happened_at", 1).to_list()
        return readable(COLLECTION, rows, lambda row: to_value(News, row))
