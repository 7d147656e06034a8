"""Notifications and preferences in MongoDB."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from chassis.cloudevents import PublishedLanguage
from chassis.kernel import AlreadyExists, Page, PageRequest, Principal
from chassis.mongo.applied import STATE_ONLY, put_once
from chassis.mongo.client import Database, Document
from chassis.mongo.histories import ROW
from chassis.mongo.indexes import EARLIEST, Index, outbox_index
from chassis.mongo.mail_queue import MailQueue, mail_indexes
from chassis.mongo.paging import fetch_page
from chassis.mongo.reading import all_readable
from chassis.mongo.repository import MongoRepository
from chassis.telemetry import DUPLICATES, traced_row
from services.notifications.application.ports import Queued
from services.notifications.domain.kinds import Audience, Channel, Kind
from services.notifications.domain.notification import Notification, Status
from services.notifications.domain.preferences import Preference

_HALF_A_YEAR = int(timedelta(days=182).total_seconds())

INDEXES = (
    outbox_index("notifications"),
    Index(
        "notifications",
        (("recipient_id", 1), ("channel", 1), ("created_at", -1), ("_id", -1)),
        {"name": "feed"},
    ),
    *mail_indexes("notifications"),
    Index(
        "notifications",
        (("news.document_id", 1), ("organisation_id", 1), ("created_at", -1), ("_id", -1)),
        {"name": "about"},  # not by the organisation first: embedded servers would read a feed by it
    ),
    Index(
        "notifications",
        (("created_at", 1),),
        {"name": "past", "expireAfterSeconds": _HALF_A_YEAR, "partialFilterExpression": {"recipient_id": ""}},
    ),
)


FEED_LENGTH = 500
"""Entries that a feed keeps, the newest; now and then a few more, since it is not cut at each new one."""
_CUT_AT = frozenset("07dm")
"""Last digits of ids, of 32, at which a feed is cut."""


def own_feed(by: Principal) -> Document:
    """Return the scope of notifications: everybody's own feed; our own services see the organisation's."""
    if by.role == "service":
        return {"organisation_id": by.organisation_id}
    return {"organisation_id": by.organisation_id, "recipient_id": by.id, "channel": Channel.IN_APP.value}


def _mails_to_clients(by: Principal) -> Document:
    return {
        "organisation_id": by.organisation_id,
        "channel": Channel.EMAIL.value,
        "recipient.audience": {"$ne": Audience.STAFF.value},
    }


def _traced(told: Notification) -> Document:
    """Note in whose trace a mail that waits was decided; a feed's entry is told already."""
    return {**traced_row()} if told.status is Status.QUEUED else {}


class MongoNotifications(MongoRepository[Notification]):
    """Implements `Notifications`. `queued` is called after a mail was stored."""

    def __init__(
        self,
        database: Database,
        language: PublishedLanguage,
        committed: Callable[[], None] = lambda: None,
        queued: Callable[[], None] = lambda: None,
    ) -> None:
        collection = database["notifications"]
        super().__init__(
            collection,
            Notification,
            language,
            what="notification",
            scope=own_feed,
            committed=committed,
            listed=_traced,
        )
        self._queued = queued
        self._mails = MailQueue(self.collection, "notifications")

    async def add(self, aggregate: Notification) -> None:
        """Store a new one. Raises AlreadyExists when the event was told before."""
        try:
            await super().add(aggregate)
        except AlreadyExists:
            DUPLICATES.labels("notifications", aggregate.news.kind.value).inc()
            raise
        if aggregate.status is Status.QUEUED:
            self._queued()
        if aggregate.channel is Channel.IN_APP and aggregate.id[-1] in _CUT_AT:
            await self._cut(aggregate)

    async def _cut(self, newest: Notification) -> None:
        """Leave a person's feed no longer than it may be.

        What goes belongs to nobody's feed, and is kept for a while: an event that arrives again still meets it.
        """
        feed = {
            "organisation_id": newest.organisation_id,
            "recipient_id": newest.recipient_id,
            "channel": Channel.IN_APP.value,
        }
        order = [("created_at", -1), ("_id", -1)]
        rows = await self.collection.find(feed, {"created_at": 1}).sort(order).limit(FEED_LENGTH + 1).to_list()
        if len(rows) > FEED_LENGTH:
            last = rows[FEED_LENGTH - 1]
            nobodys: Document = {"$set": {"recipient_id": ""}}
            for older in (
                {"created_at": {"$gte": EARLIEST, "$lt": last["created_at"]}},
                {"created_at": last["created_at"], "_id": {"$gte": "", "$lt": last["_id"]}},
            ):
                await self.collection.update_many({**feed, **older}, nobodys)

    async def feed(self, by: Principal, request: PageRequest, *, unread_only: bool) -> Page[Notification]:
        """Return a page of the caller's feed, newest first."""
        match = own_feed(by) | ({"read_at": None} if unread_only else {})
        page = await fetch_page(self.collection, match, "created_at", request, descending=True)
        return self.read_page(page)

    async def unread(self, by: Principal) -> int:
        """Return how many of the caller's feed are not read."""
        return await self.collection.count_documents(own_feed(by) | {"read_at": None})

    async def mark_all_read(self, by: Principal, until: datetime, now: datetime) -> None:
        """Mark what was in the caller's feed at `until` as read."""
        match = own_feed(by) | {"read_at": None, "created_at": {"$lte": until}}
        await self.collection.update_many(match, {"$set": {"read_at": now}})

    async def organisation_of(self, notification_id: str) -> str | None:
        """Return whose a notification is; None when there is none."""
        row = await self.collection.find_one({"_id": notification_id}, {"organisation_id": 1})
        return None if row is None else str(row["organisation_id"])

    async def about(self, by: Principal, document_id: str, limit: int) -> list[Notification]:
        """Return the latest mails about a document of the principal's organisation, newest first; clients have none."""
        if by.is_contact:
            return []
        match = _mails_to_clients(by) | {"news.document_id": document_id}
        rows = self.collection.find(match, STATE_ONLY).sort([("created_at", -1), ("_id", -1)]).limit(limit)
        return await self.read_all(rows)

    async def mail(self, by: Principal, mail_id: str, document_id: str | None) -> list[Notification]:
        """Return the mail if it goes to the client's side, and is about this document, or any."""
        about = {"news.document_id": document_id} if document_id else {}
        return await self.read_all(self.collection.find(_mails_to_clients(by) | about | {"_id": mail_id}, STATE_ONLY))

    async def due(self, now: datetime, limit: int, *, without: Sequence[str] = ()) -> list[Queued]:
        """Return mails that should be sent now, the longest waiting first, organisations in turns."""
        return await self._mails.due(now, limit, without=without)

    async def claim(self, queued: Queued, until: datetime) -> bool:
        """Keep others from sending this mail until then; False when somebody else was faster."""
        return await self._mails.claim(queued, until)


class MongoPreferences:
    """Implements `Preferences`: one document per person, a field per kind."""

    def __init__(self, database: Database) -> None:
        self._collection = database["preferences"]

    async def of(self, organisation_id: str, person_ids: Sequence[str]) -> dict[str, dict[Kind, Preference]]:
        """Return what each of these people switched, by person and kind; absent means on."""
        match = {"_id": {"$in": list(person_ids)}, "organisation_id": organisation_id}
        return dict(await all_readable("preferences", self._collection.find(match), _preferences))

    async def put(self, by: Principal, preference: Preference) -> None:
        """Keep the caller's choice for one kind."""
        chosen = {"email": preference.email, "in_app": preference.in_app}
        fields = {**ROW, "organisation_id": by.organisation_id, f"kinds.{preference.kind.value}": chosen}
        await put_once(self._collection, by.id, {"$set": fields})


def _preferences(row: Document) -> tuple[str, dict[Kind, Preference]]:
    """Return a person's choices; what a newer version lets people choose beside them stays stored."""
    known = {kind.value for kind in Kind}
    chosen = {Kind(name): one for name, one in row["kinds"].items() if name in known}
    return row["_id"], {
        kind: Preference(kind, email=one["email"], in_app=one["in_app"]) for kind, one in chosen.items()
    }
