"""The relay: takes events out of the aggregates' outboxes and gives them to the bus, in order, at least once.

Several relays may run: a short lease on the document lets one of them publish a subject's events at a time. It is
woken by a signal after each save in the same process, and by a poll for the saves of others. An event that cannot be
read is set aside with the later ones of its subject; other subjects and other collections go on, and organisations take
turns.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog
from opentelemetry.trace import SpanKind

from chassis.bus import EXCHANGE, Bus, PublishFailed, Unroutable
from chassis.cloudevents import PublishedLanguage
from chassis.down import blame, is_down
from chassis.guard import Aside, Guard, MemoryAside
from chassis.kernel import Clock
from chassis.mongo.client import Collection, Document
from chassis.mongo.turns import Turns
from chassis.telemetry import (
    OUTBOX_AGE,
    OUTBOX_FAILURES,
    OUTBOX_WAITING,
    PUBLISHED,
    current_traceparent,
    message_attributes,
    span,
)
from chassis.waking import Signal as Signal

_LOG = structlog.stdlib.get_logger("outbox")

LOOP = "outbox"
LEASE = timedelta(seconds=30)
BATCH = 100
AT_ONCE = 16
LATE_SECONDS = 10
"""An event that waited for so long is linked to its cause: whoever looks at that has long closed its trace."""
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0
WAITING: Document = {"outbox.id": {"$gt": ""}}


class Relay:
    """Publishes what waits in the outboxes of one service's collections."""

    def __init__(
        self,
        language: PublishedLanguage,
        collections: Sequence[Collection],
        bus: Bus,
        clock: Clock,
        signal: Signal,
        *,
        poll_seconds: float = 0.1,
        aside: Aside | None = None,
    ) -> None:
        self._language = language
        self._turns = [(one, Turns(one, {"_id": 1, "outbox.time": 1})) for one in collections]
        self._guard = Guard(LOOP, aside or MemoryAside(clock), clock)
        self._bus = bus
        self._clock = clock
        self._signal = signal
        self._poll_seconds = poll_seconds
        self._paused: dict[str, _Pause] = {}

    async def run(self) -> None:
        """Publish until cancelled."""
        pause = self._poll_seconds
        while True:
            await self._signal.wait(pause)
            try:
                pause = 0.0 if await self.drain() else self._poll_seconds
            except Exception as error:
                OUTBOX_FAILURES.labels(self._language.source, "waits" if is_down(error) else "failed").inc()
                pause = min(max(pause, 0.5) * 2, 5.0)
                reason = str(error) if isinstance(error, PublishFailed) else blame(error)
                _LOG.warning("outbox_waits", service=self._language.source, reason=reason[:200])

    async def drain(self) -> int:
        """Make one round over all collections and return how many events were published.

        A collection that cannot be read keeps none of the others from being told.

        Raises:
            PublishFailed: when the bus is down; what was confirmed until then is noted.
        """
        resting = await self._guard.resting()
        paused = {subject: one for subject, one in self._paused.items() if one.until > self._clock.now()}
        published, found, failures = 0, list[Document](), list[Exception]()
        for collection, turns in self._turns:
            try:
                rows = await turns.batch(WAITING, BATCH, without=[*_ids_in(collection, resting), *paused])
                found += rows
                subjects = [row["_id"] for row in rows]
                for start in range(0, len(subjects), AT_ONCE):
                    published += await self._publish_subjects(collection, subjects[start : start + AT_ONCE])
            except PublishFailed:
                raise
            except Exception as error:
                failures.append(error)
        since = [*(one.since for one in paused.values()), *filter(None, map(_waiting_since, found))]
        self._report(len(found) + len(resting) + len(paused), since)
        if failures:
            raise failures[0]
        return published

    async def _publish_subjects(self, collection: Collection, subjects: Sequence[str]) -> int:
        """Publish side by side; a failure is raised after all have ended and noted what was confirmed."""
        tasks = (self._publish_subject(collection, subject) for subject in subjects)
        results = await asyncio.gather(*tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return sum(result for result in results if isinstance(result, int))

    async def _publish_subject(self, collection: Collection, subject: str) -> int:
        now = self._clock.now()
        free = {"$or": [{"relay_lease": {"$exists": False}}, {"relay_lease": {"$lt": now}}]}
        leased = await collection.update_one({"_id": subject, **free}, {"$set": {"relay_lease": now + LEASE}})
        if not leased.matched_count:
            return 0
        item = f"{collection.name}/{subject}"
        confirmed: list[str] = []
        try:
            await self._publish_entries(collection, subject, now, confirmed)
            self._paused.pop(subject, None)
            if item in await self._guard.aside.pauses(LOOP):
                await self._guard.aside.forget(LOOP, item)
        except PublishFailed as error:
            if error.bus_down:
                raise
            self._failed(subject, error)
        except Exception as error:
            if is_down(error):
                raise
            OUTBOX_FAILURES.labels(self._language.source, "unreadable").inc()
            await self._guard.put(item, error)
        finally:
            done: Document = {"$unset": {"relay_lease": ""}}
            if confirmed:
                done["$pull"] = {"outbox": {"id": {"$in": confirmed}}}
            await collection.update_one({"_id": subject}, done)
        return len(confirmed)

    async def _publish_entries(
        self, collection: Collection, subject: str, leased_at: datetime, confirmed: list[str]
    ) -> None:
        """Publish a subject's events in their order, as long as the lease is good; note the ids of those that went."""
        document = await collection.find_one({"_id": subject}, {"outbox": 1})
        for entry in (document or {}).get("outbox", []):
            if self._clock.now() - leased_at > LEASE / 2:
                return
            await self._publish_entry(subject, entry)
            confirmed.append(entry["id"])

    async def _publish_entry(self, subject: str, entry: Document) -> None:
        event = self._language.cloud_event(subject, entry)
        attributes = message_attributes(
            self._bus.system,
            "publish",
            "send",
            destination=f"{EXCHANGE}:{event.type}",
            routing_key=event.type,
            message_id=event.id,
        )
        late = self._late(entry)
        with span(
            f"publish {event.type}",
            SpanKind.PRODUCER,
            traceparent=event.traceparent,
            attributes=attributes,
            link={"portal.link": "relayed late", "portal.late_seconds": late} if late else None,
        ):
            # Whoever reads the message continues from here, so that a trace shows the time in the queue.
            sent = replace(event, traceparent=current_traceparent())
            await self._bus.publish(sent, mandatory=entry.get("mandatory", True))
        PUBLISHED.labels(self._language.source, event.type).inc()

    def _late(self, entry: Document) -> int:
        """Return how many seconds late an event is; 0 where that is nothing to speak of."""
        since = _waiting_since({"outbox": [entry]})
        seconds = int((self._clock.now() - since).total_seconds()) if since else 0
        return seconds if seconds >= LATE_SECONDS else 0

    def _failed(self, subject: str, error: PublishFailed) -> None:
        reason = "unroutable" if isinstance(error, Unroutable) else "refused"
        OUTBOX_FAILURES.labels(self._language.source, reason).inc()
        now, last = self._clock.now(), self._paused.get(subject)
        seconds = min(last.seconds * 2, LONGEST_PAUSE) if last else FIRST_PAUSE
        self._paused[subject] = _Pause(last.since if last else now, now + timedelta(seconds=seconds), seconds)
        _LOG.warning("publish_failed", service=self._language.source, subject=subject, reason=str(error)[:200])

    def _report(self, waiting: int, since: Sequence[datetime]) -> None:
        now = self._clock.now()
        OUTBOX_WAITING.labels(self._language.source).set(waiting)
        OUTBOX_AGE.labels(self._language.source).set(max([*((now - one).total_seconds() for one in since), 0.0]))


@dataclass(frozen=True, slots=True)
class _Pause:
    """A subject that the bus refuses: since when, until when it rests, and for how many seconds."""

    since: datetime
    until: datetime
    seconds: float


def _ids_in(collection: Collection, items: Iterable[str]) -> list[str]:
    start = f"{collection.name}/"
    return [item.removeprefix(start) for item in items if item.startswith(start)]


def _waiting_since(row: Document) -> datetime | None:
    """Return the time of a document's first event; None where it says none that can be read."""
    try:
        return datetime.fromisoformat(row["outbox"][0]["time"]).astimezone(UTC)
    except (LookupError, TypeError, ValueError, OverflowError):
        return None
