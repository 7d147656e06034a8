"""A message that waits for somebody who is away waits for longer each time, and is never counted or parked for it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from aio_pika import Message
from aio_pika.abc import AbstractIncomingMessage

from chassis.bus import LATE_PATIENCE, MAX_ATTEMPTS, UNKNOWN_PATIENCE, DependencyDown, NotYet, Park, UnknownType
from chassis.bus.settling import ATTEMPT_HEADER, ParkedNote, Settling, note_of, replayed_copy
from chassis.bus.topology import RETRY_SECONDS


class Delivery:
    """What settling needs of one delivery."""

    routing_key = type = "test.fact.v1"
    content_type = message_id = app_id = "x"
    timestamp = None
    body = b"{}"

    def __init__(self, headers: dict[str, Any]) -> None:
        self.headers = headers
        self.settled: list[str] = []
        self.channel, self.delivery_tag = self, 1

    async def basic_ack(self, _tag: int, *, multiple: bool = False, wait: bool = True) -> None:
        self.settled.append("ack")

    async def basic_nack(self, _tag: int, *, requeue: bool = True) -> None:
        self.settled.append("nack")


class Carrier:
    """Takes every copy, and says into which queue."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Message]] = []

    async def send(self, message: Message, queue: str) -> None:
        self.sent.append((queue, message))

    async def mend(self, service: str) -> None: ...

    async def ends_within(self, seconds: float) -> bool:
        return False


async def test_pauses_of_a_long_outage_grow_and_the_attempt_stays() -> None:
    """The first pause is short; through an outage each message asks every 30 s, not every second."""
    carrier, headers = Carrier(), dict[str, Any]()

    async def down(_body: bytes, _attempt: int) -> None:
        raise DependencyDown("OutOfDiskSpace")

    for _ in range(MAX_ATTEMPTS + 4):
        delivery = Delivery(headers)
        await Settling(carrier).attempt("scales", cast(AbstractIncomingMessage, delivery), down)
        assert delivery.settled == ["ack"]
        headers = dict(carrier.sent[-1][1].headers)
    seconds = [int(queue.rpartition(".")[2].removesuffix("s")) for queue, _ in carrier.sent]
    assert seconds[:3] == list(RETRY_SECONDS)
    assert {*seconds[3:]} == {RETRY_SECONDS[-1]}
    assert headers[ATTEMPT_HEADER] == 1


NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


class Waiting:
    """One message that comes again and again, by a clock that its pauses move."""

    def __init__(self, error: Exception) -> None:
        self.now = NOON
        self.carrier = Carrier()
        self.headers = dict[str, Any]()
        self._settling = Settling(self.carrier, lambda: self.now)
        self._error = error

    async def come(self) -> str:
        """Deliver it once more and return where it was put, after the time that it rests there."""

        async def handle(_body: bytes, _attempt: int) -> None:
            raise self._error

        delivery = Delivery(self.headers)
        await self._settling.attempt("scales", cast(AbstractIncomingMessage, delivery), handle)
        place, message = self.carrier.sent[-1]
        self.headers = dict(message.headers)
        if place.endswith("s") and ".retry." in place:
            self.now += timedelta(seconds=int(place.rpartition(".")[2].removesuffix("s")))
        return place

    async def come_until_parked(self) -> timedelta:
        """Return for how long it waited."""
        while not (await self.come()).endswith(".parked"):
            pass
        return self.now - NOON

    def note(self) -> ParkedNote:
        return note_of(cast(AbstractIncomingMessage, Delivery(self.headers)))


def unknown() -> Exception:
    return UnknownType("test.fact.v2")


def late() -> Exception:
    return NotYet("client company cus_1 is not known yet")


@pytest.mark.parametrize(
    ("error", "patience", "reason"),
    [
        (unknown, UNKNOWN_PATIENCE, "unknown to this version: test.fact.v2"),
        (late, timedelta(hours=3), "client company cus_1 is not known yet"),
    ],
)
async def test_what_can_still_come_is_waited_for(
    error: Callable[[], Exception], patience: timedelta, reason: str
) -> None:
    """It is no attempt however often it comes, and is parked with the reason when its time is over, and not before."""
    raised = error()
    if isinstance(raised, NotYet):
        raised.patience = patience
    waiting = Waiting(raised)
    waited = await waiting.come_until_parked()

    assert patience <= waited < patience + timedelta(seconds=2 * RETRY_SECONDS[-1])
    note = waiting.note()
    assert (note.reason, note.attempts, note.replays) == (reason, 1, 0)
    assert note.waits > MAX_ATTEMPTS
    assert (note.first, note.last) == (NOON.isoformat(), (NOON + waited).isoformat())


async def test_another_worker_is_waited_for_with_short_pauses() -> None:
    """One that knows the type may read the same queue already: the first ten times it rests for a second only."""
    waiting = Waiting(unknown())
    places = [await waiting.come() for _ in range(21)]
    assert places[:11] == ["scales.events.retry.1s"] * 10 + ["scales.events.retry.5s"]
    assert places[20] == "scales.events.retry.30s"


def test_patience_is_longer_than_an_upgrade() -> None:
    """Two hours for another version of us, a week for a fact that its owner does not know either."""
    assert (timedelta(hours=2), timedelta(days=7)) == (UNKNOWN_PATIENCE, LATE_PATIENCE)


async def test_a_replayed_message_starts_anew_and_says_that_it_was_replayed() -> None:
    """What is parked again after a replay shows how often somebody tried."""
    waiting = Waiting(Park("negative"))
    await waiting.come()
    waiting.headers = dict(replayed_copy(cast(AbstractIncomingMessage, Delivery(waiting.headers))).headers)
    assert waiting.headers == {ATTEMPT_HEADER: 1, "x-portal-replays": 1}
    await waiting.come()
    note = waiting.note()
    assert (note.reason, note.attempts, note.replays) == ("negative", 1, 1)
