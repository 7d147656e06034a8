"""Payments through billing's doors: what the tests of payments do over and over."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from chassis.kernel import Principal
from services.billing.adapters.providers.offline import OfflineProvider
from services.billing.application.payment_ports import PaymentProvider
from tests.support.billing.makers import CLIENT, OWNER
from tests.support.billing.payments import FakeProvider
from tests.support.billing.running import Running, invoice_input, running_billing

PAYMENT = (
    "payment { id status amount { amount currency } refunded { amount } refundable { amount } mode invoiceNumber "
    "nextAction { redirectUrl } failure { code message } card { brand lastFour } paidBy { id } note receivedOn "
    "receipt { url } refunds { id status amount { amount } } } invoice { id status balance { amount } "
    "payableNow { amount } paid { amount } }"
)
CARDS = "savedCards { id brand lastFour expMonth expYear isDefault billingAddress { city country } }"


@asynccontextmanager
async def billing_with(
    mongo_url: str, prefix: str, provider: PaymentProvider | None = None
) -> AsyncIterator[tuple[Running, Any]]:
    """Run billing with this provider in the sandbox's place."""
    chosen = provider or FakeProvider(name="sandbox")
    async with running_billing(mongo_url, prefix, {"sandbox": chosen, "offline": OfflineProvider()}) as running:
        yield running, chosen


async def sent_invoice(billing: Running, price: str = "100.00", **more: Any) -> Any:
    """Create and send an invoice through the door."""
    drafted = await billing.invoice("createInvoice", **invoice_input(price, **more))
    return await billing.invoice("sendInvoice", invoiceId=drafted["id"])


async def pay(billing: Running, invoice_id: str, by: Principal = CLIENT, *, key: str = "", **given: Any) -> Any:
    """Run `payInvoice` and return its payload."""
    given.setdefault("cardToken", "tok_ok_000001")
    return await billing.mutate("payInvoice", by, key=key, show=PAYMENT, invoiceId=invoice_id, **given)


async def paid(billing: Running, invoice_id: str, **given: Any) -> Any:
    """Pay, and return the payment, which must have succeeded."""
    payload = await pay(billing, invoice_id, **given)
    assert payload["userErrors"] == [], payload
    assert payload["payment"]["status"] == "SUCCEEDED", payload
    return payload["payment"]


async def confirm(billing: Running, payment_id: str, by: Principal = CLIENT) -> Any:
    """Run `confirmPayment` and return its payload."""
    document = (
        "mutation($input: ConfirmPaymentInput!) { confirmPayment(input: $input) "
        f"{{ {PAYMENT} userErrors {{ code field }} }} }}"
    )
    return (await billing.query(document, by, input={"paymentId": payment_id}))["confirmPayment"]


async def refund(
    billing: Running, payment_id: str, amount: str | None = None, by: Principal = OWNER, **more: Any
) -> Any:
    """Run `refundPayment` and return its payload."""
    money = {"amount": {"amount": amount, "currency": "EUR"}} if amount else {}
    show = f"refund {{ id status amount {{ amount }} }} {PAYMENT}"
    return await billing.mutate("refundPayment", by, show=show, paymentId=payment_id, **money, **more)
