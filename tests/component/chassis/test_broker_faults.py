"""No event is lost when the broker is killed, stops, hangs or has no route: real RabbitMQ, real database."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable

import pytest

from chassis.bus.rabbitmq import RabbitBus
from chassis.cloudevents import CloudEvent
from chassis.mongo.outboxes import WAITING
from chassis.outbox import Relay
from chassis.web import background
from portal_cli.rabbitmq import RabbitMQNode
from tests.component.chassis.conftest import Depot
from tests.support.chassis import LANGUAGE, STAFF, ParcelWeighedV1
from tests.support.soak import LONG, how_many, soak
from tests.support.storage import quickest
from tests.support.waiting import eventually

pytestmark = [
    soak,
    pytest.mark.slow,
    pytest.mark.parametrize("mongo_url", [quickest()], indirect=True),
]

BROKERS = ["installed", "4.0"]

SUBJECTS = 50
WRITES = how_many(400, 20_000)
"""Of each of the six cases, a multiple of 200."""


class Seen:
    """Counts the deliveries of each event."""

    def __init__(self) -> None:
        self.deliveries: Counter[str] = Counter()
        self.last_at = 0.0

    async def __call__(self, body: bytes, attempt: int) -> None:
        self.deliveries[CloudEvent.from_json(body).id] += 1
        self.last_at = time.monotonic()


@pytest.fixture
async def bus(rabbitmq_node: RabbitMQNode) -> AsyncIterator[RabbitBus]:
    made = RabbitBus(rabbitmq_node.url)
    yield made
    await made.close()


async def write(depot: Depot, parcels: list[str], share: int) -> None:
    """Make one writer's share of the writes, spread over all parcels."""
    for n in range(share):
        parcel = parcels[n % len(parcels)]
        await depot.parcels.update(STAFF, parcel, lambda found, n=n: found.weigh(n % 1000, depot.clock.now()))


def kill_and_start(node: RabbitMQNode) -> None:
    """Kill the broker when it has written down which queues it has: 3.10 does so up to three seconds later, or more on
    a busy machine, and a queue that it had not written down hangs for ever (`RabbitMQNode.kill`)."""
    node.ctl("eval", "[ok = dets:sync(Table) || Table <- dets:all()].")
    node.kill()
    node.start()


def stop_and_start(node: RabbitMQNode) -> None:
    node.stop()
    node.start()


def hang_for_a_while(node: RabbitMQNode) -> None:
    """Stop the broker's process without closing its connections, as a black hole would."""
    node.pause()
    time.sleep(7)
    node.resume()


def memory_alarm(node: RabbitMQNode) -> None:
    """Let the broker find that it has too little memory: it reads nothing from whoever publishes."""
    node.ctl("set_vm_memory_high_watermark", "absolute", "1MB")
    time.sleep(7)
    node.ctl("set_vm_memory_high_watermark", "absolute", "512MB")


def disk_alarm(node: RabbitMQNode) -> None:
    """Let the broker find that its disk is nearly full: it reads nothing from whoever publishes."""
    node.ctl("set_disk_free_limit", "999999GB")
    time.sleep(7)
    node.ctl("set_disk_free_limit", "50MB")


def all_delivered_as_time_goes_on(depot: Depot, seen: Seen) -> bool:
    """Let a second pass: an attempt may have failed a moment ago, and its pause ends by the depot's clock."""
    depot.clock.move(seconds=1)
    return len(seen.deliveries) == WRITES


FAULTS = {"kill": kill_and_start, "stop": stop_and_start, "hang": hang_for_a_while} | (
    {"memory": memory_alarm, "disk": disk_alarm} if LONG else {}
)
"""The alarms are of the long run, and their short form below."""
PAIRS = (
    [(fault, broker) for fault in FAULTS for broker in BROKERS]
    if LONG
    else [("kill", "installed"), ("stop", "4.0"), ("hang", "installed"), ("kill", "4.0")]
)
"""The ordinary run has each fault, each version, and on both the one that may lose what was confirmed."""


@pytest.mark.parametrize(
    ("fault", "broker"),
    [(FAULTS[fault], broker) for fault, broker in PAIRS],
    ids=[f"{fault}-{broker}" for fault, broker in PAIRS],
    indirect=["broker"],
)
async def test_no_event_is_lost_when_the_broker_fails(
    depot: Depot, rabbitmq_node: RabbitMQNode, bus: RabbitBus, fault: Callable[[RabbitMQNode], None]
) -> None:
    """Four writers go on while the broker fails at 30 %; afterwards every event was delivered."""
    seen = Seen()
    await bus.consume("scales", [ParcelWeighedV1.event_type], seen)
    parcels = [(await depot.add_parcel()).id for _ in range(SUBJECTS)]
    relays = [Relay(LANGUAGE, [depot.collection], bus, depot.clock, depot.signal) for _ in range(2)]
    async with background(*(relay.run for relay in relays)):
        writers = asyncio.gather(*(write(depot, parcels, WRITES // 4) for _ in range(4)))
        await eventually(lambda: len(seen.deliveries) > WRITES * 0.3, "30 % of the events")
        await asyncio.to_thread(fault, rabbitmq_node)
        back = time.monotonic()
        before = len(seen.deliveries)
        await eventually(lambda: len(seen.deliveries) > before or len(seen.deliveries) == WRITES, "the next event")
        resumed = time.monotonic() - back
        await writers
        await eventually(lambda: all_delivered_as_time_goes_on(depot, seen), "the last event")
    expected = {f"{parcel}-{n}" for parcel in parcels for n in range(1, WRITES // SUBJECTS + 1)}
    assert set(seen.deliveries) == expected
    again = sum(seen.deliveries.values()) - WRITES
    print(f"{WRITES} events, lost 0, delivered again {again}, consuming again after {resumed:.1f} s (15)")


@pytest.mark.parametrize("broker", BROKERS if LONG else ["4.0"], indirect=True)
async def test_an_event_without_a_route_waits_for_one(
    depot: Depot, rabbitmq_node: RabbitMQNode, bus: RabbitBus
) -> None:
    """A hundred events that no queue takes stay in the outbox, and are delivered when the queue is there."""
    parcels = [(await depot.add_parcel()).id for _ in range(100)]
    await write(depot, parcels, 100)
    relay = Relay(LANGUAGE, [depot.collection], bus, depot.clock, depot.signal)
    await relay.drain()
    assert await depot.collection.count_documents(WAITING) == 100
    seen = Seen()
    await bus.consume("scales", [ParcelWeighedV1.event_type], seen)
    depot.clock.move(minutes=2)
    await relay.drain()
    await eventually(lambda: len(seen.deliveries) == 100, "every event")
    assert await depot.collection.count_documents(WAITING) == 0
