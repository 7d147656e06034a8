"""What every released version wrote is read, changed, saved and told by this one."""

import json
from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from bson import json_util

from chassis.bus.memory import MemoryBus
from chassis.cloudevents import CloudEvent
from chassis.kernel import SystemClock
from chassis.mongo.backfill import Backfill
from chassis.mongo.client import Database, Document
from chassis.mongo.documents import to_aggregate, to_document
from chassis.mongo.histories import LISTING, SCHEMA, STAMPS, listing_of, schema_of
from chassis.outbox import Relay, Signal
from tests.releases.either import (
    BY,
    ORGANISATION,
    SERVICES,
    Version,
    alter,
    altered,
    examples,
    kind_of,
    noted,
    plain,
    repositories,
    variants,
)
from tests.releases.other_version import RELEASES
from tests.support.storage import Databases, quickest

NOTE = "later"


@pytest.fixture(params=RELEASES, ids=lambda folder: folder.name)
def release(request: pytest.FixtureRequest) -> Path:
    """Each released version in turn."""
    return request.param


@pytest.fixture
async def version(databases: Databases) -> AsyncIterator[Version]:
    """This version, on databases of this test's own."""
    mine = Version(databases.url(quickest()), f"r{uuid4().hex[:12]}_")
    yield mine
    for database in mine.databases.values():
        await database.drop()
        await database.close()


@pytest.fixture
async def kept(version: Version, release: Path) -> dict[str, list[Document]]:
    """The release's documents, which are stored as well."""
    documents: dict[str, list[Document]] = json_util.loads(
        (release / "documents.json").read_text(), json_options=json_util.JSONOptions(tz_aware=True)
    )
    for place, rows in documents.items():
        service, collection = place.split(".")
        if rows:
            await version.databases[service][collection].insert_many(rows)
    return documents


def ours(kept: dict[str, list[Document]], service: str, collection: str) -> list[Document]:
    """Return the aggregates that the release's script made of one kind."""
    return [row for row in kept[f"{service}.{collection}"] if row["organisation_id"] == ORGANISATION]


async def test_what_a_release_wrote_is_read_changed_and_saved(
    version: Version, kept: dict[str, list[Document]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Every aggregate, with every field and enum value; what is stored then has this version's form and lists."""
    before = await version.read()
    assert len(before) == sum(len(ours(kept, service, name)) for service, name, _ in version.stores())
    assert await version.change() == len(before)
    after = await version.read()
    for service, name, repository in version.stores():
        for row in ours(kept, service, name):
            expected = to_aggregate(kind_of(repository), row)
            alter(expected)
            assert after[f"{service}.{name}.{row['_id']}"] == plain(to_document(expected))
            now = await repository.collection.find_one({"_id": row["_id"]}, {"outbox": 0})
            assert repository.mending(now) == {}
    with capsys.disabled():
        print(f"\n{len(before)} aggregates of a release read, changed and saved.")


async def test_rules_for_lists_have_a_new_number_when_they_give_other_values(
    version: Version, kept: dict[str, list[Document]]
) -> None:
    """Values for lists that a release stored are those of this version, or its `listing` number has been raised."""
    for service, name, repository in version.stores():
        for row in ours(kept, service, name):
            computed: Document = repository._listed(to_aggregate(kind_of(repository), row))
            stored = {key: row.get(key) for key in computed}
            numbered = row.get(LISTING, 1) < repository.history.listing
            assert stored == computed or numbered, f"{service}.{name}: raise `listing` in its `declare`"


def anew(database: Database, store: Any, row: Document) -> set[str]:
    """Return the values for lists that are computed anew, since the release's are numbered lower."""
    repository = repositories(database).get(store.collection.name)
    if repository is None or row.get(LISTING, 1) >= store.history.listing:
        return set()
    return set(repository._listed(to_aggregate(kind_of(repository), row)))


async def test_what_a_release_wrote_is_brought_forward(version: Version, kept: dict[str, list[Document]]) -> None:
    """Aggregates and what is kept of others' events: all of it, nothing is left over, and nothing else is changed."""
    for service, database in version.databases.items():
        storage = import_module(f"services.{service}.bootstrap").storage(database)
        backfill = Backfill(service, database, storage.stores, SystemClock())
        done = await backfill.passes(lambda _: None)
        assert {one.collection for one in done if one.unreadable} == set()
        assert [one.mended for one in await backfill.waiting()] == [0] * len(storage.stores)
        for store in storage.stores:
            for row in kept.get(f"{service}.{store.collection.name}", []):
                now = await store.collection.find_one({"_id": row["_id"]})
                assert now is not None
                left = {key: value for key, value in row.items() if key not in anew(database, store, row)}
                assert {key: now[key] for key in left if key not in STAMPS} == left
                assert now[SCHEMA] == store.history.schema


async def test_what_a_release_had_to_tell_is_told(version: Version, kept: dict[str, list[Document]]) -> None:
    """Events that wait in its outboxes are published as they are, and every consumer of this version reads them."""
    waiting = {entry["id"]: entry["data"] for rows in kept.values() for row in rows for entry in row.get("outbox", [])}
    told: list[CloudEvent] = []

    class Heard(MemoryBus):
        async def publish(self, event: CloudEvent, *, mandatory: bool = True) -> None:
            told.append(event)

    for service, database in version.databases.items():
        language = import_module(f"services.{service}.messaging.published").LANGUAGE
        collections = [one.collection for one in repositories(database).values()]
        relay = Relay(language, collections, Heard(), SystemClock(), Signal())
        while await relay.drain():
            pass
    assert {event.id: event.data for event in told} == waiting
    assert waiting
    assert await version.understood([json.loads(event.to_json()) for event in told]) > len(told) / 2


async def test_news_find_what_a_release_kept_of_others(version: Version, kept: dict[str, list[Document]]) -> None:
    """Every event of this version is handled on top of what the release kept, as it was on top of nothing."""
    assert kept
    failed = await version.react()
    assert all(failed[service] <= 5 for service in SERVICES), failed


async def test_everything_that_is_stored_has_a_number(version: Version) -> None:
    """Every document of every collection, and every event that waits in one."""
    await version.write()
    await version.react()
    await version.note()
    without = {
        place
        for place, rows in (await version.dump()).items()
        for row in rows
        for one in (row, *[entry for entry in row.get("outbox", []) if not entry["id"].startswith(_EXAMPLES)])
        if SCHEMA not in one
    }
    assert without == set()


async def test_fields_of_a_newer_version_survive_every_save(
    version: Version, capsys: pytest.CaptureFixture[str]
) -> None:
    """In every object of every aggregate, at every depth: what a newer version noted is there after a decision.

    A decision changes texts at all depths and keeps everything; so the result is what this version alone would have
    stored, with the notes in it.
    """
    count = 0
    for _service, _name, repository in version.stores():
        kind = kind_of(repository)
        for aggregate in variants(kind, count):
            count += 1
            await repository.add(aggregate)
            plainly = await repository.collection.find_one({"_id": aggregate.id})
            newer = noted(kind, {key: value for key, value in plainly.items() if key != "_id"}, NOTE)
            newer |= {SCHEMA: 99, "outbox": [one | {NOTE: 1} for one in plainly["outbox"]]}
            await repository.collection.update_one({"_id": aggregate.id}, {"$set": newer})
            await repository.update(BY, aggregate.id, alter)
            saved = await repository.collection.find_one({"_id": aggregate.id})
            changed = to_aggregate(kind, plainly)
            alter(changed)
            state = {key: value for key, value in json_of(to_document(changed)).items() if key not in _COUNTED}
            expected = noted(kind, state, NOTE)
            assert {key: saved[key] for key in expected} == expected
            assert schema_of(saved) == repository.history.schema
            assert listing_of(saved) == repository.history.listing
    with capsys.disabled():
        print(f"\n{count} documents of a newer version changed by this one: every note is there.")


_EXAMPLES = tuple({event.id for service in SERVICES for event in examples(service)})
"""Entries that the tests write, as the first release did, without a number."""
_COUNTED = {"_id", "version", "event_sequence"}


def json_of(state: Any) -> Any:
    """Return a state as it comes out of the database: lists, and no tuples."""
    if isinstance(state, dict):
        return {key: json_of(value) for key, value in state.items()}  # pyright: ignore
    return [json_of(one) for one in state] if isinstance(state, list | tuple) else state  # pyright: ignore


def test_a_change_can_be_taken_back() -> None:
    """What the tests do to documents changes them, and twice gives them back."""
    assert altered(altered("text")) == "text" != altered("text")
