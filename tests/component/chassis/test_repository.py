"""Aggregates and their events in one write, each principal kept to its own."""

import asyncio

import pytest

from services.chassis.kernel import AlreadyExists, NotFound, Principal
from tests.component.chassis.conftest import Depot
from tests.support.chassis import CONTACT, OTHER_CONTACT, OTHER_STAFF, STAFF, TooHeavy


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
