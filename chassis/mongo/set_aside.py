"""Items that loops have set aside, in the service's own database: a row per loop and item, while it fails.

A row holds the reason (kind and place, never data), the attempts, and when the item is tried again. It goes when the
item succeeds, or an hour after the end of its pause when nobody met the item again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from chassis.guard import FORGOTTEN_AFTER, pause_after
from chassis.kernel import Clock
from chassis.mongo.client import Collection, Database, Document
from chassis.mongo.histories import ROW
from chassis.mongo.indexes import EVER, Index
from chassis.telemetry import SET_ASIDE

COLLECTION = "set_aside"
INDEXES = (Index(COLLECTION, (("loop", 1), ("again_at", 1))),)

FRESH = timedelta(seconds=1)
MOST_ROWS = 10_000
"""Rows of one loop that are looked at: the gauge and the passing over of what rests are exact up to here."""


class MongoAside:
    """Implements `Aside` for one service. What it knows of a loop is at most `FRESH` old."""

    def __init__(self, database: Database, service: str, clock: Clock) -> None:
        self._rows: Collection = database[COLLECTION]
        self._service = service
        self._clock = clock
        self._known: dict[str, tuple[datetime, dict[str, datetime]]] = {}

    async def pauses(self, loop: str) -> Mapping[str, datetime]:
        now = self._clock.now()
        if (last := self._known.get(loop)) is not None and last[0] <= now < last[0] + FRESH:
            return last[1]
        known = await self._read(loop, now)
        self._known[loop] = now, known
        return known

    async def put(self, loop: str, item: str, reason: str) -> None:
        now, row_id = self._clock.now(), f"{loop}:{item}"
        known = await self._rows.find_one({"_id": row_id}, {"attempts": 1})
        again_at = now + pause_after((known or {"attempts": 0})["attempts"] + 1)
        changes: Document = {
            "$set": {**ROW, "loop": loop, "item": item, "reason": reason[:500], "last_seen": now, "again_at": again_at},
            "$setOnInsert": {"first_seen": now},
            "$inc": {"attempts": 1},
        }
        await self._rows.update_one({"_id": row_id}, changes, upsert=True)
        self._note(loop, item, again_at)

    async def forget(self, loop: str, item: str) -> None:
        await self._rows.delete_one({"_id": f"{loop}:{item}"})
        self._note(loop, item, None)

    async def _read(self, loop: str, now: datetime) -> dict[str, datetime]:
        found = self._rows.find({"loop": loop, "again_at": EVER}, {"item": 1, "again_at": 1})
        rows = await found.sort("again_at", 1).limit(MOST_ROWS).to_list()
        for row in rows:
            if row["again_at"] + FORGOTTEN_AFTER < now:
                await self._rows.delete_one({"_id": row["_id"], "again_at": row["again_at"]})
        known = {row["item"]: row["again_at"] for row in rows if row["again_at"] + FORGOTTEN_AFTER >= now}
        SET_ASIDE.labels(self._service, loop).set(len(known))
        return known

    def _note(self, loop: str, item: str, again_at: datetime | None) -> None:
        _, known = self._known.setdefault(loop, (self._clock.now(), {}))
        known.pop(item, None)
        if again_at is not None:
            known[item] = again_at
        SET_ASIDE.labels(self._service, loop).set(len(known))


async def listed(database: Database, limit: int = MOST_ROWS) -> list[dict[str, Any]]:
    """Return what is set aside in a service's database, the longest first."""
    return await database[COLLECTION].find({}).sort([("first_seen", 1), ("_id", 1)]).limit(limit).to_list()


async def retry(database: Database, now: datetime, row_id: str | None = None) -> int:
    """End the pause of one row, or of all, so that the next round tries them; return how many there were."""
    match = {} if row_id is None else {"_id": row_id}
    return (await database[COLLECTION].update_many(match, {"$set": {"again_at": now}})).matched_count
