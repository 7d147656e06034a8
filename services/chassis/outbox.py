"""The relay: takes events out of the aggregates' outboxes and gives them to the bus, in order, at least once.

Several relays may run: a short lease on the document lets one of them publish a subject's events at a time. It is
woken by a signal after each save in the same process, and by a poll for the saves of others.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from opentelemetry.trace import SpanKind

from services.chassis.bus import EXCHANGE, Bus, PublishFailed, Unroutable
from services.chassis.cloudevents import PublishedLanguage
from services.chassis.kernel import Clock
from services.chassis.mongo.client import DATABASE_DOWN, Collection, Document
from services.chassis.telemetry import (
    OUTBOX_AGE,
    OUTBOX_FAILURES,
    OUTBOX_WAITING,
    PUBLISHED,
    current_traceparent,
    message_attributes,
    span,
)

_LOG = structlog.stdlib.get_logger("outbox")

LEASE = timedelta(seconds=30)
BATCH = 100
AT_ONCE = 16
LONGEST_PAUSE = 30.0
WAITING: Document = {"outbox.id": {"$gt": ""}}


class Signal:
    """Wakes the relay of this process."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def __call__(self) -> None:
        """Say that something was saved."""
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Return when something was saved, or after `seconds`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()
        self._event.clear()


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
    ) -> None:
        self._language = language
        self._collections = collections
        self._bus = bus
        self._clock = clock
        self._signal = signal
        self._poll_seconds = poll_seconds
        self._pauses: dict[str, tuple[datetime, float]] = {}

    async def run(self) -> None:
        """Publish until cancelled."""
        pause = self._poll_seconds
        while True:
            await self._signal.wait(pause)
            try:
                pause = 0.0 if await self.drain() else self._poll_seconds
            except (PublishFailed, *DATABASE_DOWN) as error:
                OUTBOX_FAILURES.labels(self._language.source, "waits").inc()
                pause = min(max(pause, 0.5) * 2, 5.0)
                _LOG.warning("outbox_waits", service=self._language.source, reason=str(error)[:200])

    async def drain(self) -> int:
        """Make one round over all collections and return how many events were published.

        Raises:
            PublishFailed: when the bus is down; what was confirmed until then is noted.
        """
        published = waiting = 0
        oldest: str | None = None
        for collection in self._collections:
            rows = await collection.find(WAITING, {"_id": 1, "outbox.time": 1}).limit(BATCH).to_list()
            waiting += len(rows)
            times = [row["outbox"][0]["time"] for row in rows if row.get("outbox")]
            oldest = min([*times, oldest] if oldest else times, default=None)
            ready = [row["_id"] for row in rows if not self._is_paused(row["_id"])]
            for start in range(0, len(ready), AT_ONCE):
                group = ready[start : start + AT_ONCE]
                published += await self._publish_subjects(collection, group)
        self._report(waiting, oldest)
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
        document = await collection.find_one({"_id": subject}, {"outbox": 1})
        confirmed: list[str] = []
        try:
            for entry in (document or {}).get("outbox", []):
                if self._clock.now() - now > LEASE / 2:
                    break
                await self._publish_entry(subject, entry)
                confirmed.append(entry["id"])
            self._pauses.pop(subject, None)
        except PublishFailed as error:
            if error.bus_down:
                raise
            self._failed(subject, error)
        finally:
            done: Document = {"$unset": {"relay_lease": ""}}
            if confirmed:
                done["$pull"] = {"outbox": {"id": {"$in": confirmed}}}
            await collection.update_one({"_id": subject}, done)
        return len(confirmed)

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
        with span(f"publish {event.type}", SpanKind.PRODUCER, traceparent=event.traceparent, attributes=attributes):
            # Whoever reads the message continues from here, so that a trace shows the time in the queue.
            sent = replace(event, traceparent=current_traceparent())
            await self._bus.publish(sent, mandatory=entry.get("mandatory", True))
        PUBLISHED.labels(self._language.source, event.type).inc()

    def _failed(self, subject: str, error: PublishFailed) -> None:
        reason = "unroutable" if isinstance(error, Unroutable) else "refused"
        OUTBOX_FAILURES.labels(self._language.source, reason).inc()
        _, last = self._pauses.get(subject, (None, 0.1))
        pause = min(last * 2, LONGEST_PAUSE)
        self._pauses[subject] = (self._clock.now() + timedelta(seconds=pause), pause)
        _LOG.warning("publish_failed", service=self._language.source, subject=subject, reason=str(error)[:200])

    def _is_paused(self, subject: str) -> bool:
        paused = self._pauses.get(subject)
        return paused is not None and paused[0] > self._clock.now()

    def _report(self, waiting: int, oldest: str | None) -> None:
        age = (self._clock.now() - datetime.fromisoformat(oldest)).total_seconds() if oldest else 0.0
        OUTBOX_WAITING.labels(self._language.source).set(waiting)
        OUTBOX_AGE.labels(self._language.source).set(max(age, 0.0))
