"""Brings stored documents forward: those that no decision has touched since the form or the lists' rules changed.

In the worker: one collection after another, in batches with a pause after each, so that users notice little; resumed
where a process ended; by one process at a time, which holds a lease. A pass begins when this version's numbers are not
those of the last one; again an hour later, when processes of the version before are gone; then daily, to find what
such processes wrote after a rollback. Nothing is written but by `_id` and the version that was read: a save that gets
in between wins. What cannot be read is told and left alone.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import uuid4

import structlog

from chassis.down import blame, is_down
from chassis.kernel import Clock
from chassis.mongo.applied import STATE_ONLY
from chassis.mongo.client import DUPLICATE_KEY, Collection, Database, Document
from chassis.mongo.histories import ROW, STAMPS, VERSION, History
from chassis.telemetry import BACKFILL_LEFT, BACKFILL_MENDED, BACKFILL_SEEN, BACKFILL_UNREADABLE

_LOG = structlog.stdlib.get_logger("backfill")

COLLECTION = "migrations"
BATCH = 100
PAUSE = 0.1
"""Seconds after each batch: how much of the time is left to others."""
LEASE = timedelta(minutes=2)
SETTLED = timedelta(hours=1)
DAILY = timedelta(days=1)
NEXT_LOOK = 300.0
"""Seconds until a worker looks again whether a pass is due."""


class Mendable(Protocol):
    """Stored documents of one kind: an aggregate's repository, or a projection."""

    collection: Collection
    history: History

    def mending(self, stored: Document) -> Document:
        """Return the fields to be set so that a document has this version's form; none where it has."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the pass over one collection is. `total` is what was there when it began."""

    collection: str
    seen: int = 0
    total: int = 0
    mended: int = 0
    unreadable: int = 0


Told = Callable[[Progress], None]


class Backfill:
    """The backfill of one service."""

    def __init__(self, service: str, database: Database, stores: Sequence[Mendable], clock: Clock) -> None:
        self._service = service
        self._stores = stores
        self._marks = database[COLLECTION]
        self._clock = clock
        self._me = uuid4().hex

    async def run(self) -> None:
        """Make passes whenever one is due, until cancelled."""
        while True:
            for store in self._stores:
                try:
                    await self._take_turn(store)
                except Exception as error:
                    _LOG.warning("backfill_waits", service=self._service, reason=blame(error))
            await asyncio.sleep(NEXT_LOOK)

    async def take_turns(self) -> None:
        """Make each pass that is due and that no other process makes."""
        for store in self._stores:
            await self._take_turn(store)

    async def waiting(self) -> list[Progress]:
        """Return for each collection what a pass would do; nothing is written."""
        return [await _last(self.passing(store, dry=True, pause=0)) for store in self._stores]

    async def passes(self, tell: Told, *, pause: float = 0) -> list[Progress]:
        """Look at every document of every collection now, and tell after each batch."""
        done: list[Progress] = []
        for store in self._stores:
            progress = Progress(store.collection.name)
            async for progress in self.passing(store, pause=pause):
                tell(progress)
            await self._note(store, {"completed_at": self._clock.now(), "numbers": _numbers(store), "after": None})
            done.append(progress)
        return done

    async def passing(
        self,
        store: Mendable,
        *,
        after: str | None = None,
        pause: float = PAUSE,
        dry: bool = False,
        by_number: bool = False,
    ) -> AsyncGenerator[Progress]:
        """Bring the documents behind `after` forward, in the order of their ids; yield the progress of each batch.

        All is compared with what is stored; `by_number` reads only those documents whose numbers are old.
        """
        total = await store.collection.estimated_document_count()
        match: Document = {} if after is None else {"_id": {"$gt": after}}
        # One cursor for the whole pass, over numbers only: an engine that scans for every range of ids does so once,
        # and holds up nobody with whole documents. Those are asked for by their ids, a batch at a time.
        numbers = dict.fromkeys((*STAMPS, VERSION), 1)
        rows = store.collection.find(match, numbers).sort("_id", 1).batch_size(BATCH * 10)
        progress, batch = Progress(store.collection.name, total=total), list[Document]()
        async for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                last = batch[-1]["_id"]
                progress = await self._mend(store, batch, progress, dry=dry, by_number=by_number)
                yield progress
                if not dry:
                    await self._note(store, {"after": last, "leased_until": self._clock.now() + LEASE})
                batch = []
                await asyncio.sleep(pause)
        yield await self._mend(store, batch, progress, dry=dry, by_number=by_number)

    async def _mend(
        self, store: Mendable, rows: Sequence[Document], so_far: Progress, *, dry: bool, by_number: bool
    ) -> Progress:
        mended = unreadable = 0
        for row in await self._whole(store, rows, by_number=by_number):
            try:
                fields = store.mending(row)
                if fields and not dry:
                    fence = {name: row.get(name) for name in ("_id", VERSION, "sequence") if name in row}
                    await store.collection.update_one(fence, {"$set": fields})
                mended += bool(fields)
            except Exception as error:
                if is_down(error):
                    raise
                unreadable += 1
                _LOG.warning(
                    "backfill_unreadable", collection=so_far.collection, id=str(row["_id"]), reason=blame(error)
                )
        names = (self._service, so_far.collection)
        progress = Progress(
            so_far.collection,
            so_far.seen + len(rows),
            max(so_far.total, so_far.seen + len(rows)),
            so_far.mended + mended,
            so_far.unreadable + unreadable,
        )
        BACKFILL_SEEN.labels(*names).set(progress.seen)
        BACKFILL_LEFT.labels(*names).set(progress.total - progress.seen)
        if not dry:
            BACKFILL_MENDED.labels(*names).inc(mended)
        BACKFILL_UNREADABLE.labels(*names).inc(unreadable)
        return progress

    async def _whole(self, store: Mendable, rows: Sequence[Document], *, by_number: bool) -> Sequence[Document]:
        """Return the whole documents; `by_number` only of those whose numbers are old."""
        ids = [row["_id"] for row in rows if not (by_number and store.history.is_current(row))]
        return await store.collection.find({"_id": {"$in": ids}}, STATE_ONLY).to_list() if ids else []

    async def _take_turn(self, store: Mendable) -> None:
        mark = await self._marks.find_one({"_id": store.collection.name}) or {}
        now = self._clock.now()
        is_taken = mark.get("leased_until", now) > now and mark.get("by") != self._me
        if not self._is_due(store, mark) or is_taken or not await self._lease(store, mark):
            return
        is_new = mark.get("numbers") != _numbers(store)
        goes_on = mark.get("passing") == _numbers(store)
        await self._note(store, {"passing": _numbers(store)})
        progress, after = Progress(store.collection.name), mark.get("after") if goes_on else None
        async for progress in self.passing(store, after=after, by_number=not is_new):
            if progress.seen % (BATCH * 50) == 0 and progress.seen:
                self._say("backfill_goes_on", progress)
        done = {"numbers": _numbers(store), "completed_at": self._clock.now(), "settled": not is_new}
        await self._note(store, done | {"after": None, "passing": None, "leased_until": self._clock.now()})
        self._say("backfill_done", progress)

    def _is_due(self, store: Mendable, mark: Document) -> bool:
        if mark.get("numbers") != _numbers(store) or mark.get("passing"):
            return True
        return self._clock.now() - mark["completed_at"] >= (DAILY if mark.get("settled") else SETTLED)

    async def _lease(self, store: Mendable, mark: Document) -> bool:
        """Keep other processes from making the same pass; False when one was faster."""
        lease = {"leased_until": self._clock.now() + LEASE, "by": self._me}
        try:
            if not mark:
                await self._marks.insert_one({"_id": store.collection.name, **ROW, **lease})
                return True
            seen = {"_id": mark["_id"], "leased_until": mark.get("leased_until")}
            return bool((await self._marks.update_one(seen, {"$set": lease})).matched_count)
        except DUPLICATE_KEY:
            return False

    async def _note(self, store: Mendable, fields: Document) -> None:
        await self._marks.update_one({"_id": store.collection.name}, {"$set": {**fields, **ROW}}, upsert=True)

    def _say(self, event: str, progress: Progress) -> None:
        _LOG.info(
            event,
            service=self._service,
            collection=progress.collection,
            seen=progress.seen,
            total=progress.total,
            mended=progress.mended,
            unreadable=progress.unreadable,
        )


def _numbers(store: Mendable) -> list[int]:
    return [store.history.schema, store.history.listing]


async def _last(passing: AsyncGenerator[Progress]) -> Progress:
    return [progress async for progress in passing][-1]
