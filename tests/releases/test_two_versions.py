"""The version before and this one, at once: one database, one broker, and the way back after a day."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import aio_pika
import pytest

from chassis.bus.rabbitmq import RabbitBus
from chassis.bus.topology import queues_of
from chassis.mongo.client import Document
from chassis.mongo.histories import SCHEMA, schema_of
from tests.releases.either import ORGANISATION, SERVICES, Version, examples, kind_of, noted
from tests.releases.other_version import RELEASES, NotThere, OtherVersion, commit_of, export
from tests.support.storage import Databases, quickest
from tests.support.waiting import eventually_answered

pytestmark = pytest.mark.slow

LAST = RELEASES[-1]
"""The version that runs beside this one while it is rolled out."""
BEFORE_SUMS = "77b81bc"
"""The last commit that knew no sums; it gave numbers to its values for lists."""


@dataclass
class Both:
    """This version and another one on the same databases."""

    new: Version
    old: OtherVersion

    async def old_does(self, *command: Any) -> Any:
        """Let the other version do something, without holding up this one."""
        return await asyncio.to_thread(self.old.ask, *command)

    async def documents(self) -> AsyncIterator[tuple[Any, Document]]:
        """Yield every aggregate's document with its repository."""
        for _, _, repository in self.new.stores():
            async for row in repository.collection.find({"organisation_id": ORGANISATION}):
                yield repository, row


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The other version's code."""
    try:
        return export(commit_of(LAST), tmp_path_factory.mktemp("released") / "tree")
    except NotThere as missing:
        pytest.skip(f"the version before this one cannot be had: {missing}")


@pytest.fixture
async def both(databases: Databases, tree: Path, tmp_path: Path) -> AsyncIterator[Both]:
    url, prefix = databases.url(quickest()), f"v{uuid4().hex[:12]}_"
    new, old = Version(url, prefix), OtherVersion(tree, url, prefix, tmp_path / "old.log")
    yield Both(new, old)
    await asyncio.to_thread(old.close)
    for database in new.databases.values():
        await database.drop()
        await database.close()


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Iterator[list[str]]:
    """Lines to be printed, figures of the run."""
    lines: list[str] = []
    yield lines
    with capsys.disabled():
        print("\n" + "\n".join(lines))


def within(newer: Any, older: Any) -> Any:
    """Return the part of what this version says of which the version before has a field, at every depth."""
    if isinstance(newer, dict) and isinstance(older, dict):
        return {name: within(value, older[name]) for name, value in newer.items() if name in older}
    if isinstance(newer, list) and isinstance(older, list) and len(newer) == len(older):
        return [within(one, other) for one, other in zip(newer, older, strict=True)]
    return newer


def beyond(newer: Mapping[str, Any], older: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of aggregates of which the version before has none."""
    return {
        place: {name: value for name, value in state.items() if name not in older[place]}
        for place, state in newer.items()
    }


async def test_old_writes_new_changes_old_changes_new_reads(both: Both, said: list[str]) -> None:
    """Every aggregate, field and enum value goes through both hands and is what it would be in one."""
    count = await both.old_does("write")
    expected = [await both.old_does("expected", changes) for changes in range(3)]
    assert within(await both.new.read(), expected[0]) == expected[0]
    assert await both.new.change() == count
    assert await both.old_does("read") == expected[1]
    assert await both.old_does("change") == count
    assert within(await both.new.read(), expected[2]) == expected[2]
    assert {schema_of(row) async for _, row in both.documents()} == {0}
    assert await both.new.change() == count
    async for repository, row in both.documents():
        assert repository.mending(row) == {}
        assert schema_of(row) == repository.history.schema
    kinds = len(list(both.new.stores()))
    said.append(f"Two versions: {kinds} kinds, {count} documents (each enum value once) × 6 steps = {6 * count}")


async def test_both_change_the_same_documents_at_once(both: Both) -> None:
    """No change is lost: each of two changes by each version stands, and so everything is as it was."""
    count = await both.old_does("write")
    one, two = await asyncio.gather(both.old_does("change"), both.new.change())
    assert (one, two) == (count, count)
    expected = await both.old_does("expected", 2)
    assert within(await both.new.read(), expected) == expected
    assert await both.old_does("read") == expected
    versions = [row["version"] async for _, row in both.documents()]
    assert set(versions) <= {1, 3}


async def test_rolling_back_after_a_day_loses_nothing(both: Both, said: list[str]) -> None:
    """New ones written and old ones changed by this version are read, changed and saved by the one before, and again.

    What this version notes beside what the other one knows is there all the time.
    """
    known = await both.old_does("words")
    count = await both.new.write(known)
    async for repository, row in both.documents():
        await repository.collection.update_one({"_id": row["_id"]}, {"$set": {"since": {"this": "version"}}})
    expected, read = [await both.new.expected(changes, known) for changes in range(3)], await both.old_does("read")
    assert read == within(expected[0], read)
    assert await both.old_does("change") == count
    assert await both.old_does("change") == count
    back = await both.new.read()
    assert within(back, read) == within(expected[2], read)
    assert beyond(back, read) == beyond(expected[0], read)
    assert await both.new.change() == count
    async for repository, row in both.documents():
        assert row["since"] == {"this": "version"}
        assert row[SCHEMA] == repository.history.schema
        assert repository.mending(row) == {}
    said.append(f"Rolled back and forward again: {count} documents × 4 steps, nothing lost")


async def test_this_version_is_rolled_back_to_from_a_newer_one(both: Both) -> None:
    """A newer version notes things at every depth; this one works for a day; all of them are there."""
    await both.new.write()
    async for repository, row in both.documents():
        kind = kind_of(repository)
        newer = noted(kind, {key: value for key, value in row.items() if key not in {"_id", "outbox"}}, "later")
        await repository.collection.update_one({"_id": row["_id"]}, {"$set": newer | {SCHEMA: 99}})
    await both.new.change()
    await both.new.change()
    assert await both.new.read() == await both.new.expected(2)
    async for repository, row in both.documents():
        state = {key: value for key, value in row.items() if key not in {"_id", "outbox"}}
        assert noted(kind_of(repository), state, "later") == state


async def test_sums_are_not_trusted_after_an_older_version_wrote(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """It changes invoices and counts none: what is owed is added up then, and read from sums after the backfill."""
    try:
        older = export(BEFORE_SUMS, tmp_path_factory.mktemp("before_sums") / "tree")
    except NotThere as missing:
        pytest.skip(f"the version before sums cannot be had: {missing}")
    url, prefix = databases.url(quickest()), f"v{uuid4().hex[:12]}_"
    new, old = Version(url, prefix), OtherVersion(older, url, prefix, tmp_path_factory.mktemp("log") / "old.log")
    invoices = next(repository for _, name, repository in new.stores() if name == "invoices")
    trusted: list[bool] = []
    for act in ("write", "change"):
        await asyncio.to_thread(old.ask, act)
        trusted.append(await _is_trusted(invoices))
        await _mend(invoices)
        trusted.append(await _is_trusted(invoices))
    assert trusted == [False, True, False, True]
    assert await invoices.owed.read(ORGANISATION, None)
    await asyncio.to_thread(old.close)
    for database in new.databases.values():
        await database.drop()
        await database.close()


async def _is_trusted(invoices: Any) -> bool:
    """Tell whether sums are read, which then are what adding up gives."""
    read = await invoices.owed.read(ORGANISATION, None)
    assert read is None or await invoices.added_up(ORGANISATION, None) == read
    return read is not None


async def _mend(invoices: Any) -> None:
    """Bring all invoices forward, as the backfill does."""
    async for row in invoices.collection.find({"organisation_id": ORGANISATION}):
        if fields := invoices.mending(row):
            await invoices.collection.update_one({"_id": row["_id"]}, {"$set": fields})


async def test_both_tell_their_events_on_one_broker(both: Both, newest_amqp_url: str, said: list[str]) -> None:
    """Whoever relays them, all events arrive as they were written, and the consumers of both read all of them."""
    await both.old_does("write")
    facts = await both.old_does("facts")
    bus, heard, name = RabbitBus(newest_amqp_url), dict[str, Any](), f"test_{uuid4().hex}"

    async def hear(body: bytes, _attempt: int) -> None:
        told = json.loads(body)
        if told["id"] in facts:  # a portal of other tests may be on this broker too
            heard[told["id"]] = told

    types = sorted({event.type for service in SERVICES for event in examples(service)})
    await bus.consume(name, types, hear)
    counts = await asyncio.gather(both.old_does("publish", newest_amqp_url), both.new.publish(newest_amqp_url))

    async def all_were_heard() -> bool:
        if len(heard) < len(facts):  # one may have been told twice, and another not yet
            counts.append(await both.new.publish(newest_amqp_url))
        return len(heard) == len(facts)

    with suppress(AssertionError):  # the comparison below tells more
        await eventually_answered(all_were_heard)
    assert {key: told["data"] for key, told in heard.items()} == facts
    events = list(heard.values())
    assert await both.old_does("understood", events) <= await both.new.understood(events)
    await bus.close()
    async with await aio_pika.connect(newest_amqp_url) as connection:
        channel = await connection.channel()
        for queue in queues_of(name):
            await channel.queue_delete(queue.name)
    said.append(f"{len(facts)} events told by both on one broker: {counts}")
