"""Organisations, sessions, password resets and tries in MongoDB."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from chassis.cloudevents import PublishedLanguage
from chassis.kernel import Principal, new_id
from chassis.mongo.applied import STATE_ONLY
from chassis.mongo.client import DUPLICATE_KEY, Collection, Database, Document
from chassis.mongo.documents import to_aggregate
from chassis.mongo.histories import ROW
from chassis.mongo.indexes import Index, outbox_index
from chassis.mongo.repository import MongoRepository
from services.identity.domain.organisation import Organisation
from services.identity.domain.password_reset import PasswordReset
from services.identity.domain.session import Session

ORGANISATIONS, SESSIONS, RESETS, TRIES = "organisations", "sessions", "password_resets", "tries"
_A_WHILE = int(timedelta(days=30).total_seconds())

INDEXES = (
    *(outbox_index(collection) for collection in (ORGANISATIONS, SESSIONS, RESETS)),
    Index(
        ORGANISATIONS,
        (("slug", 1),),
        {"unique": True, "partialFilterExpression": {"slug": {"$gt": ""}}},
    ),
    Index(ORGANISATIONS, (("former_slugs", 1),)),
    Index(SESSIONS, (("principal_id", 1), ("expires_at", 1))),
    Index(SESSIONS, (("expires_at", 1),), {"expireAfterSeconds": _A_WHILE}),
    Index(RESETS, (("expires_at", 1),), {"expireAfterSeconds": _A_WHILE}),
    Index(TRIES, (("touched_at", 1),), {"expireAfterSeconds": int(timedelta(days=1).total_seconds())}),
)


class MongoOrganisations(MongoRepository[Organisation]):
    """The businesses. Everybody finds their own by id; anybody finds a portal by its slug."""

    def __init__(self, database: Database, language: PublishedLanguage, committed: Callable[[], None]) -> None:
        super().__init__(
            database[ORGANISATIONS],
            Organisation,
            language,
            what="organisation",
            scope=_organisation_of,
            committed=committed,
        )

    async def find_by_slug(self, slug: str) -> Organisation | None:
        # In this order: a slug becomes a former one by one save, so that one of both finds it.
        document = await self.collection.find_one({"slug": slug}, STATE_ONLY) or await self.collection.find_one(
            {"former_slugs": slug}, STATE_ONLY
        )
        return to_aggregate(Organisation, document) if document else None


class MongoSessions(MongoRepository[Session]):
    """The log-ins."""

    def __init__(self, database: Database, language: PublishedLanguage, committed: Callable[[], None]) -> None:
        super().__init__(
            database[SESSIONS], Session, language, what="session", scope=_organisation_of, committed=committed
        )

    async def open_ids(self, by: Principal, principal_id: str, now: datetime) -> tuple[str, ...]:
        match = _open_of(by, principal_id, now)
        return tuple([row["_id"] async for row in self.collection.find(match, {"_id": 1})])

    async def newest(self, by: Principal, principal_id: str, now: datetime, most: int) -> list[Session]:
        rows = self.collection.find(_open_of(by, principal_id, now), STATE_ONLY).sort([("expires_at", -1)]).limit(most)
        return await self.read_all(rows)


class MongoPasswordResets(MongoRepository[PasswordReset]):
    """The requests for new passwords."""

    def __init__(self, database: Database, language: PublishedLanguage, committed: Callable[[], None]) -> None:
        super().__init__(
            database[RESETS],
            PasswordReset,
            language,
            what="password reset",
            scope=_organisation_of,
            committed=committed,
        )


class MongoThrottle:
    """Counts tries in one small document per key; every step is atomic, so no burst gets more than its share."""

    def __init__(self, database: Database) -> None:
        self._tries: Collection = database[TRIES]

    async def admit(self, key: str, *, limit: int, window: timedelta, now: datetime) -> str | None:
        place, receipt = _place(key), new_id("try")
        note: Document = {"$push": {"tries": {"id": receipt, "at": now}}, "$set": {**ROW, "touched_at": now}}
        if await self._took(place, limit, note):
            return receipt
        old = {"at": {"$lte": now - window}}
        freed = await self._tries.update_one({"_id": place, "tries.at": old["at"]}, {"$pull": {"tries": old}})
        if freed.modified_count and await self._took(place, limit, note):
            return receipt
        # A refused try costs a write as well, so that it takes no less time than an admitted one.
        await self._tries.update_one({"_id": place}, {"$set": {"touched_at": now}})
        return None

    async def release(self, key: str, receipt: str) -> None:
        await self._tries.update_one({"_id": _place(key)}, {"$pull": {"tries": {"id": receipt}}})

    async def _took(self, place: str, limit: int, note: Document) -> bool:
        """Push while there is room; a full document does not match, and inserting a second one is refused."""
        try:
            await self._tries.update_one({"_id": place, f"tries.{limit - 1}": {"$exists": False}}, note, upsert=True)
        except DUPLICATE_KEY:
            return False
        return True


def _open_of(by: Principal, principal_id: str, now: datetime) -> Document:
    return {
        **_organisation_of(by),
        "principal_id": principal_id,
        "ended_at": None,
        "idle_at": {"$gt": now},
        "expires_at": {"$gt": now},
    }


def _place(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def _organisation_of(by: Principal) -> Document:
    return {"organisation_id": by.organisation_id}
