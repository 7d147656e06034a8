"""Promise 27, for cards: a number and its code go through everything, and are found nowhere afterwards."""

import logging
from io import StringIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from chassis.kernel import SystemClock
from services.billing.adapters.providers.sandbox import SandboxProvider
from tests.component.billing.payment_doors import CARDS, pay, refund, sent_invoice
from tests.support.billing.makers import CLIENT, OWNER
from tests.support.billing.running import running_billing
from tests.support.sandbox import SECRET_KEY, WEBHOOK_SECRET, running_sandbox

NUMBER, CVV = "5555555555554444", "739"
SPELLINGS = (NUMBER, "5555 5555 5555 4444", "5555-5555-5555-4444")


async def test_a_card_number_is_found_nowhere(
    mongo_url: str, database_name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Typed into the form, pasted into every text field, sent as token, id and address: no trace in database, events,
    logs, answers or the sandbox's own files."""
    log, seen = StringIO(), list[str]()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    try:
        async with running_sandbox(tmp_path / "s") as sandbox, aiohttp.ClientSession() as http:
            provider = SandboxProvider(http, sandbox.url, secret_key=SECRET_KEY, webhook_secret=WEBHOOK_SECRET)
            async with running_billing(mongo_url, f"{database_name}_", {"sandbox": provider}) as billing:
                billing.clock.time = SystemClock().now()
                terms = {"partialPaymentsAllowed": True, "dueOn": "2099-12-31"}
                invoice = await sent_invoice(billing, terms={**terms, "dueOn": None})
                form = await sandbox.open_form(CLIENT.id)
                _, token = await sandbox.fill_in(form, NUMBER, cvv=CVV)
                paid = await pay(billing, invoice["id"], cardToken=token["token"], saveCard=True)
                assert paid["payment"]["status"] == "SUCCEEDED", paid
                for text in SPELLINGS:
                    seen += [str(each) for each in await misuse(billing, invoice["id"], paid["payment"]["id"], text)]
                seen.append(str(await billing.query(f"{{ {CARDS} payments {{ nodes {{ id note }} }} }}", CLIENT)))
                await billing.drain()
                database: Any = billing.service.database._database
                stored = [
                    str(row) for name in await database.list_collection_names() async for row in database[name].find()
                ]
                events = [event.to_json().decode() for event in billing.bus.published]
            files = [file.read_bytes().decode("latin-1") for file in (tmp_path / "s").iterdir()]
    finally:
        logging.getLogger().removeHandler(handler)
    out = capfd.readouterr()

    places = {"answers": seen, "database": stored, "events": events, "sandbox": files, "log": [log.getvalue(), *out]}
    hits = [(place, text) for place, texts in places.items() for each in texts for text in SPELLINGS if text in each]
    print(f"searched {sum(map(len, places.values()))} texts in {len(places)} places: {len(hits)} hits")
    assert hits == []
    assert not [place for place, texts in places.items() if place != "answers" for each in texts if f"'{CVV}'" in each]
    assert any("4444" in each for each in stored)


async def misuse(billing: Any, invoice_id: str, payment_id: str, text: str) -> list[Any]:
    """Put the number wherever a text may go; return the answers."""
    cash = {"mode": "CASH", "amount": {"amount": "1", "currency": "EUR"}, "receivedOn": "2026-03-10"}
    document = (
        "mutation($i: CreateCardSessionInput!) { createCardSession(input: $i) { url userErrors { code message } } }"
    )
    return [
        await pay(billing, invoice_id, cardToken=text),
        await pay(billing, text),
        await pay(billing, invoice_id, cardToken=None, savedCardId=text),
        await pay(billing, invoice_id, returnUrl=f"https://portal.test.x/{text}"),
        await billing.mutate("recordPayment", OWNER, invoiceId=invoice_id, note=f"card {text} 739", **cash),
        await refund(billing, payment_id, "1", reason=f"to card {text}"),
        await billing.mutate("addSavedCard", CLIENT, cardToken=text),
        await billing.mutate("removeSavedCard", CLIENT, savedCardId=text),
        await billing.mutate("setPaymentInstructions", OWNER, mode="CASH", text=f"pay with {text}"),
        await billing.query(document, CLIENT, i={"returnUrl": f"https://evil.test/{text}"}),
    ]
