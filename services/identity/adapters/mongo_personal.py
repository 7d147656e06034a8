"""What identity holds of a contact besides the contact itself, in MongoDB, and how it goes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chassis.erasing import Erasure, Held, Whose
from chassis.mailing import Status
from chassis.mongo.client import Database, Document
from chassis.mongo.erased import MongoErased, remove_told
from chassis.mongo.indexes import Index
from services.identity.adapters.mongo_access import RESETS, SESSIONS
from services.identity.adapters.mongo_outgoing import OUTGOING
from services.identity.adapters.mongo_people import CONTACTS

INDEXES = (Index(RESETS, (("principal_id", 1),)), Index(OUTGOING, (("about", 1),)))
ERASED = "the recipient was erased"
_OF_PERSON = ("name", "email", "phone", "job_title", "language", "status", "is_primary", "email_proven", "created_at")
_OF_SESSION = ("browser", "started_at", "rotated_at", "expires_at", "ended_at", "end_reason")
_OF_RESET = ("expires_at", "used_at")
_OF_MAIL = ("occasion", "status", "created_at", "settled_at", "to", "to_name")
_OF_PASSKEY = ("name", "added_at", "used_at", "backed_up")


class MongoPersonal:
    """Implements `Personal`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._erased = MongoErased(database)

    async def erased_at(self, contact_id: str) -> datetime | None:
        """Return since when nothing is held here that need not be; None before that."""
        return await self._erased.done_at(contact_id)

    async def forget(self, erasure: Erasure) -> Sequence[str]:
        """Remove log-ins, requests for passwords, and what mails say of their recipient.

        Raises:
            Late: while events of them still wait to be told.
        """
        about = await self._about(erasure)
        mails, outgoing = {"about": {"$in": about}}, self._database[OUTGOING]
        over = {"status": Status.DROPPED.value, "next_attempt_at": None, "settled_at": erasure.at}
        await outgoing.update_many({**mails, "status": Status.QUEUED.value}, {"$set": over})
        await outgoing.update_many(mails, {"$set": {"to": None, "to_name": None, "failure": ERASED}})
        for collection in (SESSIONS, RESETS):
            await remove_told(self._database[collection], {"principal_id": erasure.contact_id})
        return ()

    async def held(self, of: Whose) -> Sequence[Held]:
        """Return what is held of a contact; secrets are named, and not shown."""
        match = {"_id": of.contact_id, "organisation_id": of.organisation_id}
        contacts = self._database[CONTACTS].find({**match, "erased": None}, {"outbox": 0, "applied": 0})
        theirs: Document = {"principal_id": of.contact_id, "organisation_id": of.organisation_id}
        sessions = self._database[SESSIONS].find(theirs).sort("started_at", 1)
        resets = self._database[RESETS].find(theirs)
        mails = self._database[OUTGOING].find({"about": {"$in": await self._about(of)}, "failure": {"$ne": ERASED}})
        return [
            *[one for row in await contacts.to_list() for one in _person(row)],
            *[Held(kind="session", id=row["_id"], at=row["started_at"], data=_some(row, _OF_SESSION))
              for row in await sessions.to_list()],
            *[Held(kind="password_reset", id=row["_id"], data=_some(row, _OF_RESET)) for row in await resets.to_list()],
            *[Held(kind="mail", id=row["_id"], at=row["created_at"], data=_some(row, _OF_MAIL))
              for row in await mails.to_list()],
        ]  # fmt: skip

    async def _about(self, of: Whose) -> list[str]:
        """Return the ids that mails about the person name: its own, and those of its requests for passwords."""
        rows = await self._database[RESETS].find({"principal_id": of.contact_id}, {"_id": 1}).to_list()
        return [of.contact_id, *(row["_id"] for row in rows)]


def _person(row: Document) -> list[Held]:
    shows = {"has_password": bool(row.get("password_hash")), "has_second_factor": bool(row.get("second_factor"))}
    contact = Held(kind="contact", id=row["_id"], at=row["created_at"], data=_some(row, _OF_PERSON) | shows)
    passkeys = row.get("passkeys") or ()
    return [
        contact,
        *(Held(kind="passkey", id=one["id"], at=one["added_at"], data=_some(one, _OF_PASSKEY)) for one in passkeys),
    ]


def _some(row: Document, names: Sequence[str]) -> dict[str, Any]:
    return {name: row.get(name) for name in names}
