"""What our code believes of a database, asked of every engine: a new version that thinks otherwise turns this red."""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit

import pymongo
import pytest
from bson import Binary, UuidRepresentation
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from chassis.mongo.client import connect
from chassis.mongo.repository import MongoRepository
from tests.support.chassis import LANGUAGE, STAFF, ManualClock, Parcel
from tests.support.cutting_proxy import CuttingProxy, cutting_proxy

Documents = Collection[dict[str, Any]]


@pytest.fixture
def things(mongo_url: str, database_name: str) -> Iterator[Documents]:
    with pymongo.MongoClient[dict[str, Any]](mongo_url) as client:
        yield client[database_name].things


def test_a_repeated_write_is_applied_once(things: Documents) -> None:
    """The second command with the same session and number changes nothing, and answers as the first did."""
    things.insert_one({"_id": 1, "n": 0})
    client = things.database.client
    with client.start_session() as session:
        command: dict[str, Any] = {
            "update": "things",
            "updates": [{"q": {"_id": 1}, "u": {"$inc": {"n": 1}}}],
            "lsid": {"id": Binary.from_uuid(session.session_id["id"].as_uuid(), UuidRepresentation.STANDARD)},
            "txnNumber": 7,
        }
        answers = [things.database.command(dict(command)) for _ in range(2)]

    assert [(answer["n"], answer["nModified"]) for answer in answers] == [(1, 1), (1, 1)]
    assert things.find_one() == {"_id": 1, "n": 1}


@pytest.mark.parametrize("change", [{"$set": {"owner": "b"}}, {"$unset": {"owner": ""}}])
def test_what_is_no_longer_there_is_free(things: Documents, change: dict[str, Any]) -> None:
    """A unique value that a document had and has no more can be taken by another one: numbers, slugs, e-mails."""
    things.create_index("owner", unique=True)
    things.insert_one({"_id": 1, "owner": "a"})
    things.update_one({"_id": 1}, change)
    things.insert_one({"_id": 2, "owner": "a"})
    assert [one["_id"] for one in things.find({"owner": "a"})] == [2]


class Cut:
    """A repository behind a proxy that loses answers."""

    def __init__(self, repository: MongoRepository[Parcel], proxy: CuttingProxy) -> None:
        self.parcels = repository
        self.proxy = proxy


@pytest.fixture
async def cut(mongo_url: str, database_name: str) -> AsyncIterator[Cut]:
    port = urlsplit(mongo_url).port
    assert port is not None
    async with cutting_proxy(port) as (proxy, own):
        database = connect(f"mongodb://127.0.0.1:{own}/?directConnection=true", database_name)
        yield Cut(MongoRepository(database["parcels"], Parcel, LANGUAGE, what="parcel"), proxy)
        await database.close()


async def test_a_lost_answer_looks_like_no_conflict(cut: Cut) -> None:
    """The driver repeats the update under its number: the aggregate is changed once, and its events are stored once."""
    parcel = Parcel(id="inv_1", organisation_id="org_1", customer_id="cus_1")
    await cut.parcels.add(parcel)
    calls: list[int] = []

    def weigh(found: Parcel) -> None:
        calls.append(found.version)
        found.weigh(250, ManualClock().now())

    cut.proxy.lose_answer_to(b"\x02update\x00")
    await cut.parcels.update(STAFF, parcel.id, weigh)
    stored = await cut.parcels.collection.find_one({"_id": parcel.id})

    assert stored is not None
    assert (cut.proxy.lost, len(cut.proxy.seen), calls) == (1, 2, [1])
    assert (stored["weights"], stored["version"], len(stored["outbox"])) == ([250], 2, 1)


async def test_a_lost_answer_to_an_insert_is_no_duplicate(cut: Cut) -> None:
    """A new aggregate whose answer was lost is there, and its own copy is not in its way."""
    cut.proxy.lose_answer_to(b"\x02insert\x00")
    await cut.parcels.add(Parcel(id="inv_2", organisation_id="org_1", customer_id="cus_1"))

    assert (cut.proxy.lost, len(cut.proxy.seen)) == (1, 2)
    assert (await cut.parcels.get(STAFF, "inv_2")).version == 1


def test_a_stale_version_matches_nothing(things: Documents) -> None:
    """The check by which no update is lost."""
    things.insert_one({"_id": 1, "version": 2})
    result = things.update_one({"_id": 1, "version": 1}, {"$set": {"x": 1}, "$inc": {"version": 1}})
    assert (result.matched_count, things.find_one()) == (0, {"_id": 1, "version": 2})


def test_one_update_pushes_entries_and_counts(things: Documents) -> None:
    """State, version and events change together."""
    things.insert_one({"_id": 1, "version": 1, "outbox": [{"id": "a"}]})
    update = {"$inc": {"version": 1}, "$set": {"x": 1}, "$push": {"outbox": {"$each": [{"id": "b"}, {"id": "c"}]}}}
    things.update_one({"_id": 1, "version": 1}, update)
    assert things.find_one() == {"_id": 1, "version": 2, "x": 1, "outbox": [{"id": "a"}, {"id": "b"}, {"id": "c"}]}


def test_what_was_published_is_pulled_by_id(things: Documents) -> None:
    """What came meanwhile stays, and a document without entries is not found as one that waits."""
    things.create_index("outbox.id")
    things.insert_one({"_id": 1, "lease": 1, "outbox": [{"id": "a"}, {"id": "b"}, {"id": "c"}]})
    things.update_one({"_id": 1}, {"$unset": {"lease": ""}, "$pull": {"outbox": {"id": {"$in": ["a", "b"]}}}})
    assert things.find_one({"outbox.id": {"$gt": ""}}) == {"_id": 1, "outbox": [{"id": "c"}]}
    things.update_one({"_id": 1}, {"$pull": {"outbox": {"id": {"$in": ["c"]}}}})
    assert things.find_one({"outbox.id": {"$gt": ""}}) is None


def test_an_upsert_behind_a_newer_document_is_a_duplicate(things: Documents) -> None:
    """A projection moves forward only: the stale event finds no match, and its insert is refused."""
    things.insert_one({"_id": 1, "sequence": 5})
    with pytest.raises(DuplicateKeyError):
        things.update_one({"_id": 1, "sequence": {"$lt": 5}}, {"$set": {"sequence": 4}}, upsert=True)


def test_a_partial_unique_index_leaves_others_alone(things: Documents) -> None:
    """Two without the value are no duplicates; two with the same are, by insert and by update."""
    things.create_index("slug", unique=True, partialFilterExpression={"slug": {"$gt": ""}})
    things.insert_many([{"_id": 1}, {"_id": 2}, {"_id": 3, "slug": "a"}, {"_id": 4, "slug": "b"}])
    with pytest.raises(DuplicateKeyError):
        things.insert_one({"_id": 5, "slug": "a"})
    with pytest.raises(DuplicateKeyError):
        things.update_one({"_id": 4}, {"$set": {"slug": "a"}})


def test_a_compound_unique_index_looks_at_both(things: Documents) -> None:
    """The same address in two organisations is two people."""
    things.create_index([("organisation_id", 1), ("email_key", 1)], unique=True)
    things.insert_many([{"organisation_id": 1, "email_key": "a"}, {"organisation_id": 2, "email_key": "a"}])
    with pytest.raises(DuplicateKeyError):
        things.insert_one({"organisation_id": 1, "email_key": "a"})


def test_an_index_that_ends_documents_keeps_its_time(things: Documents) -> None:
    """The server knows after how many seconds; nothing of ours waits for it to act."""
    name = things.create_index("at", expireAfterSeconds=3_600)
    assert things.index_information()[name]["expireAfterSeconds"] == 3_600


async def test_what_we_ask_of_a_connection_is_taken(mongo_url: str, database_name: str) -> None:
    """Majority with the journal, majority reads of the primary, writes and reads repeated once, a bounded pool."""
    database = connect(mongo_url, database_name)
    client: Any = database._client  # pyright: ignore[reportPrivateUsage]
    options = client.options
    await database.close()

    assert options.write_concern.document == {"w": "majority", "j": True}
    assert (options.read_concern.level, options.read_preference.mongos_mode) == ("majority", "primary")
    assert (options.retry_writes, options.retry_reads, options.pool_options.max_pool_size) == (True, True, 100)
    assert (options.pool_options.connect_timeout, options.pool_options.socket_timeout) == (5, 10)
    assert (options.pool_options.wait_queue_timeout, options.server_selection_timeout) == (10, 5)


async def test_an_address_may_choose_what_is_not_promised() -> None:
    """A server without repeated writes is named so in its address; durability is not the address's to choose."""
    database = connect("mongodb://127.0.0.1:1/?retryWrites=false&maxPoolSize=7&w=1&journal=false", "portal")
    client: Any = database._client  # pyright: ignore[reportPrivateUsage]
    options = client.options
    await database.close()

    assert (options.retry_writes, options.pool_options.max_pool_size) == (False, 7)
    assert options.write_concern.document == {"w": "majority", "j": True}
