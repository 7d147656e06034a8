"""Pages that are asked for between two values: the same pages as without, whatever the guesses are and rows become."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.kernel import PageRequest
from chassis.mongo.client import Collection, connect
from chassis.mongo.paging import Fences, Listing, listed_page

KINDS: dict[type, list[Any]] = {
    str: ["", "a", "b", "b", "b", "c!", "d", "ü", "\u0001"],
    int: [-5, 0, 0, 0, 3, 7, 2**40],
    datetime: [datetime(2026, 11, 30, tzinfo=UTC) - timedelta(days=days) for days in (0, 0, 0, 1, 9, 99, 20_000)],
}


@pytest.fixture(params=[1, -1], ids=["rising", "falling"])
async def rows(mongo_url: str, database_name: str, request: pytest.FixtureRequest) -> AsyncIterator[Collection]:
    """Rows with an index; texts have rising ones only (`Listing.kind`)."""
    way = request.param
    if way == -1 and "str" in request.node.name:
        way = 1
    database = connect(mongo_url, database_name)
    await database["rows"].create_index([("owner", 1), ("at", way), ("_id", way)])
    yield database["rows"]
    await database.close()


async def walked(rows: Collection, listing: Listing, first: int) -> list[str]:
    """Return the ids of all pages, one after another."""
    found: list[str] = []
    request = PageRequest(first)
    while True:
        page = await listed_page(rows, listing, request)
        found += [row["_id"] for row in page.items]
        assert len(page.items) == first or not page.has_next_page
        if not page.has_next_page:
            return found
        request = PageRequest(first, page.end)


async def walked_back(rows: Collection, listing: Listing, first: int) -> list[str]:
    """Return the ids of all pages from the end of the list on, in the list's order."""
    found: list[str] = []
    request = PageRequest(first, backward=True)
    while True:
        page = await listed_page(rows, listing, request)
        found = [row["_id"] for row in page.items] + found
        if not page.has_previous_page:
            return found
        request = PageRequest(first, page.start, backward=True)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
async def test_guesses_change_no_page(
    rows: Collection, kind: type, descending: bool, request: pytest.FixtureRequest
) -> None:
    """With and without a memory of where pages ended, while rows come, go and move; the order is that of no bounds."""
    chance = random.Random(kind.__name__)
    plain = Listing(match={"owner": "a"}, sort_field="at", descending=descending)
    odd, may_tie = {"kept": {"$ne": False}}, kind is not datetime and "falling" not in request.node.name
    bounded = [
        Listing(
            match={"owner": "a"},
            sort_field="at",
            descending=descending,
            kind=kind,
            fences=Fences(),
            where=where,
            has_ties=has_ties,
        )
        for where, has_ties in ((None, False), (None, may_tie), (odd, may_tie))
    ]
    for step in range(5):
        made = [{"_id": f"{step}-{n}", "owner": "a", "at": chance.choice([None, *KINDS[kind]])} for n in range(6)]
        await rows.insert_many([*made, {"_id": f"{step}", "owner": "b", "at": KINDS[kind][0]}])
        await rows.delete_one({"_id": f"{chance.randrange(step + 1)}-{chance.randrange(6)}"})
        await rows.update_one({"_id": f"{step}-0"}, {"$set": {"at": chance.choice(KINDS[kind])}})
        expected = await walked(rows, plain, 100)
        for listing in bounded:
            for first in (2, 3, 2):
                assert expected == await walked(rows, listing, first)
                assert expected == await walked_back(rows, listing, first)


async def test_rows_that_are_left_out_do_not_shorten_a_page(rows: Collection) -> None:
    """A page is filled from behind with what belongs to the list, and knows whether more follows."""
    values = KINDS[int]
    await rows.insert_many([{"_id": f"{n:02}", "owner": "a", "at": values[n % 7], "no": n % 3 == 0} for n in range(30)])
    listing = Listing(
        match={"owner": "a"},
        sort_field="at",
        descending=True,
        kind=int,
        fences=Fences(),
        keep=lambda row: not row["no"],
    )
    all_rows = await walked(rows, Listing(match={"owner": "a"}, sort_field="at", descending=True), 100)
    expected = [one for one in all_rows if int(one) % 3]
    for first in (1, 4, 4):
        assert expected == await walked(rows, listing, first)
        assert expected == await walked_back(rows, listing, first)


async def test_rows_outside_of_the_bounds_are_on_no_page(rows: Collection) -> None:
    """Whatever the cursor says."""
    await rows.insert_many([{"_id": f"{n}", "owner": "a", "at": n} for n in range(0, 18, 2)])
    listing = Listing(
        match={"owner": "a"}, sort_field="at", descending=False, kind=int, between=(3, 9), is_complete=True
    )
    pages = [await listed_page(rows, listing, PageRequest(9, after)) for after in (None, (0, "x"), (4, "4"), (12, "8"))]
    assert [[row["at"] for row in page.items] for page in pages] == [[4, 6, 8], [4, 6, 8], [6, 8], []]
