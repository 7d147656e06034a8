"""Paying, recording, refunding and keeping cards, through billing's GraphQL door over a real database."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chassis.kernel import Principal, id_from_bits, new_id
from chassis.mongo.client import DUPLICATE_KEY
from services.billing.adapters import payment_metrics
from services.billing.adapters.providers.offline import OfflineProvider
from services.billing.application.payment_ports import Attempt, CardToken, ProviderRefused
from tests.component.billing.payment_doors import CARDS, PAYMENT, billing_with, confirm, paid, pay, refund, sent_invoice
from tests.support.billing.makers import ACCOUNTANT, CLIENT, OTHER_CLIENT, OWNER, STRANGER, VIEWER, euros
from tests.support.billing.payments import FakeProvider
from tests.support.billing.running import Running, running_billing

COLLEAGUE = replace(CLIENT, id=id_from_bits("con", 7))
Door = tuple[Running, FakeProvider]


@pytest.fixture
async def door(mongo_url: str, database_name: str) -> AsyncIterator[Door]:
    async with billing_with(mongo_url, f"{database_name}_") as running:
        yield running


async def test_a_card_pays_an_invoice(door: Door) -> None:
    """The payment succeeds, the invoice is paid, and the facts are told."""
    billing, provider = door
    invoice = await sent_invoice(billing)

    payload = await pay(billing, invoice["id"])

    assert payload["userErrors"] == []
    payment = payload["payment"]
    assert (payment["status"], payment["amount"]["amount"], payment["mode"]) == ("SUCCEEDED", "100.00", "CARD")
    assert payment["card"] == {"brand": "visa", "lastFour": "4242"}
    assert payment["paidBy"] == {"id": CLIENT.id}
    assert (payload["invoice"]["status"], payload["invoice"]["balance"]["amount"]) == ("PAID", "0.00")
    assert [each.captures for each in provider.accounts.values()] == [1]
    told = await billing.drain()
    assert "billing.payment_succeeded.v1" in told
    assert "billing.invoice_paid.v1" in told


async def test_the_receipt_can_be_fetched(door: Door) -> None:
    """A received payment has a link to its receipt, which is a PDF."""
    billing, _ = door
    payment = await paid(billing, (await sent_invoice(billing))["id"])

    answer = await billing.get(payment["receipt"]["url"].removeprefix("https://files.test"))

    assert answer.status == 200
    assert answer.body.startswith(b"%PDF")


async def test_a_challenge_leads_away_and_back(door: Door) -> None:
    """3-D Secure gives an address; the invoice is paid once the payer has approved there and come back."""
    billing, provider = door
    invoice = await sent_invoice(billing)
    waiting = (await pay(billing, invoice["id"], cardToken="tok_challenge_1"))["payment"]
    before = await confirm(billing, waiting["id"])

    provider.approve(provider.by_our_id(waiting["id"]))
    after = await confirm(billing, waiting["id"])

    assert waiting["status"] == before["payment"]["status"] == "REQUIRES_ACTION"
    assert waiting["nextAction"]["redirectUrl"].startswith("https://provider.test/")
    assert (after["payment"]["status"], after["payment"]["nextAction"]) == ("SUCCEEDED", None)
    assert after["invoice"]["status"] == "PAID"


async def test_a_declined_card_frees_the_amount(door: Door) -> None:
    """The payer reads why, and may pay with another card at once."""
    billing, _ = door
    invoice = await sent_invoice(billing)

    declined = await pay(billing, invoice["id"], cardToken="tok_decline_1")

    assert (declined["payment"]["status"], declined["payment"]["failure"]["code"]) == ("FAILED", "card_declined")
    assert declined["invoice"]["payableNow"]["amount"] == "100.00"
    assert "billing.payment_failed.v1" in await billing.drain()
    await paid(billing, invoice["id"])


async def test_parts_are_paid_where_staff_allow_it(door: Door) -> None:
    """Half by one card, the rest by another; without the permission a part is refused."""
    billing, _ = door
    open_to_parts = await sent_invoice(billing, terms={"partialPaymentsAllowed": True})
    whole_only = await sent_invoice(billing)
    half = {"amount": "50.00", "currency": "EUR"}

    first = await pay(billing, open_to_parts["id"], amount=half)
    await paid(billing, open_to_parts["id"], cardToken="tok_ok_000002")
    refused = await pay(billing, whole_only["id"], amount=half, cardToken="tok_ok_000003")

    assert (first["invoice"]["status"], first["invoice"]["balance"]["amount"]) == ("PARTIALLY_PAID", "50.00")
    assert [error["code"] for error in refused["userErrors"]] == ["PARTIAL_PAYMENT_NOT_ALLOWED"]


@pytest.mark.parametrize("terms", [{}, {"partialPaymentsAllowed": True}])
async def test_a_second_tab_is_told_that_a_payment_is_under_way(door: Door, terms: dict[str, Any]) -> None:
    """While the bank processes one tab's payment, "Pay Now" in another says so, and charges nothing."""
    billing, provider = door
    invoice = await sent_invoice(billing, terms=terms)
    waiting = await pay(billing, invoice["id"], cardToken="tok_processing_0001")
    second = await pay(billing, invoice["id"], cardToken="tok_ok_000002")

    assert waiting["payment"]["status"] == "PROCESSING"
    assert [error["code"] for error in second["userErrors"]] == ["AMOUNT_EXCEEDS_BALANCE"]
    assert "under way" in second["userErrors"][0]["message"]
    assert sum(each.amount for each in provider.collected) == 0


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "zero": ({"amount": {"amount": "0", "currency": "EUR"}}, "AMOUNT_NOT_POSITIVE"),
    "negative": ({"amount": {"amount": "-1", "currency": "EUR"}}, "AMOUNT_NOT_POSITIVE"),
    "more than owed": ({"amount": {"amount": "100.01", "currency": "EUR"}}, "AMOUNT_EXCEEDS_BALANCE"),
    "too many digits": ({"amount": {"amount": "1.001", "currency": "EUR"}}, "TOO_MANY_DIGITS"),
    "other currency": ({"amount": {"amount": "1", "currency": "USD"}}, "CURRENCY_MISMATCH"),
    "no currency": ({"amount": {"amount": "1", "currency": "XXX"}}, "UNKNOWN_CURRENCY"),
    "offline": ({"mode": "BANK_TRANSFER"}, "MODE_NOT_ONLINE"),
    "no card": ({"cardToken": None}, "CARD_MISSING"),
    "two cards": ({"savedCardId": new_id("crd")}, "CARD_MISSING"),
    "a card number": ({"cardToken": "4242424242424242"}, "CARD_TOKEN_INVALID"),
    "a script": ({"cardToken": "<script>"}, "CARD_TOKEN_INVALID"),
    "somebody's card": ({"cardToken": None, "savedCardId": new_id("crd")}, "NOT_FOUND"),
    "no card id": ({"cardToken": None, "savedCardId": new_id("inv")}, "WRONG_ID_KIND"),
    "a foreign site": ({"returnUrl": "https://evil.test/"}, "RETURN_URL_NOT_ALLOWED"),
    "a look-alike": ({"returnUrl": "https://portal.test.evil.test/"}, "RETURN_URL_NOT_ALLOWED"),
    "a user name": ({"returnUrl": "https://portal.test@evil.test/"}, "RETURN_URL_NOT_ALLOWED"),
    "a script address": ({"returnUrl": "javascript:alert(1)"}, "RETURN_URL_NOT_ALLOWED"),
}


async def test_bad_input_charges_nothing(door: Door) -> None:
    """Each wrong input has its code, and neither the provider nor the invoice hears of it."""
    billing, provider = door
    invoice = await sent_invoice(billing, terms={"partialPaymentsAllowed": True})

    seen = {name: (await pay(billing, invoice["id"], **given))["userErrors"] for name, (given, _) in BAD.items()}

    assert {name: [error["code"] for error in errors] for name, errors in seen.items()} == {
        name: [code] for name, (_, code) in BAD.items()
    }
    assert "4242424242424242" not in str(seen)
    assert provider.calls == []
    shown = await billing.query("query($id: ID!) { invoice(id: $id) { payableNow { amount } } }", id=invoice["id"])
    assert shown["invoice"]["payableNow"]["amount"] == "100.00"


async def test_nobody_else_can_pay_or_see(door: Door) -> None:
    """Other clients, other organisations and staff cannot pay; others do not see the payment either."""
    billing, provider = door
    invoice = await sent_invoice(billing)
    refused = {
        who.id: [error["code"] for error in (await pay(billing, invoice["id"], who))["userErrors"]]
        for who in (OTHER_CLIENT, OWNER, STRANGER)
    }
    assert provider.calls == []
    payment = await paid(billing, invoice["id"])

    for who in (OTHER_CLIENT, STRANGER):
        assert (await confirm(billing, payment["id"], OTHER_CLIENT))["userErrors"][0]["code"] == "NOT_FOUND"
        listed = await billing.query("{ payments { nodes { id } } }", who)
        assert listed["payments"]["nodes"] == []
    assert refused == {OTHER_CLIENT.id: ["NOT_FOUND"], OWNER.id: ["ROLE_FORBIDS"], STRANGER.id: ["ROLE_FORBIDS"]}


async def test_payments_of_hidden_invoices_are_hidden(door: Door) -> None:
    """Where the portal shows no invoices a client finds no payment either; staff do."""
    billing, _ = door
    payment = await paid(billing, (await sent_invoice(billing))["id"])
    settings = {"name": "P", "enabled": True, "documentTypes": ["estimate"]}
    await billing.tell("identity.portal_settings_changed.v1", "org_portal", **settings)

    listed = "{ payments { nodes { id } } }"
    shown = "query Q($id: ID!) { payment(id: $id) { id } }"

    assert (await billing.query(listed, CLIENT))["payments"]["nodes"] == []
    assert await billing.subgraph.codes(shown, CLIENT, id=payment["id"]) == ["NOT_FOUND"]
    assert (await billing.query(listed, OWNER))["payments"]["nodes"] == [{"id": payment["id"]}]


async def test_staff_record_a_transfer(door: Door) -> None:
    """Recorded money pays the invoice at once, with its day and a note that the client does not see."""
    billing, _ = door
    invoice = await sent_invoice(billing)
    given = {
        "invoiceId": invoice["id"],
        "mode": "BANK_TRANSFER",
        "amount": {"amount": "40.00", "currency": "EUR"},
        "receivedOn": "2026-03-09",
        "note": "Statement 12",
    }

    payload = await billing.mutate("recordPayment", ACCOUNTANT, show=PAYMENT, **given)
    refused = await billing.mutate("recordPayment", VIEWER, show=PAYMENT, **given)
    by_client = await billing.mutate("recordPayment", CLIENT, show=PAYMENT, **given)
    as_client = await billing.query("{ payments { nodes { note receivedOn mode } } }", CLIENT)

    assert (payload["payment"]["status"], payload["payment"]["note"]) == ("SUCCEEDED", "Statement 12")
    assert payload["invoice"]["balance"]["amount"] == "60.00"
    assert [each["userErrors"][0]["code"] for each in (refused, by_client)] == ["ROLE_FORBIDS", "ROLE_FORBIDS"]
    assert as_client["payments"]["nodes"] == [{"note": None, "receivedOn": "2026-03-09", "mode": "BANK_TRANSFER"}]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mode": "CARD"}, "MODE_NOT_OFFLINE"),
        ({"receivedOn": "2026-03-11"}, "RECEIVED_IN_FUTURE"),
        ({"receivedOn": "0202-03-10"}, "DATE_PASSED"),
        ({"amount": {"amount": "100.01", "currency": "EUR"}}, "AMOUNT_EXCEEDS_BALANCE"),
        ({"note": "paid with 4242 4242 4242 4242"}, "LOOKS_LIKE_CARD_NUMBER"),
        ({"note": "x" * 501}, "TEXT_TOO_LONG"),
    ],
)
async def test_what_staff_cannot_record(door: Door, changes: dict[str, Any], code: str) -> None:
    """Each wrong record is refused by its code, without an echo."""
    billing, _ = door
    invoice = await sent_invoice(billing)
    good = {"mode": "CASH", "amount": {"amount": "40.00", "currency": "EUR"}, "receivedOn": "2026-03-10"}

    payload = await billing.mutate("recordPayment", OWNER, show=PAYMENT, invoiceId=invoice["id"], **{**good, **changes})

    assert [error["code"] for error in payload["userErrors"]] == [code]
    assert "4242" not in str(payload)


async def test_money_that_came_too_long_ago_is_refused_as_that(door: Door) -> None:
    """A day of receipt always has passed: the refusal says that it is too long ago, and how long may be."""
    billing, _ = door
    invoice = await sent_invoice(billing)
    given = {"mode": "CASH", "amount": {"amount": "1.00", "currency": "EUR"}, "receivedOn": "1996-03-10"}

    payload = await billing.mutate("recordPayment", OWNER, show=PAYMENT, invoiceId=invoice["id"], **given)

    (error,) = payload["userErrors"]
    assert error["message"].startswith("This date is too far in the past; the earliest is 2016-")


async def test_refunds_are_owed_again_and_never_too_much(door: Door) -> None:
    """A part goes back, then the rest; anything more is refused; the client is told."""
    billing, provider = door
    payment = await paid(billing, (await sent_invoice(billing))["id"])

    first = await refund(billing, payment["id"], "30.00")
    too_much = await refund(billing, payment["id"], "70.01")
    rest = await refund(billing, payment["id"])
    nothing = await refund(billing, payment["id"], "1.00")
    nothing_left = await refund(billing, payment["id"])
    by_client = await refund(billing, payment["id"], "1.00", CLIENT)

    assert (first["refund"]["status"], first["invoice"]["balance"]["amount"]) == ("SUCCEEDED", "30.00")
    assert [error["code"] for error in too_much["userErrors"]] == ["REFUND_TOO_LARGE"]
    assert rest["payment"]["refunded"]["amount"] == "100.00"
    assert [error["code"] for error in nothing["userErrors"]] == ["REFUND_TOO_LARGE"]
    assert [error["code"] for error in nothing_left["userErrors"]] == ["REFUND_TOO_LARGE"]
    assert [error["code"] for error in by_client["userErrors"]] == ["ROLE_FORBIDS"]
    assert sum(each.amount for each in provider.collected) == 0
    assert (await billing.drain()).count("billing.payment_refunded.v1") == 2


async def test_a_recorded_payment_is_refunded_by_hand(door: Door) -> None:
    """Cash goes back as staff say, and is owed again."""
    billing, _ = door
    invoice = await sent_invoice(billing)
    cash = {"mode": "CASH", "amount": {"amount": "100.00", "currency": "EUR"}, "receivedOn": "2026-03-10"}
    payment = await billing.mutate("recordPayment", show=PAYMENT, invoiceId=invoice["id"], **cash)

    back = await refund(billing, payment["payment"]["id"], "100.00", reason="wrong invoice")

    assert back["refund"]["status"] == "SUCCEEDED"
    assert back["invoice"]["balance"]["amount"] == "100.00"


async def test_the_same_card_again_renews_the_one_that_is_listed(door: Door) -> None:
    """A card whose number is listed already takes its place with the new expiry; the provider forgets the old one."""
    billing, provider = door
    first = await billing.mutate("addSavedCard", CLIENT, show=f"savedCard {{ id }} {CARDS}", cardToken="tok_ok_1st000")
    ((form, kept),) = provider.cards.items()
    provider.cards["tok_ok_2nd000"] = replace(kept, token="card_ok_2nd000", exp_year=kept.exp_year + 4)

    again = await billing.mutate("addSavedCard", CLIENT, show=f"savedCard {{ id }} {CARDS}", cardToken="tok_ok_2nd000")

    (card,) = again["savedCards"]
    assert again["savedCard"]["id"] == card["id"] == first["savedCard"]["id"]
    assert card["expYear"] == first["savedCards"][0]["expYear"] + 4
    assert (form in provider.cards, "tok_ok_2nd000" in provider.cards) == (False, True)


async def test_cards_are_saved_chosen_and_removed(door: Door) -> None:
    """A contact's cards: added by form or while paying, one of them the default, gone when removed."""
    billing, _ = door
    invoice = await sent_invoice(billing, terms={"partialPaymentsAllowed": True})
    added = await billing.mutate("addSavedCard", CLIENT, show=f"savedCard {{ id }} {CARDS}", cardToken="tok_ok_1st000")
    billing.clock.advance(seconds=1)
    await paid(billing, invoice["id"], saveCard=True, amount={"amount": "10", "currency": "EUR"})
    (first, second) = (await billing.query(f"{{ {CARDS} }}", CLIENT))["savedCards"]

    chosen = await billing.mutate("setDefaultCard", CLIENT, show=CARDS, savedCardId=second["id"])
    reused = await pay(billing, invoice["id"], cardToken=None, savedCardId=second["id"])
    removed = await billing.mutate("removeSavedCard", CLIENT, show=CARDS, savedCardId=second["id"])
    gone = await pay(billing, invoice["id"], cardToken=None, savedCardId=second["id"])

    assert added["savedCard"]["id"] == first["id"]
    assert [card["isDefault"] for card in (first, second)] == [True, False]
    assert [card["isDefault"] for card in chosen["savedCards"]] == [False, True]
    assert reused["payment"]["status"] == "SUCCEEDED"
    assert [card["id"] for card in removed["savedCards"]] == [first["id"]]
    assert gone["userErrors"][0]["code"] == "NOT_FOUND"


async def test_a_saved_card_is_its_contacts_own(door: Door) -> None:
    """Not even a colleague of the same company, nor staff, sees or uses it."""
    billing, _ = door
    invoice = await sent_invoice(billing)
    added = await billing.mutate("addSavedCard", CLIENT, show="savedCard { id }", cardToken="tok_ok_1st000")
    card = added["savedCard"]["id"]

    for who in (COLLEAGUE, OTHER_CLIENT):
        assert (await billing.query(f"{{ {CARDS} }}", who))["savedCards"] == []
        assert (await billing.refusals("removeSavedCard", who, savedCardId=card))[0][0] == "NOT_FOUND"
        assert (await billing.refusals("setDefaultCard", who, savedCardId=card))[0][0] == "NOT_FOUND"
    assert (await billing.query(f"{{ {CARDS} }}", OWNER))["savedCards"] == []
    used = await pay(billing, invoice["id"], COLLEAGUE, cardToken=None, savedCardId=card)
    assert used["userErrors"][0]["code"] == "NOT_FOUND"


async def test_an_expired_card_is_refused_before_anybody_is_asked(door: Door) -> None:
    """A saved card past its month charges nothing."""
    billing, provider = door
    invoice = await sent_invoice(billing)
    added = await billing.mutate("addSavedCard", CLIENT, show="savedCard { id }", cardToken="tok_ok_1st000")
    billing.clock.advance(days=365 * 15)
    calls = len(provider.calls)

    refused = await pay(billing, invoice["id"], cardToken=None, savedCardId=added["savedCard"]["id"])

    assert refused["userErrors"][0]["code"] == "CARD_EXPIRED"
    assert len(provider.calls) == calls


async def test_clients_read_how_to_pay_otherwise(door: Door) -> None:
    """Offline modes have instructions, the business's own once it wrote some; cards have none."""
    billing, _ = door
    invoice = await sent_invoice(billing)
    question = "query($id: ID!) { invoice(id: $id) { number paymentOptions { mode instructions } } }"
    before = (await billing.query(question, CLIENT, id=invoice["id"]))["invoice"]["paymentOptions"]

    await billing.mutate("setPaymentInstructions", mode="BANK_TRANSFER", text="To SE12 for {seller}, ref {number}")
    after = (await billing.query(question, CLIENT, id=invoice["id"]))["invoice"]["paymentOptions"]
    by_client = await billing.refusals("setPaymentInstructions", CLIENT, mode="CASH", text="x")

    assert [option["mode"] for option in before] == ["CARD", "BANK_TRANSFER"]
    assert before[0]["instructions"] is None
    assert invoice["number"] in before[1]["instructions"]
    assert after[1]["instructions"] == f"To SE12 for Ahlund Studio, ref {invoice['number']}"
    assert by_client[0][0] == "ROLE_FORBIDS"


async def test_staff_read_what_they_wrote_about_paying(door: Door) -> None:
    """The text comes back as it was written, null once it was taken away; clients are not told the drafts."""
    billing, _ = door
    question = "{ paymentInstructions { mode text } }"
    await billing.mutate("setPaymentInstructions", mode="CHEQUE", text="To {seller}, for {number}")
    await billing.mutate("setPaymentInstructions", mode="CASH", text="x")
    await billing.mutate("setPaymentInstructions", mode="CASH", text="")

    read = (await billing.query(question))["paymentInstructions"]

    texts = {entry["mode"]: entry["text"] for entry in read}
    assert texts == {"BANK_TRANSFER": None, "CHEQUE": "To {seller}, for {number}", "CASH": None}
    assert await billing.subgraph.codes(question, CLIENT) == ["ROLE_FORBIDS"]


async def test_the_form_opens_for_contacts_only_and_leads_home(door: Door) -> None:
    """The provider's address comes back; a foreign return address and staff are refused."""
    billing, _ = door

    async def open_form(who: Any, url: str) -> Any:
        document = "mutation($i: CreateCardSessionInput!) { createCardSession(input: $i) { url userErrors { code } } }"
        return (await billing.query(document, who, i={"returnUrl": url}))["createCardSession"]

    assert (await open_form(CLIENT, "https://portal.test/pay"))["url"].startswith("https://provider.test/form/")
    assert (await open_form(CLIENT, "https://evil.test"))["userErrors"] == [{"code": "RETURN_URL_NOT_ALLOWED"}]
    assert (await open_form(OWNER, "https://portal.test/pay"))["userErrors"] == [{"code": "ROLE_FORBIDS"}]


async def test_a_provider_that_is_down_refuses_card_matters_politely(door: Door) -> None:
    """Adding and removing cards says that nothing was changed."""
    billing, provider = door
    added = await billing.mutate("addSavedCard", CLIENT, show="savedCard { id }", cardToken="tok_ok_1st000")
    provider.faults = {"save_card": ["before"], "forget_card": ["before"]}

    saving = await billing.refusals("addSavedCard", CLIENT, cardToken="tok_ok_2nd000")
    removing = await billing.refusals("removeSavedCard", CLIENT, savedCardId=added["savedCard"]["id"])

    assert saving[0][0] == removing[0][0] == "PROVIDER_UNAVAILABLE"
    assert len((await billing.query(f"{{ {CARDS} }}", CLIENT))["savedCards"]) == 1


async def test_entities_are_found_by_their_keys(door: Door) -> None:
    """Payments, refunds and cards resolve for those who may see them, and are null for everybody else."""
    billing, _ = door
    payment = await paid(billing, (await sent_invoice(billing))["id"], saveCard=True)
    back = (await refund(billing, payment["id"], "5.00"))["refund"]["id"]
    card = (await billing.query(f"{{ {CARDS} }}", CLIENT))["savedCards"][0]["id"]
    question = "query($r: [_Any!]!) { _entities(representations: $r) { __typename } }"
    asked = [
        {"__typename": kind, "id": key}
        for kind, key in [("Payment", payment["id"]), ("Refund", back), ("SavedCard", card)]
    ]

    seen = {
        who.id: (await billing.query(question, who, r=asked))["_entities"] for who in (CLIENT, OTHER_CLIENT, STRANGER)
    }

    assert [each["__typename"] for each in seen[CLIENT.id]] == ["Payment", "Refund", "SavedCard"]
    assert seen[OTHER_CLIENT.id] == seen[STRANGER.id] == [None, None, None]


async def test_the_providers_id_is_unique(door: Door) -> None:
    """Two payments cannot claim the same provider payment."""
    billing, _ = door
    first = await paid(billing, (await sent_invoice(billing))["id"])
    row = await billing.service.database["payments"].find_one({"_id": first["id"]})
    assert row is not None

    with pytest.raises(DUPLICATE_KEY):
        await billing.service.database["payments"].insert_one({**row, "_id": new_id("pay")})


async def test_paging_through_payments(door: Door) -> None:
    """Pages of payments come latest first, without a gap."""
    billing, _ = door
    invoice = await sent_invoice(billing, terms={"partialPaymentsAllowed": True})
    for number in range(5):
        await paid(billing, invoice["id"], cardToken=f"tok_ok_{number:06}", amount={"amount": "1", "currency": "EUR"})
        billing.clock.advance(seconds=1)
    question = "query($a: String) { payments(first: 2, after: $a) { nodes { id createdAt } pageInfo { endCursor } } }"

    seen: list[str] = []
    cursor = None
    for _ in range(3):
        page = (await billing.query(question, CLIENT, a=cursor))["payments"]
        seen += [node["createdAt"] for node in page["nodes"]]
        cursor = page["pageInfo"]["endCursor"]

    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 5


async def test_payments_are_filtered_as_documents_are(door: Door) -> None:
    """`filter` finds the payments of an invoice, as `invoiceId` did; both are refused, and name the former."""
    billing, _ = door
    one, other = await sent_invoice(billing), await sent_invoice(billing)
    await paid(billing, one["id"])
    question = "query($f: PaymentFilterInput, $id: ID) { payments(filter: $f, invoiceId: $id) { nodes { id } } }"

    def found(**given: Any) -> Any:
        return billing.query(question, CLIENT, **given)

    assert await found(f={"invoiceId": one["id"]}) == await found(id=one["id"]) == await found(f={}) == await found()
    assert len((await found())["payments"]["nodes"]) == 1
    assert (await found(f={"invoiceId": other["id"]}))["payments"]["nodes"] == []
    _, body = await billing.subgraph.answer(question, CLIENT, f={"invoiceId": one["id"]}, id=one["id"])
    assert [(error["message"], error["extensions"]["code"]) for error in body["errors"]] == [
        ("Give `filter.invoiceId` or `invoiceId`, not both; `invoiceId` is deprecated.", "GIVEN_TWICE")
    ]


async def test_the_worker_settles_what_is_unknown(door: Door) -> None:
    """The service's own job brings an unknown payment to its end."""
    billing, provider = door
    provider.faults = {"confirm": ["after"]}
    invoice = await sent_invoice(billing)
    unknown = (await pay(billing, invoice["id"]))["payment"]
    billing.clock.advance(seconds=31)

    assert (await billing.service.application.jobs.resolve_unknown_payments()).looked_at == 1

    listed = (await billing.query("{ payments { nodes { status } } }", CLIENT))["payments"]["nodes"]
    assert unknown["status"] == "PROCESSING"
    assert listed == [{"status": "SUCCEEDED"}]


async def test_without_a_card_provider_cards_are_refused(mongo_url: str, database_name: str) -> None:
    """Nothing is taken for paid where nobody takes cards: neither by mistake nor by configuration."""
    async with running_billing(mongo_url, f"{database_name}_", {"offline": OfflineProvider()}) as billing:
        invoice = await sent_invoice(billing)

        payload = await pay(billing, invoice["id"])

        assert [error["code"] for error in payload["userErrors"]] == ["CARDS_NOT_ACCEPTED"]
        assert (await billing.refusals("addSavedCard", CLIENT, cardToken="tok_ok_1st000"))[0][0] == "CARDS_NOT_ACCEPTED"
    card = Attempt(
        payment_id=new_id("pay"),
        organisation_id=OWNER.organisation_id,
        amount=euros(1),
        payer=CLIENT.id,
        description="x",
        source=CardToken(token="tok_ok_1st000"),
    )
    with pytest.raises(ProviderRefused):
        await OfflineProvider().create(card)


async def test_unsettled_payments_are_counted(door: Door) -> None:
    """Operators see how many payments are open in each state, and how old the oldest unknown one is."""
    billing, provider = door
    provider.faults = {"confirm": ["after"]}
    await pay(billing, (await sent_invoice(billing))["id"])
    collection = billing.service.database["payments"]

    await payment_metrics.measure(collection, billing.clock.advance(seconds=40))
    open_ones = payment_metrics.WAITING.labels("unknown")._value.get()
    age = payment_metrics.OLDEST_UNKNOWN._value.get()
    await billing.service.application.jobs.resolve_unknown_payments()
    await payment_metrics.measure(collection, billing.clock.now())

    assert (open_ones, age) == (1, 40)
    assert payment_metrics.WAITING.labels("unknown")._value.get() == 0
    assert payment_metrics.OLDEST_UNKNOWN._value.get() == 0


async def test_a_provider_that_was_down_is_asked_again_under_the_same_key(door: Door) -> None:
    """A refusal because the provider was away is not the key's answer: the repeated request does the work."""
    billing, provider = door
    given = {"cardToken": "tok_ok_1st000", "key": "the-same-key-1"}
    provider.faults = {"save_card": ["before"]}
    assert (await billing.refusals("addSavedCard", CLIENT, **given))[0][0] == "PROVIDER_UNAVAILABLE"

    provider.faults = {}
    saved = await billing.mutate("addSavedCard", CLIENT, show="savedCard { id }", **given)
    again = await billing.mutate("addSavedCard", CLIENT, show="savedCard { id }", **given)
    assert saved["savedCard"]["id"] == again["savedCard"]["id"]
    assert len((await billing.query(f"{{ {CARDS} }}", CLIENT))["savedCards"]) == 1


@pytest.mark.parametrize(
    ("name", "by", "given"),
    [
        ("addSavedCard", CLIENT, {"cardToken": "tok_ok_000001"}),
        ("removeSavedCard", CLIENT, {"savedCardId": id_from_bits("crd", 1)}),
        ("setDefaultCard", CLIENT, {"savedCardId": id_from_bits("crd", 1)}),
        ("setPaymentInstructions", OWNER, {"mode": "BANK_TRANSFER", "text": "To my account, please"}),
    ],
)
async def test_money_is_not_redirected_in_a_session_that_was_left_open(
    door: Door, name: str, by: Principal, given: dict[str, Any]
) -> None:
    """Saved cards and payment instructions ask for a log-in, or a step up, of the last quarter of an hour."""
    billing, provider = door
    long_ago = replace(by, proven_at=billing.clock.now() - timedelta(minutes=15))
    assert await billing.refusals(name, long_ago, **given) == [("PROOF_NEEDED", None)]
    assert provider.cards == {}
    just_now = replace(by, proven_at=billing.clock.now() - timedelta(minutes=14))
    assert ("PROOF_NEEDED", None) not in await billing.refusals(name, just_now, **given)
