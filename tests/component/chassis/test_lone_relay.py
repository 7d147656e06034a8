"""A relay beside which no other one runs leases nothing: it reads what waits, and takes out what was confirmed."""

from typing import Any

import pytest

from chassis.mongo.lone_outboxes import LoneOutboxes
from chassis.mongo.outboxes import LEASE, Outboxes
from chassis.outbox import Relay
from tests.component.chassis.conftest import Depot
from tests.component.chassis.test_waking import NEVER, Told, waiting_rows
from tests.support.chassis import LANGUAGE
from tests.support.commands import recorded

SUBJECTS = [f"inv_{number:02}" for number in range(45)]


def lone_relay(depot: Depot, bus: Any) -> Relay:
    return Relay(LANGUAGE, [depot.collection], bus, depot.clock, depot.signal, poll_seconds=NEVER, alone=True)


async def test_one_update_takes_out_what_was_told(depot: Depot) -> None:
    """Of 45 documents each is written once, by three commands that name twenty each; what a predecessor that was killed
    left leased does not wait for that lease's end, and the event that the bus refuses stays."""
    told = Told()
    told.refused = {SUBJECTS[7]}
    await waiting_rows(depot, SUBJECTS)
    await Outboxes(depot.collection, depot.clock).lease(SUBJECTS[:5])
    with recorded(depot.database.name) as commands:
        assert await lone_relay(depot, told).drain() == 44
    updates = [one["updates"][0] for one in commands if one["_name"] == "update"]
    assert [len(one["q"]["_id"]["$in"]) for one in updates] == [20, 20, 5]
    assert sorted(told.subjects) == [one for one in SUBJECTS if one != SUBJECTS[7]]
    left = await depot.collection.find({"outbox.id": {"$gte": "", "$lt": "~"}}, {"relay_lease": 1}).to_list()
    assert left == [{"_id": SUBJECTS[7]}]
    assert await depot.collection.find_one({"_id": SUBJECTS[0]}, {"relay_lease": 1}) == {"_id": SUBJECTS[0]}


async def test_what_is_in_hand_is_nobodys_second(depot: Depot) -> None:
    """A document that is in hand is not taken again before it is settled, whatever was confirmed; one that is not there
    is not in hand."""
    await waiting_rows(depot, SUBJECTS[:2])
    outboxes = LoneOutboxes(depot.collection, depot.clock)
    first = await outboxes.lease(SUBJECTS[:3])
    assert ([one["_id"] for one in first.documents], first.is_held) == (SUBJECTS[:2], False)
    second = await outboxes.lease(SUBJECTS[1:3])
    assert (second.documents, second.is_held) == ([], True)
    await outboxes.settle(first, [])
    assert [one["_id"] for one in (await outboxes.lease(SUBJECTS[1:3])).documents] == [SUBJECTS[1]]


async def test_what_nobody_settled_is_taken_again(depot: Depot) -> None:
    """A reading that failed, or a relay that was stopped with documents in hand, keeps them no longer than a lease."""
    await waiting_rows(depot, SUBJECTS[:2])
    outboxes = LoneOutboxes(depot.collection, depot.clock)
    await outboxes.lease(SUBJECTS[:2])
    depot.clock.move(seconds=LEASE.total_seconds() - 1)
    assert (await outboxes.lease(SUBJECTS[:2])).documents == []
    depot.clock.move(seconds=2)
    assert [one["_id"] for one in (await outboxes.lease(SUBJECTS[:2])).documents] == SUBJECTS[:2]


@pytest.mark.parametrize("kind", [Outboxes, LoneOutboxes])
async def test_what_has_no_readable_outbox_is_given_back(depot: Depot, kind: type[Outboxes]) -> None:
    """Entries that are no entries keep none of the others from being settled."""
    await waiting_rows(depot, SUBJECTS[:1])
    await depot.collection.insert_many([{"_id": "odd", "outbox": ["x", {"id": [1]}, {}]}])
    outboxes = kind(depot.collection, depot.clock)
    leased = await outboxes.lease(["odd", SUBJECTS[0]])
    await outboxes.settle(leased, [f"{SUBJECTS[0]}-1"])
    again = await outboxes.lease(["odd", SUBJECTS[0]])
    assert [row["outbox"] for row in again.documents] == [["x", {"id": [1]}, {}], []]
