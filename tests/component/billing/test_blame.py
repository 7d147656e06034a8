"""What billing's refusals point at."""

from typing import Any

import pytest

from chassis.kernel import Principal
from services.billing.api import schema
from tests.support.billing.makers import CLIENT, CUSTOMER, OWNER
from tests.support.billing.running import Running, content, invoice_input
from tests.support.blaming import misplaced
from tests.support.refusals import NOTE, undeclared
from tests.support.storage import quickest

pytestmark = pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)

USUAL = {"customerId": CUSTOMER, "currency": "EUR", "quantity": "1", "unitPrice": "10", "dueOn": "2026-03-24"}


@pytest.mark.parametrize(("by", "least"), [(OWNER, 300), (CLIENT, 200)])
async def test_a_refusal_points_at_a_field_of_the_input(billing: Running, by: Principal, least: int) -> None:
    """Each field of each mutation made bad in turn: what is blamed is that field of that input, or none."""
    estimate = (await billing.estimate("createEstimate", **content()))["id"]
    invoice = (await billing.invoice("createInvoice", **invoice_input()))["id"]
    sent = (await billing.invoice("createInvoice", **invoice_input()))["id"]
    await billing.invoice("sendInvoice", invoiceId=sent)
    answered = (await billing.estimate("createEstimate", **content()))["id"]
    await billing.estimate("sendEstimate", estimateId=answered)
    given = {
        "": {**USUAL, "invoiceId": sent, "estimateId": estimate, "receivedOn": "2026-03-09"},
        "updateInvoice": {"invoiceId": invoice},
        "sendInvoice": {"invoiceId": invoice},
        "declineEstimate": {"estimateId": answered, "revision": 1},
    }

    async def ask(document: str, variables: dict[str, Any]) -> dict[str, Any]:
        return (await billing.subgraph.answer(document, by, **variables))[1]

    seen, wrong = await misplaced(schema.SCHEMA._schema, ask, given)
    assert wrong == []
    assert undeclared("billing") == [], NOTE
    assert seen > least


async def test_terms_are_blamed_where_they_are_given(billing: Running) -> None:
    """A due date and modes of payment stand inside `paymentTerms`; a draft too old to send has no such input."""
    draft = (await billing.invoice("createInvoice", **invoice_input(terms={"dueOn": "2026-03-01"})))["id"]
    sent = (await billing.invoice("createInvoice", **invoice_input()))["id"]
    await billing.invoice("sendInvoice", invoiceId=sent)

    async def change(**terms: Any) -> Any:
        return await billing.refusals("changeInvoiceTerms", invoiceId=sent, paymentTerms={"modes": ["CARD"], **terms})

    assert await change(dueOn="2026-03-01") == [("DATE_PASSED", ["paymentTerms", "dueOn"])]
    assert await change(dueOn="2999-03-01") == [("DATE_TOO_FAR", ["paymentTerms", "dueOn"])]
    assert await change(modes=[]) == [("NO_PAYMENT_MODES", ["paymentTerms", "modes"])]
    assert await billing.refusals("sendInvoice", invoiceId=draft) == [("DATE_PASSED", None)]


async def test_texts_are_blamed_where_they_are_given(billing: Running) -> None:
    """Of what is open and paid: each mutation that takes a text beside its object says that it is the text."""
    sent = (await billing.invoice("createInvoice", **invoice_input()))["id"]
    await billing.invoice("sendInvoice", invoiceId=sent)
    one = {"amount": "1.00", "currency": "EUR"}
    cash = {"invoiceId": sent, "mode": "CASH", "amount": one, "receivedOn": "2026-03-09"}
    paid = (await billing.mutate("recordPayment", show="payment { id }", **cash))["payment"]["id"]
    for mutation, field, given in (
        ("voidInvoice", "reason", {"invoiceId": sent}),
        ("writeOffInvoice", "reason", {"invoiceId": sent}),
        ("recordPayment", "note", cash),
        ("refundPayment", "reason", {"paymentId": paid}),
        ("setPaymentInstructions", "text", {"mode": "BANK_TRANSFER"}),
    ):
        for code, text in (("TEXT_TOO_LONG", "x" * 6_000), ("LOOKS_LIKE_CARD_NUMBER", "4242 4242 4242 4242")):
            assert await billing.refusals(mutation, **given, **{field: text}) == [(code, [field])], mutation
    assert undeclared("billing") == [], NOTE


async def test_a_remembered_refusal_points_at_the_same_field(billing: Running) -> None:
    """An invoice that is not there is told by `invoiceId`, the first time and whenever the key comes again."""
    nowhere = "inv_" + "0" * 26
    for _ in range(2):
        assert await billing.refusals("sendInvoice", key="the-same-key", invoiceId=nowhere) == [
            ("NOT_FOUND", ["invoiceId"])
        ]
