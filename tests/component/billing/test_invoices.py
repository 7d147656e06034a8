"""Invoices through the GraphQL door, on a real database."""

import asyncio
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from services.billing.domain.money import Money
from services.billing.domain.payment_mode import PaymentMode
from services.billing.domain.series import Series
from tests.support.billing.makers import (
    ACCOUNTANT,
    CLIENT,
    CUSTOMER,
    OTHER_CLIENT,
    OTHER_CUSTOMER,
    OWNER,
    STRANGER,
    VIEWER,
)
from tests.support.billing.running import Running, content, invoice_input

REAL: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "real-invoices.json").read_text("utf-8")
)
SHOW = (
    "query($id: ID!) { invoice(id: $id) { status balance { amount } isOverdue closingReason payableNow { amount } } }"
)


async def sent(billing: Running, price: str = "100.00", **more: Any) -> str:
    invoice = await billing.invoice("createInvoice", **invoice_input(price, **more))
    await billing.invoice("sendInvoice", invoiceId=invoice["id"])
    return invoice["id"]


async def collect(
    billing: Running, invoice_id: str, amount: str, payment: str = "pay_1", currency: str = "EUR"
) -> None:
    """Collect money as payments do."""
    money, now = Money.of(amount, currency), billing.clock.now()
    invoices = billing.service.steps.invoices
    await invoices.update(OWNER, invoice_id, lambda invoice: invoice.reserve(payment, money, now))
    await invoices.update(OWNER, invoice_id, lambda invoice: invoice.settle(payment, money, now))


def real_input(real: dict[str, Any]) -> dict[str, Any]:
    """Return a real invoice as input of `createInvoice`."""

    def taxes(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        return [{"name": row["name"], "percent": row["percent"]} for row in rows]

    def adjustment(row: dict[str, Any], kind: str) -> dict[str, Any]:
        size = {"percent": row["percent"].rstrip("%")} if row["percent"] else {"amount": row["amount"]}
        return {"kind": kind.upper(), **size}

    return {
        "customerId": CUSTOMER,
        "currency": real["currency"],
        "pricesIncludeTax": real["tax_inclusive"],
        "prepaid": real["expected"].get("prepaid") or "0",
        "rounding": real["expected"].get("rounding") or "0",
        "lines": [
            {
                "description": line["description"] or "-",
                "quantity": line["quantity"],
                "unitPrice": line["unit_price"],
                "priceBaseQuantity": line.get("price_base_quantity") or "1",
                "adjustments": [adjustment(row, kind) for kind in ("discount", "charge") for row in line[f"{kind}s"]],
                "taxes": taxes(line["taxes"]),
            }
            for line in real["lines"]
        ],
        "adjustments": [
            {**adjustment(row, row["kind"]), "taxes": taxes(row["taxes"])} for row in real["document_adjustments"]
        ],
        "paymentTerms": {"modes": ["CARD"], "dueOn": "2026-03-24"},
    }


async def test_real_invoices_come_out_to_the_cent_from_creation_to_statement(billing: Running) -> None:
    """60 real invoices, created, sent, paid: amounts as their authors computed, statements per currency at zero."""
    totals = "totals { net { amount } tax { amount } gross { amount } payable { amount } }"
    owed: dict[str, Decimal] = {}
    for number, real in enumerate(REAL, start=1):
        payload = await billing.mutate(
            "createInvoice", show=f"invoice {{ id {totals} lines {{ amount {{ amount }} }} }}", **real_input(real)
        )
        assert payload["userErrors"] == [], real["id"]
        invoice, expected = payload["invoice"], real["expected"]
        for name in ("net", "tax", "gross", "payable"):
            shown = Decimal(invoice["totals"][name]["amount"])
            assert (real["id"], name, Decimal(expected[name])) == (real["id"], name, shown)
        assert [Decimal(line["net"]) for line in real["lines"]] == [
            Decimal(line["amount"]["amount"]) for line in invoice["lines"]
        ]
        document = await billing.invoice("sendInvoice", invoiceId=invoice["id"])
        assert document["number"] == f"INV-{number:06d}"
        payable = Decimal(expected["payable"])
        if payable > 0:
            await collect(billing, invoice["id"], str(payable), f"pay_{number}", real["currency"])
        else:
            owed[real["currency"]] = owed.get(real["currency"], Decimal(0)) + payable
    statements = await billing.query(
        """query($c: ID!) { statements(customerId: $c, from: "2026-03-01", to: "2026-03-31") {
          currency openingBalance { amount } closingBalance { amount } rows { kind debit { amount } } } }""",
        c=CUSTOMER,
    )
    by_currency = {row["currency"]: row for row in statements["statements"]}
    assert set(by_currency) == {real["currency"] for real in REAL}
    for currency, row in by_currency.items():
        assert Decimal(row["closingBalance"]["amount"]) == owed.get(currency, Decimal(0))
        invoiced = sum(Decimal(r["expected"]["payable"]) for r in REAL if r["currency"] == currency)
        debits = sum(Decimal(one["debit"]["amount"]) for one in row["rows"])
        assert debits == invoiced - owed.get(currency, Decimal(0))


async def test_fifty_sends_at_once_take_fifty_numbers(billing: Running) -> None:
    """No gap and no number twice, though half of them are sent twice at the same time."""
    drafts = [(await billing.invoice("createInvoice", **invoice_input()))["id"] for _ in range(50)]
    show = "invoice { number }"
    payloads = await asyncio.gather(
        *(billing.mutate("sendInvoice", show=show, invoiceId=one) for one in [*drafts, *drafts[:25]])
    )
    numbers = {payload["invoice"]["number"] for payload in payloads if payload["invoice"]}
    assert numbers == {f"INV-{place:06d}" for place in range(1, 51)}
    refused = {error["code"] for payload in payloads for error in payload["userErrors"]}
    assert refused <= {"INVOICE_NOT_DRAFT"}
    assert (await billing.drain()).count("billing.invoice_sent.v1") == 50


async def test_a_send_that_died_after_taking_its_number_takes_it_again(billing: Running) -> None:
    """A crash between number and send leaves no gap: the same document gets it, or the next after a void."""
    numbers = billing.service.application.commands.send_invoice.numbers
    crashed = [(await billing.invoice("createInvoice", **invoice_input()))["id"] for _ in range(2)]
    for invoice in crashed:
        await numbers.take(OWNER.organisation_id, Series.INVOICE, invoice)
    await sent(billing)
    assert (await billing.invoice("sendInvoice", invoiceId=crashed[0]))["number"] == "INV-000001"
    await billing.invoice("voidInvoice", invoiceId=crashed[1])
    next_one = await billing.invoice("createInvoice", **invoice_input())
    assert (await billing.invoice("sendInvoice", invoiceId=next_one["id"]))["number"] == "INV-000002"


async def test_paying_moves_balance_status_and_events(billing: Running) -> None:
    """Part paid, then paid: the API, the home page and the events agree."""
    invoice = await sent(billing, terms={"partialPaymentsAllowed": True})
    await collect(billing, invoice, "40.00")
    shown = (await billing.query(SHOW, CLIENT, id=invoice))["invoice"]
    assert (shown["status"], shown["balance"]["amount"]) == ("PARTIALLY_PAID", "60.00")
    await collect(billing, invoice, "60.00", "pay_2")
    home = await billing.query("{ home { lastPaidInvoices { id status } outstanding { balance { amount } } } }", CLIENT)
    assert home["home"] == {"lastPaidInvoices": [{"id": invoice, "status": "PAID"}], "outstanding": []}
    told = await billing.drain()
    assert told[-2:] == ["billing.invoice_partially_paid.v1", "billing.invoice_paid.v1"]


async def test_home_shows_what_is_owed_and_what_waits(billing: Running) -> None:
    """Per currency, of the own company for contacts, of one or all for staff; never of another organisation."""
    await sent(billing, "100.00")
    yen = await billing.invoice("createInvoice", **{**invoice_input("500"), "currency": "JPY"})
    await billing.invoice("sendInvoice", invoiceId=yen["id"])
    other = await billing.invoice("createInvoice", **{**invoice_input("7.00"), "customerId": OTHER_CUSTOMER})
    await billing.invoice("sendInvoice", invoiceId=other["id"])
    estimate = await billing.estimate("createEstimate", **content())
    await billing.estimate("sendEstimate", estimateId=estimate["id"])
    home = """query($c: ID) { home(customerId: $c) {
      outstanding { currency balance { amount } invoices } estimatesToAnswer { id } } }"""
    mine = (await billing.query(home, CLIENT))["home"]
    assert [(row["currency"], row["balance"]["amount"]) for row in mine["outstanding"]] == [
        ("EUR", "100.00"),
        ("JPY", "500"),
    ]
    assert mine["estimatesToAnswer"] == [{"id": estimate["id"]}]
    everything = (await billing.query(home, VIEWER))["home"]["outstanding"]
    assert [(row["currency"], row["balance"]["amount"]) for row in everything] == [("EUR", "107.00"), ("JPY", "500")]
    assert (await billing.query(home, OWNER, c=CUSTOMER))["home"] == mine
    for who, customer in ((STRANGER, None), (STRANGER, CUSTOMER), (CLIENT, OTHER_CUSTOMER)):
        nothing = (await billing.query(home, who, c=customer))["home"]
        assert nothing == {"outstanding": [], "estimatesToAnswer": []}


async def test_the_job_tells_overdue_and_reminders_once(billing: Running) -> None:
    """Two workers, many rounds: overdue after the day in Stockholm, a reminder a week later, nothing once paid."""
    invoice = await sent(billing)
    watch = billing.service.application.jobs.watch_due_dates

    async def told() -> list[str]:
        for _ in range(2):
            await asyncio.gather(watch(), watch())
        return [kind.split(".")[1] for kind in await billing.drain() if "overdue" in kind or "reminder" in kind]

    billing.clock.time = billing.clock.time.replace(day=24, hour=22, minute=59)
    assert await told() == []
    billing.clock.advance(minutes=1)
    assert await told() == ["invoice_overdue"]
    assert (await billing.query(SHOW, CLIENT, id=invoice))["invoice"]["isOverdue"]
    billing.clock.advance(days=6)
    assert await told() == ["invoice_overdue", "invoice_reminder_due"]
    await collect(billing, invoice, "100.00")
    billing.clock.advance(days=30)
    assert await told() == ["invoice_overdue", "invoice_reminder_due"]


async def test_void_and_write_off_close_and_keep_the_reason_internal(billing: Running) -> None:
    """Nothing is owed any more; staff read why, the client does not."""
    void, lost = await sent(billing), await sent(billing, "30.00")
    await billing.invoice("voidInvoice", invoiceId=void, reason="Sent twice")
    await billing.invoice("writeOffInvoice", ACCOUNTANT, invoiceId=lost, reason="Bankrupt")
    for invoice, status, reason in ((void, "VOID", "Sent twice"), (lost, "WRITTEN_OFF", "Bankrupt")):
        inside = (await billing.query(SHOW, OWNER, id=invoice))["invoice"]
        outside = (await billing.query(SHOW, CLIENT, id=invoice))["invoice"]
        assert (inside["status"], inside["closingReason"], outside["closingReason"]) == (status, reason, None)
        assert outside["balance"]["amount"] == "0.00"
    assert await billing.refusals("voidInvoice", invoiceId=lost) == [("INVOICE_NOT_OPEN", None)]


async def test_an_invoice_that_is_being_paid_is_not_voided(billing: Running) -> None:
    """A reservation guards the invoice as a payment does."""
    invoice = await sent(billing)
    money, now = Money.of("100.00", "EUR"), billing.clock.now()
    invoices = billing.service.steps.invoices
    await invoices.update(OWNER, invoice, lambda it: it.reserve("pay_1", money, now))
    assert (await billing.query(SHOW, CLIENT, id=invoice))["invoice"]["payableNow"]["amount"] == "0.00"
    assert await billing.refusals("voidInvoice", invoiceId=invoice) == [("INVOICE_HAS_PAYMENTS", None)]
    assert await billing.refusals("writeOffInvoice", invoiceId=invoice) == [("INVOICE_HAS_PAYMENTS", None)]


async def test_an_open_invoice_gets_new_terms(billing: Running) -> None:
    """More time, other modes, parts allowed; the past is refused and a sent invoice is not rewritten."""
    invoice = await sent(billing)
    changed = await billing.invoice(
        "changeInvoiceTerms", invoiceId=invoice, paymentTerms={"modes": ["CASH"], "dueOn": "2026-05-01"}
    )
    assert (changed["dueOn"], changed["paymentModes"]) == ("2026-05-01", [PaymentMode.CASH.name])
    past = {"modes": ["CASH"], "dueOn": "2026-03-01"}
    assert await billing.refusals("changeInvoiceTerms", invoiceId=invoice, paymentTerms=past) == [
        ("DATE_PASSED", ["paymentTerms", "dueOn"])
    ]
    nobody = await billing.refusals("changeInvoiceTerms", invoiceId=invoice, paymentTerms={"modes": []})
    assert nobody == [("NO_PAYMENT_MODES", ["paymentTerms", "modes"])]
    rewrite = await billing.refusals("updateInvoice", invoiceId=invoice, **invoice_input("1.00"))
    assert rewrite == [("INVOICE_NOT_DRAFT", None)]


async def test_a_draft_is_not_overwritten_unseen(billing: Running) -> None:
    """Of twenty who read the same version one saves; the others are told and nothing of theirs is stored."""
    draft = await billing.invoice("createInvoice", **invoice_input())
    show = "query($id: ID!) { invoice(id: $id) { version subject } }"
    read = (await billing.query(show, OWNER, id=draft["id"]))["invoice"]["version"]
    given = [invoice_input(subject=f"From {n}", expectedVersion=read, invoiceId=draft["id"]) for n in range(20)]
    refused = await asyncio.gather(*(billing.refusals("updateInvoice", **one) for one in given))
    winners = [n for n, codes in enumerate(refused) if not codes]
    losers = {code for codes in refused for code, _ in codes}
    assert (len(winners), losers) == (1, {"DOCUMENT_CHANGED"})
    after = (await billing.query(show, OWNER, id=draft["id"]))["invoice"]
    assert after == {"version": read + 1, "subject": f"From {winners[0]}"}


async def test_what_a_document_said_is_kept_when_the_client_company_changes(billing: Running) -> None:
    """A sent invoice names both parties as of its day, whatever identity tells later."""
    invoice = await sent(billing)
    await billing.tell(
        "identity.customer_updated.v1",
        CUSTOMER,
        sequence=5,
        customerId=CUSTOMER,
        name="Bianchi & Figli SpA",
        currency="EUR",
        language="it",
    )
    show = "query($id: ID!) { invoice(id: $id) { buyer { name } seller { name } } }"
    shown = (await billing.query(show, CLIENT, id=invoice))["invoice"]
    assert shown == {"buyer": {"name": "Bianchi Srl"}, "seller": {"name": "Ahlund Studio"}}
    later = await sent(billing)
    assert (await billing.query(show, CLIENT, id=later))["invoice"]["buyer"]["name"] == "Bianchi & Figli SpA"


async def test_stale_and_repeated_news_of_identity_change_nothing(billing: Running) -> None:
    """Shuffled and doubled events end in what the latest said; identity is asked at most once for each."""
    names = ["one", "two", "three"]
    for sequence in (2, 1, 3, 2, 1):
        await billing.tell(
            "identity.customer_updated.v1",
            CUSTOMER,
            sequence=sequence,
            customerId=CUSTOMER,
            name=names[sequence - 1],
            currency="EUR",
            language="it",
        )
    directory = billing.service.application.directory
    assert (await directory.customer(OWNER, CUSTOMER)).name == "three"
    for _ in range(3):
        await directory.customer(OWNER, OTHER_CUSTOMER)
    assert billing.identity.asked == [OTHER_CUSTOMER]


async def test_customers_carry_their_documents(billing: Running) -> None:
    """Through the federated entity: own documents, what is owed, a statement; another's company is null."""
    invoice = await sent(billing)
    fields = """invoices { nodes { id customer { id } } } outstanding { balance { amount } }
      statement(currency: "EUR", from: "2026-03-01", to: "2026-03-31") {
        closingBalance { amount } ageing { current { amount } days1To30 { amount } }
        rows { date kind number balance { amount } invoice { id } } }"""
    (mine, other), codes = await billing.subgraph.entities("Customer", [CUSTOMER, OTHER_CUSTOMER], fields, CLIENT)
    assert (codes, other) == ([], None)
    assert mine["invoices"]["nodes"] == [{"id": invoice, "customer": {"id": CUSTOMER}}]
    assert mine["statement"]["rows"] == [
        {
            "date": "2026-03-10",
            "kind": "INVOICE",
            "number": "INV-000001",
            "balance": {"amount": "100.00"},
            "invoice": {"id": invoice},
        }
    ]
    assert mine["statement"]["ageing"] == {"current": {"amount": "0.00"}, "days1To30": {"amount": "100.00"}}
    nothing, _ = await billing.subgraph.entities("Customer", [CUSTOMER], "outstanding { balance { amount } }", STRANGER)
    assert nothing == [None]
    again, _ = await billing.subgraph.entities("Customer", [CUSTOMER], "id", OTHER_CLIENT)
    assert again == [None]


async def test_a_statement_of_another_company_does_not_exist(billing: Running) -> None:
    """A contact gets its own company's whatever it names; the period must not run backwards."""
    await sent(billing)
    statements = """query($c: ID, $from: Date!, $to: Date!, $cur: Currency) {
      statements(customerId: $c, from: $from, to: $to, currency: $cur) { currency } }"""
    march = {"from": "2026-03-01", "to": "2026-03-31"}
    assert (await billing.query(statements, CLIENT, **march))["statements"] == [{"currency": "EUR"}]
    assert await billing.subgraph.codes(statements, CLIENT, c=OTHER_CUSTOMER, **march) == ["NOT_FOUND"]
    assert await billing.subgraph.codes(statements, STRANGER, c=CUSTOMER, **march) == ["NOT_FOUND"]
    assert await billing.subgraph.codes(statements, OWNER, **march) == ["NOT_FOUND"]
    backwards = {"from": "2026-03-31", "to": "2026-03-01"}
    assert await billing.subgraph.codes(statements, CLIENT, **backwards) == ["PERIOD_REVERSED"]
    assert await billing.subgraph.codes(statements, CLIENT, cur="ABC", **march) == ["UNKNOWN_CURRENCY"]
    empty = (await billing.query(statements, CLIENT, cur="USD", **march))["statements"]
    assert empty == [{"currency": "USD"}]


async def test_lists_are_paged_filtered_and_sorted(billing: Running) -> None:
    """Relay connections: walking page by page meets every row once; a foreign cursor and 101 rows are refused."""
    for price in ("30.00", "10.00", "20.00"):
        await sent(billing, price)
    page = """query($first: Int!, $after: String) { invoices(first: $first, after: $after,
      orderBy: {field: TOTAL, direction: ASC}, filter: {statuses: [SENT], search: "inv-"}) {
        totalCount edges { cursor node { total { amount } } } pageInfo { hasNextPage endCursor } } }"""
    one = (await billing.query(page, CLIENT, first=2))["invoices"]
    two = (await billing.query(page, CLIENT, first=2, after=one["pageInfo"]["endCursor"]))["invoices"]
    rows = [edge["node"]["total"]["amount"] for part in (one, two) for edge in part["edges"]]
    assert (rows, two["pageInfo"]["hasNextPage"], two["totalCount"]) == (["10.00", "20.00", "30.00"], False, 3)
    assert await billing.subgraph.codes(page, CLIENT, first=101) == ["INVALID_PAGE"]
    assert await billing.subgraph.codes(page, CLIENT, first=2, after="nonsense") == ["INVALID_PAGE"]
    for other in (page.replace("ASC", "DESC"), page.replace("TOTAL", "DUE")):
        assert await billing.subgraph.codes(other, CLIENT, first=2, after=one["pageInfo"]["endCursor"]) == [
            "INVALID_PAGE"
        ]


async def test_a_filter_by_no_currency_is_refused(billing: Running) -> None:
    """`eur` is no currency: an empty list would say that there are no such documents."""
    for kind in ("invoices", "estimates"):
        page = f"query($code: Currency) {{ {kind}(filter: {{currency: $code}}) {{ nodes {{ id }} }} }}"
        assert await billing.subgraph.codes(page, OWNER, code="eur") == ["UNKNOWN_CURRENCY"]
        assert await billing.subgraph.codes(page, OWNER, code="EUR") == []
