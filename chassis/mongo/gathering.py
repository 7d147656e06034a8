"""Upserts of many callers in one command: what comes while one is on its way goes together with the next.

Whoever is alone waits for nobody. Each caller learns how its own upsert ended, as if it had been sent by itself.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextvars import Context
from dataclasses import dataclass
from typing import Any, Protocol, cast
from weakref import WeakKeyDictionary

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError, WriteError

from chassis.mongo.client import DUPLICATE_KEY, Collection, Document

MOST = 64
"""Upserts of one command: as many messages as a worker holds at once."""
_DUPLICATE = 11000


class Many(Protocol):
    """What is needed of a collection beside `Collection`."""

    async def bulk_write(self, requests: list[UpdateOne], *, ordered: bool) -> Any: ...


@dataclass(frozen=True, slots=True)
class _Upsert:
    """One that waits; `stored` will be whether its document was matched or made, or why it failed."""

    match: Mapping[str, Any]
    update: Mapping[str, Any]
    stored: asyncio.Future[bool]


class _Gathering:
    """The upserts of one collection that wait or are on their way."""

    def __init__(self, collection: Collection, ended: Callable[[], object]) -> None:
        self._collection = collection
        self._ended = ended
        self._waiting: list[_Upsert] = []

    def add(self, one: _Upsert) -> None:
        """Send it next."""
        self._waiting.append(one)

    async def send(self) -> None:
        """Return when none waits any more: whoever comes after that has to begin anew."""
        batch: list[_Upsert] = []
        try:
            while batch := self._next_batch():
                for one, outcome in zip(batch, await self._outcomes(batch), strict=True):
                    _tell(one.stored, outcome)
        finally:
            self._ended()
            for one in (*batch, *self._waiting):
                one.stored.cancel()

    async def _outcomes(self, batch: list[_Upsert]) -> list[bool | Exception]:
        try:
            return await (self._one(batch[0]) if len(batch) == 1 else self._many(batch))
        except Exception as error:
            return [error] * len(batch)

    def _next_batch(self) -> list[_Upsert]:
        """Take the next ones that somebody still waits for, of each document one: the others come after it."""
        batch, left, seen = list[_Upsert](), list[_Upsert](), set[Any]()
        for one in self._waiting:
            if one.stored.done():
                continue
            is_next = len(batch) < MOST and one.match["_id"] not in seen
            seen.add(one.match["_id"])
            (batch if is_next else left).append(one)
        self._waiting = left
        return batch

    async def _one(self, one: _Upsert) -> list[bool | Exception]:
        try:
            await self._collection.update_one(one.match, one.update, upsert=True)
        except DUPLICATE_KEY:
            return [False]
        return [True]

    async def _many(self, batch: list[_Upsert]) -> list[bool | Exception]:
        outcomes: list[bool | Exception] = [True] * len(batch)
        requests = [UpdateOne(one.match, one.update, upsert=True) for one in batch]
        try:
            await cast(Many, self._collection).bulk_write(requests, ordered=False)
        except BulkWriteError as error:
            details = cast(Document, error.details or {})
            if details.get("writeConcernErrors"):
                raise
            for one in details.get("writeErrors", []):
                refused = WriteError(one.get("errmsg", ""), one["code"], one)
                outcomes[one["index"]] = False if one["code"] == _DUPLICATE else refused
        return outcomes


def _tell(stored: asyncio.Future[bool], outcome: bool | Exception) -> None:
    if stored.done():
        return
    if isinstance(outcome, Exception):
        stored.set_exception(outcome)
    else:
        stored.set_result(outcome)


_GATHERINGS: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Collection, _Gathering]] = WeakKeyDictionary()
"""Those with something to do, by event loop: who comes first for a collection begins one, which ends with the last."""


_SENDING: set[asyncio.Task[None]] = set()


async def upsert(collection: Collection, match: Mapping[str, Any], update: Mapping[str, Any]) -> bool:
    """Update the one document that matches, which names its `_id`, or make it.

    Returns False when there is a document of this `_id` that does not match. Raises what a command raises.
    """
    loop = asyncio.get_running_loop()
    gatherings, one = _GATHERINGS.setdefault(loop, {}), _Upsert(match, update, loop.create_future())
    if collection not in gatherings:
        gatherings[collection] = gathering = _Gathering(collection, lambda: gatherings.pop(collection))
        # In a context of its own: a deadline or a span of whoever comes first is not that of the others.
        _SENDING.add(sending := loop.create_task(gathering.send(), context=Context()))
        sending.add_done_callback(_SENDING.discard)
    gatherings[collection].add(one)
    return await one.stored
