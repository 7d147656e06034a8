"""An event is told when every service of ours that reads it has it, and others can neither stand in for one nor refuse.

Real RabbitMQ of every version. `readers` names the services as `chassis/bus/readers.json` names ours.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel

from chassis.bus import EXCHANGE, Unroutable
from chassis.bus.rabbitmq import RabbitBus
from chassis.bus.topology import SUBSCRIBERS, queue_name, queues_of
from chassis.cloudevents import CloudEvent
from portal_cli.rabbitmq import RabbitMQNode
from tests.support.waiting import eventually, eventually_answered

QUORUM: dict[str, Any] = {"x-queue-type": "quorum"}


@dataclass
class Heard:
    """A handler and listener that keeps the ids it got."""

    ids: list[str] = field(default_factory=list[str])

    async def __call__(self, body: bytes, attempt: int) -> None:
        self.ids.append(CloudEvent.from_json(body).id)

    async def listen(self, event: CloudEvent) -> None:
        self.ids.append(event.id)


class Portal:
    """A service that publishes one type, two that read it, and a process that listens to it."""

    def __init__(self, url: str) -> None:
        self.url = url
        name = uuid4().hex[:8]
        self.type = f"test.fact_{name}.v1"
        self.mails, self.talks = f"mails-{name}", f"talks-{name}"
        self.readers = {self.mails: [self.type], self.talks: [self.type]}
        self.bus = RabbitBus(url, self.readers)
        self.web = RabbitBus(url, self.readers)
        self.live = Heard()
        self._others: list[RabbitBus] = []

    async def publish(self, first: int, last: int) -> None:
        for n in range(first, last + 1):
            await self.bus.publish(an_event(self.type, n))

    async def read(self, service: str) -> Heard:
        """Start the worker of a service."""
        heard, bus = Heard(), RabbitBus(self.url, self.readers)
        self._others.append(bus)
        await bus.consume(service, [self.type], heard)
        return heard

    async def close(self) -> None:
        for bus in (self.bus, self.web, *self._others):
            await bus.close()


def an_event(event_type: str, n: int) -> CloudEvent:
    return CloudEvent(
        id=f"fact_{n}-1", type=event_type, source="/test", subject=f"fact_{n}", sequence=1,
        time="2026-03-01T12:00:00.000Z", organisation_id="org_1", data={},
    )  # fmt: skip


def ids(first: int, last: int) -> list[str]:
    return [f"fact_{n}-1" for n in range(first, last + 1)]


@pytest.fixture
async def channel(amqp_url: str) -> AsyncIterator[AbstractChannel]:
    """An operator's channel."""
    async with await aio_pika.connect(amqp_url) as connection:
        yield await connection.channel()


@pytest.fixture
async def portal(amqp_url: str, channel: AbstractChannel) -> AsyncIterator[Portal]:
    made = Portal(amqp_url)
    await made.web.listen([made.type], made.live.listen)
    yield made
    await made.close()
    for service in made.readers:
        for queue in queues_of(service):
            await channel.queue_delete(queue.name)


async def assert_heard(heard: Heard, expected: list[str]) -> None:
    await eventually(lambda: len(heard.ids) >= len(expected), f"{len(expected)} events")
    assert sorted(heard.ids) == sorted(expected)


async def test_what_is_told_before_a_service_ever_ran_waits_for_it(portal: Portal) -> None:
    """At a first deploy the publisher alone declares the queues of those who will read."""
    await portal.publish(1, 3)
    await assert_heard(await portal.read(portal.mails), ids(1, 3))
    await assert_heard(await portal.read(portal.talks), ids(1, 3))
    await assert_heard(portal.live, ids(1, 3))


async def test_a_binding_that_is_missing_loses_nothing(portal: Portal, channel: AbstractChannel) -> None:
    """With the type unbound from one queue or from both, each service still gets every event, and once."""
    mails, talks = await portal.read(portal.mails), await portal.read(portal.talks)
    await (await channel.get_queue(queue_name(portal.mails))).unbind(EXCHANGE, portal.type)
    await portal.publish(1, 5)
    await (await channel.get_queue(queue_name(portal.talks))).unbind(EXCHANGE, portal.type)
    await portal.publish(6, 10)
    await assert_heard(mails, ids(1, 10))
    await assert_heard(talks, ids(1, 10))


async def test_a_queue_that_is_missing_is_no_queue_that_took_it(portal: Portal, channel: AbstractChannel) -> None:
    """While another service's queue takes the event, it is not told; the queue is made again for the next attempt."""
    talks = await portal.read(portal.talks)
    await portal.publish(1, 1)
    await channel.queue_delete(queue_name(portal.mails))
    with pytest.raises(Unroutable, match=queue_name(portal.mails)):
        await portal.publish(2, 2)
    await portal.publish(2, 2)
    await assert_heard(await portal.read(portal.mails), ids(2, 2))
    assert set(talks.ids) == {*ids(1, 2)}


async def test_a_listener_is_no_route(amqp_url: str) -> None:
    """What only a web process's transient queue would take stays with its publisher."""
    bus, event_type = RabbitBus(amqp_url), f"test.fact_{uuid4().hex}.v1"
    await bus.listen([event_type], Heard().listen)
    with pytest.raises(Unroutable):
        await bus.publish(an_event(event_type, 1))
    await bus.close()


async def test_a_publisher_of_an_earlier_version_is_heard(portal: Portal, channel: AbstractChannel) -> None:
    """It knows no addresses: the bindings to the types are for it, and for whoever reads a type since today."""
    mails = await portal.read(portal.mails)
    exchange = await channel.get_exchange(EXCHANGE)
    await exchange.publish(aio_pika.Message(an_event(portal.type, 1).to_json(), type=portal.type), portal.type)
    await assert_heard(mails, ids(1, 1))


@pytest.mark.parametrize("where", [SUBSCRIBERS, EXCHANGE], ids=["as we say", "as before"])
async def test_a_queue_of_others_refuses_nothing_of_ours(portal: Portal, channel: AbstractChannel, where: str) -> None:
    """A full quorum queue that refuses: all is told, and every other queue has each event exactly once."""
    mails = await portal.read(portal.mails)
    full = {**QUORUM, "x-max-length": 3, "x-overflow": "reject-publish"}
    refusing = await channel.declare_queue(f"acme-{uuid4().hex}", durable=True, arguments=full)
    other = await channel.declare_queue(f"acme-{uuid4().hex}", durable=True, arguments=QUORUM)
    for queue in (refusing, other):
        await queue.bind(where, portal.type)
    await portal.publish(1, 12)
    await portal.publish(13, 13)

    async def taken() -> bool:
        found = await channel.declare_queue(other.name, passive=True)
        return (found.declaration_result.message_count or 0) >= 13

    await eventually_answered(taken, "thirteen events in the other queue")
    got = [await other.get(no_ack=True) for _ in range(13)]
    assert [CloudEvent.from_json(message.body).id for message in got] == ids(1, 13)
    assert await other.get(fail=False) is None
    assert [message for message in got if "BCC" in message.headers] == []
    assert set(mails.ids) == {*ids(1, 13)}
    for queue in (refusing, other):
        await channel.queue_delete(queue.name)


async def test_what_is_missing_is_told(portal: Portal, channel: AbstractChannel) -> None:
    """A readiness check reads the names of queues that are not there."""
    await portal.publish(1, 1)
    assert await portal.bus.missing() == []
    await channel.queue_delete(queue_name(portal.mails))
    assert await portal.bus.missing() == [queue_name(portal.mails)]


@pytest.mark.slow
@pytest.mark.parametrize("broker", ["installed"], indirect=True)
async def test_a_broker_that_was_made_anew_has_all_before_it_gets_an_event(rabbitmq_node: RabbitMQNode) -> None:
    """While we run, somebody empties the broker: a process that only publishes declares the queues of all again."""
    portal = Portal(rabbitmq_node.url)
    await portal.publish(1, 1)
    await asyncio.to_thread(rabbitmq_node.ctl, "eval", "rabbit:stop(), rabbit_mnesia:reset(), rabbit:start().")

    async def published() -> bool:
        try:
            await portal.publish(2, 2)
        except Exception:
            return False
        return True

    await eventually_answered(published, "the next event")
    mails, talks = await portal.read(portal.mails), await portal.read(portal.talks)
    await assert_heard(mails, ids(2, 2))
    await assert_heard(talks, ids(2, 2))
    await portal.close()
