"""Pages examine as many documents as they show, however many there are; and the server's CPU agrees where it is asked.

`PORTAL_GROWTH=30000` lets the second test grow a collection from 1,000 to so many documents, minutes on the embedded
server; figures are printed, and more than 1.5 times the cost of the first size fails.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from chassis.kernel import PageRequest
from chassis.mongo.client import Database, connect
from chassis.mongo.indexes import ensure_indexes
from portal_cli.ports import free_ports
from portal_cli.processes import Child
from portal_cli.secantusdb import program, url
from services.billing.adapters import mongo_estimates, mongo_invoices
from services.billing.adapters.mongo_estimates import MongoEstimates
from services.billing.adapters.mongo_invoices import MongoInvoices
from services.billing.domain.listing import InvoiceFilter, InvoiceOrder
from services.billing.messaging.published import LANGUAGE
from tests.support.billing.makers import CLIENT, OWNER, TODAY, sent_estimate, sent_invoice
from tests.support.commands import recorded
from tests.support.storage import quickest

FIRST = PageRequest(20)
Page = Callable[[], Awaitable[Any]]


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    database = connect(mongo_url, database_name)
    await ensure_indexes(database, (*mongo_invoices.INDEXES, *mongo_estimates.INDEXES))
    yield database
    await database.close()


def pages(invoices: MongoInvoices, estimates: MongoEstimates) -> Mapping[str, Page]:
    """Return the pages that must not grow."""
    by_day = partial(invoices.rows, OWNER, InvoiceFilter(), FIRST, order=InvoiceOrder.DUE, today=TODAY)
    return {
        "estimates to answer, staff": partial(estimates.waiting_rows, OWNER, None, 20, today=TODAY),
        "estimates to answer, client": partial(estimates.waiting_rows, CLIENT, None, 20, today=TODAY),
        "list, staff": partial(invoices.rows, OWNER, InvoiceFilter(), FIRST, today=TODAY),
        "list, client": partial(invoices.rows, CLIENT, InvoiceFilter(), FIRST, today=TODAY),
        "list by due day": by_day,
        "last paid": partial(invoices.last_paid_rows, CLIENT, None, 5),
        "owed": partial(invoices.outstanding, CLIENT, None, TODAY),
    }


async def grow(invoices: MongoInvoices, estimates: MongoEstimates, start: int, size: int) -> None:
    """Copy an invoice until there are so many, an hour apart, due on a few hundred days and paid in turn.

    As many estimates wait for an answer, all until the same day.
    """
    if start == 0:
        await invoices.add(sent_invoice())
        await invoices.outstanding(OWNER, None, TODAY)
        await estimates.add(sent_estimate())
    one = await invoices.collection.find_one({"counted": {"$gt": ""}})
    assert one is not None
    made: list[dict[str, Any]] = []
    for n in range(max(start, 1), size):
        day = (TODAY - timedelta(days=n % 300)).isoformat()
        listed = one["listed"] | {"due_on": day, "paid_at": f"{day}T{n % 24:02}:00", "owed": ""}
        left = {key: value for key, value in one.items() if key not in {"counted", "uncounted"}}
        created = one["created_at"] - timedelta(hours=n)
        made.append(left | {"_id": f"inv_{n:026}", "number_key": f"{n}", "created_at": created, "listed": listed})
    answered = await estimates.collection.find_one({})
    assert answered is not None
    copies = [answered | {"_id": f"est_{n:026}", "number_key": f"{n}"} for n in range(max(start, 1), size)]
    for place in range(0, len(made), 1_000):
        await invoices.collection.insert_many(made[place : place + 1_000])
        await estimates.collection.insert_many(copies[place : place + 1_000])


@pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)
async def test_a_page_examines_what_it_shows(database: Database) -> None:
    """At most four times as many documents as it returns, and ten: by what the server itself says of each command."""
    invoices, estimates = MongoInvoices(database, LANGUAGE), MongoEstimates(database, LANGUAGE)
    await grow(invoices, estimates, 0, 300)
    for name, page in pages(invoices, estimates).items():
        await page()
        with recorded(database.name) as commands:
            await page()
        for command in [one for one in commands if one["_name"] == "find"]:
            asked = {key: command[key] for key in ("find", "filter", "sort", "limit", "projection") if key in command}
            said = await database.command({"explain": asked, "verbosity": "executionStats"})
            stats = said["executionStats"]
            assert stats["totalDocsExamined"] <= 4 * stats["nReturned"] + 10, (name, asked)


@pytest.mark.skipif("PORTAL_GROWTH" not in os.environ, reason="grows a collection for minutes: PORTAL_GROWTH=30000")
async def test_pages_cost_the_same_when_there_are_many(tmp_path: Path) -> None:
    """The server's CPU for a page, at a thousand documents and at as many as were asked for."""
    (port,) = free_ports(1)
    server = Child.start(program("growth", tmp_path / "growth", port, durable=False))
    server.wait_until_ready()
    database = connect(url(port), "growth", timeout_ms=60_000)
    try:
        await ensure_indexes(database, (*mongo_invoices.INDEXES, *mongo_estimates.INDEXES))
        invoices, estimates = MongoInvoices(database, LANGUAGE), MongoEstimates(database, LANGUAGE)
        costs: list[Mapping[str, float]] = []
        sizes = (0, 1_000, int(os.environ["PORTAL_GROWTH"]))
        for start, size in pairwise(sizes):
            await grow(invoices, estimates, start, size)
            asked = pages(invoices, estimates)
            costs.append({name: await _cost(page, server.pid) for name, page in asked.items()})
        for name, small in costs[0].items():
            print(f"{name:28} {small:6.2f} ms, {costs[1][name]:6.2f} ms")
        assert {name for name, small in costs[0].items() if costs[1][name] > 1.5 * small + 0.5} == set()
    finally:
        await database.close()
        server.kill()


async def _cost(page: Page, pid: int, times: int = 200) -> float:
    """Return the milliseconds of CPU of a process for one page, asked for the second time and later."""
    await page()
    before = _cpu_ms(pid)
    for _ in range(times):
        await page()
    return (_cpu_ms(pid) - before) / times


def _cpu_ms(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")
