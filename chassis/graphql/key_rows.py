"""The rows of idempotency keys: what was asked, who works on it until when, and what came of it.

While a process works on a key it holds a lease, and renews it; one that cannot stops working before the lease ends.
"""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from chassis.graphql.fingerprints import as_before, fingerprint
from chassis.kernel import Clock, Conflict, DomainError, Principal, Unavailable
from chassis.mongo.client import DUPLICATE_KEY, Collection, Document
from chassis.mongo.histories import ROW
from chassis.mongo.indexes import Index

COLLECTION = "idempotency"
KEPT = timedelta(days=7)
LEASE = timedelta(seconds=10)
"""How long a key stays in flight after its process died. It is renewed while the process lives."""
MARGIN = timedelta(seconds=1)
"""How long before the end of its lease a process gives up a work whose lease it could not renew."""
EXPIRED = datetime.fromtimestamp(0, UTC)
"""The end of a lease that anybody may take over at once."""

INDEXES = (Index(COLLECTION, (("started_at", 1),), {"expireAfterSeconds": int(KEPT.total_seconds())}),)


class IdempotencyKeyReused(Conflict):
    """The key was used with another input."""

    description = "The idempotency key was already used with different input."

    def __init__(self) -> None:
        super().__init__(
            "This idempotency key was already used with different input. Use a new key for a new request.",
            field=("idempotencyKey",),
        )


class IdempotencyKeyInFlight(Conflict, Unavailable):
    """The first request with this key has not ended."""

    description = "The first request with this idempotency key is still being processed."

    def __init__(self) -> None:
        super().__init__(
            "The first request with this key is still being processed. Try again in a moment.",
            field=("idempotencyKey",),
        )


class ReplayedRefusal(DomainError):
    """A refusal as it was given the first time."""

    def __init__(self, code: str, message: str, field: tuple[str, ...]) -> None:
        super().__init__(message, field=field)
        self.code = code  # pyright: ignore[reportAttributeAccessIssue, reportIncompatibleVariableOverride]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request with a key.

    `given` is the whole input as JSON types, without the key and what was left out; `formerly` the same as the version
    before compared it, which still tells the rows that it began, and recognises those that we begin. `also` is the same
    input as other secrets of ours seal it.
    """

    by: Principal
    operation: str
    key: str
    given: Any
    formerly: Any = None
    also: Sequence[Any] = ()
    holder: str = field(default_factory=lambda: uuid4().hex)

    @property
    def row(self) -> Document:
        """The place of the key and what it stands for."""
        place = _bits(f"{self.by.organisation_id}\n{self.by.id}\n{self.operation}\n{self.key}".encode())
        formerly = self.given if self.formerly is None else self.formerly
        return {"_id": f"{place:032x}", "fingerprint": fingerprint(formerly), "given": fingerprint(self.given)}

    def is_told_by(self, row: Document) -> bool:
        """Tell whether a row stands for the same input; the version before noted no `given`."""
        if "given" in row:
            return row["given"] in {fingerprint(form) for form in (self.given, *self.also)}
        return any(row["fingerprint"] == fingerprint(form) for form in as_before(self.given, self.formerly))

    def named(self) -> Iterator[str]:
        """Yield every id that the request names, and those of whoever asks."""
        yield from (one for one in (self.by.id, self.by.customer_id, self.by.organisation_id) if one)
        yield from _ID.findall(repr(self.given))


class KeyRows:
    """One row per key."""

    def __init__(self, collection: Collection, clock: Clock) -> None:
        self._collection = collection
        self._clock = clock

    async def begin(self, asked: Asked) -> tuple[Document, bool]:
        """Note the start. Returns the key's row, answered or ours to work on, and whether nobody did before.

        Raises:
            IdempotencyKeyReused, IdempotencyKeyInFlight.
        """
        now = self._clock.now()
        lease = {"leased_until": now + LEASE, "holder": asked.holder}
        started = {**asked.row, **ROW, "state": "running", "started_at": now, **lease}
        try:
            await self._collection.insert_one(started)
        except DUPLICATE_KEY:
            known = await self._collection.find_one({"_id": started["_id"]})
            if known is None:
                raise IdempotencyKeyInFlight from None
            if not asked.is_told_by(known):
                raise IdempotencyKeyReused from None
            if known["state"] == "running" and not await self._take_over(known, lease, now):
                raise IdempotencyKeyInFlight from None
            return known, False
        return started, True

    async def _take_over(self, row: Document, lease: Document, now: datetime) -> bool:
        """Take the key of a process that died, or gave up; of many at once, one does."""
        if row["leased_until"] > now:
            return False
        left = {"_id": row["_id"], "state": "running", "leased_until": row["leased_until"]}
        return (await self._collection.update_one(left, {"$set": lease})).matched_count == 1

    async def hold(self, asked: Asked, row_id: str, work: Awaitable[Any]) -> Any:
        """Work while the lease is ours.

        Raises:
            IdempotencyKeyInFlight: when it could not be renewed: another process may take the key any moment.
        """
        seconds = (LEASE - MARGIN).total_seconds()
        deadline = asyncio.timeout(seconds)
        try:
            async with deadline:
                renewing = asyncio.create_task(self._renew(asked, row_id, deadline, seconds))
                try:
                    return await work
                finally:
                    renewing.cancel()
        except TimeoutError:
            if deadline.expired():
                raise IdempotencyKeyInFlight from None
            raise

    async def _renew(self, asked: Asked, row_id: str, deadline: asyncio.Timeout, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds / 3)
            begun = asyncio.get_running_loop().time()
            try:
                held = await self._set(asked, row_id, {"leased_until": self._clock.now() + LEASE})
            except Exception:  # noqa: S112  # whatever keeps us from renewing: the deadline stands
                continue
            deadline.reschedule(begun + seconds if held else begun)

    async def note(self, asked: Asked, row_id: str, state: str, answer: Any) -> Any:
        """Keep an answer, or a refusal as it is told, and give it: or what another process has kept meanwhile."""
        if not await self._set(asked, row_id, {"state": state, "answer": answer}):
            row = await self._collection.find_one({"_id": row_id})
            if row is not None:
                return first_answer(row)
        return first_answer({"state": state, "answer": answer})

    async def free(self, asked: Asked, row_id: str) -> None:
        """Let the next request with this key go on at once, with the same seed."""
        await self._set(asked, row_id, {"leased_until": EXPIRED})

    async def _set(self, asked: Asked, row_id: str, fields: Document) -> bool:
        mine = {"_id": row_id, "state": "running", "holder": asked.holder}
        return (await self._collection.update_one(mine, {"$set": fields})).matched_count == 1


def first_answer(row: Document) -> Any:
    """Return the answer that a row keeps.

    Raises:
        DomainError: the refusal that it keeps, or IdempotencyKeyInFlight where it keeps nothing yet.
    """
    if row["state"] == "running":
        raise IdempotencyKeyInFlight
    if row["state"] == "refused":
        raise _as_refused(row["answer"])
    return row["answer"]


def as_told(refusal: DomainError) -> Document:
    """Return what is kept of a refusal; an earlier version keeps and reads the first of several."""
    first, *rest = [{"code": one.code, "message": one.message, "field": list(one.field)} for one in refusal.all]
    return {**first, "also": rest} if rest else first


def _as_refused(told: Document) -> ReplayedRefusal:
    refusal = ReplayedRefusal(told["code"], told["message"], tuple(told["field"]))
    refusal.also = tuple(map(_as_refused, told.get("also", ())))
    return refusal


def _bits(text: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(text, digest_size=16).digest())


_ID = re.compile(r"\b[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}\b")
