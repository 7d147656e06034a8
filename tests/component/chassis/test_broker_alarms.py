"""While the broker has too little memory or disk, events stay in the outbox; afterwards each is told."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from chassis.bus import PublishFailed
from chassis.bus.rabbitmq import RabbitBus
from chassis.cloudevents import CloudEvent
from chassis.mongo.outboxes import WAITING
from chassis.outbox import Relay
from chassis.web import background
from portal_cli.rabbitmq import RabbitMQNode
from tests.component.chassis.conftest import Depot
from tests.support.chassis import LANGUAGE, STAFF, ParcelWeighedV1
from tests.support.soak import LONG, soak
from tests.support.storage import quickest
from tests.support.waiting import eventually

pytestmark = [
    soak,
    pytest.mark.slow,
    pytest.mark.parametrize("mongo_url", [quickest()], indirect=True),
    pytest.mark.parametrize("broker", ["installed", "4.0"] if LONG else ["installed"], indirect=True),
]

ALARMS = {
    "memory": (
        ("set_vm_memory_high_watermark", "absolute", "1MB"),
        ("set_vm_memory_high_watermark", "absolute", "512MB"),
    ),
    "disk": (("set_disk_free_limit", "999999GB"), ("set_disk_free_limit", "50MB")),
}
"""By what the broker lacks: how it is made to find so, and that it has enough again."""
SUBJECTS = 20


@pytest.fixture
async def bus(rabbitmq_node: RabbitMQNode) -> AsyncIterator[RabbitBus]:
    made = RabbitBus(rabbitmq_node.url)
    yield made
    await made.close()


async def weigh(depot: Depot, parcels: list[str], grams: int) -> None:
    for one in parcels:
        await depot.parcels.update(STAFF, one, lambda found: found.weigh(grams, depot.clock.now()))


async def test_alarms_hold_events_back_and_lose_none(depot: Depot, rabbitmq_node: RabbitMQNode, bus: RabbitBus) -> None:
    """The relay is told within its time that the broker is away; nothing is taken out, and all follows, in order."""
    seen = list[str]()

    async def see(body: bytes, attempt: int) -> None:
        seen.append(CloudEvent.from_json(body).id)

    await bus.consume("scales", [ParcelWeighedV1.event_type], see)
    parcels = [(await depot.add_parcel()).id for _ in range(SUBJECTS)]
    for count, (begin, end) in enumerate(ALARMS.values(), start=1):
        relay = Relay(LANGUAGE, [depot.collection], bus, depot.clock, depot.signal)
        await asyncio.to_thread(rabbitmq_node.ctl, *begin)
        await weigh(depot, parcels, 1)
        with pytest.raises(PublishFailed):
            await relay.drain()
        assert await depot.collection.count_documents(WAITING) == SUBJECTS
        await asyncio.to_thread(rabbitmq_node.ctl, *end)
        async with background(relay.run):
            await eventually(lambda count=count: len({*seen}) == count * SUBJECTS, "the events of the alarm")
    for parcel in parcels:
        first = [seen.index(f"{parcel}-{n}") for n in range(1, len(ALARMS) + 1)]
        assert first == sorted(first)
