"""What others told us, and what people used up of their allowances, in MongoDB."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chassis.kernel import Principal
from chassis.mongo.applied import put_once
from chassis.mongo.client import Database, Document
from chassis.mongo.histories import ROW, history_of
from chassis.mongo.indexes import Index
from chassis.mongo.projections import store_newer
from chassis.mongo.reading import all_readable
from services.collaboration.domain.document import DocumentType, KnownDocument, PortalRules

DOCUMENTS, PORTALS = "documents", "portals"
INDEXES = (Index("allowances", (("ends_at", 1),), {"name": "allowance_over", "expireAfterSeconds": 0}),)


class MongoDocumentStore:
    """Implements `DocumentStore`."""

    def __init__(self, database: Database) -> None:
        self._collection = database[DOCUMENTS]

    async def find(self, organisation_id: str, document_ids: Sequence[str]) -> dict[str, KnownDocument]:
        """Return those of the documents that we know, by id."""
        match = {"_id": {"$in": list(document_ids)}, "organisation_id": organisation_id}
        return {one.id: one for one in await all_readable(DOCUMENTS, self._collection.find(match), _known)}

    async def note(self, document_id: str, sequence: int, fields: dict[str, object]) -> None:
        """Merge what an event says, unless a later event of the document was noted before."""
        await store_newer(self._collection, document_id, sequence, fields)


def _known(stored: Document) -> KnownDocument:
    row = history_of(KnownDocument).forward(stored)
    return KnownDocument(
        id=row["_id"],
        organisation_id=row["organisation_id"],
        customer_id=row["customer_id"],
        type=DocumentType(row["type"]),
        number=row.get("number"),
        sent=row.get("sent", False),
    )


class MongoPortalStore:
    """Implements `PortalStore`. Everything is allowed until somebody switches it off."""

    def __init__(self, database: Database) -> None:
        self._collection = database[PORTALS]

    async def rules(self, organisation_id: str) -> PortalRules:
        """Return what this organisation allows its clients."""
        row = await self._collection.find_one({"_id": organisation_id})
        if row is None:
            return PortalRules()
        row = history_of(PortalRules).forward(row)
        types = tuple(kind for kind in DocumentType if kind.value in row["document_types"])
        return PortalRules(forwarding_allowed=row["forwarding_allowed"], document_types=types)

    async def note(self, organisation_id: str, sequence: int, fields: dict[str, object]) -> None:
        """Merge what an event says, unless a later one was noted before."""
        await store_newer(self._collection, organisation_id, sequence, fields)


class MongoAllowance:
    """Implements `Allowance`: one counter per person and window, raised only below the limit."""

    def __init__(self, database: Database) -> None:
        self._collection = database["allowances"]

    async def take(self, by: Principal, what: str, limit: int, window: timedelta, now: datetime) -> bool:
        """Use up one of `limit`; False when there is none left in this window."""
        number = int(now.timestamp() // window.total_seconds())
        key = f"{by.organisation_id}/{by.id}/{what}/{number}"
        take: Document = {"$inc": {"used": 1}, "$set": {**ROW, "ends_at": now + window}}
        return await put_once(self._collection, key, take, {"used": {"$lt": limit}})
