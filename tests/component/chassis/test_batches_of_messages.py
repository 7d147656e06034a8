"""Messages of many subjects that end at the same moment: each is settled as it ended, whatever its neighbours did."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import uuid4

import aio_pika
import pytest

from chassis.bus import Park
from chassis.bus.rabbitmq import RabbitBus
from chassis.bus.topology import parking_name, queue_name
from chassis.cloudevents import CloudEvent
from tests.support.waiting import eventually, eventually_answered

COUNT = 40


@dataclass
class Batch:
    """A service whose handlers all wait for the same moment."""

    url: str
    name: str = field(default_factory=lambda: f"batches-{uuid4().hex[:8]}")
    type: str = field(default_factory=lambda: f"test.fact_{uuid4().hex}.v1")
    begun: list[str] = field(default_factory=list[str])
    done: list[str] = field(default_factory=list[str])
    go: asyncio.Event = field(default_factory=asyncio.Event)
    poison: str = ""
    held: str = ""

    async def handle(self, body: bytes, _attempt: int) -> None:
        subject = CloudEvent.from_json(body).subject
        self.begun.append(subject)
        await self.go.wait()
        if subject == self.held:
            await asyncio.Event().wait()
        if subject == self.poison:
            raise Park("poison")
        self.done.append(subject)

    async def publish(self, bus: RabbitBus) -> None:
        for number in range(COUNT):
            await bus.publish(
                CloudEvent(
                    id=f"fact_{number}-1", type=self.type, source="/test", subject=f"fact_{number}", sequence=1,
                    time="2026-03-01T12:00:00.000Z", organisation_id="org_1", data={},
                )
            )  # fmt: skip
        await eventually(lambda: len(self.begun) == COUNT, "the whole batch at work")


async def message_count(url: str, queue: str) -> int:
    """Return how many messages a queue has that nobody is working on."""
    async with await aio_pika.connect(url) as connection:
        there = await (await connection.channel()).declare_queue(queue, durable=True, passive=True)
        return there.declaration_result.message_count or 0


@pytest.fixture
async def bus(amqp_url: str) -> AsyncIterator[RabbitBus]:
    made = RabbitBus(amqp_url)
    yield made
    await made.close()


async def test_one_poison_of_a_batch_is_parked_and_the_others_are_done(bus: RabbitBus, amqp_url: str) -> None:
    """It is in the middle, and nothing of the batch is left in the queue."""
    batch = Batch(amqp_url, poison="fact_17")
    await bus.consume(batch.name, [batch.type], batch.handle)
    await batch.publish(bus)
    batch.go.set()

    async def parked() -> bool:
        return await message_count(amqp_url, parking_name(batch.name)) == 1

    await eventually_answered(parked, "the poison in its place")
    await eventually(lambda: len(batch.done) == COUNT - 1, "all others")
    await bus.close()
    assert await message_count(amqp_url, queue_name(batch.name)) == 0
    assert len(batch.begun) == COUNT


async def test_what_a_worker_had_not_ended_when_it_was_cut_off_comes_again(bus: RabbitBus, amqp_url: str) -> None:
    """Thirty-nine of a batch were acknowledged, one in the middle was not: that one is the next worker's, alone."""
    first = Batch(amqp_url, held="fact_17")
    cut_off = RabbitBus(amqp_url)
    await cut_off.consume(first.name, [first.type], first.handle)
    await first.publish(bus)
    first.go.set()
    await eventually(lambda: len(first.done) == COUNT - 1, "all but one")
    # As when the process is killed: nothing that is at work ends in order.
    for task in tuple(cut_off._running):  # pyright: ignore[reportPrivateUsage]
        task.cancel()
    await cut_off.close()
    second = Batch(amqp_url, name=first.name, type=first.type)
    second.go.set()
    await bus.consume(second.name, [second.type], second.handle)
    await eventually(lambda: second.done, "the one that was not ended")
    await bus.close()
    assert second.done == ["fact_17"]
    assert await message_count(amqp_url, queue_name(first.name)) == 0
