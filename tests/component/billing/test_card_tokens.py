"""Whose card a form's token is, and how often it is good."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.component.billing.payment_doors import billing_with, pay, sent_invoice
from tests.component.billing.test_giving_way import COLLEAGUE, Door, codes, collected
from tests.support.billing.makers import CLIENT


@pytest.fixture
async def door(mongo_url: str, database_name: str) -> AsyncIterator[Door]:
    async with billing_with(mongo_url, f"{database_name}_") as running:
        yield running


async def test_a_card_forms_token_is_used_once_and_by_its_payer(door: Door) -> None:
    """Another payment, another contact and the list of cards refuse it, whatever became of the first use."""
    billing, provider = door
    first, second = [(await sent_invoice(billing))["id"] for _ in range(2)]
    await pay(billing, first, cardToken="tok_decline_000001")

    seen = {
        "again": await pay(billing, second, cardToken="tok_decline_000001"),
        "by a colleague": await pay(billing, second, COLLEAGUE, cardToken="tok_decline_000001"),
        "kept": await billing.mutate("addSavedCard", CLIENT, cardToken="tok_decline_000001"),
        "kept by a colleague": await billing.mutate("addSavedCard", COLLEAGUE, cardToken="tok_decline_000001"),
    }

    assert {name: [(e["code"], e["field"]) for e in each["userErrors"]] for name, each in seen.items()} == {
        "again": [("CARD_TOKEN_USED", ["cardToken"])],
        "by a colleague": [("CARD_TOKEN_INVALID", ["cardToken"])],
        "kept": [("CARD_TOKEN_USED", ["cardToken"])],
        "kept by a colleague": [("CARD_TOKEN_INVALID", ["cardToken"])],
    }
    assert len(provider.accounts) == 1


async def test_a_token_that_was_kept_pays_nothing(door: Door) -> None:
    """A card of the list pays from the list; its form's token is spent, for another saving too."""
    billing, provider = door
    invoice = (await sent_invoice(billing))["id"]
    await billing.mutate("addSavedCard", CLIENT, cardToken="tok_ok_000001")

    paid = await pay(billing, invoice, cardToken="tok_ok_000001")
    kept = await billing.mutate("addSavedCard", CLIENT, cardToken="tok_ok_000001")

    assert codes(paid) == codes(kept) == ["CARD_TOKEN_USED"]
    assert provider.accounts == {}


async def test_one_token_in_twenty_tabs_pays_once(door: Door) -> None:
    """The use of a token is one write: of many requests at once with keys of their own one goes on."""
    billing, provider = door
    invoices = [(await sent_invoice(billing))["id"] for _ in range(4)]

    payloads = await asyncio.gather(*(pay(billing, invoices[n % 4], cardToken="tok_ok_000001") for n in range(20)))

    succeeded = [each for each in payloads if each["payment"]]
    assert [each["payment"]["status"] for each in succeeded] == ["SUCCEEDED"]
    assert {code for each in payloads for code in codes(each)} == {"CARD_TOKEN_USED"}
    assert collected(provider) == 100


async def test_a_token_is_not_stored_as_it_is(door: Door) -> None:
    """What we keep of a used token is its digest."""
    billing, _ = door
    await pay(billing, (await sent_invoice(billing))["id"], cardToken="tok_ok_000001")

    rows = [row async for row in billing.service.database["card_tokens"].find({})]

    assert len(rows) == 1
    assert "tok_ok" not in str(rows)
