"""Idempotency keys as the version of November 2026 kept them: frozen, for tests of two versions on one database."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from chassis.graphql.idempotency import (
    IdempotencyKeyInFlight,
    IdempotencyKeyReused,
    InvalidIdempotencyKey,
    ReplayedRefusal,
    Seed,
)
from chassis.kernel import Clock, ConcurrentUpdate, DomainError, Principal, Unavailable, derived_bits
from chassis.mongo.client import DUPLICATE_KEY, Collection, Document

LEASE = timedelta(seconds=30)
EXPIRED = datetime.fromtimestamp(0, UTC)


def _bits(text: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(text, digest_size=16).digest())


class FormerIdempotency:
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
        started = {**row, "state": "running", "started_at": now, "leased_until": now + LEASE}
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
