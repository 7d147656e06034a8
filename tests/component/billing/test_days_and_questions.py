"""Days that stay, debts that can be closed, questions that are answered or refused: through the door, on a database."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.billing.application.directory import OrganisationProfile
from tests.component.billing.payment_doors import billing_with, paid, refund, sent_invoice
from tests.support.billing.makers import CLIENT, CUSTOMER, ORGANISATION, VIEWER
from tests.support.billing.payments import FakeProvider
from tests.support.billing.running import Running, content, invoice_input

Door = tuple[Running, FakeProvider]
STATEMENT = """query($c: ID!, $first: Date!, $last: Date!) { statements(customerId: $c, from: $first, to: $last) {
  openingBalance { amount } closingBalance { amount } rows { day: date kind } } }"""
HOME = """query($id: ID!) { invoice(id: $id) { status balance { amount } }
  home { outstanding { balance { amount } overdue { amount } } } }"""


@pytest.fixture
async def door(mongo_url: str, database_name: str) -> AsyncIterator[Door]:
    async with billing_with(mongo_url, f"{database_name}_") as running:
        yield running


async def move_to(billing: Running, zone: str, sequence: int) -> None:
    """Let billing hear that the organisation's time zone is another one."""
    profile = OrganisationProfile(id=ORGANISATION, name="Ahlund Studio", time_zone=zone)
    await billing.service.application.directory.note_organisation(sequence, profile)  # type: ignore[attr-defined]


async def days_of(billing: Running) -> list[tuple[str, str]]:
    """Return the days of all rows, with their kinds."""
    told = await billing.query(STATEMENT, c=CUSTOMER, first="2026-01-01", last="2026-12-31")
    return [(row["day"], row["kind"]) for row in told["statements"][0]["rows"]]


async def test_another_time_zone_moves_nothing_that_is_booked(door: Door) -> None:
    """Payment, refund, write-off and void keep the days of Kiritimati when the organisation moves a day back."""
    billing, _ = door
    await move_to(billing, "Pacific/Kiritimati", 5)
    first = await sent_invoice(billing)
    payment = await paid(billing, first["id"])
    await refund(billing, payment["id"], "40.00")
    await billing.invoice("writeOffInvoice", invoiceId=first["id"])
    second = await sent_invoice(billing)
    await billing.invoice("voidInvoice", invoiceId=second["id"])
    before = await days_of(billing)

    await move_to(billing, "Pacific/Pago_Pago", 6)

    assert await days_of(billing) == before
    assert {day for day, _ in before} == {"2026-03-11"}
    assert [kind for _, kind in before].count("WRITE_OFF") == 1


async def test_money_that_goes_back_after_a_write_off_is_owed_everywhere_and_can_be_closed(door: Door) -> None:
    """Invoice, home page and statement say the same; then the rest is written off as well."""
    billing, _ = door
    invoice = await sent_invoice(billing, terms={"partialPaymentsAllowed": True})
    payment = await paid(billing, invoice["id"], amount={"amount": "60.00", "currency": "EUR"})
    await billing.invoice("writeOffInvoice", invoiceId=invoice["id"])
    await refund(billing, payment["id"], "60.00")

    owed = await billing.query(HOME, id=invoice["id"])
    told = await billing.query(STATEMENT, c=CUSTOMER, first="2026-03-01", last="2026-03-31")
    closed = await billing.invoice("writeOffInvoice", invoiceId=invoice["id"])
    after = await billing.query(STATEMENT, c=CUSTOMER, first="2026-03-01", last="2026-03-31")

    assert owed["invoice"] == {"status": "SENT", "balance": {"amount": "60.00"}}
    assert [row["balance"]["amount"] for row in owed["home"]["outstanding"]] == ["60.00"]
    assert told["statements"][0]["closingBalance"]["amount"] == "60.00"
    assert closed["status"] == "WRITTEN_OFF"
    assert after["statements"][0]["closingBalance"]["amount"] == "0.00"


async def test_all_that_is_wrong_with_an_input_is_told_at_once(billing: Running) -> None:
    """Each error at its field of the input, and the same ones again under the same key."""
    given = invoice_input(
        lines=[{"description": "", "quantity": "100000000000", "unitPrice": "1"}],
        adjustments=[{"kind": "DISCOUNT", "amount": "-10"}],
        subject="x" * 201,
    )
    expected = [
        ("NUMBER_OUT_OF_RANGE", ["lines", "0", "quantity"]),
        ("TEXT_REQUIRED", ["lines", "0", "description"]),
        ("ADJUSTMENT_NEGATIVE", ["adjustments", "0", "amount"]),
        ("TEXT_TOO_LONG", ["subject"]),
    ]
    assert [await billing.refusals("createInvoice", key="all-at-once", **given) for _ in range(2)] == [expected] * 2


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ('invoices(filter: {currency: "eur"}) { nodes { id } }', "currency"),
        ('estimates(filter: {currency: "EURO"}) { nodes { id } }', "currency"),
        ('invoices(filter: {issuedFrom: "2026-03-02", issuedTo: "2026-03-01"}) { nodes { id } }', "issuedTo"),
        ('invoices(filter: {dueFrom: "2026-03-02", dueTo: "2026-03-01"}) { nodes { id } }', "dueTo"),
        ('invoices(filter: {estimateId: "inv_1"}) { nodes { id } }', "estimateId"),
    ],
)
async def test_an_invalid_question_is_refused(billing: Running, question: str, field: str) -> None:
    """It is told what is wrong, never answered by an empty list."""
    _, answer = await billing.subgraph.answer(f"{{ {question} }}", VIEWER)
    assert field in str(answer["errors"])


async def test_a_cursor_of_another_order_is_refused(billing: Running) -> None:
    """The same cursor leads on in its own order."""
    for price in ("1.00", "2.00"):
        await billing.invoice("createInvoice", **invoice_input(price))
    ask = """query($a: String) { invoices(first: 1, after: $a, orderBy: {field: %s}) {
      nodes { id } pageInfo { endCursor } } }"""
    cursor = (await billing.query(ask % "DUE"))["invoices"]["pageInfo"]["endCursor"]

    forth = await billing.query(ask % "DUE", a=cursor)
    _, answer = await billing.subgraph.answer(ask % "TOTAL", VIEWER, a=cursor)

    assert len(forth["invoices"]["nodes"]) == 1
    assert "another order" in str(answer["errors"])


async def test_staff_are_warned_before_and_after_sending(billing: Running) -> None:
    """What may be wrong is told of the draft, and of the sent invoice as it was sent; contacts read nothing."""
    taxed: list[dict[str, Any]] = [{**content()["lines"][0], "taxes": [{"name": "VAT", "percent": "25"}]}]
    invoice = await billing.invoice("createInvoice", **invoice_input(lines=taxed))
    ask = "query($id: ID!) { invoice(id: $id) { warnings } }"

    draft = await billing.query(ask, VIEWER, id=invoice["id"])
    await billing.invoice("sendInvoice", invoiceId=invoice["id"])
    sent = await billing.query(ask, VIEWER, id=invoice["id"])
    client = await billing.query(ask, CLIENT, id=invoice["id"])

    assert draft == sent == {"invoice": {"warnings": ["SELLER_TAX_ID_MISSING"]}}
    assert client == {"invoice": {"warnings": []}}
