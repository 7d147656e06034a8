"""A worker in a crash loop loses nothing, on every RabbitMQ: each event is handled, or parked with a reason."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import aio_pika
import pytest
from aio_pika.abc import AbstractIncomingMessage

from chassis.bus import EXCHANGE
from chassis.bus.rabbitmq import RabbitBus
from chassis.bus.settling import reason_of
from chassis.bus.topology import DELIVERY_LIMIT, parking_name, policies, queue_name, queues_of
from chassis.cloudevents import CloudEvent
from tests.support.broker import Broker, Brokers
from tests.support.waiting import LIMIT, eventually_answered

ROOT = Path(__file__).parents[3]
EVENTS = 30
DEATHS = DELIVERY_LIMIT + 10


class Service:
    """One service's queues on a broker, and events in them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.name = f"crashing-{uuid4().hex[:8]}"
        self.type = f"test.fact_{uuid4().hex}.v1"
        self.handled: list[str] = []
        self.sent = [f"fact_{n}-1" for n in range(EVENTS)]

    async def handle(self, body: bytes, attempt: int) -> None:
        self.handled.append(CloudEvent.from_json(body).id)

    async def declare(self) -> None:
        """Make the queues as this version of us does, and leave."""
        bus = RabbitBus(self.url)
        await bus.consume(self.name, [self.type], self.handle)
        await bus.close()

    async def declare_as_before(self) -> None:
        """Make the queues as earlier versions of us did: without limits."""
        async with await aio_pika.connect(self.url) as connection:
            channel = await connection.channel()
            exchange = await channel.declare_exchange(EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True)
            for queue in queues_of(self.name):
                await channel.declare_queue(queue.name, durable=True, arguments=queue.arguments_without_limits)
            await (await channel.get_queue(queue_name(self.name))).bind(exchange, self.type)

    async def publish(self) -> None:
        bus = RabbitBus(self.url)
        for number, _ in enumerate(self.sent):
            await bus.publish(
                CloudEvent(
                    id=f"fact_{number}-1", type=self.type, source="/test", subject=f"fact_{number}", sequence=1,
                    time="2026-03-01T12:00:00.000Z", organisation_id="org_1", data={},
                )
            )  # fmt: skip
        await bus.close()

    async def crash(self, deaths: int, where: str) -> int:
        """Let workers die over these events; return how many died."""
        command = [sys.executable, "-m", "tests.support.dying_worker", self.url, self.name, self.type]
        process = await asyncio.create_subprocess_exec(
            *command, str(deaths), str(EVENTS), where, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        printed, _ = await asyncio.wait_for(process.communicate(), 10 * LIMIT)
        return int(printed.splitlines()[-1])

    async def recover(self) -> list[AbstractIncomingMessage]:
        """Run a healthy worker until every event is handled or parked; return what is parked, taken out."""
        bus = RabbitBus(self.url)
        await bus.consume(self.name, [self.type], self.handle)
        parked: list[AbstractIncomingMessage] = []
        async with await aio_pika.connect(self.url) as connection:
            queue = await (await connection.channel()).get_queue(parking_name(self.name))

            async def complete() -> bool:
                while message := await queue.get(fail=False, no_ack=True):
                    parked.append(message)
                return len(set(self.handled)) + len(parked) >= EVENTS

            await eventually_answered(complete, "every event handled or parked")
        await bus.close()
        return parked


@pytest.fixture
async def service(amqp_url: str) -> AsyncIterator[Service]:
    made = Service(amqp_url)
    yield made
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        for queue in queues_of(made.name):
            await channel.queue_delete(queue.name)


@pytest.mark.parametrize("where", ["in the handler", "at receipt"])
async def test_a_crash_loop_loses_nothing(service: Service, where: str) -> None:
    """Thirty events, thirty workers killed over them: afterwards each event is handled or parked with a reason."""
    await service.declare()
    await service.publish()
    deaths = await service.crash(DEATHS, where)
    parked = await service.recover()

    ids = [CloudEvent.from_json(message.body).id for message in parked]
    reasons = {reason_of(message) for message in parked}
    print(f"{EVENTS} events, {deaths} deaths: {len(service.handled)} handled, {len(parked)} parked, reasons {reasons}")
    assert sorted({*service.handled, *ids}) == sorted(service.sent)
    assert deaths >= DELIVERY_LIMIT
    assert reasons <= {
        "given up by the broker: delivery_limit",
        f"delivered {DELIVERY_LIMIT} times without an end: the worker stopped each time",
    }


async def test_queues_of_an_earlier_version_lose_nothing_either(service: Service) -> None:
    """Where the broker has no limit of ours, the worker parks what would be the last delivery."""
    await service.declare_as_before()
    await service.publish()
    deaths = await service.crash(DEATHS, "in the handler")
    parked = await service.recover()

    assert sorted({*service.handled, *(CloudEvent.from_json(one.body).id for one in parked)}) == sorted(service.sent)
    assert deaths == DELIVERY_LIMIT


async def test_the_policies_limit_queues_of_an_earlier_version(
    service: Service, broker: Broker, brokers: Brokers, tmp_path: Path
) -> None:
    """Applied to queues with messages inside, they make the broker itself park what workers never settle."""
    await service.declare_as_before()
    await service.publish()
    file = tmp_path / "policies.json"
    file.write_text(json.dumps({"policies": policies([service.name])}))
    await asyncio.to_thread(brokers.node(broker.name).ctl, "import_definitions", str(file))
    deaths = await service.crash(DEATHS, "at receipt")
    parked = await service.recover()

    assert sorted({*service.handled, *(CloudEvent.from_json(one.body).id for one in parked)}) == sorted(service.sent)
    assert {reason_of(message) for message in parked} == {"given up by the broker: delivery_limit"}
    assert deaths == DELIVERY_LIMIT + 1


async def test_what_the_broker_parked_is_replayed(service: Service) -> None:
    """`replay` gives back what the broker gave up, though nothing of ours is written on it."""
    await service.declare()
    await service.publish()
    await service.crash(DEATHS, "at receipt")
    bus = RabbitBus(service.url)
    replayed = 0

    async def all_back() -> bool:
        nonlocal replayed
        replayed += await bus.replay(service.name)
        return replayed == EVENTS

    await eventually_answered(all_back, "every event replayed")
    await bus.close()
    assert await service.recover() == []
    assert sorted(service.handled) == sorted(service.sent)
