"""What every bus does, run over the one in memory and over a real RabbitMQ."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest

from chassis.bus import Bus, DependencyDown, Park, Unroutable, rabbitmq
from chassis.bus.memory import MemoryBus
from chassis.bus.rabbitmq import RabbitBus
from chassis.bus.topology import LIVE_FEED, PREFETCH
from chassis.cloudevents import CloudEvent
from portal_cli.ports import LOOPBACK
from tests.support.broker import BROKERS, Brokers
from tests.support.cutting_proxy import cutting_proxy
from tests.support.waiting import LIMIT, eventually, eventually_answered


@pytest.fixture(
    params=["memory", *(pytest.param(name, id=f"rabbitmq-{name}", marks=pytest.mark.broker) for name in BROKERS)]
)
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    made: Bus = MemoryBus() if request.param == "memory" else RabbitBus(address(request, request.param))
    yield made
    await made.close()


def address(request: pytest.FixtureRequest, name: str) -> str:
    """Return where the shared node of this version is."""
    brokers: Brokers = request.getfixturevalue("brokers")
    return brokers.node(name).url


@pytest.fixture
def event_type() -> str:
    """A type that no other test uses."""
    return f"test.fact_{uuid4().hex}.v1"


def an_event(event_type: str, subject: str = "inv_1", sequence: int = 1) -> CloudEvent:
    return CloudEvent(
        id=f"{subject}-{sequence}",
        type=event_type,
        source="/test",
        subject=subject,
        sequence=sequence,
        time="2026-03-01T12:00:00.000Z",
        organisation_id="org_1",
        data={"n": sequence},
    )


class Collected:
    """A handler that keeps what it got and fails as told."""

    def __init__(self, *failures: Exception) -> None:
        self.events: list[CloudEvent] = []
        self.attempts: list[int] = []
        self._failures = list(failures)
        self._arrived = asyncio.Condition()

    async def __call__(self, body: bytes, attempt: int) -> None:
        self.attempts.append(attempt)
        if self._failures:
            raise self._failures.pop(0)
        async with self._arrived:
            self.events.append(CloudEvent.from_json(body))
            self._arrived.notify_all()

    async def listen(self, event: CloudEvent) -> None:
        await self(event.to_json(), 1)

    async def wait_for(self, count: int) -> list[CloudEvent]:
        async with asyncio.timeout(LIMIT), self._arrived:
            await self._arrived.wait_for(lambda: len(self.events) >= count)
        return self.events


async def publish_until_taken(bus: Bus, event: CloudEvent) -> None:
    """Do what the relay does: publish again until the bus has taken the event."""
    from chassis.bus import PublishFailed

    for _ in range(20):
        try:
            await bus.publish(event)
        except PublishFailed:
            continue
        return
    pytest.fail("never taken")


async def test_an_event_reaches_every_service_that_reads_its_type(bus: Bus, event_type: str) -> None:
    """Two services each get the event once, unchanged."""
    name = uuid4().hex
    first, second = Collected(), Collected()
    await bus.consume(f"a{name}", [event_type], first)
    await bus.consume(f"b{name}", [event_type], second)
    event = an_event(event_type)
    await bus.publish(event)
    assert await first.wait_for(1) == [event]
    assert await second.wait_for(1) == [event]


async def test_a_mandatory_event_without_a_route_is_refused(bus: Bus, event_type: str) -> None:
    """Publishing a mandatory event that no queue takes raises, so that it stays in the outbox."""
    with pytest.raises(Unroutable):
        await bus.publish(an_event(event_type))


async def test_an_optional_event_without_a_route_is_published(bus: Bus, event_type: str) -> None:
    """An event that none of our services reads needs no route."""
    await bus.publish(an_event(event_type), mandatory=False)


async def test_events_of_a_subject_come_in_order(bus: Bus, event_type: str) -> None:
    """Fifty events of one subject are handled in the order in which they were published."""
    collected = Collected()
    await bus.consume(uuid4().hex, [event_type], collected)
    for sequence in range(1, 51):
        await bus.publish(an_event(event_type, sequence=sequence))
    assert [event.sequence for event in await collected.wait_for(50)] == list(range(1, 51))


async def test_a_bell_is_heard_by_all_who_listen_and_by_nobody_else(bus: Bus) -> None:
    """Whoever begins to hear one is told that anything may have been; then which names it was rung for."""
    bell, first, second, other = uuid4().hex, list[list[str]](), list[list[str]](), list[list[str]]()
    hearing = [
        asyncio.create_task(bus.hear(name, heard.append))
        for name, heard in ((bell, first), (bell, second), (uuid4().hex, other))
    ]
    await eventually(lambda: first and second and other, "the beginning")
    await bus.ring(bell, ["parcels/inv_1"])
    await bus.ring(bell, [])
    await eventually(lambda: len(first) == len(second) == 3, "the rings")
    assert (first, second, other) == ([[], ["parcels/inv_1"], []], [[], ["parcels/inv_1"], []], [[]])
    for one in hearing:
        one.cancel()
    await asyncio.gather(*hearing, return_exceptions=True)


async def test_a_failed_handler_is_called_again(bus: Bus, event_type: str) -> None:
    """After an exception the same event comes again, with a higher attempt."""
    collected = Collected(RuntimeError("once"))
    await bus.consume(uuid4().hex, [event_type], collected)
    await publish_until_taken(bus, an_event(event_type))
    assert len(await collected.wait_for(1)) == 1
    assert collected.attempts == [1, 2]


async def test_a_dependency_that_is_down_is_not_counted(bus: Bus, event_type: str) -> None:
    """While a dependency is down the attempt stays the same, so nothing is parked for it."""
    collected = Collected(DependencyDown("database"))
    await bus.consume(uuid4().hex, [event_type], collected)
    await publish_until_taken(bus, an_event(event_type))
    await collected.wait_for(1)
    assert collected.attempts == [1, 1]


async def test_a_parked_message_is_kept_and_can_be_replayed(bus: Bus, event_type: str) -> None:
    """`Park` ends the attempts at once; a replay gives the message to the handler again."""
    service = uuid4().hex
    collected = Collected(Park("unreadable"))
    await bus.consume(service, [event_type], collected)
    event = an_event(event_type)
    await publish_until_taken(bus, event)
    assert await eventually_answered(lambda: bus.replay(service), "the parked message") == 1
    assert await collected.wait_for(1) == [event]
    assert await bus.replay(service) == 0


async def test_a_listener_hears_what_is_published_while_it_listens(bus: Bus, event_type: str) -> None:
    """A listener gets events published from now on, and its failure harms nobody."""

    async def broken(_: CloudEvent) -> Any:
        raise RuntimeError("a listener's own problem")

    collected = Collected()
    await bus.listen([event_type], broken)
    await bus.listen([event_type], collected.listen)
    await bus.publish(an_event(event_type), mandatory=False)
    assert [event.id for event in await collected.wait_for(1)] == ["inv_1-1"]


class Heard:
    """A listener that keeps what it hears, and what it is told of its hearing."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.told: list[bool] = []

    async def __call__(self, event: CloudEvent) -> None:
        self.ids.append(event.id)

    def hearing(self, heard: bool) -> None:
        self.told.append(heard)


async def test_a_listener_that_fails_is_told_that_it_missed_something(bus: Bus, event_type: str) -> None:
    """What it could not take is as lost for it as what never came."""

    async def broken(_: CloudEvent) -> None:
        raise RuntimeError("a listener's own problem")

    heard = Heard()
    await bus.listen([event_type], broken, heard.hearing)
    assert heard.told == [True]
    await bus.publish(an_event(event_type), mandatory=False)
    await eventually(lambda: heard.told == [True, True], "word of the gap")


@pytest.mark.broker
async def test_a_listener_is_told_that_the_broker_was_away(brokers: Brokers, event_type: str) -> None:
    """After a cut it is told that it hears nothing, then that it hears again, and then it does."""
    node, heard = brokers.node("installed"), Heard()
    publisher = RabbitBus(node.url)
    async with cutting_proxy(urlsplit(node.url).port or 0) as (proxy, port):
        bus = RabbitBus(urlunsplit(urlsplit(node.url)._replace(netloc=f"portal:portal@{LOOPBACK}:{port}")))
        await bus.listen([event_type], heard, heard.hearing)
        proxy.cut()
        await publisher.publish(an_event(event_type), mandatory=False)
        await eventually(lambda: heard.told == [True, False, True], "hearing again")
        await publisher.publish(an_event(event_type, sequence=2), mandatory=False)
        await eventually(lambda: "inv_1-2" in heard.ids, "the second event")
        await bus.close()
        assert heard.told == [True, False, True, False]
    await publisher.close()


@pytest.mark.broker
async def test_a_process_that_does_not_read_is_told_what_it_missed(
    brokers: Brokers, event_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the broker drops events because too many wait for one process, that process hears of it."""
    monkeypatch.setattr(rabbitmq, "LIVE_FEED", {**LIVE_FEED, "x-max-length": 2})
    node, heard = brokers.node("installed"), Heard()
    publisher = RabbitBus(node.url)
    async with cutting_proxy(urlsplit(node.url).port or 0) as (proxy, port):
        bus = RabbitBus(urlunsplit(urlsplit(node.url)._replace(netloc=f"portal:portal@{LOOPBACK}:{port}")))
        await bus.listen([event_type], heard, heard.hearing)
        proxy.flowing.clear()
        for sequence in range(1, PREFETCH + 10):
            await publisher.publish(an_event(event_type, sequence=sequence), mandatory=False)
        proxy.flowing.set()
        await eventually(lambda: heard.told[:2] == [True, True], "word of the gap")
        assert len(heard.ids) < PREFETCH + 9
        await bus.close()
    await publisher.close()
