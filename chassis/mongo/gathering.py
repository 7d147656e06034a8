"""What many callers keep of newer events, in few commands: what comes while one is on its way goes with the next.

Whoever is alone waits for nobody. Each caller learns how its own ended, as if it had been sent by itself. Of a batch it
is read first how far each document is: what is new is inserted by one command, what is stale is not sent at all, and
only what moves a known document on is an update of its own, which an embedded server writes to the disk by itself.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass
from typing import Any, Protocol, cast
from weakref import WeakKeyDictionary

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError, WriteError

from chassis.mongo.client import DUPLICATE_KEY, Collection, Document

SEQUENCE = "sequence"
"""The field that says how far a document is."""
MOST = 64
"""Documents of one command: as many messages as a worker holds at once."""
_FEW = 4
"""So many upserts are sent as they are: to read first would cost more than it saves."""
_DUPLICATE = 11000
_Outcomes = list[bool | Exception]


class Many(Protocol):
    """What is needed of a collection beside `Collection`."""

    async def bulk_write(self, requests: list[UpdateOne], *, ordered: bool) -> Any: ...


@dataclass(frozen=True, slots=True)
class _Newer:
    """One that waits; `stored` will be whether it was newer than what is known, or why it failed."""

    document_id: str
    sequence: int
    fields: Document
    stored: asyncio.Future[bool]

    @property
    def match(self) -> Document:
        return {"_id": self.document_id, SEQUENCE: {"$lt": self.sequence}}

    @property
    def update(self) -> Document:
        return {"$set": {**self.fields, SEQUENCE: self.sequence}}

    @property
    def whole(self) -> Document:
        return {"_id": self.document_id, **self.fields, SEQUENCE: self.sequence}

    @property
    def is_plain(self) -> bool:
        """Whether setting the fields and inserting them is the same: a path is not."""
        return not any("." in name or name.startswith("$") for name in self.fields)

    def is_stale_beside(self, known: Mapping[str, Any]) -> bool:
        """Tell whether a document, which only moves on, is as far as this."""
        sequence = known.get(SEQUENCE)
        return isinstance(sequence, int) and sequence >= self.sequence


class _Gathering:
    """What waits for one collection or is on its way there."""

    def __init__(self, collection: Collection, ended: Callable[[], object]) -> None:
        self._collection = collection
        self._ended = ended
        self._waiting: list[_Newer] = []

    def add(self, one: _Newer) -> None:
        """Send it next."""
        self._waiting.append(one)

    async def send(self) -> None:
        """Return when none waits any more: whoever comes after that has to begin anew."""
        batch: list[_Newer] = []
        try:
            while batch := self._next_batch():
                for one, outcome in zip(batch, await self._outcomes(batch), strict=True):
                    _tell(one.stored, outcome)
        finally:
            self._ended()
            for one in (*batch, *self._waiting):
                one.stored.cancel()

    async def _outcomes(self, batch: Sequence[_Newer]) -> _Outcomes:
        try:
            return await (self._one(batch[0]) if len(batch) == 1 else self._many(batch))
        except Exception as error:
            return [error] * len(batch)

    def _next_batch(self) -> list[_Newer]:
        """Take the next ones that somebody still waits for, of each document one: the others come after it."""
        batch, left, seen = list[_Newer](), list[_Newer](), set[Any]()
        for one in self._waiting:
            if one.stored.done():
                continue
            is_next = len(batch) < MOST and one.document_id not in seen
            seen.add(one.document_id)
            (batch if is_next else left).append(one)
        self._waiting = left
        return batch

    async def _one(self, one: _Newer) -> _Outcomes:
        try:
            await self._collection.update_one(one.match, one.update, upsert=True)
        except DUPLICATE_KEY:
            return [False]
        return [True]

    async def _many(self, batch: Sequence[_Newer]) -> _Outcomes:
        if len(batch) <= _FEW:
            return await self._upserted(batch)
        known = await self._known([one.document_id for one in batch])
        ended = dict[str, bool | Exception]()
        for one in batch:
            if one.document_id in known and one.is_stale_beside(known[one.document_id]):
                ended[one.document_id] = False
        new = [one for one in batch if one.document_id not in known and one.is_plain]
        ended |= await self._inserted(new) if new else {}
        # Those that somebody else made meanwhile are among them: whoever is newer stays.
        left = [one for one in batch if one.document_id not in ended]
        outcomes = await self._upserted(left) if left else []
        ended |= {one.document_id: outcome for one, outcome in zip(left, outcomes, strict=True)}
        return [ended[one.document_id] for one in batch]

    async def _known(self, ids: Sequence[str]) -> dict[str, Document]:
        rows = await self._collection.find({"_id": {"$in": list(ids)}}, {SEQUENCE: 1}).to_list(len(ids))
        return {row["_id"]: row for row in rows}

    async def _inserted(self, batch: Sequence[_Newer]) -> dict[str, bool | Exception]:
        """Insert those that nobody else made meanwhile, and return how each of them ended."""
        refused = await _refused(self._collection.insert_many([one.whole for one in batch], ordered=False))
        ended: dict[str, bool | Exception] = {one.document_id: True for one in batch}
        for index, error in refused.items():
            if error.code == _DUPLICATE:
                del ended[batch[index].document_id]
            else:
                ended[batch[index].document_id] = error
        return ended

    async def _upserted(self, batch: Sequence[_Newer]) -> _Outcomes:
        requests = [UpdateOne(one.match, one.update, upsert=True) for one in batch]
        refused = await _refused(cast(Many, self._collection).bulk_write(requests, ordered=False))
        outcomes: _Outcomes = [True] * len(batch)
        for index, error in refused.items():
            outcomes[index] = False if error.code == _DUPLICATE else error
        return outcomes


async def _refused(command: Awaitable[Any]) -> dict[int, WriteError]:
    """Send a command of several writes, and return those that were refused, by their place in it."""
    try:
        await command
    except BulkWriteError as error:
        details = cast(Document, error.details or {})
        if details.get("writeConcernErrors"):
            raise
        return {one["index"]: WriteError(one.get("errmsg", ""), one["code"], one) for one in details["writeErrors"]}
    return {}


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


async def keep_newer(collection: Collection, document_id: str, sequence: int, fields: Document) -> bool:
    """Set the fields and the sequence of a document that is not as far as this, or make it.

    Returns False when it is as far. Raises what a command raises.
    """
    loop = asyncio.get_running_loop()
    gatherings, one = _GATHERINGS.setdefault(loop, {}), _Newer(document_id, sequence, fields, loop.create_future())
    if collection not in gatherings:
        gatherings[collection] = gathering = _Gathering(collection, lambda: gatherings.pop(collection))
        # In a context of its own: a deadline or a span of whoever comes first is not that of the others.
        _SENDING.add(sending := loop.create_task(gathering.send(), context=Context()))
        sending.add_done_callback(_SENDING.discard)
    gatherings[collection].add(one)
    return await one.stored
