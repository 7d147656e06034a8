"""The outboxes of one collection, as the relay works on them: look which wait, lease some, settle them.

Every query is bounded by what waits or by the ids that it names, never by what is stored: `outbox.id` between two texts
(an empty outbox has no entry in that index), and `_id`. A lease is `relay_lease`, the instant at which it ends, and
`relay_by`, whose it is. Versions before know the first of the two, and respect it as we respect theirs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import uuid4

from chassis.kernel import Clock
from chassis.mongo.client import Collection, Document, aggregated

T = TypeVar("T")

LEASE = timedelta(seconds=15)
WORK = timedelta(seconds=5)
"""How long a relay begins to publish under a lease: what it began then ends before the lease does."""
WAITING: Document = {"outbox.id": {"$gte": "", "$lt": "~"}}
"""Both ends are named: an engine that knows no order of types would walk through everything for one."""
FREE: Document = {"$unset": {"relay_lease": "", "relay_by": ""}}
_SEEN: Document = {"organisation_id": 1, "outbox.time": 1}
_AT_ONCE = 1000
_NAMED_AT_ONCE = 20
"""Ids that one command names: an engine that compares each document with each of them takes 40 % longer for 100."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in a collection: rows to work on, how many wait beside them, and whether these are all."""

    rows: Sequence[Document]
    passed_over: Sequence[Document]
    is_all: bool

    @property
    def count(self) -> int:
        """How many documents were seen."""
        return len(self.rows) + len(self.passed_over)

    @property
    def since(self) -> datetime | None:
        """Of when the oldest event is that was seen."""
        known = filter(None, (waiting_since(row) for row in (*self.rows, *self.passed_over)))
        return min(known, default=None)


@dataclass(frozen=True, slots=True)
class Leased:
    """Documents whose outboxes are ours until a moment, as they are, in the order that was asked for.

    `is_held` says that others have some of those that were asked for.
    """

    by: str
    until: datetime
    at: datetime
    documents: Sequence[Document]
    is_held: bool


class Outboxes:
    """The outboxes of one collection."""

    def __init__(self, collection: Collection, clock: Clock) -> None:
        self._collection = collection
        self._clock = clock
        self.name = collection.name

    async def look(self, most: int, is_passed_over: Callable[[str], bool]) -> Waiting:
        """Return at most `most` documents that wait, apart from those to be passed over, however many these are."""
        rows, passed_over = list[Document](), list[Document]()
        cursor = self._collection.find(WAITING, _SEEN).batch_size(_AT_ONCE)
        try:
            async for row in cursor:
                (passed_over if is_passed_over(row["_id"]) else rows).append(row)
                if len(rows) == most:
                    return Waiting(rows, passed_over, is_all=False)
        finally:
            await cursor.close()
        return Waiting(rows, passed_over, is_all=True)

    async def measured(self) -> tuple[int, datetime | None]:
        """Return how many documents wait, and of when the oldest event is; the server counts them all."""
        pipeline: list[Document] = [
            {"$match": WAITING},
            {"$project": {"first": {"$arrayElemAt": ["$outbox", 0]}}},
            {"$group": {"_id": None, "count": {"$sum": 1}, "since": {"$min": "$first.time"}}},
        ]
        async for row in aggregated(self._collection, pipeline):
            return row["count"], _instant(row["since"])
        return 0, None

    async def lease(self, subjects: Sequence[str]) -> Leased:
        """Take those that nobody has, and those whose lease ran out; return them as they are under the lease."""
        now = self._clock.now()
        leased = Leased(uuid4().hex, _stored(now + LEASE), now, [], is_held=False)
        rows = dict[str, Document]()
        for group in groups(subjects):
            rows |= await self._lease_group(group, leased)
        there = [rows[subject] for subject in subjects if subject in rows]
        taken = [row for row in there if (row.get("relay_by"), row.get("relay_lease")) == (leased.by, leased.until)]
        is_held = any(row.get("outbox") for row in there if row not in taken)
        return replace(leased, documents=taken, is_held=is_held)

    async def settle(self, leased: Leased, confirmed: Sequence[str]) -> None:
        """Take out the events with these ids, and give the documents back, unless others have them by now."""
        for group in groups(leased.documents):
            await self._settle_group(group, leased, confirmed)

    async def _lease_group(self, subjects: Sequence[str], leased: Leased) -> dict[str, Document]:
        mine = {"$set": {"relay_lease": leased.until, "relay_by": leased.by}}
        await self._collection.update_many({**among(subjects), "relay_lease": None}, mine)
        rows = await self._read(subjects)
        for row in [row for row in rows.values() if _ran_out(row, leased.at)]:
            seen = {"_id": row["_id"], "relay_lease": row["relay_lease"]}
            if (await self._collection.update_one(seen, mine)).matched_count:
                rows |= await self._read([row["_id"]])
        return rows

    async def _settle_group(self, documents: Sequence[Document], leased: Leased, confirmed: Sequence[str]) -> None:
        ids, gone = among([row["_id"] for row in documents]), taking_out(documents, confirmed)
        mine = {**ids, "relay_by": leased.by, "relay_lease": leased.until}
        settled = await self._collection.update_many(mine, {**gone, **FREE})
        if gone and settled.matched_count < len(documents):
            await self._collection.update_many(ids, gone)

    async def _read(self, subjects: Sequence[str]) -> dict[str, Document]:
        rows = await self._collection.find(among(subjects), {"outbox": 1, "relay_lease": 1, "relay_by": 1}).to_list()
        return {row["_id"]: row for row in rows}


def waiting_since(row: Document) -> datetime | None:
    """Return the time of a document's first event; None where it says none that can be read."""
    try:
        return _instant(row["outbox"][0]["time"])
    except (LookupError, TypeError):
        return None


def _ids_in(row: Document) -> list[Any]:
    """Return the ids of a document's events, of those that have one: what is stored there may be anything."""
    entries: Any = row.get("outbox")
    listed = cast(list[Any], entries) if isinstance(entries, list) else []
    return [entry["id"] for entry in listed if isinstance(entry, dict) and "id" in entry]


def _instant(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def groups(items: Sequence[T]) -> list[Sequence[T]]:
    """Return them in parts, each as long as what one command should name."""
    return [items[start : start + _NAMED_AT_ONCE] for start in range(0, len(items), _NAMED_AT_ONCE)]


def taking_out(documents: Sequence[Document], confirmed: Sequence[str]) -> Document:
    """Return the update that takes those of the documents' events out that are among these; none where none is."""
    told = [one for row in documents for one in _ids_in(row) if one in confirmed]
    return {"$pull": {"outbox": {"id": {"$in": told}}}} if told else {}


def among(subjects: Sequence[str]) -> Document:
    """Return the filter for these ids."""
    return {"_id": {"$in": list(subjects)}}


def _ran_out(row: Document, now: datetime) -> bool:
    until = row.get("relay_lease")
    return isinstance(until, datetime) and until < now


def _stored(moment: datetime) -> datetime:
    """Return the moment as the database keeps it, to the millisecond."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
