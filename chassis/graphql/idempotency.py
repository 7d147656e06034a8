"""Idempotency keys: the same key and input give the first answer, however often and from wherever they come.

A key belongs to one principal and operation. The answer that is kept is the JSON-able value that the work returned
(an id, normally), or its refusal; the payload is built from it again.

A process may die between the work and the note. Then the work is run again with the same seed, from which creations
derive their ids, and what it has decided already it leaves alone, since every document remembers the keys whose
decision it carries (`chassis/mongo/applied.py`). Where the run is refused although the documents say that
the decision was made, the refusal is about what happened since, and the answer is made from what the documents say.

Who works on a key and what was kept of it is in `key_rows.py`; what of an input counts, in `fingerprints.py`.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from chassis.graphql.key_rows import (
    COLLECTION,
    INDEXES,
    LEASE,
    Asked,
    IdempotencyKeyInFlight,
    IdempotencyKeyReused,
    KeyRows,
    ReplayedRefusal,
    as_told,
    first_answer,
)
from chassis.kernel import (
    Clock,
    DomainError,
    InvalidInput,
    Principal,
    Unavailable,
    derived_bits,
    id_from_bits,
    is_id,
    new_bits,
    same_time_bits,
)
from chassis.mongo import applied
from chassis.mongo.client import Collection, Document

__all__ = [
    "COLLECTION",
    "INDEXES",
    "LEASE",
    "Idempotency",
    "IdempotencyKeyInFlight",
    "IdempotencyKeyReused",
    "InvalidIdempotencyKey",
    "Recall",
    "ReplayedRefusal",
    "Seed",
    "of_kind",
]

Recall = Callable[["Seed", Sequence[str]], Any]
"""From the ids of the documents that carry a key's decision to the answer; None where they do not tell it."""


class InvalidIdempotencyKey(InvalidInput):
    """The key is empty, too long, or has other than visible ASCII characters."""

    description = "The idempotency key does not have 8 to 255 printable ASCII characters."

    def __init__(self) -> None:
        super().__init__("Use 8 to 255 printable ASCII characters, for example a UUID.", field=("idempotencyKey",))


@dataclass(frozen=True, slots=True)
class Seed:
    """128 bits that belong to one idempotency key: the source of the ids that its work creates.

    They carry the time of the first request, so that the ids sort by time like all others.
    """

    bits: int

    @classmethod
    def fresh(cls) -> Self:
        """Return the seed of a request without a key, which is like no other."""
        return cls(new_bits())

    @property
    def at(self) -> datetime:
        """When the first request came, in whole milliseconds: the `now` of work that must not move with its retries."""
        return datetime.fromtimestamp((self.bits >> 80) / 1000, UTC)

    @property
    def name(self) -> str:
        """What documents remember of the key. A key that is used again after its row is gone has another."""
        return f"{self.bits:032x}"

    def derive(self, purpose: str) -> int:
        """Return 128 other bits, of the same time, for another id of the same work."""
        return same_time_bits(self.bits, purpose)


Work = Callable[[Seed], Awaitable[Any]]


def of_kind(prefix: str) -> Recall:
    """Return how an answer is recalled that is the id of the one document of this kind that was decided upon."""

    def recall(_: Seed, ids: Sequence[str]) -> str | None:
        return next((one for one in ids if is_id(one, prefix)), None)

    return recall


class Idempotency:
    """The keys of one service.

    `decided` is where its documents are, by the prefix of their ids: they tell whether a key's decision was made.
    """

    def __init__(self, collection: Collection, clock: Clock, decided: Mapping[str, Collection] | None = None) -> None:
        self._rows = KeyRows(collection, clock)
        self._decided = decided or {}

    async def once(
        self,
        by: Principal,
        operation: str,
        key: str,
        given: Any,
        work: Work,
        *,
        formerly: Any = None,
        recall: Recall | None = None,
        also: Sequence[Any] = (),
    ) -> Any:
        """Return the first answer to this key, doing the work when there is none. See `Asked` for the arguments.

        Raises:
            InvalidIdempotencyKey: for a key that is none.
            IdempotencyKeyReused: when the key stands for another input.
            IdempotencyKeyInFlight: while another process works on it.
            DomainError: the work's refusal, the same one each time, unless it is `Unavailable`: then the next request
                with this key does the work.
        """
        if not (8 <= len(key) <= 255 and key.isascii() and key.isprintable() and " " not in key):
            raise InvalidIdempotencyKey
        asked = Asked(by=by, operation=operation, key=key, given=given, formerly=formerly, also=also)
        row, is_new = await self._rows.begin(asked)
        if row["state"] != "running":
            return first_answer(row)
        return await self._work(asked, row, work, recall, is_new)

    async def _work(self, asked: Asked, row: Document, work: Work, recall: Recall | None, is_new: bool) -> Any:
        """Do the work and note what came of it; what nobody can decide now is freed, and never noted.

        After the decision was made a refusal is none: that of a run that goes on with another's, or the one of a step
        that others keep from being made now.
        """
        row_id, seed = row["_id"], Seed(derived_bits(row["_id"], row["started_at"]))
        with applied.working_on(seed.name) as request:
            try:
                answer = await self._rows.hold(asked, row_id, work(seed))
            except Unavailable:
                await self._rows.free(asked, row_id)
                recalled = await self._recalled(asked, seed, recall) if request.written or not is_new else None
                if recalled is None:
                    raise
                return recalled
            except DomainError as refusal:
                recalled = None if is_new else await self._recalled(asked, seed, recall)
                if recalled is not None:
                    return await self._rows.note(asked, row_id, "done", recalled)
                return await self._rows.note(asked, row_id, "refused", as_told(refusal))
            except BaseException:
                await self._rows.free(asked, row_id)
                raise
        return await self._rows.note(asked, row_id, "done", answer)

    async def _recalled(self, asked: Asked, seed: Seed, recall: Recall | None) -> Any:
        """Return the answer as the documents tell it, among those that the request names or makes."""
        if recall is None:
            return None
        named, found = set(asked.named()), list[str]()
        for prefix, collection in self._decided.items():
            ids = [one for one in named if is_id(one, prefix)]
            ids.append(id_from_bits(prefix, seed.bits))
            match = {"_id": {"$in": ids}, f"{applied.FIELD}.key": seed.name}
            found += [row["_id"] async for row in collection.find(match, {"_id": 1})]
        return recall(seed, found)
