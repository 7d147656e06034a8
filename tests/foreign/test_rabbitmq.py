"""What our code believes of RabbitMQ, asked of every version: a new one that thinks otherwise turns this red.

What holds on all versions is what we rely on; where they differ, the table says how, so that a change is noticed.
"""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import aio_pika
import pytest
from aio_pika.abc import AbstractIncomingMessage

from chassis.bus import PublishFailed
from chassis.bus.rabbitmq import RabbitBus
from chassis.bus.settling import DELIVERIES_HEADER
from chassis.bus.topology import (
    CONSUMER_TIMEOUT_SECONDS,
    DELIVERY_LIMIT,
    HEARTBEAT_SECONDS,
    MAX_MESSAGE_BYTES,
    UNLIMITED,
    policies,
)
from chassis.cloudevents import CloudEvent
from portal_cli.rabbitmq import RabbitMQNode
from tests.support.broker import Broker, Brokers, running_node
from tests.support.waiting import LIMIT, eventually, eventually_answered

QUORUM: dict[str, Any] = {"x-queue-type": "quorum"}
Taken = AbstractIncomingMessage


@pytest.fixture
def node(broker: Broker, brokers: Brokers) -> RabbitMQNode:
    return brokers.node(broker.name)


async def ctl(node: RabbitMQNode, *arguments: str) -> str:
    return await asyncio.to_thread(node.ctl, *arguments)


async def version(node: RabbitMQNode) -> tuple[int, ...]:
    said = await ctl(node, "eval", "rabbit_misc:version().")
    return tuple(int(part) for part in said.strip().strip('"').split(".")[:2])


def an_event(event_type: str, text: str = "") -> CloudEvent:
    return CloudEvent(
        id="fact_1-1", type=event_type, source="/test", subject="fact_1", sequence=1,
        time="2026-03-01T12:00:00.000Z", organisation_id="org_1", data={"text": text},
    )  # fmt: skip


class Deliveries:
    """One message in a quorum queue of its own, taken again and again."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._name = name

    async def take(self, end: Callable[[Taken], Awaitable[None]]) -> int:
        """Take the message, let `end` settle it or not, and disconnect; return how often it came before."""
        async with await aio_pika.connect(self._url) as connection:
            queue = await (await connection.channel()).get_queue(self._name)
            message = await eventually_answered(lambda: queue.get(fail=False), "the message")
            assert message is not None
            await end(message)
        return int(str(message.headers.get(DELIVERIES_HEADER, 0)))


@pytest.fixture
async def deliveries(amqp_url: str) -> AsyncIterator[Deliveries]:
    name = f"probe-{uuid4().hex}"
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        await channel.declare_queue(name, durable=True, arguments=dict(QUORUM))
        await channel.default_exchange.publish(aio_pika.Message(b"probe", delivery_mode=2), name)
        yield Deliveries(amqp_url, name)
        await channel.queue_delete(name)


async def leave(_: Taken) -> None:
    """Settle nothing."""


async def give_back(message: Taken) -> None:
    await message.nack(requeue=True)


async def refuse(message: Taken) -> None:
    await message.reject(requeue=True)


async def test_a_lost_connection_is_counted(deliveries: Deliveries) -> None:
    """The header by which a worker knows that a message was never settled, on every version."""
    assert [await deliveries.take(leave) for _ in range(3)] == [0, 1, 2]


@pytest.mark.parametrize("end", [give_back, refuse], ids=["nack", "reject"])
async def test_what_else_is_counted(
    deliveries: Deliveries, node: RabbitMQNode, end: Callable[[Taken], Awaitable[None]]
) -> None:
    """4.3 no longer counts what was given back by `nack`; we never rely on that count."""
    uncounted = await version(node) >= (4, 3) and end is give_back
    assert [await deliveries.take(end) for _ in range(3)] == ([0, 0, 0] if uncounted else [0, 1, 2])


async def test_no_version_gives_up_before_we_do(deliveries: Deliveries) -> None:
    """Without a limit of ours a message still comes after as many deliveries as we allow: then the worker parks it."""
    counts = [await deliveries.take(leave) for _ in range(DELIVERY_LIMIT + 1)]
    assert counts == list(range(DELIVERY_LIMIT + 1))


async def test_a_queue_keeps_the_arguments_it_was_declared_with(amqp_url: str) -> None:
    """Declaring it with a limit is refused, which is how a worker knows a queue of an earlier version."""
    name = f"probe-{uuid4().hex}"
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        await channel.declare_queue(name, durable=True, arguments=dict(QUORUM))
        limited = {**QUORUM, "x-delivery-limit": UNLIMITED}
        with pytest.raises(aio_pika.exceptions.ChannelPreconditionFailed, match="x-delivery-limit"):
            await channel.declare_queue(name, durable=True, arguments=limited)
        await (await connection.channel()).queue_delete(name)


async def test_the_largest_message_that_we_send_is_taken(amqp_url: str) -> None:
    """Every version takes it by default; a larger event is refused by us, and harms no other."""
    event_type = f"test.fact_{uuid4().hex}.v1"
    sizes: list[int] = []

    async def measure(body: bytes, _: int) -> None:
        sizes.append(len(body))

    bus = RabbitBus(amqp_url)
    service = f"probe-{uuid4().hex[:8]}"
    await bus.consume(service, [event_type], measure)
    frame = len(an_event(event_type).to_json())
    with pytest.raises(PublishFailed, match=r"bytes; RabbitMQ takes") as refused:
        await bus.publish(an_event(event_type, "x" * (MAX_MESSAGE_BYTES - frame + 1)))
    await bus.publish(an_event(event_type, "x" * (MAX_MESSAGE_BYTES - frame)))
    await eventually(lambda: sizes == [MAX_MESSAGE_BYTES], "the large event")
    await bus.close()
    assert not refused.value.bus_down


async def test_a_message_that_the_broker_finds_too_large_harms_no_other(broker: Broker, tmp_path: Path) -> None:
    """Where an operator allows less, the event is refused by itself: the bus is not taken to be down."""
    with running_node(tmp_path / "rabbitmq", broker, "max_message_size = 65536\n") as node:
        bus = RabbitBus(node.url)
        with pytest.raises(PublishFailed) as refused:
            await bus.publish(an_event("test.fact.v1", "x" * 100_000), mandatory=False)
        await eventually_answered(lambda: published(bus), "the small event")
        await bus.close()
    assert not refused.value.bus_down


async def published(bus: RabbitBus) -> bool:
    try:
        await bus.publish(an_event("test.fact.v1"), mandatory=False)
    except PublishFailed:
        return False
    return True


async def test_a_message_may_be_held_for_half_an_hour(node: RabbitMQNode) -> None:
    """The broker's own time-out for consumers is the one that we name."""
    said = await ctl(node, "eval", "application:get_env(rabbit, consumer_timeout).")
    assert said.strip() == f"{{ok,{CONSUMER_TIMEOUT_SECONDS * 1000}}}"


async def test_connections_beat_as_we_ask(node: RabbitMQNode) -> None:
    """The broker's heartbeat is ours; an address may ask for another."""
    own, other = RabbitBus(node.url), RabbitBus(f"{node.url}?heartbeat=33")
    for bus in (own, other):
        await bus.publish(an_event("test.fact.v1"), mandatory=False)
    rows = json.loads(await ctl(node, "list_connections", "--formatter", "json", "timeout"))
    for bus in (own, other):
        await bus.close()
    assert {HEARTBEAT_SECONDS, 33} <= {row["timeout"] for row in rows}


@pytest.fixture
async def impatient(node: RabbitMQNode) -> AsyncIterator[str]:
    """A broker that lets messages be held for a second only."""
    settings = ("consumer_timeout", "channel_tick_interval")
    before = await ctl(
        node, "eval", "{" + ", ".join(f"application:get_env(rabbit, {name})" for name in settings) + "}."
    )
    times = re.findall(r"\{ok, *(\d+)\}", before)
    assert len(times) == len(settings)
    await ctl(node, "eval", ", ".join(f"application:set_env(rabbit, {name}, 1000)" for name in settings) + ".")
    yield node.url
    back = (f"application:set_env(rabbit, {name}, {time})" for name, time in zip(settings, times, strict=True))
    await ctl(node, "eval", ", ".join(back) + ".")


async def test_a_handler_that_takes_too_long_costs_no_message(impatient: str) -> None:
    """The broker takes its message away and closes the channel; the bus reads on, and the message comes again after it.

    The second delivery waits in its subject's lane until the first handler is done.
    """
    bus, event_type, attempts = RabbitBus(impatient), f"test.fact_{uuid4().hex}.v1", 0

    async def handle(_: bytes, __: int) -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            await eventually(lambda: len(bus._running) > 1, "the second delivery")  # pyright: ignore

    await bus.consume(f"slow-{uuid4().hex[:8]}", [event_type], handle)
    await bus.publish(an_event(event_type))
    await eventually(lambda: attempts > 1, "the second attempt")
    await bus.close()


async def works(url: str) -> None:
    """An event reaches a consumer, a listener and, refused once, a later attempt."""
    bus, event_type = RabbitBus(url), f"test.fact_{uuid4().hex}.v1"
    heard: list[str] = []
    attempts: list[int] = []

    async def listen(event: CloudEvent) -> None:
        heard.append(event.id)

    async def handle(_: bytes, attempt: int) -> None:
        attempts.append(attempt)
        if attempt == 1:
            raise RuntimeError("once")

    await bus.listen([event_type], listen)
    await bus.consume(f"probe-{uuid4().hex[:8]}", [event_type], handle)
    await bus.publish(an_event(event_type))
    await eventually(lambda: (heard, attempts) == (["fact_1-1"], [1, 2]), "the second attempt")
    await bus.close()


async def test_nothing_of_ours_is_deprecated(node: RabbitMQNode, broker: Broker, tmp_path: Path) -> None:
    """With every deprecated feature denied, as a later version will, everything works (3.10 knows no such list)."""
    if await version(node) < (3, 13):
        await works(node.url)
        return
    listed = json.loads(await ctl(node, "list_deprecated_features", "--formatter", "json", "name"))
    settings = "".join(f"deprecated_features.permit.{row['name']} = false\n" for row in listed)
    with running_node(tmp_path / "strict", broker, settings) as strict:
        await works(strict.url)
    assert settings


@asynccontextmanager
async def virtual_host(node: RabbitMQNode, *options: str) -> AsyncGenerator[str]:
    """Yield the address of a virtual host of the test's own: no policy of another test holds in it."""
    host = f"probe-{uuid4().hex[:8]}"
    await ctl(node, "add_vhost", host, *options)
    await ctl(node, "set_permissions", "-p", host, "portal", ".*", ".*", ".*")
    yield f"{node.url.removesuffix('/')}/{host}"
    await ctl(node, "delete_vhost", host)


async def test_another_default_queue_type_changes_nothing(node: RabbitMQNode) -> None:
    """In a virtual host whose queues are quorum queues by default, the live feed still is what it must be."""
    async with virtual_host(node, "--default-queue-type", "quorum") as url, asyncio.timeout(LIMIT):
        await works(url)


async def answer_to(publishing: Awaitable[object]) -> type[object]:
    """Return of which kind the broker's answer is: one after the other, since a limit holds with a delay."""
    try:
        return type(await publishing)
    except aio_pika.exceptions.DeliveryError as error:
        return type(error)


async def test_a_queue_behind_a_bound_exchange_is_a_route_and_refuses(node: RabbitMQNode) -> None:
    """Exchanges that are bound to each other are one to a publisher: no way to keep others out of its way.

    Until our policies are there: the one for other systems' queues is stronger than what such a queue asks for.
    """
    name = f"probe-{uuid4().hex}"
    full = {**QUORUM, "x-max-length": 1, "x-overflow": "reject-publish"}
    async with virtual_host(node) as url, await aio_pika.connect(url) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        ours = await channel.declare_exchange(f"{name}-ours", "topic", auto_delete=True)
        theirs = await channel.declare_exchange(f"{name}-theirs", "topic", auto_delete=True)
        queue = await channel.declare_queue(name, durable=True, arguments=full)
        await theirs.bind(ours, "#")
        assert await answer_to(publishing(ours)) is aio_pika.exceptions.PublishError
        await queue.bind(theirs, "#")
        assert await refuses_within(ours, 1_000)  # how soon it notices that it is full is its own affair
        (of_others,) = (one for one in policies([]) if one["name"] == "portal-others")
        where = ("-p", url.rpartition("/")[2], "--apply-to", "queues")
        await ctl(node, "set_policy", *where, "others", of_others["pattern"], json.dumps(of_others["definition"]))
        assert await refuses_within(ours, 1), "whoever was refused hears of a change only when the queue has room"
        another = await connection.channel(publisher_confirms=True, on_return_raises=True)
        assert not await refuses_within(await another.get_exchange(ours.name), 9)


def publishing(exchange: aio_pika.abc.AbstractExchange) -> Awaitable[object]:
    return exchange.publish(aio_pika.Message(b"probe", delivery_mode=2), "a.b", mandatory=True)


async def refuses_within(exchange: aio_pika.abc.AbstractExchange, publishes: int) -> bool:
    """Tell whether one of so many publishes, one after the other, is refused by a full queue."""
    for _ in range(publishes):
        if not await taken(exchange):
            return True
    return False


async def taken(exchange: aio_pika.abc.AbstractExchange) -> bool:
    """Publish one message, which has a route; tell whether the broker took it."""
    answer = await answer_to(publishing(exchange))
    assert answer is not aio_pika.exceptions.PublishError
    return answer is not aio_pika.exceptions.DeliveryError


async def test_a_queue_that_several_keys_lead_to_gets_a_message_once(amqp_url: str) -> None:
    """How we address our readers: `BCC` adds routing keys, and is gone when the message arrives."""
    name = f"probe-{uuid4().hex}"
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.declare_exchange(name, "topic", auto_delete=True)
        queue = await channel.declare_queue(name, durable=True, arguments=dict(QUORUM))
        for key in ("a.b", "to.me"):
            await queue.bind(exchange, key)
        message = aio_pika.Message(b"probe", delivery_mode=2, headers={"BCC": ["to.me", "to.nobody"], "type": "a.b"})
        for key in ("a.b", "a.c"):
            await exchange.publish(message, key, mandatory=True)
        got = [await queue.get(no_ack=True) for _ in range(2)]
        assert [(one.routing_key, "BCC" in one.headers, one.headers["type"]) for one in got] == [
            ("a.b", False, "a.b"), ("a.c", False, "a.b"),
        ]  # fmt: skip
        assert await queue.get(fail=False) is None
        await channel.queue_delete(name)
