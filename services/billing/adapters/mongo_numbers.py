"""Number series in MongoDB: one small document per number, so that a number exists once and is never lost.

A place is taken by inserting it, right after a place that exists: `_id` makes it unique, trying the next one only after
the one before exists leaves no gap, and a unique document id gives every document one number however often it asks.
`open_since` is when it was taken, until somebody has seen that its document was sent: what a send left behind when it
died is found by it.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from chassis.kernel import Clock, ConcurrentUpdate, SystemClock
from chassis.mongo.client import DUPLICATE_KEY, Database, Document
from chassis.mongo.histories import ROW
from chassis.mongo.indexes import Index
from chassis.mongo.reading import readable
from services.billing.domain.series import HeldNumber, Series

COLLECTION = "numbers"
ATTEMPTS = 20
"""How often a number is looked for that the database says is there: 1.5 seconds in all."""
INDEXES = (
    Index(COLLECTION, (("document_id", 1),), {"unique": True}),
    Index(COLLECTION, (("series", 1), ("place", -1))),
    Index(COLLECTION, (("series", 1), ("is_free", 1))),
    Index(COLLECTION, (("open_since", 1),)),
)
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_HIGHEST = "9" * 12
_AGAIN = 0
"""No place: look again whether the document has one."""


class MongoNumberSeries:
    """Implements `NumberSeries`; `_last` remembers, per series, a place that is known to exist.

    Within a process those who ask for a number of one series wait for each other, which spares most collisions; where
    another process was faster, the highest place is read, however far it has come.
    """

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._numbers = database[COLLECTION]
        self._clock = clock or SystemClock()
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
                place = await self._take_free(key, document_id)
                if place is None:
                    place = await self._take_next(key, document_id)
                if place:
                    return series.label(place)
                if place is None:
                    unseen += 1
                    if unseen > 1:  # the first time, the same document has just taken its number elsewhere
                        await asyncio.sleep(0.002 * 2 ** min(unseen, 6))
        raise ConcurrentUpdate

    async def give_back(self, organisation_id: str, series: Series, document_id: str) -> None:
        """Free the number of a document that was never sent and never will be; the next one takes it."""
        held = await self._numbers.find_one({"document_id": document_id})
        if held is not None:
            freed = {"is_free": True, "document_id": f"free:{held['_id']}", "open_since": None}
            await self._numbers.update_one({"_id": held["_id"], "document_id": document_id}, {"$set": freed})

    async def unconfirmed(self, before: datetime, limit: int, *, without: Sequence[str] = ()) -> Sequence[HeldNumber]:
        """Return what was taken before this, oldest first."""
        match: Document = {"open_since": {"$gte": _BEGINNING, "$lte": before}}
        if without:
            match["document_id"] = {"$nin": list(without)}
        rows = await self._numbers.find(match).sort("open_since", 1).limit(limit).to_list()
        return readable(COLLECTION, rows, lambda row: _held(row["series"], row["document_id"]))

    async def confirm(self, held: HeldNumber) -> None:
        """Note that it is settled."""
        await self._numbers.update_one({"document_id": held.document_id}, {"$set": {"open_since": None}})

    async def look_later(self, held: HeldNumber, now: datetime) -> None:
        """Note when it was looked at."""
        await self._numbers.update_one({"document_id": held.document_id}, {"$set": {"open_since": now}})

    async def _take_free(self, key: str, document_id: str) -> int | None:
        """Try a free place, and return that the document has to be looked at again; None where none is free."""
        free = await self._numbers.find_one({"series": key, "is_free": True})
        if free is None:
            return None
        taken = {"is_free": False, "document_id": document_id, "open_since": self._clock.now()}
        with contextlib.suppress(DUPLICATE_KEY):
            await self._numbers.update_one({"_id": free["_id"], "is_free": True}, {"$set": taken})
        return _AGAIN

    async def _take_next(self, key: str, document_id: str) -> int | None:
        """Try the place after the last one known; where another has it already, read which is the last one now.

        Returns the place that was taken, `_AGAIN` where others were faster; None where the document itself has a
        number, which is not seen yet.
        """
        known = self._last.get(key) or await self._find_last(key)
        place = known + 1
        row = {
            "_id": f"{key}/{place:012d}",
            "series": key,
            "place": place,
            "document_id": document_id,
            "is_free": False,
            **ROW,
            "open_since": self._clock.now(),
        }
        try:
            await self._numbers.insert_one(row)
        except DUPLICATE_KEY:
            last = await self._find_last(key, known)
            if last < place:
                return None
            self._last[key] = max(last, self._last.get(key, 0))
            return _AGAIN
        self._last[key] = max(place, self._last.get(key, 0))
        return place

    async def _find_last(self, key: str, after: int = 0) -> int:
        """Return the highest place there is, of those after this one; a window over `_id`, which both engines walk."""
        match = {"_id": {"$gte": f"{key}/{after:012d}", "$lte": f"{key}/{_HIGHEST}"}}
        rows = await self._numbers.find(match).sort("_id", -1).limit(1).to_list()
        return rows[0]["place"] if rows else 0


def _held(key: str, document_id: str) -> HeldNumber:
    organisation_id, _, series = key.partition("/")
    return HeldNumber(organisation_id=organisation_id, series=Series(series), document_id=document_id)
