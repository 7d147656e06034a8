"""The provider is a stranger: whatever it says, an invoice is never held for ever, and nobody reads its words."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from starlette.applications import Starlette

from services.billing.adapters.providers.offline import OfflineProvider
from services.billing.adapters.providers.stripe import StripeProvider
from services.billing.domain.payment import OutcomeStatus, Payment
from tests.component.billing.payment_doors import PAYMENT, billing_with, pay, refund, sent_invoice
from tests.component.billing.test_giving_way import COLLEAGUE
from tests.component.billing.test_payment_promises import settle_all
from tests.component.billing.test_payment_webhooks import SECRET, sign
from tests.support.asgi import request
from tests.support.billing.makers import CLIENT, OWNER, VIEWER
from tests.support.billing.payments import FakeProvider
from tests.support.billing.running import Running, running_billing
from tests.support.recorded_stripe import RecordedStripe, recorded
from tests.unit.billing.payments.test_stripe_shapes import NEXT_ACTIONS

Door = tuple[Running, FakeProvider]
FAILURE = "payment(id: $id) { failure { code message providerCode } }"


@pytest.fixture
async def door(mongo_url: str, database_name: str) -> AsyncIterator[Door]:
    async with billing_with(mongo_url, f"{database_name}_") as running:
        yield running


@pytest.fixture
async def at_stripe(mongo_url: str, database_name: str) -> AsyncIterator[tuple[Running, RecordedStripe]]:
    stripe = RecordedStripe()
    provider = StripeProvider("sk_test_recorded", webhook_secret=SECRET, http_client=stripe)
    async with running_billing(
        mongo_url, f"{database_name}_", {"stripe": provider, "offline": OfflineProvider()}
    ) as running:
        yield running, stripe


async def entered(billing: Running, stripe: RecordedStripe, does: str) -> str:
    """A contact opens the form through the door and enters a card; return the token."""
    document = "mutation($i: CreateCardSessionInput!) { createCardSession(input: $i) { url userErrors { code } } }"
    opened = await billing.query(document, CLIENT, i={"returnUrl": "https://portal.test/pay#cards"})
    return stripe.card_entered(opened["createCardSession"]["url"].rpartition("/")[2], does)


async def told(billing: Running, subject: dict[str, Any], event_id: str) -> int:
    """Stripe delivers an event about this object; return how it is answered."""
    body = json.dumps(recorded("event", id=event_id, data={"object": subject})).encode()
    stamp = int(billing.clock.now().timestamp())
    headers = {"stripe-signature": f"t={stamp},v1={sign(body, stamp=stamp)}"}
    app = Starlette(routes=billing.service.routes)
    return (await request(app, "/webhooks/stripe", method="POST", headers=headers, body=body)).status


async def stored(billing: Running, payment_id: str) -> Payment:
    found = await billing.service.steps.payments.find(payment_id)
    assert found is not None
    return found


async def payable(billing: Running, invoice_id: str) -> str:
    question = "query($id: ID!) { invoice(id: $id) { payableNow { amount } } }"
    return (await billing.query(question, OWNER, id=invoice_id))["invoice"]["payableNow"]["amount"]


async def test_a_challenge_without_a_return_address_works(at_stripe: tuple[Running, RecordedStripe]) -> None:
    """Without one, Stripe would answer with a step that only its script can show: so the portal's own is given."""
    billing, stripe = at_stripe
    invoice = (await sent_invoice(billing))["id"]

    payment = (await pay(billing, invoice, cardToken=await entered(billing, stripe, "challenge")))["payment"]

    assert payment["status"] == "REQUIRES_ACTION"
    assert payment["nextAction"]["redirectUrl"].startswith("https://hooks.stripe.com/")
    confirmed = next(given for _, path, given, _ in stripe.requests if path.endswith("/confirm"))
    assert confirmed["return_url"] == "https://portal.test/"


async def test_every_next_action_is_waited_for_and_then_ends(at_stripe: tuple[Running, RecordedStripe]) -> None:
    """All 21 kinds: the webhook is taken, the amount is held for its time, then the attempt is cancelled there."""
    billing, stripe = at_stripe
    seen: dict[str, Any] = {}
    for number, kind in enumerate(NEXT_ACTIONS):
        invoice = (await sent_invoice(billing))["id"]
        payment = (await pay(billing, invoice, cardToken=await entered(billing, stripe, "challenge")))["payment"]
        intent = stripe.intent_of(payment["id"])
        intent["next_action"] = {"type": kind, kind: {"some": "thing"}}
        answered = await told(billing, intent, f"evt_{number}")
        waiting = (await stored(billing, payment["id"])).state.value
        billing.clock.advance(minutes=61)
        await billing.service.application.jobs.resolve_unknown_payments()
        seen[kind] = (answered, waiting, intent["status"], await payable(billing, invoice))

    assert seen == dict.fromkeys(NEXT_ACTIONS, (200, "requires_action", "canceled", "100.00"))


@pytest.mark.parametrize("lets_go", [True, False], ids=["it can be cancelled", "it cannot"])
async def test_a_state_that_nobody_can_read_ends(door: Door, lets_go: bool) -> None:
    """It holds its amount for days, since money may have moved, and then no more; late money goes back."""
    billing, provider = door
    invoice = (await sent_invoice(billing))["id"]
    payment = (await pay(billing, invoice, cardToken="tok_processing_1"))["payment"]["id"]
    account = provider.by_our_id(payment)
    account.status, account.lets_go = OutcomeStatus.UNREADABLE, lets_go
    billing.clock.advance(minutes=1)
    await billing.service.application.jobs.resolve_unknown_payments()
    held = (await payable(billing, invoice), (await stored(billing, payment)).state.value)
    began = billing.clock.now()
    await settle_all(billing.service, billing.clock, limit=1000)
    took = billing.clock.now() - began
    freed, ended = await payable(billing, invoice), (await stored(billing, payment)).state.value
    await pay(billing, invoice, cardToken="tok_ok_000002")
    provider.capture(account)
    headers, body = {"signature": "good"}, f"evt_1 {payment}".encode()
    app = Starlette(routes=billing.service.routes)
    late = await request(app, "/webhooks/sandbox", method="POST", headers=headers, body=body)

    assert held == ("0.00", "unknown")
    assert (freed, ended) == ("100.00", "cancelled" if lets_go else "failed")
    assert took <= timedelta(days=2 if lets_go else 4)
    assert late.status == 200
    assert sum(each.amount for each in provider.collected) == 100


async def test_a_payment_that_its_provider_no_longer_knows_ends(door: Door) -> None:
    """Another account, a fresh sandbox: after a day of definite answers the amount is free; one lapse ends nothing."""
    billing, provider = door
    invoice = (await sent_invoice(billing))["id"]
    payment = (await pay(billing, invoice, cardToken="tok_processing_1"))["payment"]["id"]
    account = provider.accounts.pop(f"prov_{payment}")
    billing.clock.advance(minutes=1)
    await billing.service.application.jobs.resolve_unknown_payments()
    missing = (await stored(billing, payment)).missing_since
    provider.accounts[account.id] = account
    billing.clock.advance(minutes=11)
    await billing.service.application.jobs.resolve_unknown_payments()
    back = (await stored(billing, payment)).missing_since
    provider.accounts.clear()
    began = billing.clock.now()

    await settle_all(billing.service, billing.clock, limit=1000)

    ended = await stored(billing, payment)
    assert missing is not None
    assert back is None
    assert (ended.state.value, ended.failure.code if ended.failure else None) == ("failed", "not_found_at_provider")
    assert timedelta(days=1) <= billing.clock.now() - began < timedelta(days=2)
    assert await payable(billing, invoice) == "100.00"


async def test_one_payment_that_cannot_be_looked_after_stops_no_other(door: Door) -> None:
    """A provider that was removed, and an adapter that breaks on one payment: the others are settled."""
    billing, provider = door
    provider.faults = {"confirm": ["after"] * 3}
    ids = [
        (await pay(billing, (await sent_invoice(billing))["id"], cardToken=f"tok_ok_{n:06}"))["payment"]["id"]
        for n in range(3)
    ]
    await billing.service.database["payments"].update_one({"_id": ids[0]}, {"$set": {"provider": "gone"}})
    provider.retrieve_breaks = {ids[1]}
    billing.clock.advance(minutes=1)

    made = await billing.service.application.jobs.resolve_unknown_payments()

    assert made.looked_at == 3
    assert [(await stored(billing, each)).state.value for each in ids] == ["unknown", "unknown", "succeeded"]


@pytest.mark.parametrize("code", ["stolen_card", "lost_card", "fraudulent", "merchant_blacklist", "a_new_code"])
async def test_nobody_but_staff_learns_what_was_said_of_a_card(door: Door, code: str) -> None:
    """The client's answers, the events and their stored form say a general decline; staff read the code."""
    billing, provider = door
    invoice = (await sent_invoice(billing))["id"]
    provider.declines = code
    declined = (await pay(billing, invoice, cardToken="tok_decline_1"))["payment"]
    rows = [row async for row in billing.service.database["payments"].find({})]
    events = [str(entry) for row in rows for entry in row["outbox"]]
    await billing.drain()
    shown = {
        who.id: (await billing.query(f"query($id: ID!) {{ {FAILURE} }}", who, id=declined["id"]))["payment"]["failure"]
        for who in (CLIENT, OWNER, VIEWER)
    }
    general = {"code": "generic_decline", "message": shown[CLIENT.id]["message"]}

    assert declined["failure"] == general
    assert "stranger" not in general["message"]
    assert shown == {
        CLIENT.id: {**general, "providerCode": None},
        OWNER.id: {**general, "providerCode": code},
        VIEWER.id: {**general, "providerCode": code},
    }
    assert "generic_decline" in "".join(events)
    assert code not in "".join([*events, *(event.to_json().decode() for event in billing.bus.published)])


async def test_an_amount_that_the_provider_does_not_take_is_refused_first(door: Door) -> None:
    """The refusal names the limits, before a token is used, an attempt given up or the provider asked."""
    billing, provider = door
    provider.largest = Decimal("99.99")
    invoice = (await sent_invoice(billing))["id"]

    payload = await pay(billing, invoice)

    assert [(e["code"], e["field"]) for e in payload["userErrors"]] == [("AMOUNT_NOT_CHARGEABLE", ["amount"])]
    assert "99.99" in payload["userErrors"][0]["message"]
    assert (provider.calls, provider.spent) == ([], {})
    assert await payable(billing, invoice) == "100.00"


@pytest.mark.parametrize(("price", "currency"), [("0.49", "EUR"), ("1.234", "KWD"), ("49", "JPY"), ("174", "HUF")])
async def test_what_stripe_does_not_take_never_reaches_it(
    at_stripe: tuple[Running, RecordedStripe], price: str, currency: str
) -> None:
    """Its least amounts and its steps are known here."""
    billing, stripe = at_stripe
    invoice = (await sent_invoice(billing, price, currency=currency))["id"]

    payload = await pay(billing, invoice, cardToken="cs_test_000001")

    assert [error["code"] for error in payload["userErrors"]] == ["AMOUNT_NOT_CHARGEABLE"]
    assert stripe.requests == []


async def test_a_part_that_stripe_cannot_give_back_is_refused(at_stripe: tuple[Running, RecordedStripe]) -> None:
    """Three-digit currencies go back in the steps in which they came."""
    billing, stripe = at_stripe
    invoice = (await sent_invoice(billing, "1.230", currency="KWD"))["id"]
    paid = (await pay(billing, invoice, cardToken=await entered(billing, stripe, "good")))["payment"]
    money = {"amount": "0.005", "currency": "KWD"}

    refused = await billing.mutate("refundPayment", OWNER, show=PAYMENT, paymentId=paid["id"], amount=money)
    whole = await refund(billing, paid["id"])

    assert [error["code"] for error in refused["userErrors"]] == ["REFUND_NOT_POSSIBLE"]
    assert whole["refund"]["status"] == "SUCCEEDED"


async def test_the_token_of_stripes_form_is_the_payers_and_pays_once(at_stripe: tuple[Running, RecordedStripe]) -> None:
    """A contact's `cs_…` from a history or a log is of no use to another, nor a second time."""
    billing, stripe = at_stripe
    invoices = [(await sent_invoice(billing))["id"] for _ in range(2)]
    token = await entered(billing, stripe, "good")
    stolen = await pay(billing, invoices[0], COLLEAGUE, cardToken=token)
    kept = await billing.mutate("addSavedCard", COLLEAGUE, cardToken=token)
    paid = await pay(billing, invoices[0], cardToken=token)
    again = await pay(billing, invoices[1], cardToken=token)

    assert [[e["code"] for e in each["userErrors"]] for each in (stolen, kept, paid, again)] == [
        ["CARD_TOKEN_INVALID"],
        ["CARD_TOKEN_INVALID"],
        [],
        ["CARD_TOKEN_USED"],
    ]
    assert paid["payment"]["status"] == "SUCCEEDED"
