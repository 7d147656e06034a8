"""Billing's repositories, one suite over the fakes and over MongoDB."""

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.kernel import AlreadyExists, NotFound, PageRequest, Principal, new_id
from chassis.mongo.client import connect
from chassis.mongo.documents import to_document
from chassis.mongo.indexes import ensure_indexes
from services.billing.adapters import mongo_estimates, mongo_invoices, mongo_numbers
from services.billing.adapters.mongo_estimates import MongoEstimates
from services.billing.adapters.mongo_invoices import MongoInvoices
from services.billing.adapters.mongo_numbers import MongoNumberSeries
from services.billing.domain.estimate import Estimate, EstimateState
from services.billing.domain.invoice import Invoice, InvoiceStatus, PaymentTerms
from services.billing.domain.listing import EstimateFilter, EstimateOrder, InvoiceFilter, InvoiceOrder
from services.billing.domain.money import Money
from services.billing.domain.payment_mode import PaymentMode
from services.billing.domain.series import Series
from services.billing.messaging.published import LANGUAGE
from tests.support.billing.makers import (
    BUYER,
    CLIENT,
    CONTACT,
    CUSTOMER,
    NOW,
    ORGANISATION,
    OTHER_CLIENT,
    OTHER_CUSTOMER,
    OTHER_ORGANISATION,
    OWNER,
    STRANGER,
    TODAY,
    drafted_estimate,
    drafted_invoice,
    euros,
    sent_estimate,
    sent_invoice,
    some_content,
)
from tests.support.billing.stores import MemoryEstimates, MemoryInvoices, MemoryNumberSeries, ledger_of
from tests.support.storage import SERVERS, address

FIRST = PageRequest(100)


@dataclass
class Stores:
    """All of them, of one kind."""

    estimates: Any
    invoices: Any
    numbers: Any


INDEXES = (*mongo_estimates.INDEXES, *mongo_invoices.INDEXES, *mongo_numbers.INDEXES)


@pytest.fixture(params=["fake", *SERVERS])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    if request.param == "fake":
        yield Stores(MemoryEstimates(), MemoryInvoices(), MemoryNumberSeries())
        return
    database = connect(address(request), new_id("tst"))
    await ensure_indexes(database, INDEXES)
    yield Stores(MongoEstimates(database, LANGUAGE), MongoInvoices(database, LANGUAGE), MongoNumberSeries(database))
    await database.drop()
    await database.close()


def revised_estimate(**more: Any) -> Estimate:
    """Declined at 100, being reworked at 80."""
    estimate = sent_estimate(**more)
    estimate.decline(1, contact_id=CONTACT, reason="Too dear", today=TODAY, now=NOW)
    estimate.revise(today=TODAY, now=NOW)
    estimate.rewrite(customer_id=CUSTOMER, content=some_content("80.00", subject="Cheaper"), expires_on=None)
    estimate.forget_recorded()
    return estimate


def paid_invoice(*, minute: int = 0, **more: Any) -> Invoice:
    invoice = sent_invoice(**more)
    invoice.settle("pay_1", invoice.balance, NOW + timedelta(minutes=minute))
    invoice.forget_recorded()
    return invoice


async def test_documents_come_back_as_they_were(stores: Stores) -> None:
    """Every field survives: decimals, dates, instants, revisions, collections and refunds."""
    estimate, invoice = revised_estimate(), paid_invoice()
    invoice.record_refund("rfd_1", "pay_1", euros("0.01"), NOW)
    await stores.estimates.add(estimate)
    await stores.invoices.add(invoice)
    assert to_document(estimate) == to_document(await stores.estimates.get(OWNER, estimate.id))
    assert to_document(invoice) == to_document(await stores.invoices.get(OWNER, invoice.id))
    with pytest.raises(AlreadyExists):
        await stores.invoices.add(invoice)


async def test_everybody_sees_their_own_only(stores: Stores) -> None:
    """Another organisation, another client, and a client before the document was sent: there is no such thing."""
    draft, sent = drafted_invoice(), sent_invoice()
    draft_estimate, reworked = drafted_estimate(), revised_estimate()
    for store, documents in ((stores.invoices, (draft, sent)), (stores.estimates, (draft_estimate, reworked))):
        for document in documents:
            await store.add(document)
        seen = {
            who.id: set(await store.get_many(who, [document.id for document in documents]))
            for who in (OWNER, STRANGER, CLIENT, OTHER_CLIENT)
        }
        everything, shown = {document.id for document in documents}, {documents[1].id}
        assert {OWNER.id: everything, STRANGER.id: set(), CLIENT.id: shown, OTHER_CLIENT.id: set()} == seen
        for who in (STRANGER, OTHER_CLIENT):
            with pytest.raises(NotFound):
                await store.get(who, documents[1].id)
        with pytest.raises(NotFound):
            await store.update(CLIENT, documents[0].id, lambda _: None)


async def test_a_change_is_stored_and_a_refused_one_is_not(stores: Stores) -> None:
    """What the closure does is saved at once; what it raises leaves everything as it was."""
    invoice = sent_invoice()
    await stores.invoices.add(invoice)
    await stores.invoices.update(OWNER, invoice.id, lambda i: i.reserve("pay_1", euros(100), NOW))
    with pytest.raises(ZeroDivisionError):
        await stores.invoices.update(OWNER, invoice.id, lambda i: (i.release("pay_1", NOW), 1 / 0))
    assert (await stores.invoices.get(OWNER, invoice.id)).available == euros(0)


def invoices_in_every_status() -> dict[InvoiceStatus, Invoice]:
    part_paid = sent_invoice(partial_payments=True)
    part_paid.settle("pay_1", euros(40), NOW)
    void, written_off = sent_invoice(), sent_invoice()
    void.void("", now=NOW)
    written_off.write_off("", now=NOW)
    overdue = sent_invoice(due_on=TODAY - timedelta(days=1), today=TODAY - timedelta(days=9))
    made = {
        InvoiceStatus.DRAFT: drafted_invoice(),
        InvoiceStatus.SENT: sent_invoice(due_on=TODAY),
        InvoiceStatus.PARTIALLY_PAID: part_paid,
        InvoiceStatus.OVERDUE: overdue,
        InvoiceStatus.PAID: paid_invoice(),
        InvoiceStatus.VOID: void,
        InvoiceStatus.WRITTEN_OFF: written_off,
    }
    for invoice in made.values():
        invoice.forget_recorded()
    return made


async def test_invoices_are_found_by_their_display_status(stores: Stores) -> None:
    """Each status finds exactly the invoices that show it, on the organisation's day; a contact finds no draft."""
    made = invoices_in_every_status()
    for invoice in made.values():
        await stores.invoices.add(invoice)
    assert await stores.invoices.count(OWNER, InvoiceFilter(), today=TODAY) == len(made)
    assert await stores.invoices.count(STRANGER, InvoiceFilter(), today=TODAY) == 0
    for status, invoice in made.items():
        wanted = InvoiceFilter(statuses=frozenset({status}))
        assert await stores.invoices.count(OWNER, wanted, today=TODAY) == 1
        page = await stores.invoices.page(OWNER, wanted, FIRST, today=TODAY)
        assert [invoice.id] == [row.id for row in page.items], status
    both = InvoiceFilter(statuses=frozenset({InvoiceStatus.DRAFT, InvoiceStatus.PAID}))
    page = await stores.invoices.page(CLIENT, both, FIRST, today=TODAY)
    assert [made[InvoiceStatus.PAID].id] == [row.id for row in page.items]


async def test_estimates_are_found_by_what_the_principal_sees(stores: Stores) -> None:
    """While staff rework a draft the client still finds the declined one, by its old subject and total."""
    reworked, waiting, late = revised_estimate(number="EST-7"), sent_estimate(), sent_estimate(expires_on=TODAY)
    for estimate in (reworked, waiting, late):
        await stores.estimates.add(estimate)

    async def found(by: Principal, today: date = TODAY, **wanted: Any) -> set[str]:
        page = await stores.estimates.page(by, EstimateFilter(**wanted), FIRST, today=today)
        return {row.id for row in page.items}

    assert await found(OWNER, statuses=frozenset({EstimateState.DRAFT})) == {reworked.id}
    assert await found(CLIENT, statuses=frozenset({EstimateState.DRAFT})) == set()
    assert await found(CLIENT, statuses=frozenset({EstimateState.DECLINED})) == {reworked.id}
    assert await found(OWNER, search="cheaper") == {reworked.id}
    assert await found(CLIENT, search="cheaper") == set()
    assert await found(CLIENT, search="est-7") == {reworked.id}
    declined = EstimateFilter(statuses=frozenset({EstimateState.DECLINED}))
    counts = [await stores.estimates.count(who, declined, today=TODAY) for who in (OWNER, CLIENT, STRANGER)]
    assert counts == [0, 1, 0]
    tomorrow = TODAY + timedelta(days=1)
    assert await found(CLIENT, tomorrow, statuses=frozenset({EstimateState.EXPIRED})) == {late.id}
    assert await found(CLIENT, tomorrow, statuses=frozenset({EstimateState.SENT})) == {waiting.id}


async def test_what_was_typed_on_a_mac_is_found(stores: Stores) -> None:
    """Composed or not, with accents or without."""
    subject = unicodedata.normalize("NFD", "Łąka Café")
    await stores.invoices.add(sent_invoice(content=some_content(subject=subject)))

    async def found(search: str) -> int:
        return await stores.invoices.count(OWNER, InvoiceFilter(search=search), today=TODAY)

    assert [await found(text) for text in (subject, "łąka café", "LAKA CAFE", "kafe")] == [1, 1, 1, 0]


async def test_invoices_are_found_by_text_day_currency_and_customer(stores: Stores) -> None:
    """Every filter narrows; special characters are just characters; a contact never reaches another company."""
    plain = sent_invoice(number="INV-0001")
    special = sent_invoice(number="INV-0002", reference="50% (a.b*c) $x", due_on=TODAY + timedelta(days=30))
    yen = sent_invoice(content=some_content("100", "JPY"), number="INV-0003", customer_id=OTHER_CUSTOMER)
    for invoice in (plain, special, yen):
        await stores.invoices.add(invoice)

    async def found(by: Principal = OWNER, **wanted: Any) -> set[str | None]:
        page = await stores.invoices.page(by, InvoiceFilter(**wanted), FIRST, today=TODAY)
        return {row.number for row in page.items}

    assert await found() == {"INV-0001", "INV-0002", "INV-0003"}
    assert await found(search=" inv-0001 ") == {"INV-0001"}
    assert await found(search="(A.B*C) $X") == {"INV-0002"}
    assert await found(search=".*") == set()
    assert await found(search=f"{BUYER.name[:5].upper()}") == {"INV-0001", "INV-0002", "INV-0003"}
    assert await found(currency="JPY") == {"INV-0003"}
    assert await found(customer_id=OTHER_CUSTOMER) == {"INV-0003"}
    assert await found(due_from=TODAY + timedelta(days=15)) == {"INV-0002"}
    assert await found(due_to=TODAY + timedelta(days=15)) == {"INV-0001", "INV-0003"}
    assert await found(due_to=TODAY + timedelta(days=30)) == {"INV-0001", "INV-0002", "INV-0003"}
    assert await stores.invoices.count(OWNER, InvoiceFilter(due_to=TODAY + timedelta(days=30)), today=TODAY) == 3
    assert await found(issued_from=TODAY, issued_to=TODAY) == {"INV-0001", "INV-0002", "INV-0003"}
    assert await found(issued_from=TODAY + timedelta(days=1)) == set()
    assert await found(CLIENT) == {"INV-0001", "INV-0002"}
    assert await found(CLIENT, customer_id=OTHER_CUSTOMER) == set()


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order", list(InvoiceOrder))
async def test_pages_of_invoices_meet_without_gap_or_repeat(
    stores: Stores, order: InvoiceOrder, descending: bool
) -> None:
    """Walking in pages of two gives every row once, in the order of one big page, amounts as numbers."""
    prices = ["9.00", "100.00", "20.00", "100.00", "3.50"]
    for place, price in enumerate(prices):
        await stores.invoices.add(sent_invoice(price, number=f"INV-{9 - place}", due_on=TODAY + timedelta(place % 3)))
    await stores.invoices.add(drafted_invoice("5.00"))
    whole = await stores.invoices.page(OWNER, InvoiceFilter(), FIRST, order=order, descending=descending, today=TODAY)
    walked: list[str] = []
    request = PageRequest(2)
    while True:
        page = await stores.invoices.page(
            OWNER, InvoiceFilter(), request, order=order, descending=descending, today=TODAY
        )
        walked += [row.id for row in page.items]
        if not page.has_next_page:
            break
        request = PageRequest(2, page.cursors[-1])
    assert [row.id for row in whole.items] == walked
    if order is InvoiceOrder.TOTAL:
        totals = [row.total.amount for row in whole.items]
        assert sorted(totals, reverse=descending) == totals


@pytest.mark.parametrize("order", list(EstimateOrder))
async def test_pages_of_estimates_meet_without_gap_or_repeat(stores: Stores, order: EstimateOrder) -> None:
    """Drafts, which have neither number nor day, have their place in every order."""
    for place, price in enumerate(["9.00", "100.00", "20.00"]):
        await stores.estimates.add(sent_estimate(price, number=f"EST-{9 - place}"))
    for _ in range(2):
        await stores.estimates.add(drafted_estimate(expires_on=None))
    walked: list[str] = []
    request = PageRequest(2)
    while True:
        page = await stores.estimates.page(OWNER, EstimateFilter(), request, order=order, today=TODAY)
        walked += [row.id for row in page.items]
        if not page.has_next_page:
            break
        request = PageRequest(2, page.cursors[-1])
    assert (len(walked), len(set(walked))) == (5, 5)


async def test_the_last_paid_come_latest_first(stores: Stores) -> None:
    """Only invoices that are paid in full count; a refund takes one off the list."""
    early, late, refunded = paid_invoice(minute=1), paid_invoice(minute=2), paid_invoice(minute=3)
    refunded.record_refund("rfd_1", "pay_1", euros(1), NOW)
    for invoice in (early, late, refunded, sent_invoice(), paid_invoice(customer_id=OTHER_CUSTOMER, minute=4)):
        await stores.invoices.add(invoice)
    assert [late.id, early.id] == [row.id for row in await stores.invoices.last_paid(CLIENT, None, 5)]
    assert [late.id] == [row.id for row in await stores.invoices.last_paid(OWNER, CUSTOMER, 1)]


async def test_what_is_owed_is_added_up_per_currency(stores: Stores) -> None:
    """Currencies are never added together; drafts, closed and paid invoices owe nothing; overdue is told apart."""
    part_paid = sent_invoice("50.00", partial_payments=True)
    part_paid.settle("pay_1", euros("0.01"), NOW)
    overdue = sent_invoice("7.30", due_on=TODAY - timedelta(days=1), today=TODAY - timedelta(days=9))
    dinars = sent_invoice(content=some_content("1.005", "KWD"))
    void = sent_invoice()
    void.void("", now=NOW)
    for invoice in (part_paid, overdue, dinars, void, drafted_invoice(), paid_invoice()):
        await stores.invoices.add(invoice)
    await stores.invoices.add(sent_invoice("900.00", customer_id=OTHER_CUSTOMER))
    rows = await stores.invoices.outstanding(CLIENT, None, TODAY)
    assert [(euros("57.29"), euros("7.30"), 2), (Money.of("1.005", "KWD"), Money.of("0.000", "KWD"), 1)] == [
        (row.balance, row.overdue, row.invoices) for row in rows
    ]
    assert list(await stores.invoices.outstanding(STRANGER, None, TODAY)) == []


def written_off_and_refunded() -> Invoice:
    invoice = sent_invoice("10.00", partial_payments=True)
    invoice.settle("pay_1", euros("6.00"), NOW)
    invoice.write_off("", now=NOW)
    invoice.record_refund("rfd_1", "pay_1", euros("6.00"), NOW)
    return invoice


async def test_credits_and_what_is_owed_after_a_write_off_count(stores: Stores) -> None:
    """An invoice below zero lowers what is owed and shows as sent; money that went back is owed, and is found."""
    credit, owed_again = sent_invoice("-2.50", due_on=TODAY), written_off_and_refunded()
    for invoice in (credit, owed_again, paid_invoice(), sent_invoice("0.00")):
        await stores.invoices.add(invoice)

    (row,) = await stores.invoices.outstanding(CLIENT, None, TODAY + timedelta(days=1))
    found = {
        status: {
            one.id
            for one in (
                await stores.invoices.page(
                    OWNER, InvoiceFilter(statuses=frozenset({status})), PageRequest(10), today=TODAY
                )
            ).items
        }
        for status in (InvoiceStatus.SENT, InvoiceStatus.PAID, InvoiceStatus.WRITTEN_OFF)
    }

    assert (row.balance, row.overdue, row.invoices) == (euros("3.50"), euros("0.00"), 2)
    assert found[InvoiceStatus.SENT] == {credit.id, owed_again.id}
    assert len(found[InvoiceStatus.PAID]) == 2
    assert found[InvoiceStatus.WRITTEN_OFF] == set()
    (ledger,) = [
        one for one in await stores.invoices.ledgers(CLIENT, CUSTOMER, TODAY) if one.invoice_id == owed_again.id
    ]
    assert ledger.closed == owed_again.closed


async def test_ledgers_are_those_of_sent_invoices_up_to_a_day(stores: Stores) -> None:
    """A statement reads every sent invoice of the company, closed ones too, and no draft."""
    void, later = sent_invoice(), sent_invoice(today=TODAY + timedelta(days=3))
    void.void("Mistake", now=NOW)
    paid = paid_invoice()
    for invoice in (void, later, paid, drafted_invoice(), sent_invoice(customer_id=OTHER_CUSTOMER)):
        await stores.invoices.add(invoice)
    found = await stores.invoices.ledgers(CLIENT, CUSTOMER, TODAY)
    expected = {ledger.invoice_id: ledger for ledger in (ledger_of(void), ledger_of(paid))}
    assert expected == {ledger.invoice_id: ledger for ledger in found}
    assert list(await stores.invoices.ledgers(CLIENT, OTHER_CUSTOMER, TODAY)) == []


async def test_ledgers_begin_with_money_that_came_before_the_invoice(stores: Stores) -> None:
    """A payment that staff date before the day of its invoice stands on the statement of that earlier day already."""
    early = sent_invoice(today=TODAY)
    early.settle("pay_early", early.total, NOW, received_on=TODAY - timedelta(days=9))
    await stores.invoices.add(early)
    before, on = TODAY - timedelta(days=10), TODAY - timedelta(days=9)
    assert list(await stores.invoices.ledgers(CLIENT, CUSTOMER, before)) == []
    assert [ledger_of(early)] == list(await stores.invoices.ledgers(CLIENT, CUSTOMER, on))


async def test_jobs_find_what_needs_attention_in_every_organisation(stores: Stores) -> None:
    """Unanswered estimates past their day and unpaid invoices past their due date, oldest first."""
    late = sent_invoice(due_on=TODAY)
    later = sent_invoice(due_on=TODAY + timedelta(days=1), organisation_id=OTHER_ORGANISATION)
    for invoice in (later, late, sent_invoice(), paid_invoice(due_on=TODAY), drafted_invoice()):
        await stores.invoices.add(invoice)
    until = TODAY + timedelta(days=2)
    expected = [(ORGANISATION, late.id), (OTHER_ORGANISATION, later.id)]
    assert expected == list(await stores.invoices.needing_attention(until, 10))
    assert expected[:1] == list(await stores.invoices.needing_attention(until, 1))
    lapsing = sent_estimate(expires_on=TODAY)
    for estimate in (lapsing, sent_estimate(), drafted_estimate(expires_on=TODAY)):
        await stores.estimates.add(estimate)
    assert [(ORGANISATION, lapsing.id)] == list(await stores.estimates.needing_attention(until, 10))


async def test_a_document_has_one_number_however_often_it_asks(stores: Stores) -> None:
    """A send that is repeated after a crash takes the same number; series and organisations count apart."""
    take: Callable[..., Any] = stores.numbers.take
    assert [await take(ORGANISATION, Series.INVOICE, "inv_a") for _ in range(3)] == ["INV-000001"] * 3
    assert await take(ORGANISATION, Series.INVOICE, "inv_b") == "INV-000002"
    assert await take(ORGANISATION, Series.ESTIMATE, "est_a") == "EST-000001"
    assert await take(OTHER_ORGANISATION, Series.INVOICE, "inv_c") == "INV-000001"


async def test_a_number_given_back_is_the_next_one_taken(stores: Stores) -> None:
    """A draft that is voided after a crashed send leaves no gap."""
    numbers = stores.numbers
    for document in ("inv_a", "inv_b", "inv_c"):
        await numbers.take(ORGANISATION, Series.INVOICE, document)
    await numbers.give_back(ORGANISATION, Series.INVOICE, "inv_b")
    await numbers.give_back(ORGANISATION, Series.INVOICE, "inv_never")
    taken = [await numbers.take(ORGANISATION, Series.INVOICE, name) for name in ("inv_d", "inv_e", "inv_b")]
    assert taken == ["INV-000002", "INV-000004", "INV-000005"]


async def test_fifty_documents_at_once_take_fifty_numbers(stores: Stores) -> None:
    """No gap, no number twice, although each asks twice at the same time."""
    asking = [stores.numbers.take(ORGANISATION, Series.INVOICE, f"inv_{n % 50}") for n in range(100)]
    taken = await asyncio.gather(*asking)
    assert taken[:50] == taken[50:]
    assert sorted(taken[:50]) == [Series.INVOICE.label(place) for place in range(1, 51)]


async def test_two_processes_take_numbers_side_by_side(mongo_url: str, database_name: str) -> None:
    """Two series over one database, as two processes have, never give the same number twice."""
    databases = [connect(mongo_url, database_name) for _ in range(2)]
    await ensure_indexes(databases[0], INDEXES)
    series = [MongoNumberSeries(database) for database in databases]
    asking = [series[n % 2].take(ORGANISATION, Series.INVOICE, f"inv_{n}") for n in range(40)]
    assert sorted(await asyncio.gather(*asking)) == [Series.INVOICE.label(place) for place in range(1, 41)]
    for database in databases:
        await database.close()


async def test_changed_terms_keep_lists_right(stores: Stores) -> None:
    """What lists are sorted and filtered by follows every change."""
    invoice = sent_invoice(due_on=TODAY)
    await stores.invoices.add(invoice)
    later = PaymentTerms(modes=(PaymentMode.CARD,), due_on=TODAY + timedelta(days=60))
    await stores.invoices.update(OWNER, invoice.id, lambda i: i.change_terms(later, today=TODAY, now=NOW))
    overdue = InvoiceFilter(statuses=frozenset({InvoiceStatus.OVERDUE}))
    page = await stores.invoices.page(OWNER, overdue, FIRST, today=TODAY + timedelta(days=30))
    assert page.items == ()
