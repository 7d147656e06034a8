"""What a service does for its own storage when a version of it starts: indexes, and the backfill.

A process that finds an index which cannot be made starts all the same. The web process is not ready while one is
missing that correctness needs (a unique one), and says which; the worker works on, changes what may be changed beside
running processes (a TTL, an index that is not unique), and tries the rest again. `portal migrate` does all of it now.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from chassis.kernel import Clock
from chassis.mongo.backfill import Backfill, Mendable, Progress
from chassis.mongo.client import Database
from chassis.mongo.indexes import Index, Need, Task, Trouble, carry_out, ensure_indexes, index_tasks
from chassis.telemetry import INDEXES_PENDING

_LOG = structlog.stdlib.get_logger("upkeep")

PENDING = "indexes"
TRY_AGAIN = 15.0
"""Seconds until a process looks again at indexes that could not be made."""

Advise = Callable[[str, dict[str, str] | None], None]
"""Told what a process waits for: a name, and the sentences about each thing that is missing; None when none is."""


@dataclass(frozen=True, slots=True)
class Storage:
    """One service's database, and what this version wants it to be like."""

    service: str
    database: Database
    indexes: Sequence[Index]
    stores: Sequence[Mendable]
    forget_sums: Callable[[], Awaitable[None]] | None = None
    """Forgets sums that are kept beside documents; bringing these forward makes them anew."""


class Upkeep:
    """The upkeep of one service in one process."""

    def __init__(self, storage: Storage, clock: Clock, advise: Advise = lambda _name, _advice: None) -> None:
        self._storage = storage
        self._advise = advise
        self._is_watched = False
        self.backfill = Backfill(storage.service, storage.database, storage.stores, clock)

    async def prepare(self) -> None:
        """Make the indexes that are missing, as far as that goes; what does not is told and stops nothing."""
        await self._make()

    async def watch(self) -> None:
        """Make the indexes that are missing; stay unready until those are there that correctness needs."""
        self._is_watched = True
        while not await self._make():  # noqa: ASYNC110 — nobody here knows when somebody else removes what is in the way
            await asyncio.sleep(TRY_AGAIN)

    async def work(self) -> None:
        """In the worker: change the indexes that may be changed while others work, then bring documents forward."""
        for task in await self.tasks():
            if task.need is not Need.MAKE and not task.index.is_unique:
                self._tell(await self.do(task), task)
        await self.backfill.run()

    async def tasks(self) -> list[Task]:
        """Return what is to be done about indexes; nothing is changed."""
        return await index_tasks(self._storage.database, self._storage.indexes)

    async def do(self, task: Task) -> list[Trouble]:
        """Do what is to be done about one index."""
        return await carry_out(self._storage.database, task)

    async def forget_sums(self) -> None:
        """Forget what was added up, to make it anew: bring all documents forward after that."""
        if self._storage.forget_sums:
            await self._storage.forget_sums()

    async def bring_forward(self, tell: Callable[[Progress], None]) -> list[Progress]:
        """Bring every document forward now."""
        return await self.backfill.passes(tell)

    async def _make(self) -> bool:
        """Make what is missing; tell whether nothing is missing that correctness needs."""
        troubles = await ensure_indexes(self._storage.database, self._storage.indexes)
        self._tell(troubles)
        needed = {f"index {one.index.place}": one.advice for one in troubles if one.index.is_unique}
        self._advise(PENDING, needed if self._is_watched else None)
        return not needed

    def _tell(self, troubles: Sequence[Trouble], task: Task | None = None) -> None:
        if task is None:
            INDEXES_PENDING.labels(self._storage.service).set(len(troubles))
        elif not troubles:
            _LOG.info("index_changed", service=self._storage.service, index=task.index.place, done=task.need.value)
        for one in troubles:
            _LOG.error("index_missing", service=self._storage.service, index=one.index.place, advice=one.advice)
