"""Who left the bank's page can pay in another way; nobody pays twice, and what may have moved stays reserved."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel import id_from_bits
from services.billing.domain.payment import OutcomeStatus
from tests.component.billing.payment_doors import PAYMENT, billing_with, confirm, pay, sent_invoice
from tests.support.billing.makers import ACCOUNTANT, CLIENT, OTHER_CLIENT, OWNER, STRANGER, VIEWER
from tests.support.billing.payments import FakeProvider
from tests.support.billing.running import Running

COLLEAGUE = replace(CLIENT, id=id_from_bits("con", 7))
Door = tuple[Running, FakeProvider]
IN_HAND: dict[str, Any] = {"mode": "BANK_TRANSFER", "receivedOn": "2026-03-10"}


@pytest.fixture
async def door(mongo_url: str, database_name: str) -> AsyncIterator[Door]:
    async with billing_with(mongo_url, f"{database_name}_") as running:
        yield running


async def left(billing: Running, token: str = "tok_challenge_1", **more: Any) -> tuple[str, str]:
    """Somebody began to pay an invoice and closed the bank's page; return the ids of both."""
    invoice = (await sent_invoice(billing, **more))["id"]
    payment = (await pay(billing, invoice, cardToken=token))["payment"]
    assert payment["status"] == "REQUIRES_ACTION"
    return invoice, payment["id"]


async def cancel(billing: Running, payment_id: str, by: Any = CLIENT, key: str = "") -> Any:
    return await billing.mutate("cancelPayment", by, key=key, show=PAYMENT, paymentId=payment_id)


async def record(billing: Running, invoice_id: str, amount: str = "100.00") -> Any:
    money = {"amount": amount, "currency": "EUR"}
    return await billing.mutate("recordPayment", OWNER, show=PAYMENT, invoiceId=invoice_id, amount=money, **IN_HAND)


async def close(billing: Running, name: str, invoice_id: str) -> Any:
    return await billing.mutate(name, OWNER, show="invoice { status }", invoiceId=invoice_id, reason="a mistake")


async def status(billing: Running, payment_id: str) -> str:
    question = "query($id: ID!) { payment(id: $id) { status } }"
    return (await billing.query(question, OWNER, id=payment_id))["payment"]["status"]


def codes(payload: Any) -> list[str]:
    return [error["code"] for error in payload["userErrors"]]


def collected(provider: FakeProvider) -> int:
    return int(sum(each.amount for each in provider.collected))


@pytest.mark.parametrize("who", [CLIENT, COLLEAGUE], ids=["the same contact", "a colleague"])
@pytest.mark.parametrize("terms", [{}, {"partialPaymentsAllowed": True}])
async def test_another_card_pays_instead(door: Door, who: Any, terms: dict[str, Any]) -> None:
    """The unfinished attempt is cancelled at the provider first, and finishing its page later takes no money."""
    billing, provider = door
    invoice, first = await left(billing, terms=terms)

    second = await pay(billing, invoice, who, cardToken="tok_ok_000002")
    provider.approve(provider.by_our_id(first))
    after = await confirm(billing, first)

    assert (codes(second), second["payment"]["status"], second["invoice"]["status"]) == ([], "SUCCEEDED", "PAID")
    assert after["payment"]["status"] == "CANCELLED"
    assert (await billing.query("query($id: ID!) { payment(id: $id) { failure { code } } }", CLIENT, id=first)) == {
        "payment": {"failure": {"code": "abandoned"}}
    }
    assert collected(provider) == 100


@pytest.mark.parametrize("amount", ["100.00", "40.00"])
async def test_money_that_really_came_is_recorded(door: Door, amount: str) -> None:
    """The bank transfer is booked, in full or in part, and the card's page takes nothing any more."""
    billing, provider = door
    invoice, first = await left(billing)

    payload = await record(billing, invoice, amount)
    provider.approve(provider.by_our_id(first))

    assert (codes(payload), payload["payment"]["status"]) == ([], "SUCCEEDED")
    assert payload["invoice"]["paid"]["amount"] == amount
    assert await status(billing, first) == "CANCELLED"
    assert collected(provider) == 0


@pytest.mark.parametrize(("name", "ends"), [("voidInvoice", "VOID"), ("writeOffInvoice", "WRITTEN_OFF")])
async def test_an_invoice_is_closed_under_an_open_page(door: Door, name: str, ends: str) -> None:
    """Void and write-off give the attempt up as well; its page takes no money afterwards."""
    billing, provider = door
    invoice, first = await left(billing)

    payload = await close(billing, name, invoice)
    provider.approve(provider.by_our_id(first))
    await confirm(billing, first)

    assert (codes(payload), payload["invoice"]["status"]) == ([], ends)
    assert await status(billing, first) == "CANCELLED"
    assert collected(provider) == 0


async def test_what_has_gone_through_in_the_meantime_counts(door: Door) -> None:
    """The provider says that the payer did confirm: that is booked, and nothing is charged or recorded again."""
    billing, provider = door
    seen: dict[str, Any] = {}
    for name in ("pay", "record", "voidInvoice", "writeOffInvoice"):
        invoice, first = await left(billing, f"tok_challenge_{name}")
        provider.approve(provider.by_our_id(first))
        if name == "pay":
            payload = await pay(billing, invoice, cardToken="tok_ok_000002")
        elif name == "record":
            payload = await record(billing, invoice)
        else:
            payload = await close(billing, name, invoice)
        seen[name] = (codes(payload), await status(billing, first))

    assert seen == {
        "pay": (["EARLIER_PAYMENT_SUCCEEDED"], "SUCCEEDED"),
        "record": (["EARLIER_PAYMENT_SUCCEEDED"], "SUCCEEDED"),
        "voidInvoice": (["INVOICE_HAS_PAYMENTS"], "SUCCEEDED"),
        "writeOffInvoice": (["NOTHING_TO_WRITE_OFF"], "SUCCEEDED"),
    }
    assert collected(provider) == 400


@pytest.mark.parametrize("fault", ["before", "after"])
async def test_a_silent_provider_gives_nothing_up(door: Door, fault: str) -> None:
    """Whether it cancelled or not, nobody knows: the amount stays reserved, and the next try finds out."""
    billing, provider = door
    invoice, first = await left(billing)
    provider.faults = {"cancel": [fault]}

    silent = await pay(billing, invoice, cardToken="tok_ok_000002")
    again = await pay(billing, invoice, cardToken="tok_ok_000003")

    assert codes(silent) == ["AMOUNT_EXCEEDS_BALANCE"]
    assert "under way" in silent["userErrors"][0]["message"]
    assert (codes(again), again["payment"]["status"]) == ([], "SUCCEEDED")
    assert await status(billing, first) == "CANCELLED"
    assert collected(provider) == 100


@pytest.mark.parametrize("card", ["tok_processing_1", "tok_ok_unknown"])
async def test_what_may_have_moved_stays_reserved(door: Door, card: str) -> None:
    """A payment in process, and one whose answer never came, keep their amount against everything."""
    billing, provider = door
    provider.faults = {"confirm": ["after"]} if "unknown" in card else {}
    invoice = (await sent_invoice(billing))["id"]
    first = (await pay(billing, invoice, cardToken=card))["payment"]

    refused = [
        codes(await pay(billing, invoice, cardToken="tok_ok_000002")),
        codes(await record(billing, invoice)),
        codes(await close(billing, "voidInvoice", invoice)),
        codes(await close(billing, "writeOffInvoice", invoice)),
    ]

    assert first["status"] == "PROCESSING"
    assert refused == [["AMOUNT_EXCEEDS_BALANCE"]] * 2 + [["INVOICE_HAS_PAYMENTS"]] * 2
    assert [each.status for each in provider.accounts.values()] == [
        OutcomeStatus.PROCESSING if "processing" in card else OutcomeStatus.SUCCEEDED
    ]


BAD: dict[str, dict[str, Any]] = {
    "more than is owed": {"amount": {"amount": "100.01", "currency": "EUR"}},
    "another currency": {"amount": {"amount": "100", "currency": "USD"}},
    "a part where none is allowed": {"amount": {"amount": "50", "currency": "EUR"}},
    "nothing": {"amount": {"amount": "0", "currency": "EUR"}},
    "a token that was used": {"cardToken": "tok_challenge_1"},
    "somebody else's token": {"cardToken": "tok_ok_others"},
    "a card number": {"cardToken": "4242424242424242"},
    "a foreign address": {"returnUrl": "https://evil.test/"},
    "a mode that is not offered": {"mode": "CASH"},
}


async def test_a_request_that_is_refused_gives_nothing_up(door: Door) -> None:
    """Only who could pay if it were not for the attempt ends it."""
    billing, provider = door
    invoice, first = await left(billing)
    provider.forms["tok_ok_others"] = replace(provider.forms["tok_challenge_1"], contact_id="con_other")

    refused = {
        name: codes(await pay(billing, invoice, **{"cardToken": "tok_ok_000002", **bad})) for name, bad in BAD.items()
    }
    for who in (OTHER_CLIENT, OWNER, STRANGER):
        await pay(billing, invoice, who, cardToken="tok_ok_000003")

    assert all(refused.values()), refused
    assert "cancel" not in provider.calls
    assert await status(billing, first) == "REQUIRES_ACTION"


async def test_two_that_both_fit_leave_one_another_alone(door: Door) -> None:
    """Where parts are allowed a second part is paid beside the first, whose page stays good."""
    billing, provider = door
    invoice = (await sent_invoice(billing, terms={"partialPaymentsAllowed": True}))["id"]
    half = {"amount": {"amount": "50", "currency": "EUR"}}
    first = (await pay(billing, invoice, cardToken="tok_challenge_1", **half))["payment"]
    second = (await pay(billing, invoice, COLLEAGUE, cardToken="tok_ok_000002", **half))["payment"]

    provider.approve(provider.by_our_id(first["id"]))
    after = await confirm(billing, first["id"])

    assert second["status"] == after["payment"]["status"] == "SUCCEEDED"
    assert after["invoice"]["status"] == "PAID"


async def test_tabs_that_race_charge_once(door: Door) -> None:
    """Ten tabs give up the same attempt at once: one of them pays, the others read why not."""
    billing, provider = door
    invoice, first = await left(billing)

    payloads = await asyncio.gather(*(pay(billing, invoice, cardToken=f"tok_ok_{n:06}") for n in range(10)))

    paid = [each for each in payloads if each["payment"] and each["payment"]["status"] == "SUCCEEDED"]
    assert len(paid) == 1
    assert await status(billing, first) == "CANCELLED"
    assert collected(provider) == 100


# --- cancelPayment ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [CLIENT, COLLEAGUE, OWNER, ACCOUNTANT])
async def test_an_attempt_is_given_up(door: Door, who: Any) -> None:
    """The client and staff end what waits for its payer; the amount can be paid again, the old page cannot."""
    billing, provider = door
    _, first = await left(billing)

    payload = await cancel(billing, first, who)
    provider.approve(provider.by_our_id(first))

    assert (codes(payload), payload["payment"]["status"]) == ([], "CANCELLED")
    assert payload["payment"]["nextAction"] is None
    assert payload["invoice"]["payableNow"]["amount"] == "100.00"
    assert collected(provider) == 0


async def test_giving_up_again_changes_nothing(door: Door) -> None:
    """The same key, another key and an attempt that was declined: it has ended, and is shown so."""
    billing, provider = door
    invoice, first = await left(billing)

    answers = [await cancel(billing, first, key=key) for key in ("key-number-1", "key-number-1", "key-number-2")]
    declined = (await pay(billing, invoice, cardToken="tok_decline_1"))["payment"]["id"]
    of_declined = await cancel(billing, declined)

    assert [(codes(each), each["payment"]["status"]) for each in answers] == [([], "CANCELLED")] * 3
    assert (codes(of_declined), of_declined["payment"]["status"]) == ([], "FAILED")
    assert provider.calls.count("cancel") == 1


async def test_what_cannot_be_given_up_is_said(door: Door) -> None:
    """Money that arrived, money that may have moved, and payments that are none of one's own."""
    billing, provider = door
    _, first = await left(billing)
    provider.approve(provider.by_our_id(first))
    processing = await pay(billing, (await sent_invoice(billing))["id"], cardToken="tok_processing_1")
    cash = (await record(billing, (await sent_invoice(billing))["id"]))["payment"]["id"]
    _, waiting = await left(billing, "tok_challenge_2")

    seen = {
        "arrived a moment ago": codes(await cancel(billing, first)),
        "in process": codes(await cancel(billing, processing["payment"]["id"])),
        "recorded": codes(await cancel(billing, cash, OWNER)),
        "another client's": codes(await cancel(billing, waiting, OTHER_CLIENT)),
        "another organisation's": codes(await cancel(billing, waiting, STRANGER)),
        "a viewer": codes(await cancel(billing, waiting, VIEWER)),
        "no payment": codes(await cancel(billing, id_from_bits("pay", 99))),
        "no id": codes(await cancel(billing, "inv_1")),
    }
    provider.faults = {"cancel": ["before"]}
    silent = codes(await cancel(billing, waiting))

    assert seen == {
        "arrived a moment ago": ["PAYMENT_ALREADY_SETTLED"],
        "in process": ["PAYMENT_NOT_CANCELLABLE"],
        "recorded": ["PAYMENT_ALREADY_SETTLED"],
        "another client's": ["NOT_FOUND"],
        "another organisation's": ["NOT_FOUND"],
        "a viewer": ["ROLE_FORBIDS"],
        "no payment": ["NOT_FOUND"],
        "no id": ["WRONG_ID_KIND"],
    }
    assert silent == ["PAYMENT_NOT_CANCELLABLE"]
    assert await status(billing, first) == "SUCCEEDED"
    assert await status(billing, waiting) == "REQUIRES_ACTION"
