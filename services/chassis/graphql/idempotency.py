"""Idempotency keys: the same key and input give the first answer, however often and from wherever they come.

A key belongs to one principal and operation. The answer that is kept is the JSON-able value that the work returned
(an id, normally), or its refusal; the payload is built from it again. Work must itself be safe to run twice with the
same seed, since a process may die between the work and the note: creations derive their ids from the seed.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from services.chassis.kernel import (
    Clock,
    ConcurrentUpdate,
    Conflict,
    DomainError,
    InvalidInput,
    Principal,
    Unavailable,
    derived_bits,
    same_time_bits,
)
from services.chassis.mongo.client import DUPLICATE_KEY, Collection, Document
from services.chassis.mongo.histories import ROW
from services.chassis.mongo.indexes import Index

COLLECTION = "idempotency"
KEPT = timedelta(days=7)
LEASE = timedelta(seconds=30)
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


class IdempotencyKeyInFlight(Conflict):
    """The first request with this key has not ended."""

    description = "The first request with this idempotency key is still being processed."

    def __init__(self) -> None:
        super().__init__(
            "The first request with this key is still being processed. Try again in a moment.",
            field=("idempotencyKey",),
        )


class InvalidIdempotencyKey(InvalidInput):
    """The key is empty, too long, or has other than visible ASCII characters."""

    description = "The idempotency key does not have 8 to 255 printable ASCII characters."

    def __init__(self) -> None:
        super().__init__("Use 8 to 255 printable ASCII characters, for example a UUID.", field=("idempotencyKey",))


class ReplayedRefusal(DomainError):
    """A refusal as it was given the first time."""

    def __init__(self, code: str, message: str, field: tuple[str, ...]) -> None:
        super().__init__(message, field=field)
        self.code = code  # pyright: ignore[reportAttributeAccessIssue, reportIncompatibleVariableOverride]


@dataclass(frozen=True, slots=True)
class Seed:
    """128 bits that belong to one idempotency key: the source of the ids that its work creates.

    They carry the time of the first request, so that the ids sort by time like all others.
    """

    bits: int

    def derive(self, purpose: str) -> int:
        """Return 128 other bits, of the same time, for another id of the same work."""
        return same_time_bits(self.bits, purpose)


def _bits(text: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(text, digest_size=16).digest())


class Idempotency:
    """The keys of one service."""

    def __init__(self, collection: Collection, clock: Clock) -> None:
        self._collection = collection
        self._clock = clock

    async def once(
        self, by: Principal, operation: str, key: str, given: Any, work: Callable[[Seed], Awaitable[Any]]
    ) -> Any:
        """Return the first answer to this key, doing the work when there is none.

        `given` is the whole input as JSON types, without the key.

        Raises:
            InvalidIdempotencyKey: for a key that is none.
            IdempotencyKeyReused: when the key stands for another input.
            IdempotencyKeyInFlight: while the first request runs.
            DomainError: the work's refusal, the same one each time, unless it is `Unavailable`: then the next request
                with this key does the work.
        """
        if not (8 <= len(key) <= 255 and key.isascii() and key.isprintable() and " " not in key):
            raise InvalidIdempotencyKey
        place = _bits(f"{by.organisation_id}\n{by.id}\n{operation}\n{key}".encode())
        fingerprint = hashlib.sha256(orjson.dumps(given, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()
        row, is_ours = await self._begin({"_id": f"{place:032x}", "fingerprint": fingerprint})
        if not is_ours:
            return _first_answer(row, fingerprint)
        seed = Seed(derived_bits(row["_id"], row["started_at"]))
        return await self._work(row["_id"], seed, work)

    async def _begin(self, row: Document) -> tuple[Document, bool]:
        """Note the start. Returns the key's row, and whether the work is ours: new, or abandoned by a dead process."""
        now = self._clock.now()
        started = {**row, **ROW, "state": "running", "started_at": now, "leased_until": now + LEASE}
        try:
            await self._collection.insert_one(started)
        except DUPLICATE_KEY:
            taken = await self._collection.update_one(
                {**row, "state": "running", "leased_until": {"$lt": now}}, {"$set": {"leased_until": now + LEASE}}
            )
            known = await self._collection.find_one({"_id": row["_id"]})
            if known is None:
                raise IdempotencyKeyInFlight from None
            return known, bool(taken.matched_count)
        return started, True

    async def _work(self, row_id: str, seed: Seed, work: Callable[[Seed], Awaitable[Any]]) -> Any:
        try:
            answer = await work(seed)
        except ConcurrentUpdate:
            await self._collection.delete_one({"_id": row_id})
            raise
        except Unavailable:
            await self._collection.update_one({"_id": row_id}, {"$set": {"leased_until": EXPIRED}})
            raise
        except DomainError as refusal:
            told = {"code": refusal.code, "message": refusal.message, "field": list(refusal.field)}
            await self._collection.update_one({"_id": row_id}, {"$set": {"state": "refused", "answer": told}})
            raise
        except BaseException:
            await self._collection.update_one({"_id": row_id}, {"$set": {"leased_until": self._clock.now()}})
            raise
        await self._collection.update_one({"_id": row_id}, {"$set": {"state": "done", "answer": answer}})
        return answer


def _first_answer(row: Document, fingerprint: str) -> Any:
    if row["fingerprint"] != fingerprint:
        raise IdempotencyKeyReused
    if row["state"] == "running":
        raise IdempotencyKeyInFlight
    if row["state"] == "refused":
        told = row["answer"]
        raise ReplayedRefusal(told["code"], told["message"], tuple(told["field"]))
    return row["answer"]
