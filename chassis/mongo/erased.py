"""Who was erased, as a service remembers it: an id, marks of addresses and two moments, for as long as the service is.

It is noted before anything is removed. So whatever is stored at the same moment is either removed, or finds the note
when it looks after having stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.erasing import Erasure
from chassis.kernel import Late
from chassis.mailing.return_path import mark_of
from chassis.mongo.client import Collection, Database, Document
from chassis.mongo.histories import ROW
from chassis.mongo.indexes import Index

COLLECTION = "erased"
INDEXES = (Index(COLLECTION, (("organisation_id", 1), ("marks", 1)), {"name": "by_mark"}),)
_NOTHING_WAITS: Document = {"outbox.0": {"$exists": False}}


@dataclass(frozen=True, slots=True)
class MongoErased:
    """The notes of one service."""

    database: Database

    async def begin(self, erasure: Erasure) -> None:
        """Note whom to forget; noting it again changes nothing, but for marks that were not known."""
        whose: Document = {"organisation_id": erasure.organisation_id, "customer_id": erasure.customer_id}
        update: Document = {
            "$setOnInsert": {**ROW, **whose, "erased_at": erasure.at},
            "$addToSet": {"marks": {"$each": list(erasure.marks)}},
        }
        await self._rows.update_one({"_id": erasure.contact_id}, update, upsert=True)

    async def end(self, erasure: Erasure, now: datetime) -> None:
        """Note that all was done; the first time counts."""
        await self._rows.update_one({"_id": erasure.contact_id, "done_at": None}, {"$set": {"done_at": now}})

    async def done_at(self, contact_id: str) -> datetime | None:
        """Return when all was done; None before that."""
        row = await self._rows.find_one({"_id": contact_id}, {"done_at": 1})
        return row.get("done_at") if row else None

    async def is_erased(self, contact_id: str) -> bool:
        """Tell whether a person is to be forgotten."""
        return await self._rows.find_one({"_id": contact_id}, {"_id": 1}) is not None

    async def was_meant(self, organisation_id: str, address: str, at: datetime) -> bool:
        """Tell whether an address that somebody wrote at this moment was that of a person who was erased later."""
        return bool(await self.meant(organisation_id, address, at))

    async def meant(self, organisation_id: str, address: str, at: datetime) -> Sequence[Erasure]:
        """Return who had an address that somebody wrote at this moment, and was erased later."""
        match: Document = {"organisation_id": organisation_id, "marks": mark_of(address), "erased_at": {"$gte": at}}
        return await self._read(match)

    async def among(self, contact_ids: Sequence[str]) -> Sequence[Erasure]:
        """Return who of these was erased."""
        return await self._read({"_id": {"$in": list(contact_ids)}})

    async def all(self) -> Sequence[Erasure]:
        """Return everybody who was erased."""
        return await self._read({})

    async def _read(self, match: Document) -> Sequence[Erasure]:
        return [
            Erasure(
                contact_id=row["_id"],
                organisation_id=row["organisation_id"],
                customer_id=row["customer_id"],
                marks=tuple(row["marks"]),
                at=row["erased_at"],
            )
            for row in await self._rows.find(match).sort("_id", 1).to_list()
        ]

    @property
    def _rows(self) -> Collection:
        return self.database[COLLECTION]


async def remove_told(collection: Collection, match: Document) -> None:
    """Delete aggregates, none of which has events that wait to be told.

    Raises:
        Late: when some have: they go once these are told.
    """
    await collection.delete_many({**match, **_NOTHING_WAITS})
    if await collection.find_one(match, {"_id": 1}):
        raise Late(f"{collection.name}: events of an erased person still wait to be told")
