"""The JSON API: payments, cards and refunds."""

import asyncio
from typing import Any

import pytest

from tests.support.sandbox import Sandbox


async def create(sandbox: Sandbox, source: str, **changes: Any) -> Any:
    _, token = await sandbox.call("GET", f"/v1/tokens/{source}")
    whose = {"customer": token["customer"]} if "customer" in token else {}
    body = {"reference": "pay_1", "amount": 1230, "currency": "EUR", "source": source, **whose, **changes}
    status, payment = await sandbox.call("POST", "/v1/payments", body)
    assert status == 200, payment
    return payment


async def pay(sandbox: Sandbox, number: str = "4242424242424242", **changes: Any) -> Any:
    payment = await create(sandbox, await sandbox.token(number), **changes)
    return (await sandbox.call("POST", f"/v1/payments/{payment['id']}/confirm", {}))[1]


async def test_creating_moves_no_money(sandbox: Sandbox) -> None:
    """A new payment waits for confirmation."""
    payment = await create(sandbox, await sandbox.token())

    assert (payment["status"], payment["amount_captured"]) == ("requires_confirmation", 0)


async def test_a_good_card_is_captured_at_once(sandbox: Sandbox) -> None:
    """Confirming captures the amount and shows which card paid."""
    payment = await pay(sandbox)

    assert (payment["status"], payment["amount_captured"]) == ("succeeded", 1230)
    assert (payment["card"]["brand"], payment["card"]["last4"]) == ("visa", "4242")


async def test_confirming_again_charges_no_second_time(sandbox: Sandbox) -> None:
    """Twenty confirmations at once give one payment and one event."""
    payment = await create(sandbox, await sandbox.token())
    path = f"/v1/payments/{payment['id']}/confirm"

    answers = await asyncio.gather(*(sandbox.call("POST", path, {}) for _ in range(20)))

    assert {answer["status"] for _, answer in answers} == {"succeeded"}
    _, events = await sandbox.call("GET", "/admin/events")
    assert [event["type"] for event in events["data"]] == ["payment.succeeded"]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("4000000000000002", "card_declined"),
        ("4000000000009995", "insufficient_funds"),
        ("4000000000000069", "expired_card"),
        ("4000000000009979", "stolen_card"),
        ("4000000000000127", "incorrect_cvc"),
    ],
)
async def test_a_declining_number_declines(sandbox: Sandbox, number: str, code: str) -> None:
    """Each declining test number fails with its code and captures nothing."""
    payment = await pay(sandbox, number)

    assert (payment["status"], payment["failure"]["code"], payment["amount_captured"]) == ("failed", code, 0)


@pytest.mark.parametrize(("approve", "status"), [(True, "succeeded"), (False, "failed")])
async def test_three_d_secure_asks_the_card_holder(sandbox: Sandbox, approve: bool, status: str) -> None:
    """The payment waits for the challenge, and its answer decides."""
    waiting = await pay(sandbox, "4000002760003184")

    payment = await sandbox.answer_challenge(waiting["next_action"]["redirect_url"], approve=approve)

    assert (waiting["status"], waiting["amount_captured"]) == ("requires_action", 0)
    assert payment["status"] == status


async def test_a_challenge_needs_its_secret(sandbox: Sandbox) -> None:
    """Guessing the payment's id does not approve it."""
    waiting = await pay(sandbox, "4000002760003184")
    guessed = waiting["next_action"]["redirect_url"].split("?")[0] + "?secret=guess"

    answer = await sandbox.answer_challenge(guessed, approve=True)

    assert answer["error"]["code"] == "resource_missing"
    assert (await sandbox.call("GET", f"/v1/payments/{waiting['id']}"))[1]["status"] == "requires_action"


async def test_a_cancelled_payment_is_never_captured(sandbox: Sandbox) -> None:
    """Confirming after cancelling changes nothing."""
    payment = await create(sandbox, await sandbox.token())
    await sandbox.call("POST", f"/v1/payments/{payment['id']}/cancel", {})

    _, after = await sandbox.call("POST", f"/v1/payments/{payment['id']}/confirm", {})

    assert (after["status"], after["amount_captured"]) == ("cancelled", 0)


async def test_a_captured_payment_cannot_be_cancelled(sandbox: Sandbox) -> None:
    """Cancelling comes too late."""
    payment = await pay(sandbox)

    status, refusal = await sandbox.call("POST", f"/v1/payments/{payment['id']}/cancel", {})

    assert (status, refusal["error"]["code"]) == (409, "payment_not_cancellable")


async def test_a_payment_is_found_by_our_reference(sandbox: Sandbox) -> None:
    """Retrieval needs nothing but the attempt's own id."""
    payment = await pay(sandbox, reference="pay_mine")

    _, found = await sandbox.call("GET", "/v1/payments?reference=pay_mine")
    _, nothing = await sandbox.call("GET", "/v1/payments?reference=pay_other")

    assert [each["id"] for each in found["data"]] == [payment["id"]]
    assert nothing["data"] == []


async def test_the_same_idempotency_key_gives_the_first_answer(sandbox: Sandbox) -> None:
    """The same request is answered from memory, another one under the same key is refused."""
    body = {"reference": "pay_1", "amount": 500, "currency": "EUR", **await sandbox.card()}

    first = await sandbox.call("POST", "/v1/payments", body, idempotency_key="k1")
    again = await sandbox.call("POST", "/v1/payments", body, idempotency_key="k1")
    other = await sandbox.call("POST", "/v1/payments", {**body, "amount": 501}, idempotency_key="k1")

    assert first == again
    assert (other[0], other[1]["error"]["code"]) == (409, "idempotency_key_reused")


async def test_a_token_works_once(sandbox: Sandbox) -> None:
    """A second payment with the same token is refused."""
    token = await sandbox.token()
    await create(sandbox, token)

    _, known = await sandbox.call("GET", f"/v1/tokens/{token}")
    body = {"reference": "pay_2", "amount": 1, "currency": "EUR", "source": token, "customer": known["customer"]}
    status, refusal = await sandbox.call("POST", "/v1/payments", body)

    assert (status, refusal["error"]["code"]) == (400, "token_used")


async def test_refunds_never_exceed_what_was_captured(sandbox: Sandbox) -> None:
    """Two refunds of 700 do not fit into 1230."""
    payment = await pay(sandbox)

    first = await sandbox.call("POST", "/v1/refunds", {"payment": payment["id"], "amount": 700, "reference": "rfd_1"})
    second = await sandbox.call("POST", "/v1/refunds", {"payment": payment["id"], "amount": 700, "reference": "rfd_2"})

    assert (first[0], first[1]["status"]) == (200, "succeeded")
    assert (second[0], second[1]["error"]["code"]) == (400, "refund_too_large")


async def test_a_card_is_saved_listed_charged_and_detached(sandbox: Sandbox) -> None:
    """A saved card pays until it is detached, and only for its own customer."""
    _, customer = await sandbox.call("POST", "/v1/customers", {"reference": "con_1"})
    _, other = await sandbox.call("POST", "/v1/customers", {"reference": "con_2"})
    _, card = await sandbox.call("POST", "/v1/cards", {"token": await sandbox.token(), "customer": customer["id"]})

    _, listed = await sandbox.call("GET", f"/v1/cards?customer={customer['id']}")
    await create(sandbox, card["id"], customer=customer["id"])
    body = {"reference": "pay_2", "amount": 1, "currency": "EUR", "source": card["id"], "customer": other["id"]}
    foreign = await sandbox.call("POST", "/v1/payments", body)
    await sandbox.call("POST", f"/v1/cards/{card['id']}/detach", {})
    gone = await sandbox.call("POST", "/v1/payments", {**body, "customer": customer["id"]})

    assert [each["id"] for each in listed["data"]] == [card["id"]]
    assert foreign[1]["error"]["code"] == gone[1]["error"]["code"] == "card_not_attached"
    assert (await sandbox.call("GET", f"/v1/cards?customer={customer['id']}"))[1]["data"] == []


async def test_a_card_is_saved_when_it_pays(sandbox: Sandbox) -> None:
    """`save_card` keeps the card with the customer once the money has come."""
    _, customer = await sandbox.call("POST", "/v1/customers", {"reference": "con_1"})

    payment = await pay(sandbox, customer=customer["id"], save_card=True)

    _, listed = await sandbox.call("GET", f"/v1/cards?customer={customer['id']}")
    assert [each["id"] for each in listed["data"]] == [payment["card"]["id"]]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"amount": 0}, "amount_invalid"),
        ({"amount": -5}, "amount_invalid"),
        ({"amount": 1.5}, "parameter_invalid"),
        ({"amount": "12"}, "parameter_invalid"),
        ({"amount": True}, "parameter_invalid"),
        ({"source": ""}, "parameter_missing"),
        ({"source": "tok_none"}, "resource_missing"),
        ({"source": "card_none"}, "resource_missing"),
    ],
)
async def test_bad_input_is_refused(sandbox: Sandbox, body: Any, code: str) -> None:
    """Each wrong field has its code."""
    good = {"reference": "pay_1", "amount": 1230, "currency": "EUR", "source": "tok_1"}

    _, refusal = await sandbox.call("POST", "/v1/payments", {**good, **body})

    assert refusal["error"]["code"] == code


async def test_without_the_secret_key_nothing_is_answered(sandbox: Sandbox) -> None:
    """A wrong key is a 401 everywhere."""
    for method, path in [("POST", "/v1/payments"), ("GET", "/v1/payments?reference=a"), ("GET", "/admin/payments")]:
        status, _ = await sandbox.call(method, path, {}, authorization="Bearer wrong")
        assert status == 401
