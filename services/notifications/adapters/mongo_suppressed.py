"""Addresses whose mails came back, in MongoDB: by organisation, and by mark, so that no address is kept for it."""

from datetime import datetime

from chassis.mailing.return_path import mark_of
from chassis.mongo.applied import put_once
from chassis.mongo.client import Database, Document
from chassis.mongo.histories import ROW

COLLECTION = "suppressed_addresses"


class MongoSuppressed:
    """Implements `Suppressed`."""

    def __init__(self, database: Database) -> None:
        self._collection = database[COLLECTION]

    async def why(self, organisation_id: str, address: str) -> str | None:
        """Return what the server said when a mail to this address came back; None while mails may go there."""
        row = await self._collection.find_one({"_id": key_of(organisation_id, mark_of(address))})
        return None if row is None else str(row["reason"])

    async def put(self, organisation_id: str, mark: str, mail_id: str, reason: str, at: datetime) -> None:
        """Send nothing more to the address with this mark."""
        fields: Document = {**ROW, "organisation_id": organisation_id, "mail_id": mail_id, "reason": reason, "at": at}
        await put_once(self._collection, key_of(organisation_id, mark), {"$set": fields})

    async def lift(self, organisation_id: str, address: str) -> None:
        """Let mails go there again."""
        await self._collection.delete_one({"_id": key_of(organisation_id, mark_of(address))})


def key_of(organisation_id: str, mark: str) -> str:
    """Return where it is noted that an address with this mark is not written to."""
    return f"{organisation_id}/{mark}"
