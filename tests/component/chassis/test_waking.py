"""What is saved is relayed because somebody says so, in this process and from another one; looking comes seldom."""

import asyncio
import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY

from chassis import outbox
from chassis.bells import Bells
from chassis.bus import PublishFailed, Unroutable
from chassis.bus.memory import MemoryBus
from chassis.bus.rabbitmq import RabbitBus
from chassis.cloudevents import CloudEvent
from chassis.mongo.client import Document
from chassis.mongo.indexes import outbox_index
from chassis.mongo.outboxes import LEASE, WAITING, Outboxes
from chassis.outbox import Relay
from chassis.waking import Signal
from tests.component.chassis.conftest import Depot
from tests.support.chassis import LANGUAGE, STAFF, ManualClock, ParcelWeighedV1
from tests.support.commands import objection, recorded
from tests.support.waiting import eventually

NEVER = 3600.0
STORED = int(os.environ.get("PORTAL_GROWTH", "1000"))
"""Documents with nothing to tell that are stored beside those that wait."""


class Told:
    """A bus that keeps what was published; `refused` are subjects it refuses, `down` says that it is away."""

    system = "in_process"

    def __init__(self) -> None:
        self.events: list[CloudEvent] = []
        self.refused: set[str] = set()
        self.down = False

    async def publish(self, event: CloudEvent, *, mandatory: bool = True) -> None:
        if self.down:
            raise PublishFailed("no broker", bus_down=True)
        if event.subject in self.refused:
            raise Unroutable("no queue takes it")
        self.events.append(event)

    @property
    def subjects(self) -> list[str]:
        return [event.subject for event in self.events]


@pytest.fixture
def told() -> Told:
    return Told()


def gauge(name: str) -> float | None:
    return REGISTRY.get_sample_value(name, {"service": "depot"})


def relay_of(depot: Depot, told: Any, signal: Signal | None = None, seconds: float = NEVER) -> Relay:
    return Relay(LANGUAGE, [depot.collection], told, depot.clock, signal or depot.signal, poll_seconds=seconds)


@asynccontextmanager
async def running(*tasks: Any) -> AsyncGenerator[None]:
    """Run endless tasks while the block runs."""
    begun = [asyncio.ensure_future(task) for task in tasks]
    try:
        yield
    finally:
        for one in begun:
            one.cancel()
        await asyncio.gather(*begun, return_exceptions=True)


async def weighed(depot: Depot, *grams: int) -> str:
    parcel = await depot.add_parcel()
    for one in grams:
        await depot.parcels.update(STAFF, parcel.id, lambda found, one=one: found.weigh(one, depot.clock.now()))
    return parcel.id


async def waiting_rows(depot: Depot, subjects: Sequence[str], organisation_id: str = "org_1") -> None:
    """Store documents with an event each, as a save leaves them."""
    entry: Document = {
        "type": ParcelWeighedV1.event_type,
        "sequence": 1,
        "time": depot.clock.now().isoformat(),
        "data": {},
    }
    rest = {"traceparent": None, "mandatory": True, "organisation_id": organisation_id}
    rows: list[Document] = [
        {"_id": one, "organisation_id": organisation_id, "outbox": [{"id": f"{one}-1", **entry, **rest}]}
        for one in subjects
    ]
    await depot.collection.insert_many(rows)


async def test_a_save_is_relayed_at_once_and_nothing_is_looked_for(depot: Depot, told: Told) -> None:
    """The signal says which document: it is leased, read and settled by its id, and nobody looks at what waits.

    While nothing is saved nothing is asked of the database at all.
    """
    parcel = await depot.add_parcel()
    with recorded(depot.database.name) as commands:
        async with running(relay_of(depot, told).run()):
            await eventually(lambda: any(one.get("filter") == WAITING for one in commands), "the first look")
            await weighed(depot, 5)
            await eventually(lambda: any(map(_settles, commands)), "the first event")
            commands.clear()
            await depot.parcels.update(STAFF, parcel.id, lambda found: found.weigh(7, depot.clock.now()))
            await eventually(lambda: [one.data["grams"] for one in told.events] == [5, 7], "the second event")
            await eventually(lambda: any(map(_settles, commands)), "the settling")
            asked = [one["_name"] for one in commands if one.get("find") or one.get("update")]
            for _ in range(50):
                await asyncio.sleep(0)
            assert len(commands) == len(asked)
    assert asked == ["find", "update", "update", "find", "update"]
    assert not any(one.get("filter") == WAITING for one in commands)


def _settles(command: Document) -> bool:
    """Tell whether a command takes out what was confirmed and gives the document back."""
    return "$pull" in repr(command.get("updates"))


async def test_every_command_of_the_relay_is_bounded(depot: Depot, told: Told) -> None:
    """However many documents have nothing to tell: ids, or a range of the outbox's index with both its ends."""
    for start in range(0, STORED, 1000):
        rows: list[Document] = [
            {"_id": f"inv_{start + n:09}", "organisation_id": "org_1", "outbox": []} for n in range(1000)
        ]
        await depot.collection.insert_many(rows)
    told.refused = {"inv_b"}
    with recorded(depot.database.name) as commands:
        await waiting_rows(depot, ["inv_a", "inv_b", "inv_c"])
        commands.clear()
        await relay_of(depot, told).drain()
        await Outboxes(depot.collection, depot.clock).measured()
    assert sorted(told.subjects) == ["inv_a", "inv_c"]
    assert [objection(one, [outbox_index("parcels")]) for one in commands if one["_name"] != "endSessions"] == [
        None
    ] * len(commands)
    assert {one["_name"] for one in commands} == {"find", "update", "aggregate"}


async def test_what_is_refused_starves_nobody(depot: Depot, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """More refused subjects than are looked at in a round: the next look passes over them, and finds the others."""
    monkeypatch.setattr(outbox, "LOOK", 20)
    refused, good = [f"inv_a{n:02}" for n in range(30)], [f"inv_b{n}" for n in range(5)]
    await waiting_rows(depot, refused)
    await waiting_rows(depot, good)
    told.refused = set(refused)
    relay = relay_of(depot, told)
    for _ in range(3):
        await relay.drain()
    assert sorted(told.subjects) == good


async def test_gauges_are_true_while_the_broker_is_down(
    depot: Depot, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How many wait and for how long is read from the database, before anything is published, and however many."""
    monkeypatch.setattr(outbox, "LOOK", 50)
    await waiting_rows(depot, [f"inv_{n:03}" for n in range(130)])
    told.down = True
    depot.clock.move(seconds=90)
    with pytest.raises(PublishFailed):
        await relay_of(depot, told).drain()
    assert gauge("portal_outbox_waiting") == 130
    assert gauge("portal_outbox_oldest_seconds") == 90
    told.down = False
    relay = relay_of(depot, told)
    while await relay.drain():
        pass
    assert gauge("portal_outbox_waiting") == 0
    assert len(told.events) == 130


async def test_a_save_does_not_wait_behind_a_backlog(depot: Depot, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is saved while much waits is told after the batch in hand."""
    monkeypatch.setattr(outbox, "BATCH", 10)
    await waiting_rows(depot, [f"inv_a{n:03}" for n in range(60)])
    fresh, plain = list[str](), told.publish

    async def publish(event: CloudEvent, *, mandatory: bool = True) -> None:
        await plain(event, mandatory=mandatory)
        if len(told.events) == 1:
            fresh.append(await weighed(depot, 3))

    monkeypatch.setattr(told, "publish", publish)
    relay = relay_of(depot, told)
    assert await relay.drain() == 61
    assert told.subjects.index(fresh[0]) == 10


@pytest.mark.parametrize("theirs", [{}, {"relay_by": "somebody"}], ids=["the version before", "this version"])
async def test_a_lease_of_either_version_is_respected_until_it_ends(
    depot: Depot, told: Told, theirs: dict[str, str]
) -> None:
    """The version before notes the end of its lease only; it is taken over when that has passed."""
    subject = await weighed(depot, 4)
    lease = {"relay_lease": depot.clock.now() + timedelta(seconds=30), **theirs}
    await depot.collection.update_one({"_id": subject}, {"$set": lease})
    relay = relay_of(depot, told)
    assert await relay.drain() == 0
    depot.clock.move(seconds=31)
    assert await relay.drain() == 1
    row = await depot.collection.find_one({"_id": subject})
    assert row is not None
    assert not {"relay_lease", "relay_by"} & row.keys()


async def test_relays_whose_clocks_are_far_apart_lose_nothing(depot: Depot, told: Told) -> None:
    """Five minutes fast and five minutes slow: one may take over what the other works on, and each event is told.

    Nothing stays in an outbox or leased, and whoever reads sees the events of a subject for the first time in order.
    """
    subjects = [await weighed(depot, 1, 2, 3) for _ in range(8)]
    clocks = [ManualClock() for _ in range(4)]
    for number, clock in enumerate(clocks):
        clock.move(minutes=5 if number % 2 else -5)
    bus: Any = told
    relays = [Relay(LANGUAGE, [depot.collection], bus, clock, depot.signal, poll_seconds=NEVER) for clock in clocks]
    await asyncio.gather(*(relay.drain() for relay in relays))
    for subject in subjects:
        ids = [event.id for event in told.events if event.subject == subject]
        assert [*dict.fromkeys(ids)] == [f"{subject}-{n}" for n in (1, 2, 3)]
    rows = await depot.collection.find({}).to_list()
    assert {(len(row["outbox"]), row.get("relay_lease")) for row in rows} == {(0, None)}


async def test_the_version_before_sees_our_lease(depot: Depot) -> None:
    """It asks for documents without a lease, or with one that has ended; ours is neither."""
    subject = await weighed(depot, 4)
    leased = await Outboxes(depot.collection, depot.clock).lease([subject])
    row = await depot.collection.find_one({"_id": subject})
    assert row is not None
    assert row["relay_lease"].astimezone(UTC) == leased.until == depot.clock.now() + LEASE


async def test_a_lease_that_was_taken_over_is_not_given_back(depot: Depot) -> None:
    """What was confirmed is taken out; the lease of whoever has the document by now stays."""
    subject = await weighed(depot, 4)
    outboxes = Outboxes(depot.collection, depot.clock)
    leased = await outboxes.lease([subject])
    theirs = depot.clock.now() + timedelta(seconds=99)
    await depot.collection.update_one({"_id": subject}, {"$set": {"relay_lease": theirs}})
    await outboxes.settle(leased, [f"{subject}-1"])
    row = await depot.collection.find_one({"_id": subject})
    assert row is not None
    assert (row["outbox"], row["relay_lease"].astimezone(UTC)) == ([], theirs)


async def test_a_save_in_another_process_wakes_the_relay(depot: Depot, told: Told, newest_amqp_url: str) -> None:
    """The web process rings a bell on the bus, by the name of what was saved; the worker looks for nothing."""
    web, worker, heard = RabbitBus(newest_amqp_url), RabbitBus(newest_amqp_url), Signal()
    here, there = (
        Bells(depot.database.name, bus, signal, (Signal(), Signal()), has_worker=False)
        for bus, signal in ((web, depot.signal), (worker, heard))
    )
    with recorded(depot.database.name) as commands:
        async with running(*(task() for task in (*here.web(), *there.worker())), relay_of(depot, told, heard).run()):
            first = await weighed(depot, 1)
            await eventually(lambda: told.subjects == [first], "the event of a save before or after the bell is heard")
            await eventually(lambda: [one.get("filter") for one in commands].count(WAITING) > 1, "the bell")
            commands.clear()
            second = await weighed(depot, 2)
            await eventually(lambda: told.subjects == [first, second], "the event that a bell told of")
    assert not any(one.get("filter") == WAITING for one in commands)
    await web.close()
    await worker.close()


async def test_an_ended_session_is_known_to_others_by_a_bell() -> None:
    """A reaction in the worker stores it; every web process is told to read."""
    bus, stored, changed = MemoryBus(), Signal(), [Signal(), Signal()]
    worker = Bells("depot", bus, Signal(), (stored, Signal()), has_worker=False)
    webs = [Bells("depot", bus, Signal(), (Signal(), one), has_worker=False) for one in changed]
    async with running(*(task() for task in (*worker.worker(), *(task for one in webs for task in one.web())))):
        for one in changed:
            await one.wait(NEVER)  # whoever begins to hear a bell looks first
            one.taken()
        stored()
        for one in changed:
            await one.wait(NEVER)
            assert one.taken() == ([], True)


async def test_a_relay_that_is_told_nothing_looks_now_and_then(depot: Depot, told: Told) -> None:
    """A bell that was lost costs time, and no event."""
    async with running(relay_of(depot, told, Signal(), seconds=0.05).run()):
        subject = await weighed(depot, 1)
        await eventually(lambda: told.subjects == [subject], "the event that nobody told of")


def test_many_names_are_one_ring_for_anything() -> None:
    """What nobody takes does not pile up."""
    signal = Signal()
    signal.of(f"parcels/{n}" for n in range(2000))
    assert signal.taken() == ([], True)
    assert signal.taken() == ([], False)
