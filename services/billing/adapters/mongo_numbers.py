"""Number series in MongoDB: one small document per number, so that a number exists once and is never lost.

A place is taken by inserting it, right after a place that exists: `_id` makes it unique, trying the next one only after
the one before exists leaves no gap, and a unique document id gives every document one number however often it asks.
"""

import asyncio
import contextlib
from collections import defaultdict

from services.billing.domain.series import Series
from services.chassis.kernel import ConcurrentUpdate
from services.chassis.mongo.client import DUPLICATE_KEY, Database
from services.chassis.mongo.histories import ROW
from services.chassis.mongo.indexes import Index

COLLECTION = "numbers"
ATTEMPTS = 20
"""How often a number is looked for that the database says is there: 1.5 seconds in all."""
INDEXES = (
    Index(COLLECTION, (("document_id", 1),), {"unique": True}),
    Index(COLLECTION, (("series", 1), ("place", -1))),
    Index(COLLECTION, (("series", 1), ("is_free", 1))),
)


class MongoNumberSeries:
    """Implements `NumberSeries`; `_last` remembers, per series, a place that is known to exist.

    Within a process those who ask for a number of one series wait for each other, which spares most collisions.
    """

    def __init__(self, database: Database) -> None:
        self._numbers = database[COLLECTION]
        self._last: dict[str, int] = {}
        self._lanes: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def take(self, organisation_id: str, series: Series, document_id: str) -> str:
        """Return the document's number, the same one however often it asks, one that no other document has.

        Raises:
            ConcurrentUpdate: when the database says that the document has a number and shows none, again and again.
        """
        key, unseen = f"{organisation_id}/{series.value}", 0
        async with self._lanes[key]:
            while unseen < ATTEMPTS:
                held = await self._numbers.find_one({"document_id": document_id})
                if held is not None:
                    return series.label(held["place"])
                if not await self._take_free(key, document_id) and not await self._take_next(key, document_id):
                    unseen += 1
                    await asyncio.sleep(0.002 * 2 ** min(unseen, 6))
        raise ConcurrentUpdate

    async def give_back(self, organisation_id: str, series: Series, document_id: str) -> None:
        """Free the number of a document that was never sent and never will be; the next one takes it."""
        held = await self._numbers.find_one({"document_id": document_id})
        if held is not None:
            freed = {"is_free": True, "document_id": f"free:{held['_id']}"}
            await self._numbers.update_one({"_id": held["_id"], "document_id": document_id}, {"$set": freed})

    async def _take_free(self, key: str, document_id: str) -> bool:
        free = await self._numbers.find_one({"series": key, "is_free": True})
        if free is None:
            return False
        taken = {"is_free": False, "document_id": document_id}
        with contextlib.suppress(DUPLICATE_KEY):
            await self._numbers.update_one({"_id": free["_id"], "is_free": True}, {"$set": taken})
        return True

    async def _take_next(self, key: str, document_id: str) -> bool:
        """Try the place after the last one known; whoever has it already moves us on by one.

        Returns whether that is so; where not, the document itself has a number, which is not seen yet.
        """
        place = (self._last.get(key) or await self._find_last(key)) + 1
        row = {
            "_id": f"{key}/{place:012d}",
            "series": key,
            "place": place,
            "document_id": document_id,
            "is_free": False,
            **ROW,
        }
        try:
            await self._numbers.insert_one(row)
        except DUPLICATE_KEY:
            if await self._numbers.find_one({"_id": row["_id"]}) is None:
                return False
        self._last[key] = max(place, self._last.get(key, 0))
        return True

    async def _find_last(self, key: str) -> int:
        rows = await self._numbers.find({"series": key}).sort("place", -1).limit(1).to_list()
        return rows[0]["place"] if rows else 0
