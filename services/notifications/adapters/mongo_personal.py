"""What notifications holds of a contact, in MongoDB, and how it goes.

Rows about the person stay for as long as rows that belong to nobody's feed do, without anything of the person: an event
that comes again meets them, and tells nobody anew.
"""

from collections.abc import Sequence
from typing import Any

from chassis.erasing import FOREVER, NAME, Erasure, Held, Whose, address_of
from chassis.kernel import Clock
from chassis.mongo.client import Database, Document
from chassis.mongo.erased import MongoErased
from chassis.mongo.indexes import Index
from chassis.mongo.projections import store_newer
from services.notifications.adapters import mongo_directory, mongo_suppressed
from services.notifications.domain.kinds import Audience, Kind
from services.notifications.domain.notification import Notification, Status

INDEXES = (Index("notifications", (("news.customer_id", 1),), {"name": "of_company"}),)
ERASED = "the recipient was erased"
_SHOWN = ("channel", "status", "created_at", "settled_at", "read_at", "failure")


class MongoPersonal:
    """Implements `Personal`."""

    def __init__(self, database: Database, erased: MongoErased, clock: Clock) -> None:
        self._erased = erased
        self._database = database
        self._clock = clock
        self._notifications = database["notifications"]

    async def forget(self, erasure: Erasure) -> Sequence[str]:
        """Take the person out, first out of the directory: from then on nobody is told, and nothing is named after it.

        Returns the ids of mails to others that name the person.
        """
        contact, now = erasure.contact_id, self._clock.now()
        await store_newer(self._database[mongo_directory.PEOPLE], contact, FOREVER, _nobody(erasure))
        await self._database["preferences"].delete_one({"_id": contact})
        marks = [mongo_suppressed.key_of(erasure.organisation_id, mark) for mark in erasure.marks]
        await self._database[mongo_suppressed.COLLECTION].delete_many({"_id": {"$in": marks}})
        theirs: Document = {"$or": [{"recipient_id": contact}, {"_id": {"$in": await self._forwards(erasure)}}]}
        waits = {**theirs, "status": Status.QUEUED.value}
        over = {"status": Status.DROPPED.value, "next_attempt_at": None, "settled_at": now}
        await self._notifications.update_many(waits, {"$set": over})
        address = address_of(contact)
        blank = {"recipient.name": NAME, "recipient.email": address, "recipient.language": "en", "recipient_id": ""}
        blank |= {"news.facts.quote": "", "failure": ERASED}
        await self._notifications.update_many(theirs, {"$set": blank})
        company: Document = {"news.customer_id": erasure.customer_id}
        done = {**company, "news.actor_id": contact}
        await self._notifications.update_many(done, {"$set": {"news.facts.actor": NAME}})
        sent = {**done, "news.kind": Kind.DOCUMENT_FORWARDED.value}
        await self._notifications.update_many(sent, {"$set": {"news.facts.quote": ""}})
        lost = {**company, "news.kind": Kind.NOBODY_REACHED.value, "news.event_id": {"$regex": f"/{contact}$"}}
        await self._notifications.update_many(lost, {"$set": {"news.facts.whom": NAME}})
        rows = self._notifications.find({"$or": [done, lost], "channel": "email"}, {"_id": 1})
        return [row["_id"] async for row in rows]

    async def look_again(self, told: Notification) -> None:
        """Forget people once more who are in a row that was stored while they were being forgotten."""
        people = [told.recipient.id, *([told.news.actor_id] if told.news.actor_id else [])]
        found = list(await self._erased.among(people))
        if told.recipient.audience is Audience.OUTSIDE:
            where = told.organisation_id, told.recipient.email, told.news.happened_at
            found += await self._erased.meant(*where)
        for erasure in found:
            await self.forget(erasure)

    async def held(self, of: Whose) -> Sequence[Held]:
        """Return what is held of a contact."""
        match: Document = {"_id": of.contact_id, "organisation_id": of.organisation_id, "name": {"$ne": NAME}}
        people = await self._database[mongo_directory.PEOPLE].find(match).to_list()
        chosen = {"_id": of.contact_id, "organisation_id": of.organisation_id}
        preferences = await self._database["preferences"].find(chosen).to_list()
        forwards = {"_id": {"$in": await self._forwards(of)}}
        theirs: Document = {"$or": [{"recipient_id": of.contact_id}, forwards]}
        told = self._notifications.find({**theirs, "organisation_id": of.organisation_id}).sort("created_at", 1)
        return [
            *[Held(kind="person", id=row["_id"], data=_person(row)) for row in people],
            *[Held(kind="preferences", id=row["_id"], data={"kinds": row["kinds"]}) for row in preferences],
            *[_notification(row) for row in await told.to_list()],
        ]

    async def _forwards(self, of: Whose) -> list[str]:
        """Return the ids of mails that went to an address of the person as somebody from outside."""
        outside = {"news.customer_id": of.customer_id, "recipient.audience": Audience.OUTSIDE.value}
        rows = await self._notifications.find(outside, {"recipient.email": 1}).to_list()
        return [row["_id"] for row in rows if of.means(row["recipient"]["email"])]


def _nobody(erasure: Erasure) -> dict[str, Any]:
    return {
        "organisation_id": erasure.organisation_id,
        "customer_id": erasure.customer_id,
        "name": NAME,
        "email": address_of(erasure.contact_id),
        "language": "en",
        "status": "disabled",
        "audience": Audience.CLIENT.value,
        "active": False,
        "primary": False,
        "access_since": None,
    }


def _person(row: Document) -> dict[str, Any]:
    return {name: row.get(name) for name in ("name", "email", "language", "status", "primary", "access_since")}


def _notification(row: Document) -> Held:
    news, facts = row["news"], {name: row.get(name) for name in _SHOWN}
    about = {"kind": news["kind"], "document_id": news["document_id"]}
    kind = "mail" if row["channel"] == "email" else "feed_entry"
    address = {"email": row["recipient"]["email"]}
    return Held(kind=kind, id=row["_id"], at=row["created_at"], data={**facts, **about, **address})
