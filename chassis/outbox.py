"""The relay: takes events out of the aggregates' outboxes and gives them to the bus, in order, at least once.

Several relays may run: a short lease on the document lets one of them publish a subject's events at a time; one that is
`alone` needs none. It is told of every save, in this process by a signal and from others over the bus (`bells.py`), and
works on that document only; a look at all that waits comes seldom, for what nobody told. An event that cannot be read
is set aside with the later ones of its subject; other subjects and collections go on, and organisations take turns.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from opentelemetry.trace import SpanKind

from chassis.bus import EXCHANGE, Bus, PublishFailed, Unroutable
from chassis.cloudevents import PublishedLanguage
from chassis.down import blame, is_down
from chassis.guard import Aside, Guard, MemoryAside, in_turns
from chassis.kernel import Clock
from chassis.mongo.batches import Batches
from chassis.mongo.client import Collection, Document
from chassis.mongo.lone_outboxes import LoneOutboxes
from chassis.mongo.outboxes import WORK, Leased, Outboxes, Waiting, waiting_since
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
BATCH = 100
"""Documents under one lease."""
AT_ONCE = 64
"""Subjects of which an event is on its way to the bus at a time."""
LOOK = 5000
"""Documents of one collection that are looked at before any is worked on: among them organisations take turns."""
HELD_SECONDS = 0.25
"""How soon a document is looked at again that another relay had."""
MEASURE_SECONDS = 15.0
"""How often more than `LOOK` documents are counted."""
LATE_SECONDS = 10
"""An event that waited for so long is linked to its cause: whoever looks at that has long closed its trace."""
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0


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
        poll_seconds: float = 10.0,
        aside: Aside | None = None,
        alone: bool = False,
    ) -> None:
        """`alone` says that no other process relays from these collections."""
        kind = LoneOutboxes if alone else Outboxes
        self._outboxes = {one.name: kind(one, clock) for one in collections}
        self._language = language
        self._guard = Guard(LOOP, aside or MemoryAside(clock), clock)
        self._bus = bus
        self._clock = clock
        self._signal = signal
        self._poll_seconds = poll_seconds
        self._paused: dict[str, _Pause] = {}
        self._again_seconds: float | None = None
        self._measured: dict[str, tuple[int, datetime | None, float]] = {}

    async def run(self) -> None:
        """Publish until cancelled."""
        look_at, pause = time.monotonic(), 0.0
        while True:
            if pause:  # whoever is away is away for those who ring, too
                await asyncio.sleep(pause)
            else:
                await self._signal.wait(max(look_at - time.monotonic(), 0.0))
            names, of_anything = self._signal.taken()
            try:
                if pause or of_anything or time.monotonic() >= look_at:
                    await self.drain()
                    look_at = time.monotonic() + self._until_next_look()
                elif names:
                    await self._publish_named(names)
                    look_at = min(look_at, time.monotonic() + self._until_next_look())
                pause = 0.0
            except Exception as error:
                pause = min(max(pause, 0.5) * 2, 5.0)
                self._say_waits(error)

    async def drain(self) -> int:
        """Make one round over all that waits and return how many events were published.

        What waits is told before anything is published, so that it is known while the bus is down. A collection that
        cannot be read keeps none of the others from being told.

        Raises:
            PublishFailed: when the bus is down; what was confirmed until then is noted.
        """
        self._again_seconds = None
        resting = await self._guard.resting()
        failures, found = list[Exception](), dict[str, Waiting]()
        for name, outboxes in self._outboxes.items():
            try:
                found[name] = await outboxes.look(LOOK, lambda it, name=name: self._passes_over(it, name, resting))
                await self._measure(outboxes, found[name])
            except Exception as error:
                failures.append(error)
        self._report()
        self._forget_pauses(found)
        published = 0
        for name, waiting in found.items():
            subjects = [row["_id"] for row in in_turns(waiting.rows, _owner)]
            try:
                published += await self._publish(self._outboxes[name], subjects)
            except PublishFailed:
                raise
            except Exception as error:
                failures.append(error)
        if published and not all(one.is_all for one in found.values()):
            self._again_seconds = 0.0
        if failures:
            raise failures[0]
        return published

    async def _publish_named(self, names: Iterable[str]) -> int:
        """Publish what waits in the documents of these names, `<collection>/<id>`."""
        resting, named = await self._guard.resting(), dict[str, list[str]]()
        for name in names:
            collection, _, subject = name.partition("/")
            if collection in self._outboxes and not self._passes_over(subject, collection, resting):
                named.setdefault(collection, []).append(subject)
        return sum([await self._publish(self._outboxes[one], subjects) for one, subjects in named.items()])

    async def _publish(self, outboxes: Outboxes, subjects: Sequence[str]) -> int:
        """Publish batch after batch; what is saved meanwhile does not wait for the last one."""

        async def publish(leased: Leased, confirmed: list[str]) -> None:
            if leased.is_held:
                self._look_again_in(HELD_SECONDS)
            await self._publish_leased(outboxes.name, leased, confirmed)

        batches = [subjects[start : start + BATCH] for start in range(0, len(subjects), BATCH)]
        return await Batches(outboxes, batches).publish(publish, self._publish_meanwhile)

    async def _publish_meanwhile(self) -> int:
        names, of_anything = self._signal.taken()
        if of_anything:
            self._again_seconds = 0.0
        return await self._publish_named(names) if names else 0

    async def _publish_leased(self, collection: str, leased: Leased, confirmed: list[str]) -> None:
        """Publish side by side; a failure of somebody who is away is raised after all that began have ended."""
        turns, away = asyncio.Semaphore(AT_ONCE), list[Exception]()
        noted = await self._guard.aside.pauses(LOOP)

        async def one(document: Document) -> None:
            item = f"{collection}/{document['_id']}"
            async with turns:
                try:
                    if not away and await self._publish_subject(item, document, leased, confirmed) and item in noted:
                        await self._guard.aside.forget(LOOP, item)
                except Exception as error:
                    away.append(error)

        await asyncio.gather(*map(one, leased.documents))
        if away:
            raise away[0]

    async def _publish_subject(self, item: str, document: Document, leased: Leased, confirmed: list[str]) -> bool:
        """Publish a subject's events in their order, noting the ids of those that went; tell whether all did."""
        try:
            for entry in document.get("outbox", []):
                if self._clock.now() - leased.at > WORK:
                    self._look_again_in(HELD_SECONDS)
                    return False
                await self._publish_entry(document["_id"], entry)
                confirmed.append(entry["id"])
        except PublishFailed as error:
            if error.bus_down:
                raise
            self._refused(document["_id"], error)
        except Exception as error:
            if is_down(error):
                raise
            OUTBOX_FAILURES.labels(self._language.source, "unreadable").inc()
            await self._guard.put(item, error)
        else:
            self._paused.pop(document["_id"], None)
            return True
        return False

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
        since = waiting_since({"outbox": [entry]})
        seconds = int((self._clock.now() - since).total_seconds()) if since else 0
        return seconds if seconds >= LATE_SECONDS else 0

    def _refused(self, subject: str, error: PublishFailed) -> None:
        """The bus refuses a subject's event: let the subject rest, for longer each time."""
        reason = "unroutable" if isinstance(error, Unroutable) else "refused"
        OUTBOX_FAILURES.labels(self._language.source, reason).inc()
        last = self._paused.get(subject)
        seconds = min(last.seconds * 2, LONGEST_PAUSE) if last else FIRST_PAUSE
        self._paused[subject] = _Pause(self._clock.now() + timedelta(seconds=seconds), seconds)
        _LOG.warning("publish_failed", service=self._language.source, subject=subject, reason=str(error)[:200])

    def _say_waits(self, error: Exception) -> None:
        OUTBOX_FAILURES.labels(self._language.source, "waits" if is_down(error) else "failed").inc()
        reason = str(error) if isinstance(error, PublishFailed) else blame(error)
        _LOG.warning("outbox_waits", service=self._language.source, reason=reason[:200])

    # --- when to look, and at what -----------------------------------------------------------------------------------

    def _passes_over(self, subject: str, collection: str, resting: frozenset[str]) -> bool:
        paused = self._paused.get(subject)
        return (paused is not None and paused.until > self._clock.now()) or f"{collection}/{subject}" in resting

    def _until_next_look(self) -> float:
        """Return for how many seconds nothing has to be looked at, as far as is known."""
        seconds, self._again_seconds = self._again_seconds, None
        now = self._clock.now()
        ends = [max((one.until - now).total_seconds(), FIRST_PAUSE) for one in self._paused.values()]
        return min([self._poll_seconds, *ends, *([] if seconds is None else [seconds])])

    def _look_again_in(self, seconds: float) -> None:
        self._again_seconds = seconds if self._again_seconds is None else min(seconds, self._again_seconds)

    def _forget_pauses(self, found: dict[str, Waiting]) -> None:
        """Forget the subjects that were told or removed by others, where all that waits is known."""
        if len(found) == len(self._outboxes) and all(one.is_all for one in found.values()):
            there = {row["_id"] for one in found.values() for row in (*one.rows, *one.passed_over)}
            self._paused = {subject: one for subject, one in self._paused.items() if subject in there}

    # --- gauges ------------------------------------------------------------------------------------------------------

    async def _measure(self, outboxes: Outboxes, waiting: Waiting) -> None:
        """Note how many wait in a collection and since when; more than were looked at are counted now and then."""
        now = time.monotonic()
        if waiting.is_all:
            self._measured[outboxes.name] = waiting.count, waiting.since, float("-inf")
        elif now - self._measured.get(outboxes.name, (0, None, float("-inf")))[2] > MEASURE_SECONDS:
            self._measured[outboxes.name] = *await outboxes.measured(), now

    def _report(self) -> None:
        now, measured = self._clock.now(), self._measured.values()
        OUTBOX_WAITING.labels(self._language.source).set(sum(count for count, _, _ in measured))
        ages = [(now - since).total_seconds() for _, since, _ in measured if since]
        OUTBOX_AGE.labels(self._language.source).set(max([*ages, 0.0]))


@dataclass(frozen=True, slots=True)
class _Pause:
    """A subject that the bus refuses: until when it rests, and for how many seconds."""

    until: datetime
    seconds: float


def _owner(row: Document) -> str:
    """Return whose a document is; all that do not say so have one owner."""
    return str(row.get("organisation_id") or "")
