"""An event that cannot be read keeps no other subject, collection or organisation from being told."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY

from chassis import outbox
from chassis.bus.memory import MemoryBus
from chassis.cloudevents import CloudEvent
from chassis.guard import FORGOTTEN_AFTER, LONGEST_PAUSE
from chassis.kernel import new_id
from chassis.mongo import set_aside
from chassis.mongo.client import Collection
from chassis.mongo.set_aside import MongoAside, listed
from chassis.outbox import LOOP, Relay
from tests.component.chassis.conftest import Depot
from tests.support.chassis import LANGUAGE, ParcelWeighedV1
from tests.support.storage import quickest

MISSING: Any = object()

pytestmark = pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)


@dataclass
class Two:
    """A relay over two collections, and what was heard of them: (subject, grams)."""

    depot: Depot
    relay: Relay
    heard: list[tuple[str, int]]

    @property
    def collections(self) -> tuple[Collection, Collection]:
        return self.depot.database["crates"], self.depot.collection


@pytest.fixture
async def two(depot: Depot) -> Two:
    heard: list[tuple[str, int]] = []

    async def hear(body: bytes, _: int) -> None:
        event = CloudEvent.from_json(body)
        heard.append((event.subject, event.data["grams"]))

    bus = MemoryBus()
    await bus.consume("scales", [ParcelWeighedV1.event_type], hear)
    aside = MongoAside(depot.database, "depot", depot.clock)
    collections = [depot.database["crates"], depot.collection]
    return Two(depot, Relay(LANGUAGE, collections, bus, depot.clock, depot.signal, aside=aside), heard)


def gauge() -> float | None:
    return REGISTRY.get_sample_value("portal_set_aside", {"service": "depot", "loop": LOOP})


async def store(
    two: Two, collection: Collection, organisation_id: str, *grams: Any, spoil: dict[str, Any] | None = None
) -> str:
    """Store a document with one event for each weight; `spoil` changes the first. Return the subject."""
    subject = new_id("inv")
    entries = [
        {
            "id": f"{subject}-{number}",
            "type": ParcelWeighedV1.event_type,
            "sequence": number,
            "time": two.depot.clock.now().isoformat(),
            "organisation_id": organisation_id,
            "data": {"grams": one},
            "traceparent": None,
            "mandatory": True,
        }
        for number, one in enumerate(grams, 1)
    ]
    entries[0] |= spoil or {}
    for name in [name for name, value in entries[0].items() if value is MISSING]:
        del entries[0][name]
    await collection.insert_one({"_id": subject, "organisation_id": organisation_id, "outbox": entries})
    return subject


SPOILT: dict[str, dict[str, Any]] = {
    "no type": {"type": MISSING},
    "no data": {"data": MISSING},
    "a sequence that is a word": {"sequence": "first"},
    "data that JSON cannot carry": {"data": {"grams": b"\x00"}},
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
async def test_one_unreadable_event_stops_only_its_own_subject(two: Two, spoil: dict[str, Any]) -> None:
    """Others of its collection and of all collections are told; its own later events wait behind it, in order."""
    crates, parcels = two.collections
    bad = await store(two, crates, "org_1", 1, 2, spoil=spoil)
    good = [await store(two, crates, "org_1", 3, 4), await store(two, parcels, "org_1", 5)]
    await two.relay.drain()
    assert {(good[0], 3), (good[0], 4), (good[1], 5)} == {*two.heard}
    (row,) = await listed(two.depot.database)
    assert (row["loop"], row["item"], row["attempts"]) == (LOOP, f"crates/{bad}", 1)
    assert row["reason"].split(" ")[0] in {"KeyError", "ValueError", "TypeError", "JSONEncodeError"}


async def test_a_mended_event_is_told_in_its_order_and_its_row_goes(two: Two) -> None:
    """The pauses grow to an hour; after a repair the next try tells everything, and nothing is set aside any more."""
    crates, _ = two.collections
    bad = await store(two, crates, "org_1", 1, 2, spoil={"type": MISSING})
    pause = timedelta(0)
    for attempt in range(1, 13):
        await two.relay.drain()
        (row,) = await listed(two.depot.database)
        assert row["attempts"] == attempt
        await two.relay.drain()
        assert (await listed(two.depot.database))[0]["attempts"] == attempt
        assert gauge() == 1
        longer = row["again_at"] - row["last_seen"]
        assert pause < longer or longer == LONGEST_PAUSE
        pause = longer
        two.depot.clock.time = row["again_at"]
    assert pause == LONGEST_PAUSE
    await crates.update_one({"_id": bad}, {"$set": {"outbox.0.type": ParcelWeighedV1.event_type}})
    two.depot.clock.move(seconds=2)
    await two.relay.drain()
    assert (two.heard, await listed(two.depot.database)) == ([(bad, 1), (bad, 2)], [])
    assert gauge() == 0


async def test_a_retry_by_hand_ends_the_pause_and_what_is_gone_is_forgotten(two: Two) -> None:
    """`portal aside retry` makes the next round try again; the row of a removed document goes by itself."""
    crates, _ = two.collections
    bad = await store(two, crates, "org_1", 1, spoil={"type": MISSING})
    await two.relay.drain()
    two.depot.clock.move(seconds=2)
    assert await set_aside.retry(two.depot.database, two.depot.clock.now(), f"{LOOP}:crates/{bad}") == 1
    await two.relay.drain()
    assert (await listed(two.depot.database))[0]["attempts"] == 2
    await crates.delete_one({"_id": bad})
    two.depot.clock.move(seconds=60 + FORGOTTEN_AFTER.total_seconds() + 1)
    await two.relay.drain()
    assert await listed(two.depot.database) == []


async def test_more_bad_subjects_than_a_batch_holds_block_nobody(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """What rests takes no place in a batch."""
    monkeypatch.setattr(outbox, "BATCH", 4)
    crates, _ = two.collections
    for _ in range(6):
        await store(two, crates, "org_1", 1, spoil={"type": MISSING})
    good = await store(two, crates, "org_1", 9)
    for _ in range(3):
        await two.relay.drain()
    assert two.heard == [(good, 9)]


async def test_the_largest_organisation_starves_nobody(two: Two) -> None:
    """With 300 documents of one organisation and one each of 20 others, the 20 are among the first that are told."""
    crates, _ = two.collections
    entry = {"type": ParcelWeighedV1.event_type, "sequence": 1, "time": two.depot.clock.now().isoformat()}
    rest = {"data": {"grams": 1}, "traceparent": None, "mandatory": True}
    ids = [f"inv_{number:04}" for number in range(300)]
    await crates.insert_many(
        [
            {
                "_id": one,
                "organisation_id": "org_big",
                "outbox": [{"id": f"{one}-1", **entry, **rest, "organisation_id": "org_big"}],
            }
            for one in ids
        ]
    )
    small = {await store(two, crates, f"org_{number}", 2) for number in range(20)}
    await two.relay.drain()
    told = [subject for subject, _ in two.heard]
    assert len(told) == 320
    assert small <= {*told[:40]}
