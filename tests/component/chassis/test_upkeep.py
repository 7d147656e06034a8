"""Indexes that cannot be made, or that another version made otherwise; and documents that are brought forward."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import nullcontext
from typing import Any

import pymongo
import pytest

from chassis.mongo.backfill import BATCH, COLLECTION, DAILY, LEASE, SETTLED, Backfill, Progress
from chassis.mongo.client import Database, Document, connect
from chassis.mongo.histories import ROW
from chassis.mongo.indexes import Index, Need, carry_out, ensure_indexes, index_tasks
from chassis.mongo.projections import Projection, store_newer
from chassis.mongo.upkeep import Storage, Upkeep
from chassis.web import Readiness, web_app
from tests.support.asgi import request
from tests.support.chassis import ManualClock
from tests.support.chassis.crates import Crates, as_written
from tests.support.waiting import eventually, eventually_answered

UNIQUE = Index("rows", (("key", 1),), {"unique": True})
TTL = Index("rows", (("at", 1),), {"expireAfterSeconds": 60})


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    opened = connect(mongo_url, database_name)
    yield opened
    await opened.close()


def upkeep(database: Database, *indexes: Index, readiness: Readiness | None = None) -> Upkeep:
    readiness = readiness or Readiness(awaited={"indexes"})
    return Upkeep(Storage("depot", database, indexes, []), ManualClock(), readiness.advise)


@pytest.mark.parametrize(
    ("was", "wanted", "need"),
    [
        (Index("rows", (("at", 1),), {"expireAfterSeconds": 90}), TTL, Need.CHANGE_TTL),
        (Index("rows", (("at", 1),)), TTL, Need.REMAKE),
        (TTL, Index("rows", (("at", 1),)), Need.REMAKE),
        (Index("rows", (("key", 1),)), UNIQUE, Need.REMAKE),
        (
            Index("rows", (("a", 1),), {"name": "feed"}),
            Index("rows", (("a", 1), ("b", -1)), {"name": "feed"}),
            Need.REMAKE,
        ),
        (Index("rows", (("a", 1),), {"name": "feed"}), Index("rows", (("a", 1),), {"name": "list"}), Need.REMAKE),
        (
            Index("rows", (("key", 1),), {"unique": True, "partialFilterExpression": {"key": {"$gt": ""}}}),
            UNIQUE,
            Need.REMAKE,
        ),
        (None, UNIQUE, Need.MAKE),
    ],
)
async def test_an_index_becomes_as_it_is_declared(
    database: Database, was: Index | None, wanted: Index, need: Need
) -> None:
    """Whatever another version made in its place; and once it is so, nothing is to be done."""
    await database["rows"].insert_one({"_id": "a", "key": "k"})
    if was is not None:
        assert await ensure_indexes(database, [was]) == []
    tasks = await index_tasks(database, [wanted])
    assert [task.need for task in tasks] == [need]
    assert [await carry_out(database, task) for task in tasks] == [[]]
    assert await index_tasks(database, [wanted]) == []
    assert await ensure_indexes(database, [wanted]) == []


async def test_the_web_waits_for_an_index_that_correctness_needs(database: Database, monkeypatch: Any) -> None:
    """It says which is missing and what to do, and is ready soon after it was done; other indexes keep nobody back."""
    monkeypatch.setattr("chassis.mongo.upkeep.TRY_AGAIN", 0.05)
    await database["rows"].insert_many([{"_id": name, "key": "same"} for name in "ab"])
    readiness = Readiness(awaited={"indexes"})
    watching = asyncio.create_task(upkeep(database, UNIQUE, TTL, readiness=readiness).watch())
    await eventually(lambda: "index rows.key_1" in readiness.awaited)
    answer = await request(web_app("depot", [], readiness, nullcontext), "/readyz")
    told = json.loads(answer.body)
    assert (answer.status, told["missing"], list(told["advice"])) == (503, ["index rows.key_1"], ["index rows.key_1"])
    assert "Rows that share a value stand in its way" in told["advice"]["index rows.key_1"]
    await database["rows"].delete_one({"_id": "b"})
    await watching
    assert (await readiness.missing(), readiness.advice) == ([], {})


async def test_a_worker_starts_without_it(database: Database) -> None:
    """What it cannot make is no reason to wait: all else is made, and told."""
    await database["rows"].insert_many([{"_id": name, "key": "same"} for name in "ab"])
    readiness = Readiness(awaited={"indexes"})
    await upkeep(database, UNIQUE, TTL, readiness=readiness).prepare()
    assert await readiness.missing() == []
    assert [task.index for task in await index_tasks(database, [UNIQUE, TTL])] == [UNIQUE]


async def test_a_worker_changes_a_ttl_by_itself(database: Database) -> None:
    """An index that is not unique may be changed beside running processes."""
    await ensure_indexes(
        database, [Index("rows", (("at", 1),), {"expireAfterSeconds": 90}), Index("rows", (("key", 1),))]
    )
    working = asyncio.create_task(upkeep(database, TTL, UNIQUE).work())

    async def is_changed() -> bool:
        return [task.index for task in await index_tasks(database, [TTL, UNIQUE])] == [UNIQUE]

    await eventually_answered(is_changed)
    working.cancel()


async def fill(crates: Crates, count: int, release: int = 0) -> None:
    await crates.collection.insert_many([as_written(release, place) for place in range(count)])


async def forms(crates: Crates) -> set[tuple[Any, ...]]:
    rows = await crates.collection.find({}).to_list()
    return {(row.get("schema"), row.get("listing"), row.get("weight"), row["listed"]["name"][0]) for row in rows}


async def test_every_document_is_brought_forward_and_no_version_is_counted(database: Database) -> None:
    """In batches with progress; a second pass finds nothing, and one that cannot be read is left alone and counted."""
    crates = Crates(database)
    await fill(crates, BATCH + 5)
    bad = as_written(0, 999) | {"grams": "nobody knows"}
    await crates.collection.insert_one(bad)
    backfill = Backfill("depot", database, [crates], ManualClock())
    told: list[Progress] = []
    assert [progress.mended for progress in await backfill.waiting()] == [BATCH + 5]
    await backfill.passes(told.append)
    assert [(one.seen, one.mended, one.unreadable) for one in told] == [(BATCH, BATCH, 0), (BATCH + 6, BATCH + 5, 1)]
    assert await crates.collection.find_one({"_id": bad["_id"]}) == bad
    await crates.collection.delete_one({"_id": bad["_id"]})
    assert await forms(crates) == {(2, 2, "5 g", "c")}
    assert {row["version"] for row in await crates.collection.find({}).to_list()} == {3}
    assert [progress.mended for progress in await backfill.waiting()] == [0]


async def test_stale_values_for_lists_are_found_whatever_the_number_says(database: Database) -> None:
    """A pass that is asked for compares with what is stored."""
    crates = Crates(database)
    await crates.collection.insert_one(as_written(2, weight="5 g", listing=2, listed={"name": "stale", "labels": 0}))
    await Backfill("depot", database, [crates], ManualClock()).passes(lambda _: None)
    (row,) = await crates.collection.find({}).to_list()
    assert row["listed"] == {"name": "crate 0", "labels": 2}


async def test_a_save_that_gets_in_between_wins(database: Database, mongo_url: str) -> None:
    """The backfill writes only what it read; what it missed the next pass finds."""

    class Overtaken(Crates):
        """Somebody saves while the backfill looks at what it read."""

        def mending(self, stored: Document) -> Document:
            with pymongo.MongoClient[Document](mongo_url) as others:
                saved = {"$set": {"grams": 6}, "$inc": {"version": 1}}
                others[database.name]["crates"].update_one({"_id": stored["_id"]}, saved)
            return super().mending(stored)

    await Crates(database).collection.insert_one(as_written(0))
    await Backfill("depot", database, [Overtaken(database)], ManualClock()).passes(lambda _: None)
    (row,) = await Crates(database).collection.find({}).to_list()
    assert (row["grams"], row["version"], row.get("weight")) == (6, 4, None)
    await Backfill("depot", database, [Crates(database)], ManualClock()).passes(lambda _: None)
    (row,) = await Crates(database).collection.find({}).to_list()
    assert (row["grams"], row["version"], row["weight"]) == (6, 4, "6 g")


async def test_a_document_of_a_newer_version_is_left_to_that_one(database: Database) -> None:
    """Neither its fields nor its values for lists are touched by an older version's backfill."""
    crates = Crates(database)
    newer = as_written(9, listing=9, new=1)
    await crates.collection.insert_one(newer)
    await Backfill("depot", database, [crates], ManualClock()).passes(lambda _: None)
    assert await crates.collection.find({}).to_list() == [newer]


async def test_a_pass_goes_on_where_a_process_ended(database: Database, monkeypatch: Any) -> None:
    """Another worker takes over when the lease has ended, never before, and begins behind the last batch."""
    monkeypatch.setattr("chassis.mongo.backfill.PAUSE", 0)
    crates, clock, looked_at = Crates(database), ManualClock(), list[str]()
    await fill(crates, 2 * BATCH)

    class Dying(Crates):
        def mending(self, stored: Document) -> Document:
            if len(looked_at) == BATCH + 10:
                raise asyncio.CancelledError
            looked_at.append(stored["_id"])
            return super().mending(stored)

    with pytest.raises(asyncio.CancelledError):
        await Backfill("depot", database, [Dying(database)], clock).take_turns()
    await Backfill("depot", database, [crates], clock).take_turns()
    assert len(await forms(crates)) > 1
    clock.move(seconds=LEASE.total_seconds() + 1)
    mark = await database[COLLECTION].find_one({"_id": "crates"})
    assert mark is not None
    assert mark["after"] == looked_at[BATCH - 1]
    await Backfill("depot", database, [crates], clock).take_turns()
    assert await forms(crates) == {(2, 2, "5 g", "c")}


async def test_passes_are_made_when_they_are_due(database: Database) -> None:
    """At once for new numbers, again an hour later for what older processes wrote meanwhile, then daily."""
    crates, clock = Crates(database), ManualClock()
    backfill = Backfill("depot", database, [crates], clock)
    hour, day = SETTLED.total_seconds(), DAILY.total_seconds()
    steps = [(0, True), (hour - 1, False), (1, True), (hour, False), (day - hour, True)]
    for place, (pause, is_due) in enumerate(steps):
        clock.move(seconds=pause)
        await crates.collection.insert_one(as_written(1, place))
        await backfill.take_turns()
        assert (len(await forms(crates)) == 1) is is_due, place


async def test_projections_are_brought_forward_too(database: Database) -> None:
    """One of an older form gets its number; news of others' keeps what another version noted beside them."""
    people = Projection(database["people"], "people")
    await people.collection.insert_one({"_id": "a", "sequence": 4, "name": "Ann", "new": 1})
    await Backfill("depot", database, [people], ManualClock()).passes(lambda _: None)
    assert await store_newer(people.collection, "a", 5, {"name": "Anna"})
    expected = {"_id": "a", "sequence": 5, "name": "Anna", "new": 1, **ROW}
    assert await people.collection.find_one({"_id": "a"}) == expected
