"""Two versions of a worker read one queue: what the older does not know is kept for the newer."""

from collections.abc import AsyncIterator
from uuid import uuid4

import aio_pika
import pytest

from chassis.bus.rabbitmq import RabbitBus
from chassis.bus.topology import queues_of
from chassis.cloudevents import CloudEvent
from chassis.inbox import Inbox, Narrow, Reaction, Received
from tests.support.waiting import eventually

EVENTS = 40


class Fact(Narrow):
    """What the reaction reads."""

    n: int


@pytest.fixture
async def service(amqp_url: str) -> AsyncIterator[str]:
    name = f"two-{uuid4().hex[:8]}"
    yield name
    async with await aio_pika.connect(amqp_url) as connection:
        for queue in queues_of(name):
            await (await connection.channel()).queue_delete(queue.name)


async def test_every_event_of_a_new_type_is_told(amqp_url: str, service: str) -> None:
    """Forty events of a type, in a version that only one of two workers has a row for: forty are told, once."""
    old, known = f"test.old_{service}.v1", f"test.new_{service}.v2"
    told: list[str] = []

    async def react(event: Received[Fact]) -> None:
        told.append(event.id)

    row = Reaction(Fact, react)
    older, newer = RabbitBus(amqp_url), RabbitBus(amqp_url)
    await Inbox(service, {old: row}).start(older)
    await Inbox(service, {old: row, known: row}).start(newer)
    expected = [f"fact_{n}-1" for n in range(EVENTS)]
    for n in range(EVENTS):
        await newer.publish(
            CloudEvent(
                id=f"fact_{n}-1", type=known, source="/test", subject=f"fact_{n}", sequence=1,
                time="2026-03-01T12:00:00.000Z", organisation_id="org_1", data={"n": n},
            )
        )  # fmt: skip
    await eventually(lambda: len(told) >= EVENTS, "every event told")
    assert sorted(told) == sorted(expected)
    await older.close()
    await newer.close()
