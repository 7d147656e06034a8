"""Mails that wait in a collection of `Posted` aggregates: which are due, who sends which, how long the oldest waits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chassis.mailing import Queued, Status
from chassis.mongo.client import Collection, Document
from chassis.mongo.indexes import EARLIEST, EVER, Index
from chassis.mongo.turns import Turns
from chassis.telemetry import MAIL_AGE, MAILS_FAILED

_OF_A_ROW = {"next_attempt_at": 1, "attempts": 1, "traceparent": 1}


def mail_indexes(collection: str) -> tuple[Index, ...]:
    """Return the indexes of a collection whose mails wait."""
    return (
        Index(collection, (("status", 1), ("next_attempt_at", 1)), {"name": "due"}),
        Index(collection, (("status", 1), ("created_at", 1)), {"name": "waiting"}),
        Index(collection, (("status", 1), ("bounced_at", 1)), {"name": "returned"}),
    )


class MailQueue:
    """The part of `Queue` that asks about many. `service` names it in gauges."""

    def __init__(self, collection: Collection, service: str) -> None:
        self._collection = collection
        self._service = service
        self._waiting = Turns(collection, _OF_A_ROW, order=[("next_attempt_at", 1)])

    async def due(self, now: datetime, limit: int, *, without: Sequence[str] = ()) -> list[Queued]:
        """Return mails that should be sent now, the longest waiting first, organisations in turns."""
        await self._note(now)
        match = {"status": Status.QUEUED.value, "next_attempt_at": {"$gte": EARLIEST, "$lte": now}}
        rows = await self._waiting.batch(match, limit, without=without)
        return [_queued(row) for row in rows]

    async def claim(self, queued: Queued, until: datetime) -> bool:
        """Keep others from sending this mail until then; False when somebody else was faster."""
        seen = {"status": Status.QUEUED.value, "next_attempt_at": queued.next_attempt_at}
        claimed = await self._collection.update_one({"_id": queued.id, **seen}, {"$set": {"next_attempt_at": until}})
        return claimed.matched_count == 1

    async def _note(self, now: datetime) -> None:
        waiting = self._collection.find({"status": Status.QUEUED.value, "created_at": EVER}, {"created_at": 1})
        oldest = await waiting.sort("created_at", 1).limit(1).to_list()
        since = oldest[0].get("created_at") if oldest else None
        age = max((now - since).total_seconds(), 0.0) if isinstance(since, datetime) else 0.0
        MAIL_AGE.labels(self._service).set(age)
        MAILS_FAILED.labels(self._service).set(await self._collection.count_documents(FAILED))


def _queued(row: Document) -> Queued:
    attempts = row.get("attempts")
    return Queued(
        row["_id"],
        row["organisation_id"],
        row["next_attempt_at"],
        attempts if isinstance(attempts, int) else 0,
        row.get("traceparent"),
    )


MOST_ROWS = 1000
FAILED: Document = {"status": Status.FAILED.value}


BOUNCED = "bounced"
"""What is shown of a mail that was taken and came back, whose stored status is `sent`."""


async def listed(collection: Collection, status: str | None = None, limit: int = MOST_ROWS) -> list[dict[str, Any]]:
    """Return mails that failed, came back or wait (or those of one status), the oldest first."""
    mails: Document = {"channel": {"$ne": "in_app"}}
    returned: Document = {**mails, "status": Status.SENT.value, "bounced_at": {"$gte": EARLIEST}}
    if status == BOUNCED:
        match = returned
    elif status == Status.SENT.value:
        match = {**mails, "status": status, "bounced_at": None}
    elif status:
        match = {**mails, "status": status}
    else:
        match = {"$or": [{**mails, "status": {"$in": [Status.FAILED.value, Status.QUEUED.value]}}, returned]}
    return await collection.find(match).sort([("created_at", 1), ("_id", 1)]).limit(limit).to_list()
