"""Aggregates and their events in one write, each principal kept to its own."""

import asyncio
from typing import Any

import pytest

from chassis.kernel import AlreadyExists, NotFound, Principal, new_id
from chassis.mongo.applied import STATE_ONLY, put_once, working_on
from tests.component.chassis.conftest import Depot
from tests.support.chassis import CONTACT, OTHER_CONTACT, OTHER_STAFF, STAFF, Parcel, TooHeavy


async def test_what_is_added_can_be_read_back(depot: Depot) -> None:
    """A stored aggregate comes back with the same state and its version."""
    parcel = await depot.add_parcel()
    found = await depot.parcels.get(STAFF, parcel.id)
    assert (found.price, found.weights, found.version) == (parcel.price, [], 1)


@pytest.mark.parametrize("by", [OTHER_CONTACT, OTHER_STAFF], ids=["other client", "other organisation"])
async def test_others_find_nothing(depot: Depot, by: Principal) -> None:
    """Another client and another organisation get the same answer as for an id that does not exist."""
    parcel = await depot.add_parcel()
    with pytest.raises(NotFound, match=r"^There is no such parcel\.$"):
        await depot.parcels.get(by, parcel.id)
    with pytest.raises(NotFound):
        await depot.parcels.update(by, parcel.id, lambda found: found.weigh(1, depot.clock.now()))
    assert await depot.parcels.get_many(by, [parcel.id]) == {}
    assert (await depot.parcels.get(CONTACT, parcel.id)).weights == []


async def test_adding_the_same_id_twice_is_refused(depot: Depot) -> None:
    """A second aggregate with the same id is refused and changes nothing."""
    parcel = await depot.add_parcel()
    with pytest.raises(AlreadyExists):
        await depot.parcels.add(parcel)


async def test_state_and_events_are_stored_together(depot: Depot) -> None:
    """One update holds the new state, the version and the outbox entry with a stable id."""
    parcel = await depot.add_parcel()
    await depot.parcels.update(STAFF, parcel.id, lambda found: found.weigh(250, depot.clock.now()))
    document = await depot.collection.find_one({"_id": parcel.id})
    assert document is not None
    assert (document["weights"], document["version"], document["event_sequence"]) == ([250], 2, 1)
    assert [(entry["id"], entry["data"]) for entry in document["outbox"]] == [
        (f"{parcel.id}-1", {"organisationId": "org_1", "grams": 250})
    ]


async def test_a_refusal_changes_nothing(depot: Depot) -> None:
    """A domain error inside the change leaves the document as it was."""
    parcel = await depot.add_parcel()
    before = await depot.collection.find_one({"_id": parcel.id})
    with pytest.raises(TooHeavy):
        await depot.parcels.update(STAFF, parcel.id, lambda found: found.weigh(2000, depot.clock.now()))
    assert await depot.collection.find_one({"_id": parcel.id}) == before


async def test_a_change_of_nothing_writes_nothing(depot: Depot) -> None:
    """Without a change of state and without events the version stays."""
    parcel = await depot.add_parcel()
    await depot.parcels.update(STAFF, parcel.id, lambda _: None)
    assert (await depot.parcels.get(STAFF, parcel.id)).version == 1


async def test_no_update_is_lost_among_writers(depot: Depot) -> None:
    """Ten writers at once all get their change in, one version each."""
    parcel = await depot.add_parcel()
    await asyncio.gather(
        *(
            depot.parcels.update(STAFF, parcel.id, lambda found, n=n: found.weigh(n, depot.clock.now()))
            for n in range(10)
        )
    )
    found = await depot.parcels.get(STAFF, parcel.id)
    assert (sorted(found.weights), found.version, found.event_sequence) == (list(range(10)), 11, 10)


# --- requests with a key --------------------------------------------------------------------------------------------


async def weigh(depot: Depot, parcel_id: str, key: str, grams: int = 250, by: Principal = STAFF) -> Parcel:
    """Weigh a parcel because of a request with this key."""
    with working_on(key):
        return await depot.parcels.update(by, parcel_id, lambda found: found.weigh(grams, depot.clock.now()))


async def ring(depot: Depot, parcel_id: str) -> list[str]:
    document = await depot.collection.find_one({"_id": parcel_id})
    assert document is not None
    return [entry["key"] for entry in document.get("applied", [])]


async def test_a_request_decides_once(depot: Depot) -> None:
    """Another run of a request finds its key beside the state, and leaves the document as it has become since."""
    parcel = await depot.add_parcel()
    await weigh(depot, parcel.id, "one")
    await weigh(depot, parcel.id, "two", grams=300)
    again = await weigh(depot, parcel.id, "one")
    assert (again.weights, again.version, await ring(depot, parcel.id)) == ([250, 300], 3, ["one", "two"])


async def test_one_run_may_decide_more_than_once(depot: Depot) -> None:
    """What a run has written itself it may change again."""
    parcel = await depot.add_parcel()
    with working_on("one"):
        for grams in (1, 2):
            await depot.parcels.update(STAFF, parcel.id, lambda found, g=grams: found.weigh(g, depot.clock.now()))
    assert (await depot.parcels.get(STAFF, parcel.id)).weights == [1, 2]


async def test_steps_of_our_own_service_are_none(depot: Depot) -> None:
    """What follows from a decision is not one: it is neither noted nor left out."""
    parcel = await depot.add_parcel()
    service = Principal.for_service(STAFF.organisation_id)
    await weigh(depot, parcel.id, "one")
    await weigh(depot, parcel.id, "one", by=service)
    assert ((await depot.parcels.get(STAFF, parcel.id)).weights, await ring(depot, parcel.id)) == ([250, 250], ["one"])


async def test_a_decision_that_changes_nothing_is_remembered(depot: Depot) -> None:
    """It was made: what others change afterwards is not changed back by a retry; the version stays."""
    parcel = await depot.add_parcel()
    with working_on("one"):
        await depot.parcels.update(STAFF, parcel.id, lambda _: None)
    assert ((await depot.parcels.get(STAFF, parcel.id)).version, await ring(depot, parcel.id)) == (1, ["one"])
    assert (await weigh(depot, parcel.id, "one")).weights == []


async def test_the_ring_is_bounded_and_concerns_nobody(depot: Depot) -> None:
    """A document remembers the last 32 keys, from its first; what reads its state does not read them."""
    parcel = Parcel(id=new_id("inv"), organisation_id="org_1", customer_id="cus_1")
    with working_on("first"):
        await depot.parcels.add(parcel)
    assert await ring(depot, parcel.id) == ["first"]
    for number in range(40):
        await weigh(depot, parcel.id, f"key-{number}", grams=number)
    assert await ring(depot, parcel.id) == [f"key-{number}" for number in range(8, 40)]
    found = await depot.collection.find_one({"_id": parcel.id}, STATE_ONLY)
    assert found is not None
    assert not {"applied", "outbox"} & found.keys()


async def test_a_plain_document_is_written_once_per_request(depot: Depot) -> None:
    """`put_once` makes, changes, and leaves alone; a condition that is not met is told from a write that was made."""
    plain = depot.database["plain"]

    async def put(key: str, text: str, where: dict[str, Any] | None = None) -> bool:
        with working_on(key):
            return await put_once(plain, "one", {"$set": {"text": text}, "$inc": {"times": 1}}, where)

    assert await put("a", "first")
    assert await put("b", "second")
    assert await put("a", "first")
    assert not await put("c", "third", {"times": {"$lt": 2}})
    assert await put("b", "second", {"times": {"$lt": 2}})
    found = await plain.find_one({"_id": "one"}, STATE_ONLY)
    assert found == {"_id": "one", "text": "second", "times": 2}


async def test_a_plain_document_is_made_once_by_many_at_once(depot: Depot) -> None:
    """Whoever loses the race to make it changes it."""
    plain = depot.database["plain"]

    async def put(key: str) -> bool:
        with working_on(key):
            return await put_once(plain, "one", {"$inc": {"times": 1}})

    assert all(await asyncio.gather(*(put(f"key-{number}") for number in range(10))))
    found = await plain.find_one({"_id": "one"}, STATE_ONLY)
    assert found == {"_id": "one", "times": 10}
