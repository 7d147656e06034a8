"""What is owed, read from sums: equal to adding all up, whatever happened between, by whom, and where it ended."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from chassis.kernel import new_id
from chassis.mongo.client import Database, connect
from chassis.mongo.histories import LISTING
from chassis.mongo.indexes import ensure_indexes
from services.billing.adapters import mongo_invoices
from services.billing.adapters.mongo_invoices import MongoInvoices
from services.billing.domain.invoice import Invoice
from services.billing.messaging.published import LANGUAGE
from tests.support.billing.makers import (
    CLIENT,
    CUSTOMER,
    NOW,
    ORGANISATION,
    OTHER_CUSTOMER,
    OTHER_ORGANISATION,
    OWNER,
    TODAY,
    drafted_invoice,
    euros,
    sent_invoice,
    some_content,
)


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    database = connect(mongo_url, database_name)
    await ensure_indexes(database, mongo_invoices.INDEXES)
    yield database
    await database.close()


@pytest.fixture
def invoices(database: Database) -> MongoInvoices:
    return MongoInvoices(database, LANGUAGE)


def invoice_of(chance: random.Random) -> Invoice:
    """Return an invoice in some state, currency and company, above or below zero."""
    amount = chance.choice(["50.00", "7.30", "-2.50", "0.00"])
    content = some_content(amount, chance.choice(["EUR", "EUR", "USD"]))
    customer = chance.choice([CUSTOMER, OTHER_CUSTOMER])
    if chance.random() < 0.2:
        return drafted_invoice(content=content, customer_id=customer)
    due = TODAY + timedelta(days=chance.randint(0, 3))
    return sent_invoice(content=content, customer_id=customer, due_on=due, partial_payments=True)


def anything(chance: random.Random) -> Any:
    """Return something that may happen to an invoice; what it refuses leaves it as it is."""

    def happen(invoice: Invoice) -> None:
        what, payment = chance.randrange(5), f"pay_{chance.randrange(3)}"
        try:
            if what == 0:
                invoice.settle(payment, invoice.balance, NOW)
            elif what == 1:
                invoice.record_refund(new_id("rfd"), payment, euros("1.00"), NOW)
            elif what == 2:
                invoice.void("", now=NOW)
            elif what == 3:
                invoice.write_off("", now=NOW)
            else:
                invoice.reserve(payment, invoice.available, NOW)
        except Exception:  # a refusal: another decision's turn
            invoice.forget_recorded()

    return happen


async def equal(invoices: MongoInvoices) -> None:
    """Assert that sums are read, and are what adding up gives, for the organisation and both companies."""
    for customer in (None, CUSTOMER, OTHER_CUSTOMER):
        read = await invoices.owed.read(ORGANISATION, customer)
        assert await invoices.added_up(ORGANISATION, customer) == read


@pytest.mark.parametrize("seed", range(4))
async def test_sums_equal_what_adding_up_gives(invoices: MongoInvoices, seed: int) -> None:
    """After any decisions on any invoices, with readers in between who count at the same time."""
    chance = random.Random(seed)
    made = [invoice_of(chance) for _ in range(8)]
    for invoice in made:
        await invoices.add(invoice)
    await equal(invoices)
    for _ in range(5):
        changes = [invoices.update(OWNER, chance.choice(made).id, anything(chance)) for _ in range(5)]
        reads = [invoices.outstanding(OWNER, None, TODAY) for _ in range(3)]
        await asyncio.gather(*changes, *reads)
        await equal(invoices)


class _Ended(Exception):
    """A process ended here."""


@pytest.mark.parametrize("write", range(7))
async def test_a_crash_at_any_write_of_counting_is_made_good(
    invoices: MongoInvoices, database: Database, write: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever counts may end before any of its writes: the next one comes to the same sums, after changes too."""
    one, other = sent_invoice("50.00", partial_payments=True), sent_invoice("7.30", customer_id=OTHER_CUSTOMER)
    await invoices.add(one)
    await equal(invoices)
    await invoices.add(other)
    await invoices.update(OWNER, one.id, lambda invoice: invoice.settle("pay_1", euros("20.00"), NOW))
    dying, left = MongoInvoices(database, LANGUAGE), [write]

    def ends(method: Any) -> Any:
        async def until(*given: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise _Ended
            return await method(*given)

        return until

    for name in ("_replace", "_mark"):
        monkeypatch.setattr(dying.owed, name, ends(getattr(dying.owed, name)))
    try:
        await dying.owed.read(ORGANISATION, None)
    except _Ended:
        pass
    else:
        pytest.fail(f"counting has fewer writes than {write + 1}")
    await invoices.update(OWNER, one.id, lambda invoice: invoice.settle("pay_2", euros("1.00"), NOW))
    await equal(invoices)
    await invoices.update(OWNER, one.id, lambda invoice: invoice.record_refund("rfd_1", "pay_2", euros("1.00"), NOW))
    await equal(invoices)


async def test_the_worker_counts_what_nobody_asks_for(invoices: MongoInvoices) -> None:
    """All of it, of every organisation, and nothing twice; what an older version saved last waits for the backfill."""
    others = [sent_invoice(organisation_id=OTHER_ORGANISATION) for _ in range(3)]
    for invoice in (*others, sent_invoice("50.00"), older := sent_invoice("7.30")):
        await invoices.add(invoice)
    await invoices.collection.update_one({"_id": older.id}, {"$set": {LISTING: 2}})
    assert [await invoices.owed.catch_up() for _ in range(2)] == [4, 0]
    waiting = await invoices.collection.find({"uncounted": {"$gt": ""}}, {"_id": 1}).to_list()
    assert [row["_id"] for row in waiting] == [older.id]
    read = await invoices.owed.read(OTHER_ORGANISATION, None)
    assert await invoices.added_up(OTHER_ORGANISATION, None) == read


async def test_what_changes_while_it_is_counted_is_counted_again(
    invoices: MongoInvoices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invoices are marked at the version that was counted: one that was paid in between is taken up once more."""
    made = [sent_invoice("50.00"), sent_invoice("7.30")]
    for invoice in made:
        await invoices.add(invoice)
    mark = getattr(invoices.owed, "_mark")  # noqa: B009 - a step between two writes has no other door

    async def paid_first(waiting: Any) -> Any:
        monkeypatch.undo()
        await invoices.update(OWNER, made[0].id, lambda one: one.settle("pay_1", euros("50.00"), NOW))
        return await mark(waiting)

    monkeypatch.setattr(invoices.owed, "_mark", paid_first)
    assert [await invoices.owed.catch_up() for _ in range(3)] == [1, 1, 0]
    await equal(invoices)


async def test_an_older_versions_save_is_seen(invoices: MongoInvoices) -> None:
    """It changes the balance and none of what sums are made of: all is added up until the backfill was there."""
    one = sent_invoice("50.00")
    for invoice in (one, sent_invoice("7.30")):
        await invoices.add(invoice)
    await equal(invoices)
    older = {"$set": {LISTING: 2, "listed.balance": 1000, "stamped": 2}, "$inc": {"version": 1}}
    await invoices.collection.update_one({"_id": one.id}, older)
    assert await invoices.owed.read(ORGANISATION, None) is None
    (row,) = await invoices.outstanding(CLIENT, None, TODAY)
    assert euros("17.30") == row.balance

    stored = await invoices.collection.find_one({"_id": one.id})
    assert stored is not None
    await invoices.collection.update_one({"_id": one.id}, {"$set": invoices.mending(stored)})
    await equal(invoices)
    (row,) = await invoices.outstanding(CLIENT, None, TODAY)
    assert euros("57.30") == row.balance


async def test_sums_can_be_made_anew(invoices: MongoInvoices, database: Database) -> None:
    """Whatever became of them: forgotten, brought forward by the backfill, counted again."""
    made = [sent_invoice("50.00"), sent_invoice("7.30", customer_id=OTHER_CUSTOMER)]
    for invoice in made:
        await invoices.add(invoice)
    await equal(invoices)
    await database["owed"].update_many({}, {"$set": {"sums": {}}})
    await invoices.owed.start_anew()
    assert await invoices.owed.read(ORGANISATION, None) is None
    for invoice in made:
        stored = await invoices.collection.find_one({"_id": invoice.id})
        assert stored is not None
        await invoices.collection.update_one({"_id": invoice.id}, {"$set": invoices.mending(stored)})
    await equal(invoices)
