"""One batch of leased documents after the other: while one is published, the database works for its neighbours.

The next batch is leased and the last one settled meanwhile. Only one is ever being published, and no two of a run have
a document in common, so the events of a subject stay in their order. Whatever happens, what was confirmed is taken out
of its outbox, and what is leased is given back.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from chassis.mongo.outboxes import Leased, Outboxes

T = TypeVar("T")
Publish = Callable[[Leased, list[str]], Awaitable[None]]
"""Publishes what is leased, and notes the ids of what was confirmed as it goes."""


class Batches:
    """The batches of one run over one collection."""

    def __init__(self, outboxes: Outboxes, batches: Sequence[Sequence[str]]) -> None:
        self._outboxes = outboxes
        self._left = list(batches)
        self._next: asyncio.Task[Leased] | None = None
        self._settling: asyncio.Task[None] | None = None

    async def publish(self, publish: Publish, between: Callable[[], Awaitable[int]]) -> int:
        """Publish them all and return how many events that were; `between` does the same between two of them.

        Raises what publishing, leasing or settling raises.
        """
        published = 0
        try:
            leasing = self._lease_next()
            while leasing is not None:
                leased, leasing = await _ended(leasing), self._lease_next()
                published += await self._one(leased, publish)
                if leasing is not None:
                    published += await between()
        finally:
            await _ended(asyncio.create_task(self._end()))
        return published

    def _lease_next(self) -> asyncio.Task[Leased] | None:
        batch = self._left.pop(0) if self._left else None
        self._next = asyncio.create_task(self._outboxes.lease(batch)) if batch else None
        return self._next

    async def _one(self, leased: Leased, publish: Publish) -> int:
        confirmed: list[str] = []
        try:
            await publish(leased, confirmed)
        finally:
            before, self._settling = self._settling, asyncio.create_task(self._outboxes.settle(leased, confirmed))
            if before is not None:
                await _ended(before)
        return len(confirmed)

    async def _end(self) -> None:
        """Give back the batch that was leased in vain, and settle the last one."""
        try:
            if self._next is not None:
                await self._outboxes.settle(await self._next, ())
        finally:
            if self._settling is not None:
                await self._settling


async def _ended(task: asyncio.Task[T]) -> T:
    """Wait until a task has ended, also when we are cancelled meanwhile: what the database was told is never left."""
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
    return task.result()
