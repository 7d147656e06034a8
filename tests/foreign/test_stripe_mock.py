"""Every call of the Stripe adapter is accepted by stripe-mock, which holds it against Stripe's OpenAPI document.

stripe-mock keeps no state and answers with the document's examples, so what is proven here is that our requests are
ones of the version that we name; what answers mean is in `tests/contract/test_payment_providers.py`.
"""

import re
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
import stripe

from portal_cli.foreign import STRIPE_MOCK
from portal_cli.ports import free_ports
from portal_cli.processes import Child, Program
from services.billing.adapters.providers.stripe import API_VERSION, StripeProvider
from services.billing.application.payment_ports import (
    Attempt,
    CardToken,
    FormUnfinished,
    OutcomeUnknown,
    Payer,
    ProviderRefused,
    StoredCard,
    TokenNotTheirs,
)
from services.billing.domain.money import Money
from services.billing.domain.payment import CardDetails
from tests.support.foreign import program
from tests.support.waiting import wait_until

PAYER = Payer(contact_id="con_1", organisation_id="org_1")
BACK = "https://portal.test/pay?invoice=inv_1#card"
CALLS = {
    "POST /v1/customers",
    "POST /v1/checkout/sessions",
    "GET /v1/checkout/sessions/{id}",
    "POST /v1/payment_intents",
    "GET /v1/payment_intents",
    "GET /v1/payment_intents/{id}",
    "POST /v1/payment_intents/{id}/confirm",
    "POST /v1/payment_intents/{id}/cancel",
    "POST /v1/refunds",
    "GET /v1/refunds",
    "GET /v1/disputes",
    "POST /v1/payment_methods/{id}",
    "POST /v1/payment_methods/{id}/detach",
}


class Towards(stripe.AIOHTTPClient):
    """The library's own transport, towards another server; keeps what was asked and how it was answered."""

    def __init__(self, address: str) -> None:
        super().__init__(timeout=aiohttp.ClientTimeout(total=10))
        self.address = address
        self.seen: list[tuple[str, int, str]] = []

    async def request_async(self, method: str, url: str, headers: Any, post_data: Any = None) -> Any:
        parts = urlsplit(url)
        there = self.address + parts.path + (f"?{parts.query}" if parts.query else "")
        body, status, answered = await super().request_async(method, there, headers, post_data)
        path = re.sub(r"/(cs|pi|pm|re)_[A-Za-z0-9_]+", "/{id}", parts.path)
        self.seen.append((f"{method.upper()} {path}", status, str(body)[:300]))
        return body, status, answered


@pytest.fixture
async def towards(tmp_path: Path) -> AsyncIterator[Towards]:
    """A running stripe-mock, which refuses any other version than that of its document."""
    binary, port = program(STRIPE_MOCK) / "stripe-mock", free_ports(1)[0]
    argv = (str(binary), "-http-addr", f"127.0.0.1:{port}", "-strict-version-check")
    child = Child.start(Program(name="stripe-mock", argv=argv, log=tmp_path / "stripe-mock.log"))
    try:
        wait_until(lambda: "Listening for HTTP" in (tmp_path / "stripe-mock.log").read_text())
        client = Towards(f"http://127.0.0.1:{port}")
        yield client
        await client.close_async()
    finally:
        child.stop()


async def make_every_call(provider: StripeProvider) -> None:
    """Do everything that the port offers, whatever the examples of the document lead to."""
    entered = CardToken(token="cs_test_1", card="pm_1", customer="cus_1")
    stored = StoredCard(token="pm_1", customer="cus_1")
    card = CardDetails(token="pm_1", customer="cus_1", brand="visa", last_four="4242", exp_month=1, exp_year=2040)
    await provider.open_card_form(PAYER, BACK, None)
    with suppress(TokenNotTheirs, FormUnfinished):
        await provider.read_token("cs_test_1", PAYER)
    for number, source in enumerate((entered, stored)):
        for amount in (
            Money.of("12.30", "EUR"),
            Money.of("500", "JPY"),
            Money.of("1.230", "KWD"),
            Money.of("5", "ISK"),
        ):
            wanted = Attempt(
                payment_id=f"pay_{number}_{amount.currency}", organisation_id="org_1", amount=amount, payer="con_1",
                description="Invoice INV-0001", source=source, save_card=number == 0, return_url=BACK,
            )  # fmt: skip
            with suppress(ProviderRefused, OutcomeUnknown):
                await provider.create(wanted)
            await provider.confirm(wanted, "pi_1")
    await provider.retrieve("pay_1", "pi_1")
    await provider.retrieve("pay_1", None, begun_at=datetime.now(UTC))
    await provider.retrieve("pay_1", None)
    await provider.cancel("pay_1", "pi_1")
    await provider.refund("rfd_1", "pi_1", Money.of("1.00", "EUR"))
    await provider.find_refund("rfd_1", "pi_1")
    await provider.movements("pay_1", "pi_1")
    with suppress(OutcomeUnknown):
        await provider.save_card(PAYER, entered)
    await provider.forget_card(card)


async def test_stripe_mock_accepts_every_call_of_ours(towards: Towards) -> None:
    """Each of the adapter's calls, with every parameter that it can carry, is one of Stripe's document."""
    provider = StripeProvider("sk_test_123", webhook_secret="whsec_1", http_client=towards)

    await make_every_call(provider)

    assert [each for each in towards.seen if each[1] != 200] == []
    assert {call for call, _, _ in towards.seen} == CALLS
    print(f"stripe-mock {STRIPE_MOCK.version}, version {API_VERSION}: {len(towards.seen)} calls of {len(CALLS)} kinds")


async def test_stripe_mock_refuses_what_is_no_call_of_stripes(towards: Towards) -> None:
    """The server of this test tells a parameter that Stripe does not know: acceptance above means something."""
    client: Any = stripe.StripeClient("sk_test_123", http_client=towards, stripe_version=API_VERSION).v1

    with pytest.raises(stripe.InvalidRequestError):
        await client.payment_intents.create_async({"amount": 5, "currency": "eur", "colour": "blue"})
    other: Any = stripe.StripeClient("sk_test_123", http_client=towards, stripe_version="2019-02-11").v1
    with pytest.raises(stripe.InvalidRequestError):
        await other.payment_intents.retrieve_async("pi_1")
