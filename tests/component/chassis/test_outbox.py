"""The relay takes every event out of the outbox, in order, and only after the bus confirmed it."""

import asyncio

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from chassis import telemetry
from chassis.bus import PublishFailed
from chassis.cloudevents import CloudEvent
from chassis.mongo.client import Document
from tests.component.chassis.conftest import Depot
from tests.support.chassis import STAFF, ParcelWeighedV1


async def weigh(depot: Depot, parcel_id: str, *grams: int) -> None:
    for one in grams:
        await depot.parcels.update(STAFF, parcel_id, lambda found, one=one: found.weigh(one, depot.clock.now()))


async def stored(depot: Depot, parcel_id: str) -> Document:
    document = await depot.collection.find_one({"_id": parcel_id})
    assert document is not None
    return document


class Heard:
    """A reaction that keeps the weights it saw."""

    def __init__(self) -> None:
        self.grams: list[int] = []
        self.fail_on: int | None = None

    async def __call__(self, body: bytes, attempt: int) -> None:
        grams = CloudEvent.from_json(body).data["grams"]
        if grams == self.fail_on:
            raise RuntimeError("not now")
        self.grams.append(grams)


@pytest.fixture
async def heard(depot: Depot) -> Heard:
    handler = Heard()
    await depot.bus.consume("scales", [ParcelWeighedV1.event_type], handler)
    return handler


async def test_confirmed_events_leave_the_outbox(depot: Depot, heard: Heard) -> None:
    """After a round all events were published in order and the outbox is empty."""
    parcel = await depot.add_parcel()
    await weigh(depot, parcel.id, 1, 2, 3)
    assert await depot.relay.drain() == 3
    document = await stored(depot, parcel.id)
    assert (heard.grams, document["outbox"]) == ([1, 2, 3], [])
    assert "relay_lease" not in document


async def test_a_message_carries_the_span_of_its_publishing(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The trace of the request goes on in a producer span, and whoever reads the message goes on from that."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "_TRACER", provider.get_tracer("test"))
    parcel, carried = await depot.add_parcel(), list[str | None]()

    async def keep(body: bytes, _: int) -> None:
        carried.append(CloudEvent.from_json(body).traceparent)

    await depot.bus.consume("scales", [ParcelWeighedV1.event_type], keep)
    with telemetry.span("request") as clicked:
        await weigh(depot, parcel.id, 7)
    await depot.relay.drain()
    published = next(span for span in exporter.get_finished_spans() if span.kind is SpanKind.PRODUCER)
    assert published.parent.span_id == clicked.get_span_context().span_id
    context = published.context
    assert carried == [f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"]
    assert dict(published.attributes) == {
        "messaging.system": "in_process",
        "messaging.operation.name": "publish",
        "messaging.operation.type": "send",
        "messaging.destination.name": f"portal.events:{ParcelWeighedV1.event_type}",
        "messaging.rabbitmq.destination.routing_key": ParcelWeighedV1.event_type,
        "messaging.message.id": f"{parcel.id}-1",
    }


async def test_a_failure_stops_its_subject_and_loses_nothing(depot: Depot, heard: Heard) -> None:
    """The first failure keeps that event and those behind it; they follow, in order, when the reaction works again."""
    parcel = await depot.add_parcel()
    await weigh(depot, parcel.id, 1, 2, 3)
    heard.fail_on = 2
    assert await depot.relay.drain() == 1
    assert [entry["sequence"] for entry in (await stored(depot, parcel.id))["outbox"]] == [2, 3]
    heard.fail_on = None
    depot.clock.move(seconds=60)
    assert await depot.relay.drain() == 2
    assert heard.grams == [1, 2, 3]


async def test_an_event_without_a_route_stays(depot: Depot) -> None:
    """While no queue takes a mandatory event, it stays in the outbox; afterwards it is delivered."""
    parcel = await depot.add_parcel()
    await weigh(depot, parcel.id, 7)
    await depot.relay.drain()
    assert len((await stored(depot, parcel.id))["outbox"]) == 1
    handler = Heard()
    await depot.bus.consume("scales", [ParcelWeighedV1.event_type], handler)
    depot.clock.move(seconds=60)
    await depot.relay.drain()
    assert handler.grams == [7]


async def test_two_relays_publish_each_event_once(depot: Depot, heard: Heard) -> None:
    """Relays side by side respect each other's lease."""
    parcels = [await depot.add_parcel() for _ in range(5)]
    for parcel in parcels:
        await weigh(depot, parcel.id, 1, 2)
    await asyncio.gather(*(depot.new_relay().drain() for _ in range(3)))
    assert len(heard.grams) == 10


async def test_a_lease_left_by_a_dead_relay_runs_out(depot: Depot, heard: Heard) -> None:
    """A document leased by a process that died is published when the lease is over."""
    parcel = await depot.add_parcel()
    await weigh(depot, parcel.id, 4)
    await depot.collection.update_one({"_id": parcel.id}, {"$set": {"relay_lease": depot.clock.now()}})
    depot.clock.move(seconds=-1)
    assert await depot.relay.drain() == 0
    depot.clock.move(seconds=2)
    assert await depot.relay.drain() == 1


async def test_an_event_saved_while_another_is_published_is_kept(depot: Depot) -> None:
    """A save between publish and removal loses neither the old nor the new event."""
    parcel = await depot.add_parcel()
    await weigh(depot, parcel.id, 1)
    seen: list[int] = []

    async def save_another(body: bytes, attempt: int) -> None:
        seen.append(CloudEvent.from_json(body).data["grams"])
        if len(seen) == 1:
            await weigh(depot, parcel.id, 2)

    await depot.bus.consume("scales", [ParcelWeighedV1.event_type], save_another)
    await depot.relay.drain()
    await depot.relay.drain()
    assert seen == [1, 2]


async def test_a_bus_that_is_down_is_said_and_nothing_is_lost(depot: Depot) -> None:
    """When the bus is down the round ends with that error and all events stay."""

    class DeadBus:
        system = "in_process"

        async def publish(self, event: CloudEvent, *, mandatory: bool = True) -> None:
            raise PublishFailed("no broker", bus_down=True)

    parcel = await depot.add_parcel()
    await weigh(depot, parcel.id, 1)
    relay = depot.new_relay()
    relay._bus = DeadBus()
    with pytest.raises(PublishFailed):
        await relay.drain()
    document = await stored(depot, parcel.id)
    assert (len(document["outbox"]), "relay_lease" in document) == (1, False)
