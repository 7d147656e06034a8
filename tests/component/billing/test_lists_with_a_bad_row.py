"""Lists show the rest: one row that cannot be read, or holds a newer version's word, costs itself only, and is said."""

import asyncio
from typing import Any

import pytest

from chassis.cloudevents import CloudEvent
from chassis.kernel import NewerVersion, Principal, new_id
from services.billing.application.views import InvoiceView
from services.billing.domain.invoice import Invoice
from services.billing.domain.payment import Payment, PaymentState
from services.billing.domain.payment_mode import PaymentMode
from tests.component.billing.test_one_bad_thing import invoices_of
from tests.support.billing.makers import CLIENT, OWNER, TODAY, sent_estimate, sent_invoice
from tests.support.billing.running import SERVICE_KEY, Running
from tests.support.storage import quickest
from tests.support.waiting import eventually

pytestmark = pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)
STRANGE = "a_newer_word"
PAGE = "query($first: Int = 20, $after: String, $order: InvoiceOrderInput) { invoices(first: $first, after: $after, orderBy: $order) { totalCount nodes { id status paymentModes total { amount } lines { description } adjustments { kind } payments { id } } pageInfo { hasNextPage endCursor } } }"  # noqa: E501
ESTIMATES = "{ estimates { totalCount nodes { id status revisions { status } } } }"
ONE = "query($id: ID!) { invoice(id: $id) { id status } }"


async def asked(billing: Running, document: str, by: Principal, **given: Any) -> tuple[Any, list[str]]:
    """Return the data of an answer and the codes of its errors."""
    _, body = await billing.subgraph.answer(document, by, **given)
    return body["data"], [error["extensions"]["code"] for error in body.get("errors") or []]


BAD: dict[str, tuple[dict[str, Any], bool]] = {
    "no content": ({"content": None}, False),
    "a number for a text": ({"number": 7}, False),
    "a state of a newer version": ({"state": STRANGE}, False),
    "a mode of a newer version": ({"terms.modes": ["card", STRANGE]}, True),
    "an amount that is none": ({"content.amounts.payable": "much"}, False),
    "an instant that is none": ({"sent_at": "yesterday"}, False),
}


@pytest.mark.parametrize(("changes", "is_shown"), BAD.values(), ids=BAD)
@pytest.mark.parametrize("by", [OWNER, CLIENT], ids=["staff", "client"])
async def test_a_bad_invoice_costs_only_itself(
    billing: Running, by: Principal, changes: dict[str, Any], is_shown: bool
) -> None:
    """The others are there, the count is honest, and the answer says with a code that something was left out."""
    good = [sent_invoice(number=f"INV-{number}") for number in range(2)]
    for invoice in good:
        await add(billing, invoice)
    bad = sent_invoice(number="INV-9")
    await add(billing, bad)
    await billing.service.database["invoices"].update_one({"_id": bad.id}, {"$set": changes})
    data, codes = await asked(billing, PAGE, by)
    assert data["invoices"]["totalCount"] == 3
    assert {node["id"] for node in data["invoices"]["nodes"]} == {
        *(one.id for one in good),
        *([bad.id] if is_shown else []),
    }
    assert codes == ([] if is_shown else ["LEFT_OUT"])
    one, codes = await asked(billing, ONE, by, id=bad.id)
    assert (one["invoice"] is not None, codes) == (is_shown, [] if is_shown else codes)
    assert is_shown or codes in (["UNREADABLE"], ["NEWER_VERSION"])


async def add(billing: Running, invoice: Any) -> None:
    await invoices_of(billing).add(invoice)


async def test_pages_go_on_behind_bad_rows(billing: Running) -> None:
    """A page of bad rows alone is empty and says where the next one begins; every good row comes once."""
    good: list[str] = []
    for number in range(6):
        invoice = sent_invoice(number=f"INV-{number}")
        await add(billing, invoice)
        if number in {1, 2, 3}:
            await billing.service.database["invoices"].update_one({"_id": invoice.id}, {"$set": {"content": 7}})
        else:
            good.append(invoice.id)
    found, after, pages = list[str](), None, 0
    while True:
        given: dict[str, Any] = {"after": after} if after else {}
        data, _ = await asked(billing, PAGE, OWNER, first=1, order={"field": "NUMBER", "direction": "ASC"}, **given)
        found += [node["id"] for node in data["invoices"]["nodes"]]
        pages, after = pages + 1, data["invoices"]["pageInfo"]["endCursor"]
        if not data["invoices"]["pageInfo"]["hasNextPage"]:
            break
    assert (found, pages) == (good, 6)


async def test_a_statement_is_whole_or_none(billing: Running) -> None:
    """A sum that leaves something out is a wrong sum: it is refused by name, in the answer."""
    bad = sent_invoice(number="INV-1")
    for invoice in (bad, sent_invoice(number="INV-2")):
        await add(billing, invoice)
    await billing.service.database["invoices"].update_one({"_id": bad.id}, {"$set": {"collections": 7}})
    period = f'from: "{TODAY.replace(month=1, day=1)}", to: "{TODAY}"'
    document = f"{{ statements({period}) {{ rows {{ number }} }} }}"
    data, codes = await asked(billing, document, CLIENT)
    assert (data["statements"], codes) == (None, ["UNREADABLE"])


async def test_a_bad_estimate_costs_only_itself(billing: Running) -> None:
    """The same for estimates, by the state of a revision as well."""
    estimates = billing.service.application.queries.estimates.estimates
    good, bad = sent_estimate(number="EST-1"), sent_estimate(number="EST-2")
    for estimate in (good, bad):
        await estimates.add(estimate)
    stored = billing.service.database["estimates"]
    await stored.update_one({"_id": bad.id}, {"$set": {"revisions.0.state": STRANGE, "state": STRANGE}})
    data, codes = await asked(billing, ESTIMATES, OWNER)
    assert ([node["id"] for node in data["estimates"]["nodes"]], codes) == ([good.id], ["LEFT_OUT"])


async def test_what_a_newer_version_wrote_is_left_alone(billing: Running) -> None:
    """A change is refused by name and stores nothing; one that rests on no strange word is made and keeps it."""
    frozen, offered = sent_invoice(number="INV-1"), sent_invoice(number="INV-2")
    stored = billing.service.database["invoices"]
    for invoice, changes in ((frozen, {"state": STRANGE}), (offered, {"terms.modes": ["card", STRANGE]})):
        await add(billing, invoice)
        await stored.update_one({"_id": invoice.id}, {"$set": changes})
    assert await billing.refusals("voidInvoice", invoiceId=frozen.id, reason="no") == [("NEWER_VERSION", None)]
    with pytest.raises(NewerVersion):
        await invoices_of(billing).update(OWNER, frozen.id, lambda it: it.chase(today=TODAY, now=it.created_at))
    await billing.invoice("voidInvoice", invoiceId=offered.id, reason="no")
    kept = await stored.find_one({"_id": offered.id})
    assert kept is not None
    assert kept["terms"]["modes"] == ["card", STRANGE]


async def test_other_services_are_not_told_that_it_does_not_exist(billing: Running) -> None:
    """Whoever asks about one that cannot be read is told to ask again; among several the others are told of."""
    good, bad = sent_invoice(number="INV-1"), sent_invoice(number="INV-2")
    for invoice in (good, bad):
        await add(billing, invoice)
    await billing.service.database["invoices"].update_one({"_id": bad.id}, {"$set": {"content": 7}})
    organisation = f"organisation={good.organisation_id}"
    for path in (f"/{bad.id}?{organisation}", f"?{organisation}&id={bad.id}", f"/{bad.id}/pdf?{organisation}"):
        assert (await billing.get(f"/internal/documents{path}", service_key=SERVICE_KEY)).status == 503
    both = await billing.get(f"/internal/documents?{organisation}&id={bad.id}&id={good.id}", service_key=SERVICE_KEY)
    assert (both.status, good.id in both.body.decode(), bad.id in both.body.decode()) == (200, True, False)


async def test_a_reservation_that_cannot_be_read_ends_no_payment(billing: Running) -> None:
    """A payer's attempt is refused by name; it is not noted as failed for good, and recovery looks at it again."""
    invoice = sent_invoice(number="INV-1")
    await add(billing, invoice)
    await billing.service.database["invoices"].update_one({"_id": invoice.id}, {"$set": {"state": STRANGE}})
    steps = billing.service.steps
    payment = Payment(
        id=new_id("pay"),
        organisation_id=invoice.organisation_id,
        customer_id=invoice.customer_id,
        invoice_id=invoice.id,
        invoice_number="INV-1",
        amount=invoice.total,
        mode=PaymentMode.CARD,
        provider="sandbox",
        paid_by=CLIENT.id,
        created_at=invoice.created_at,
    )
    await steps.payments.add(payment)
    with pytest.raises(NewerVersion):
        await steps.reserve(payment)
    assert (await steps.payments.get(OWNER, payment.id)).state is PaymentState.CREATED


async def test_home_shows_the_rest(billing: Running) -> None:
    """What waits for the client's answer is listed without the estimate that cannot be read."""
    estimates = billing.service.application.queries.estimates.estimates
    good, bad = sent_estimate(number="EST-1"), sent_estimate(number="EST-2")
    for estimate in (good, bad):
        await estimates.add(estimate)
    await billing.service.database["estimates"].update_one({"_id": bad.id}, {"$set": {"content": 7}})
    waiting = await billing.service.application.queries.home.waiting_estimates(CLIENT)
    assert [view.id for view in waiting] == [good.id]


def an_event_about(invoice: Invoice) -> CloudEvent:
    return CloudEvent(
        id=f"{invoice.id}-9", type="billing.invoice_sent.v1", source="/billing", subject=invoice.id, sequence=9,
        time="2026-03-09T12:00:00.000Z", organisation_id=invoice.organisation_id, data={},
    )  # fmt: skip


async def test_a_live_feed_goes_on_behind_what_cannot_be_read(billing: Running) -> None:
    """A change of a document that cannot be read is passed over; the next one is told."""
    good, bad = sent_invoice(number="INV-1"), sent_invoice(number="INV-2")
    for invoice in (good, bad):
        await add(billing, invoice)
    await billing.service.database["invoices"].update_one({"_id": bad.id}, {"$set": {"content": 7}})
    feed: Any = billing.service.application.queries.changes.of(OWNER)
    told = asyncio.ensure_future(anext(feed))
    await eventually(lambda: billing.service.live.listening(good.organisation_id), "a listener")
    for invoice in (bad, good):
        await billing.service.live.hear(an_event_about(invoice))
    view = await told
    await feed.aclose()
    assert isinstance(view, InvoiceView)
    assert view.invoice.id == good.id
