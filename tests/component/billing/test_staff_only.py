"""What staff alone may read reaches no client, by whichever way: a canary in every such field, searched everywhere."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from chassis.kernel import Principal
from services.billing.adapters.providers.offline import OfflineProvider
from services.billing.api.schema import SCHEMA
from tests.component.billing.payment_doors import PAYMENT, refund, sent_invoice
from tests.support.billing.makers import CLIENT, OWNER
from tests.support.billing.running import Running, running_billing
from tests.unit.billing.test_pdf import text_of

CANARIES = {
    "RecordPaymentInput.note": "Canary-4711",
    "RefundPaymentInput.reason": "Canary-4712",
    "VoidInvoiceInput.reason": "Canary-4713",
    "WriteOffInvoiceInput.reason": "Canary-4714",
}
GRAPHQL: Any = SCHEMA._schema  # pyright: ignore[reportPrivateUsage]


def everything(name: str, depth: int = 3) -> str:
    """Return a selection of every field of a type that needs no argument, down to this depth."""
    chosen: list[str] = []
    for field_name, field in sorted(GRAPHQL.type_map[name].fields.items()):
        kind = field.type
        while hasattr(kind, "of_type"):
            kind = kind.of_type
        needs = [each for each in field.args.values() if str(each.type).endswith("!")]
        if needs:
            continue
        if not hasattr(kind, "fields"):
            chosen.append(field_name)
        elif depth and (inner := everything(kind.name, depth - 1)):
            chosen.append(f"{field_name} {{ {inner} }}")
    return " ".join(chosen)


@pytest.fixture
async def billing(mongo_url: str, database_name: str) -> AsyncIterator[Running]:
    """Billing with a canary in every text that staff alone may read."""
    async with running_billing(mongo_url, f"{database_name}_", {"offline": OfflineProvider()}) as running:
        invoice, voided, lost = [await sent_invoice(running) for _ in range(3)]
        given = {"invoiceId": invoice["id"], "mode": "BANK_TRANSFER", "receivedOn": "2026-03-09"}
        money = {"amount": {"amount": "40.00", "currency": "EUR"}, "note": CANARIES["RecordPaymentInput.note"]}
        recorded = await running.mutate("recordPayment", OWNER, show=PAYMENT, **given, **money)
        payment_id = recorded["payment"]["id"]
        await refund(running, payment_id, "10.00", reason=CANARIES["RefundPaymentInput.reason"])
        await running.invoice("voidInvoice", OWNER, invoiceId=voided["id"], reason=CANARIES["VoidInvoiceInput.reason"])
        await running.invoice(
            "writeOffInvoice", OWNER, invoiceId=lost["id"], reason=CANARIES["WriteOffInvoiceInput.reason"]
        )
        yield running


async def readable(billing: Running, by: Principal) -> str:
    """Return all that this person can read of invoices, payments and what hangs on them, as one text."""
    payments, invoices = everything("Payment"), everything("Invoice")
    asked = f"payments {{ nodes {{ {payments} }} }} invoices {{ nodes {{ {invoices} }} }}"
    return str(await billing.query(f"{{ {asked} }}", by))


def test_every_staff_only_text_has_its_canary() -> None:
    """Whoever adds an input that staff alone may read back adds it here."""
    said = {
        f"{name}.{field_name}"
        for name, kind in GRAPHQL.type_map.items()
        if name.endswith("Input")
        for field_name, field in kind.fields.items()
        if "visible to staff only" in (field.description or "").lower()
    }
    assert said == {*CANARIES}


async def test_no_client_reads_what_staff_alone_may(billing: Running) -> None:
    """Not in any field of the API, on no paper, and in no event that feeds and mails are made of."""
    staff, client = await readable(billing, OWNER), await readable(billing, CLIENT)
    assert [name for name, canary in CANARIES.items() if canary not in staff] == []
    assert [name for name, canary in CANARIES.items() if canary in client] == []
    files = "file { url } view: file(form: PRINT) { url }"
    listed = f"{{ payments {{ nodes {{ receipt {{ url }} }} }} invoices {{ nodes {{ {files} }} }} }}"
    for by in (CLIENT, OWNER):
        found = await billing.query(listed, by)
        links = [node["receipt"] for node in found["payments"]["nodes"]]
        links += [node[form] for node in found["invoices"]["nodes"] for form in ("file", "view")]
        for link in filter(None, links):
            answer = await billing.get(link["url"].removeprefix("https://files.test"))
            paper = text_of(answer.body) if answer.body.startswith(b"%PDF") else answer.body.decode()
            assert (answer.status, [name for name, canary in CANARIES.items() if canary in paper]) == (200, [])
    await billing.drain()
    told = [event.to_json().decode() for event in billing.bus.published]
    assert [name for name, canary in CANARIES.items() for event in told if canary in event] == []
