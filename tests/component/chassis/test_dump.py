"""A database as files and back: nothing is lost, and no event is sent again under another id."""

import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chassis.cloudevents import CloudEvent
from chassis.mongo import dump as dumps
from chassis.mongo.client import Database, Document, connect
from chassis.mongo.dump import BATCH, MANIFEST, DumpRefused, dump, restore
from chassis.mongo.indexes import ensure_indexes, outbox_index
from chassis.outbox import Signal
from tests.component.chassis.conftest import Depot
from tests.support.chassis import STAFF, ManualClock, ParcelWeighedV1

pytestmark = pytest.mark.storage


@pytest.fixture
async def fresh(mongo_url: str, database_name: str) -> AsyncIterator[Depot]:
    """Another depot, whose database is empty."""
    database = connect(mongo_url, f"{database_name}_fresh")
    yield Depot(database, ManualClock(), Signal())
    await database.drop()
    await database.close()


async def _sent(depot: Depot) -> list[str]:
    """Return the ids of what the depot's relay sends now."""
    ids: list[str] = []

    async def keep(body: bytes, _attempt: int) -> None:
        ids.append(CloudEvent.from_json(body).id)

    await depot.bus.consume("scales", [ParcelWeighedV1.event_type], keep)
    await depot.new_relay().drain()
    return ids


async def test_what_was_not_sent_yet_is_sent_under_its_id(depot: Depot, fresh: Depot, tmp_path: Path) -> None:
    """A backup is taken with an event waiting; the event goes out here and, after the restore, there: one id."""
    parcel = await depot.add_parcel()
    now = depot.clock.now()
    await depot.parcels.update(STAFF, parcel.id, lambda one: one.weigh(100, now))
    await dump(depot.database, tmp_path)
    sent = await _sent(depot)

    await restore(fresh.database, tmp_path)
    await ensure_indexes(fresh.database, [outbox_index("parcels")])

    assert await _sent(fresh) == sent
    assert len(sent) == 1
    assert (await fresh.database["parcels"].find_one({"_id": parcel.id}) or {})["weights"] == [100]


async def test_documents_come_back_as_they_were(depot: Depot, fresh: Depot, tmp_path: Path) -> None:
    """More than a batch, of any shape that may be stored: each is the same document again, byte for byte."""
    rows: list[Document] = [
        {"_id": f"row_{number}", "deep": {"b": [number, None, 1.5], "a": "ü" * 20}} for number in range(BATCH + 1)
    ]
    await depot.database["rows"].insert_many(rows)
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()

    before = await dump(depot.database, tmp_path / "one")
    await restore(fresh.database, tmp_path / "one")
    after = await dump(fresh.database, tmp_path / "two")

    assert [one for one in before.collections if one.documents] == after.collections
    assert before.documents == BATCH + 1


async def test_a_database_that_holds_something_is_left_alone(depot: Depot, tmp_path: Path) -> None:
    """Restoring over documents would mix two times; the sentence names the database and the collection."""
    await depot.add_parcel()
    await dump(depot.database, tmp_path)

    with pytest.raises(DumpRefused, match="is not empty \\(parcels\\)"):
        await restore(depot.database, tmp_path)


@pytest.mark.parametrize("damage", ["shorter", "other", "gone", "manifest", "no manifest"])
async def test_a_damaged_backup_writes_nothing(damage: str, depot: Depot, fresh: Depot, tmp_path: Path) -> None:
    """Every file is compared before the first document is written."""
    await depot.add_parcel()
    await dump(depot.database, tmp_path)
    file, manifest = tmp_path / "parcels.bson.gz", tmp_path / MANIFEST
    if damage == "shorter":
        file.write_bytes(file.read_bytes()[:-9])
    elif damage == "other":
        file.write_bytes(gzip.compress(b"\x05\x00\x00\x00\x00"))
    elif damage == "manifest":
        manifest.write_text(json.dumps({"database": "x"}))
    else:
        (file if damage == "gone" else manifest).unlink()

    with pytest.raises(DumpRefused):
        await restore(fresh.database, tmp_path)
    assert await _is_empty(fresh.database)


async def _is_empty(database: Database) -> bool:
    return await database.collections() == []


async def test_a_file_that_ends_within_a_document_is_said(
    depot: Depot, fresh: Depot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should a digest fit a file that is cut off, its last document is not made up."""
    await depot.add_parcel()
    await dump(depot.database, tmp_path)
    file = tmp_path / "parcels.bson.gz"
    file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes())[:-3]))
    told = json.loads((tmp_path / MANIFEST).read_text())
    told["collections"][0]["digest"] = dumps.digest_of(file)
    (tmp_path / MANIFEST).write_text(json.dumps(told))

    with pytest.raises(DumpRefused, match="in the middle of a document"):
        await restore(fresh.database, tmp_path)
