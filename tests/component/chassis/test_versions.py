"""Documents of other versions: brought forward when read, carried through when saved, by their numbers."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from chassis.mongo.client import Document, connect
from tests.support.chassis import STAFF
from tests.support.chassis.crates import Crate, Crates, Label, as_written


@pytest.fixture
async def crates(mongo_url: str, database_name: str) -> AsyncIterator[Crates]:
    database = connect(mongo_url, database_name)
    yield Crates(database)
    await database.close()


async def stored(crates: Crates, crate_id: str) -> Document:
    document = await crates.collection.find_one({"_id": crate_id})
    assert document is not None
    return document


def rename(crate: Crate) -> None:
    crate.name = "Renamed"


@pytest.mark.parametrize("version", [0, 1])
async def test_older_documents_are_brought_forward_when_read_and_when_saved(crates: Crates, version: int) -> None:
    """Reading changes nothing that is stored; a save stores the new form, and its number."""
    old = as_written(version)
    await crates.collection.insert_one(old)
    assert (await crates.get(STAFF, old["_id"])).weight == "5 g"
    assert await stored(crates, old["_id"]) == old
    await crates.update(STAFF, old["_id"], rename)
    now = await stored(crates, old["_id"])
    assert (now["weight"], now["schema"], now["listing"], now["version"], now["stamped"]) == ("5 g", 2, 2, 4, 4)


async def test_a_save_puts_values_for_lists_right_whatever_it_is_about(crates: Crates) -> None:
    """Stale values are compared with what is stored: a decision about something else heals them."""
    old = as_written(1)
    await crates.collection.insert_one(old)

    def weigh(crate: Crate) -> None:
        crate.grams = 6

    await crates.update(STAFF, old["_id"], weigh)
    assert (await stored(crates, old["_id"]))["listed"] == {"name": "crate 0", "labels": 2}


async def test_fields_of_a_newer_version_are_carried_through_at_every_depth(crates: Crates) -> None:
    """Beside what a decision changes, inside it, in elements of lists, in entries of mappings, in values for lists."""
    newer = as_written(7, new=1, weight="5 g", listing=9)
    newer["labels"] = [{"text": "top", "new": 2}, {"text": "fragile", "colour": "red", "new": [3]}]
    newer["by_place"] = {"lid": {"text": "this way up", "new": {"deep": 4}}}
    newer["listed"]["new"] = 5
    await crates.collection.insert_one(newer)

    def change(crate: Crate) -> None:
        crate.name = "Renamed"
        crate.labels = (Label(text="new one"), crate.labels[1], Label(text="TOP"))
        crate.by_place["lid"] = Label(text="this side up")
        crate.by_place["side"] = Label(text="no hooks")

    await crates.update(STAFF, newer["_id"], change)
    now = await stored(crates, newer["_id"])
    assert now["new"] == 1
    assert now["labels"][1] == {"text": "fragile", "colour": "red", "new": [3]}
    assert now["by_place"]["lid"] == {"text": "this side up", "colour": "white", "new": {"deep": 4}}
    assert now["by_place"]["side"] == {"text": "no hooks", "colour": "white"}
    assert now["listed"] == {"name": "renamed", "labels": 3, "new": 5}


async def test_after_an_older_versions_save_the_newer_one_computes_anew(crates: Crates) -> None:
    """The older one's number stands in what it saved, so that what follows from its change is not stale."""
    now = as_written(2, grams=7, weight="5 g", stamped=3)
    older = now | {"schema": 1}
    await crates.collection.insert_one(older)
    assert (await crates.get(STAFF, older["_id"])).weight == "7 g"


async def test_a_save_by_a_version_without_numbers_is_known_as_one(crates: Crates) -> None:
    """It counts `version` up and leaves the numbers alone: they are no longer true."""
    older = as_written(2, grams=8, weight="5 g", version=4)
    await crates.collection.insert_one(older)
    assert (await crates.get(STAFF, older["_id"])).weight == "8 g"


async def test_a_change_of_nothing_writes_nothing(crates: Crates) -> None:
    """Of an older document too: bringing it forward is the backfill's work, and no version of anything."""
    old: dict[str, Any] = as_written(1)
    await crates.collection.insert_one(old)
    await crates.update(STAFF, old["_id"], lambda _: None)
    assert await stored(crates, old["_id"]) == old


async def test_what_is_new_has_its_numbers(crates: Crates) -> None:
    """An aggregate that is added, and the event that waits with another."""
    crate = Crate(id=as_written(2)["_id"], organisation_id="org_1", grams=1)
    await crates.add(crate)
    document = await stored(crates, crate.id)
    assert (document["schema"], document["listing"], document["stamped"]) == (2, 2, 1)
