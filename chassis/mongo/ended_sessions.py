"""Sessions that ended: stored by a reaction in any process, read by every web process as soon as a bell says so.

Now and then it is read without one, since a bell may be lost.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from chassis.auth import TOKEN_LIFE, EndedSessions
from chassis.down import blame
from chassis.kernel import Clock
from chassis.mongo.client import Collection
from chassis.mongo.histories import ROW
from chassis.mongo.indexes import LATEST, Index
from chassis.telemetry import UNREADABLE
from chassis.waking import Signal

_LOG = structlog.stdlib.get_logger("sessions")
COLLECTION = "ended_sessions"
OVERLAP = timedelta(minutes=6)
"""How far the clocks of the machines that store, read and let rows expire may differ."""
KEPT = TOKEN_LIFE + OVERLAP

INDEXES = (Index(COLLECTION, (("stored_at", 1),), {"expireAfterSeconds": int(KEPT.total_seconds())}),)


class MongoEndedSessions:
    """Fills the verifier's `EndedSessions` from the service's own database.

    `stored` is rung when a reaction of this process stored something, `changed` by whoever hears that one did.
    """

    def __init__(self, collection: Collection, ended: EndedSessions, clock: Clock, *, seconds: float = 10.0) -> None:
        self._collection = collection
        self._ended = ended
        self._clock = clock
        self._seconds = seconds
        self._read_at = 0.0
        self.stored, self.changed = Signal(), Signal()
        ended.learn_by(self._read_all)

    async def end(self, event_id: str, principal_id: str, session_ids: Sequence[str] | None, at: datetime) -> None:
        """Remember that these sessions (None: all of the principal's until then) ended; the same event counts once."""
        self._ended.end(principal_id, session_ids, at)
        fields = {
            **ROW,
            "principal_id": principal_id,
            "session_ids": None if session_ids is None else list(session_ids),
            "ended_at": at,
            "stored_at": self._clock.now(),
        }
        await self._collection.update_one({"_id": event_id}, {"$set": fields}, upsert=True)
        self.stored()

    async def watch(self) -> None:
        """Keep the memory of this process fresh until cancelled."""
        since = self._clock.now() - KEPT
        self._read_at = time.monotonic()
        self._ended.kept_fresh(lambda: self._read_at)
        while True:
            now = self._clock.now()
            try:
                await self._load(since)
                since, self._read_at = now - OVERLAP, time.monotonic()
            except Exception as error:
                _LOG.warning("ended_sessions_wait", reason=blame(error))
            self._ended.forget(now - KEPT)
            await self.changed.wait(self._seconds)

    async def _read_all(self) -> None:
        await self._load(self._clock.now() - KEPT)

    async def _load(self, since: datetime) -> None:
        async for row in self._collection.find({"stored_at": {"$gte": since, "$lte": LATEST}}):
            try:
                self._ended.end(row["principal_id"], row["session_ids"], row["ended_at"])
            except (KeyError, TypeError) as error:
                UNREADABLE.labels(COLLECTION).inc()
                _LOG.error("unreadable", collection=COLLECTION, subject=str(row["_id"]), reason=blame(error))
