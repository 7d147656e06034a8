"""What is done at the provider arrives here: refunds, their late ends, disputes; and what ended there is ended here."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.billing.application.commands.receive_webhook import ReceiveWebhook
from services.billing.domain.payment import DisputeState
from tests.component.billing.payment_doors import PAYMENT, billing_with, confirm, paid, pay, refund, sent_invoice
from tests.support.billing.makers import CLIENT, OWNER, VIEWER, euros
from tests.support.billing.payments import FakeProvider
from tests.support.billing.running import Running
from tests.support.storage import quickest

pytestmark = pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)
Door = tuple[Running, FakeProvider]
SHOWN = "disputes { status reason amount { amount } closedAt } received { amount currency } endedBy"


@pytest.fixture
async def door(mongo_url: str, database_name: str) -> AsyncIterator[Door]:
    async with billing_with(mongo_url, f"{database_name}_") as running:
        yield running


async def tell(door: Door, payment_id: str, event: str) -> None:
    """The provider delivers an event about the payment."""
    body = f"{event} {payment_id}".encode()
    command = ReceiveWebhook(provider="sandbox", headers={"signature": "good"}, body=body)
    await door[0].service.application.commands.receive_webhook(command)


async def shown(door: Door, payment_id: str, by: Any = OWNER) -> Any:
    document = f"query($id: ID!) {{ payment(id: $id) {{ id status {SHOWN} }} }}"
    return (await door[0].query(document, by, id=payment_id))["payment"]


async def test_a_refund_made_at_the_provider_is_one_here(door: Door) -> None:
    """It is among the payment's refunds, once however often it is told, and the invoice is owed again."""
    billing, provider = door
    payment = await paid(billing, (await sent_invoice(billing))["id"])
    provider.by_our_id(payment["id"]).refund_there(euros(40))

    for event in ("evt_1", "evt_1", "evt_2"):
        await tell(door, payment["id"], event)
    after = await confirm(billing, payment["id"], OWNER)

    assert [(each["status"], each["amount"]["amount"]) for each in after["payment"]["refunds"]] == [
        ("SUCCEEDED", "40.00")
    ]
    assert after["payment"]["refundable"]["amount"] == "60.00"
    assert after["invoice"]["balance"]["amount"] == "40.00"
    assert (await billing.drain()).count("billing.payment_refunded.v1") == 1


async def test_a_refund_that_comes_back_is_taken_back(door: Door) -> None:
    """A day later its bank refuses it: it is failed here, the invoice is paid again, and it can be asked again."""
    billing, provider = door
    payment = await paid(billing, (await sent_invoice(billing))["id"])
    await refund(billing, payment["id"], "60.00")
    provider.by_our_id(payment["id"]).bounce()

    await tell(door, payment["id"], "evt_1")
    after = await confirm(billing, payment["id"])
    told = await billing.drain()

    assert [each["status"] for each in after["payment"]["refunds"]] == ["FAILED"]
    assert (after["payment"]["refundable"]["amount"], after["invoice"]["status"]) == ("100.00", "PAID")
    assert {"billing.payment_refund_failed.v1", "billing.invoice_refund_reversed.v1"} <= set(told)
    assert (await refund(billing, payment["id"], "100.00"))["refund"]["status"] == "SUCCEEDED"


async def test_a_lost_dispute_is_owed_again(door: Door) -> None:
    """Staff see it open, and then lost; clients see a refund and no dispute."""
    billing, provider = door
    payment = await paid(billing, (await sent_invoice(billing))["id"])
    account = provider.by_our_id(payment["id"])

    account.dispute(DisputeState.OPEN)
    await tell(door, payment["id"], "evt_1")
    opened = (await shown(door, payment["id"]))["disputes"]
    account.dispute(DisputeState.LOST)
    await tell(door, payment["id"], "evt_2")
    after = await confirm(billing, payment["id"])
    told = await billing.drain()

    assert [(each["status"], each["amount"]["amount"]) for each in opened] == [("OPEN", "100.00")]
    assert [each["status"] for each in (await shown(door, payment["id"]))["disputes"]] == ["LOST"]
    assert (await shown(door, payment["id"], CLIENT))["disputes"] == []
    assert after["invoice"]["balance"]["amount"] == "100.00"
    assert {"billing.payment_disputed.v1", "billing.payment_dispute_closed.v1"} <= set(told)


async def test_staff_end_what_its_provider_does_not_know(door: Door) -> None:
    """A fresh sandbox knows the attempt no more: clients cannot end it, staff can, and it is told who did."""
    billing, provider = door
    invoice = (await sent_invoice(billing))["id"]
    payment = (await pay(billing, invoice, cardToken="tok_challenge_1"))["payment"]
    provider.accounts.clear()

    async def cancel(by: Any) -> Any:
        return await billing.mutate("cancelPayment", by, show=PAYMENT, paymentId=payment["id"])

    refused = [(await cancel(by))["userErrors"][0]["code"] for by in (CLIENT, VIEWER)]
    ended = await cancel(OWNER)

    assert refused == ["PAYMENT_NOT_CANCELLABLE", "ROLE_FORBIDS"]
    assert (ended["payment"]["status"], ended["payment"]["failure"]["code"]) == ("FAILED", "ended_by_staff")
    assert ended["invoice"]["payableNow"]["amount"] == "100.00"
    assert (await shown(door, payment["id"]))["endedBy"] == OWNER.id
    assert (await shown(door, payment["id"], CLIENT))["endedBy"] is None


async def test_another_amount_is_never_booked(door: Door) -> None:
    """The provider captured otherwise than it was asked: what came is shown, and goes back."""
    billing, provider = door
    invoice = (await sent_invoice(billing))["id"]
    payment = (await pay(billing, invoice, cardToken="tok_challenge_1"))["payment"]
    account = provider.by_our_id(payment["id"])
    account.reports = euros(90)
    provider.approve(account)

    after = await confirm(billing, payment["id"])

    assert (await shown(door, payment["id"]))["received"] == {"amount": "90.00", "currency": "EUR"}
    assert [each["amount"]["amount"] for each in after["payment"]["refunds"]] == ["90.00"]
    assert (after["invoice"]["paid"]["amount"], after["invoice"]["payableNow"]["amount"]) == ("0.00", "100.00")
