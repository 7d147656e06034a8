"""No event without its write, and no write without its event, wherever a service is killed."""

import asyncio
import sys
from collections import defaultdict

import pytest

from chassis.bus.rabbitmq import RabbitBus
from chassis.cloudevents import CloudEvent
from chassis.mongo.outboxes import WAITING
from portal_cli.paths import ROOT
from tests.component.chassis.conftest import Depot
from tests.support.chassis import Parcel, ParcelWeighedV1
from tests.support.dying_service import PARCELS, parcel_id
from tests.support.soak import how_many, soak
from tests.support.storage import quickest
from tests.support.waiting import eventually

pytestmark = [soak, pytest.mark.slow, pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)]

DEATHS, COMMANDS = how_many(6, 200), how_many(60, 10_000)


async def test_a_service_that_is_killed_at_every_point_tells_what_it_stored(
    depot: Depot, mongo_url: str, newest_amqp_url: str
) -> None:
    """Saves, leases, publishes and settlings end in the middle: each weight has its events, in order, and no other."""
    told: dict[str, list[tuple[int, int]]] = defaultdict(list)

    async def hear(body: bytes, attempt: int) -> None:
        event = CloudEvent.from_json(body)
        told[event.subject].append((event.sequence, event.data["grams"]))

    bus, ids = RabbitBus(newest_amqp_url), [parcel_id(number) for number in range(PARCELS)]
    await bus.consume(depot.database.name, [ParcelWeighedV1.event_type], hear)
    for one in ids:
        await depot.parcels.add(Parcel(id=one, organisation_id="org_1", customer_id="cus_1"))
    given = (mongo_url, depot.database.name, newest_amqp_url, DEATHS, COMMANDS)
    argv = [sys.executable, "-m", "tests.support.dying_service", *map(str, given)]
    process = await asyncio.create_subprocess_exec(*argv, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    rows = {row["_id"]: row async for row in depot.collection.find({})}
    stored = {one: [*enumerate(rows[one]["weights"], start=1)] for one in ids}
    await eventually(lambda: all({*stored[one]} <= {*told[one]} for one in ids), "the events of all that is stored")
    await bus.close()
    assert {one: [*dict.fromkeys(told[one])] for one in ids} == stored
    assert sum(map(len, stored.values())) == COMMANDS
    assert await depot.collection.count_documents(WAITING) == 0
    assert int(said) == DEATHS
    again = sum(map(len, told.values())) - COMMANDS
    print(f"{COMMANDS} commands, {DEATHS} kills: nothing without the other, delivered again {again}")
