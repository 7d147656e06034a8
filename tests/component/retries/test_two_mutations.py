"""Several mutations in one request: each payload shows what is true after its own mutation."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from services.billing.adapters.providers.offline import OfflineProvider
from tests.component.billing.payment_doors import sent_invoice
from tests.support.billing.makers import OWNER, TODAY
from tests.support.billing.payments import FakeProvider
from tests.support.billing.running import Running, invoice_input, running_billing
from tests.support.retries.world import SCHEMAS
from tests.support.storage import Databases, quickest

BOTH = """
mutation($sent: SendInvoiceInput!, $paid: RecordPaymentInput!) {
  a: sendInvoice(input: $sent) { invoice { status balance { amount } } userErrors { code } }
  b: recordPayment(input: $paid) { invoice { status balance { amount } } userErrors { code } }
}"""
SAME = """
mutation($one: ChangeInvoiceTermsInput!, $two: VoidInvoiceInput!) {
  a: changeInvoiceTerms(input: $one) { invoice { status paymentModes } userErrors { code } }
  b: voidInvoice(input: $two) { invoice { status paymentModes } userErrors { code } }
}"""


@pytest.fixture
async def billing(databases: Databases) -> AsyncIterator[Running]:
    providers = {"sandbox": FakeProvider(name="sandbox"), "offline": OfflineProvider()}
    async with running_billing(databases.url(quickest()), f"test_{uuid4().hex}_", providers) as running:
        yield running


async def test_the_second_payload_shows_what_the_second_did(billing: Running) -> None:
    """An invoice that is sent and paid by one request is paid in the second payload."""
    drafted = await billing.invoice("createInvoice", **invoice_input("100.00"))
    money = {"amount": "100.00", "currency": "EUR"}
    sent = {"invoiceId": drafted["id"], "idempotencyKey": uuid4().hex}
    paid = {**sent, "mode": "BANK_TRANSFER", "amount": money, "receivedOn": TODAY.isoformat()}
    told = await billing.query(BOTH, OWNER, sent=sent, paid=paid)
    shown = {name: (told[name]["invoice"], told[name]["userErrors"]) for name in ("a", "b")}
    assert shown == {
        "a": ({"status": "SENT", "balance": {"amount": "100.00"}}, []),
        "b": ({"status": "PAID", "balance": {"amount": "0.00"}}, []),
    }


async def test_two_changes_of_one_document_show_both(billing: Running) -> None:
    """What was read for the first payload is not shown in the second."""
    sent = await sent_invoice(billing)
    one = {"invoiceId": sent["id"], "idempotencyKey": uuid4().hex, "paymentTerms": {"modes": ["CASH"]}}
    two = {"invoiceId": sent["id"], "idempotencyKey": uuid4().hex}
    told = await billing.query(SAME, OWNER, one=one, two=two)
    assert [told[name]["invoice"] for name in ("a", "b")] == [
        {"status": "SENT", "paymentModes": ["CASH"]},
        {"status": "VOID", "paymentModes": ["CASH"]},
    ]


@pytest.mark.parametrize("service", SCHEMAS)
def test_every_mutation_of_every_service_reads_anew(service: str) -> None:
    """No mutation begins with what was read before it: its resolver forgets that first."""

    class Forgotten(Exception):
        """It was forgotten, before anything else was done."""

    class Context:
        def forget_what_was_read(self) -> None:
            raise Forgotten

    class Info:
        context = Context()

    for field in SCHEMAS[service]._schema.mutation_type.fields.values():
        with pytest.raises(Forgotten):
            field.resolve(None, Info())
