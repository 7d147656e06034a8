"""What collaboration holds of a contact, in MongoDB, and how it goes."""

from collections.abc import Sequence

from chassis.erasing import NAME, Erasure, Held, Whose, address_of
from chassis.mongo.client import Database, Document
from chassis.mongo.erased import remove_told
from chassis.mongo.histories import STAMPS
from chassis.mongo.indexes import Index

INDEXES = (
    Index("comments", (("organisation_id", 1), ("author_id", 1)), {"name": "by_author"}),
    Index("views", (("organisation_id", 1), ("contact_id", 1)), {"name": "by_contact"}),
    Index("forwards", (("organisation_id", 1), ("customer_id", 1)), {"name": "by_company"}),
)
KEPT_WITH_DOCUMENT = "What was said about a business document is kept with it; its author stays a pseudonym."
KEPT_OF_ANOTHER = "Somebody else got the document: that it was sent is kept with it, the message is not."
_MANAGED = {"_id", "outbox", "applied", "version", "event_sequence", "relay_lease", "relay_by"} | STAMPS


class MongoPersonal:
    """Implements `Personal`."""

    def __init__(self, database: Database) -> None:
        self._comments, self._views, self._forwards = database["comments"], database["views"], database["forwards"]

    async def forget(self, erasure: Erasure) -> Sequence[str]:
        """Take the person out: views go, forwards say neither who got them nor what was written.

        Raises:
            Late: while events of a view still wait to be told.
        """
        whose = {"organisation_id": erasure.organisation_id}
        company: Document = {**whose, "customer_id": erasure.customer_id}
        nobody = {"recipient_name": NAME, "recipient_email": address_of(erasure.contact_id), "message": ""}
        rows = await self._forwards.find(company, {"recipient_email": 1}).to_list()
        got: list[str] = [row["_id"] for row in rows if erasure.means(row["recipient_email"])]
        await self._forwards.update_many({"_id": {"$in": got}}, {"$set": nobody})
        sent = {**company, "forwarded_by": erasure.contact_id}
        await self._forwards.update_many(sent, {"$set": {"message": ""}})
        await remove_told(self._views, {**whose, "contact_id": erasure.contact_id})
        return ()

    async def held(self, of: Whose) -> Sequence[Held]:
        """Return what is held of a contact; of a forward to others, not to whom."""
        whose: Document = {"organisation_id": of.organisation_id}
        contact, company = of.contact_id, {**whose, "customer_id": of.customer_id}
        comments = self._comments.find({**whose, "author_id": contact}).sort("written_at", 1)
        views = self._views.find({**whose, "contact_id": contact}).sort("first_viewed_at", 1)
        forwards = await self._forwards.find(company).sort("forwarded_at", 1).to_list()
        return [
            *[_held("comment", row, "written_at", KEPT_WITH_DOCUMENT) for row in await comments.to_list()],
            *[_held("view", row, "first_viewed_at") for row in await views.to_list()],
            *[_sent(row) for row in forwards if row["forwarded_by"] == contact],
            *[_got(row) for row in forwards if of.means(row["recipient_email"])],
        ]


def _held(kind: str, row: Document, at: str, kept: str = "") -> Held:
    data = {name: value for name, value in row.items() if name not in _MANAGED}
    return Held(kind=kind, id=row["_id"], at=row[at], data=data, kept=kept)


def _sent(row: Document) -> Held:
    theirs = {name: value for name, value in row.items() if name not in {"recipient_name", "recipient_email"}}
    return _held("forward_sent", theirs, "forwarded_at", KEPT_OF_ANOTHER)


def _got(row: Document) -> Held:
    data = {name: row[name] for name in ("document_id", "recipient_name", "recipient_email", "message")}
    return Held(kind="forward_received", id=row["_id"], at=row["forwarded_at"], data=data)
