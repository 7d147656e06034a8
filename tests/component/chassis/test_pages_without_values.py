"""Lists whose rows lack what they are sorted by: every row once, in one order, whatever the page's size."""

import pytest

from chassis.kernel import PageRequest
from chassis.mongo.client import connect
from chassis.mongo.paging import fetch_page

VALUES = [None, 3, ..., 1, 1, None, 2, ..., 3, 1]
"""`...` stands for a field that is not there."""


@pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
@pytest.mark.parametrize("first", [1, 2, 3, 4, 10])
async def test_pages_are_complete_and_in_one_order(
    mongo_url: str, database_name: str, descending: bool, first: int
) -> None:
    """Rows without a value come before all others where values ascend, else behind them, by their ids."""
    database = connect(mongo_url, database_name)
    rows = [{"_id": f"r{place}"} | ({} if value is ... else {"at": value}) for place, value in enumerate(VALUES)]
    await database["rows"].insert_many([row | {"kind": "a"} for row in rows])
    await database["rows"].insert_one({"_id": "other", "kind": "b"})
    found: list[str] = []
    request = PageRequest(first)
    while True:
        page = await fetch_page(database["rows"], {"kind": "a"}, "at", request, descending=descending)
        found += [row["_id"] for row in page.items]
        if not page.has_next_page:
            break
        request = PageRequest(first, page.cursors[-1])
    expected = sorted(rows, key=lambda row: (row.get("at") is not None, row.get("at") or 0, row["_id"]))
    assert found == [str(row["_id"]) for row in (reversed(expected) if descending else expected)]
    await database.close()


@pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
@pytest.mark.parametrize("last", [1, 3, 4, 10])
async def test_pages_from_the_end_are_those_of_the_same_order(
    mongo_url: str, database_name: str, descending: bool, last: int
) -> None:
    """Read backward the list is the same, each page in the list's order, and both sides of a page are told."""
    database = connect(mongo_url, database_name)
    rows = [{"_id": f"r{place}"} | ({} if value is ... else {"at": value}) for place, value in enumerate(VALUES)]
    await database["rows"].insert_many(rows)
    whole = await fetch_page(database["rows"], {}, "at", PageRequest(100), descending=descending)
    found: list[str] = []
    request = PageRequest(last, backward=True)
    while True:
        page = await fetch_page(database["rows"], {}, "at", request, descending=descending)
        assert (page.start, page.end) == (page.cursors[0], page.cursors[-1])
        assert page.has_next_page == (request.after is not None)
        found[:0] = [row["_id"] for row in page.items]
        assert page.has_previous_page == (len(found) < len(rows))
        if not page.has_previous_page:
            break
        request = PageRequest(last, page.start, backward=True)
    assert found == [row["_id"] for row in whole.items]
    await database.close()


async def test_a_path_that_leads_into_nothing_is_no_value(mongo_url: str, database_name: str) -> None:
    """A value for lists that is null has no fields: its row is still shown."""
    database = connect(mongo_url, database_name)
    await database["rows"].insert_many([{"_id": "a", "listed": None}, {"_id": "b"}, {"_id": "c", "listed": {"at": 1}}])
    page = await fetch_page(database["rows"], {}, "listed.at", PageRequest(2), descending=False)
    rest = await fetch_page(database["rows"], {}, "listed.at", PageRequest(2, page.cursors[-1]), descending=False)
    assert [row["_id"] for row in (*page.items, *rest.items)] == ["a", "b", "c"]
    await database.close()
