"""A parcel depot on a real database."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from chassis.bus.memory import MemoryBus
from chassis.kernel import new_id
from chassis.mongo.client import Collection, Database, connect
from chassis.mongo.indexes import ensure_indexes, outbox_index
from chassis.mongo.repository import MongoRepository
from chassis.outbox import Relay, Signal
from tests.support.chassis import LANGUAGE, ManualClock, Parcel


@dataclass
class Depot:
    """The chassis' parts, wired as a service wires them."""

    database: Database
    clock: ManualClock
    signal: Signal

    def __post_init__(self) -> None:
        self.collection: Collection = self.database["parcels"]
        self.parcels = MongoRepository(self.collection, Parcel, LANGUAGE, what="parcel", committed=self.signal)
        self.bus = MemoryBus()
        self.relay = self.new_relay()

    def new_relay(self) -> Relay:
        return Relay(LANGUAGE, [self.collection], self.bus, self.clock, self.signal)

    async def add_parcel(self) -> Parcel:
        parcel = Parcel(id=new_id("inv"), organisation_id="org_1", customer_id="cus_1")
        await self.parcels.add(parcel)
        return parcel


@pytest.fixture
async def depot(mongo_url: str, database_name: str) -> AsyncIterator[Depot]:
    database = connect(mongo_url, database_name)
    await ensure_indexes(database, [outbox_index("parcels")])
    yield Depot(database, ManualClock(), Signal())
    await database.close()
