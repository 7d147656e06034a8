"""Billing's other doors: files by signed link, internal endpoints, the live stream."""

import asyncio
import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from chassis.auth import Unauthenticated
from chassis.kernel import NotFound, Principal
from services.billing.application.views import EstimateView, InvoiceView
from tests.support.billing.makers import (
    CLIENT,
    CONTACT,
    CUSTOMER,
    ORGANISATION,
    OTHER_CLIENT,
    OTHER_ORGANISATION,
    OWNER,
)
from tests.support.billing.running import SERVICE_KEY, Running, content, invoice_input
from tests.support.printed import png
from tests.support.waiting import LIMIT, eventually


async def sent_invoice(billing: Running) -> str:
    invoice = await billing.invoice("createInvoice", **invoice_input("1234.50", subject="Élan №5"))
    await billing.invoice("sendInvoice", invoiceId=invoice["id"])
    return invoice["id"]


async def link_path(billing: Running, by: Principal, field: str, **variables: Any) -> str:
    """Return the path of a file link that a query gave."""
    found: Any = await billing.query(field, by, **variables)
    while "url" not in found:
        found = next(iter(found.values()))
        found = found[0] if isinstance(found, list) else found
    assert found["url"].startswith("https://files.test/files/")
    return urlsplit(found["url"]).path


INVOICE_FILE = "query($id: ID!, $form: FileForm!) { invoice(id: $id) { file(form: $form) { url expiresAt } } }"


async def test_documents_are_downloaded_by_links_that_expire(billing: Running) -> None:
    """PDF and print view of invoice, estimate and statement; a changed or old link is gone."""
    invoice = await sent_invoice(billing)
    estimate = await billing.estimate("createEstimate", **content())
    await billing.estimate("sendEstimate", estimateId=estimate["id"])
    statement = 'query { statements(from: "2026-03-01", to: "2026-03-31") { file { url } } }'
    paths = [
        await link_path(billing, CLIENT, INVOICE_FILE, id=invoice, form="PDF"),
        await link_path(billing, CLIENT, "query($id: ID!) { estimate(id: $id) { file { url } } }", id=estimate["id"]),
        await link_path(billing, CLIENT, statement),
    ]
    for path in paths:
        answer = await billing.get(path)
        assert (answer.status, answer.body[:5]) == (200, b"%PDF-")
    page = await billing.get(await link_path(billing, CLIENT, INVOICE_FILE, id=invoice, form="PRINT"))
    assert "Élan №5" in page.text
    assert (await billing.get(paths[0][:-8] + "x" * 8)).status == 404
    billing.clock.advance(minutes=6)
    assert (await billing.get(paths[0])).status == 404


async def test_an_accepted_estimate_names_who_accepted_it_and_when(billing: Running) -> None:
    """The page carries the day and the contact's latest name; before identity told a name, the day alone."""
    estimate = await billing.estimate("createEstimate", **content())
    await billing.estimate("sendEstimate", estimateId=estimate["id"])
    await billing.estimate("acceptEstimate", CLIENT, estimateId=estimate["id"], revision=1)
    show = "query($id: ID!) { estimate(id: $id) { file(form: PRINT) { url } } }"
    path = await link_path(billing, CLIENT, show, id=estimate["id"])
    nameless = (await billing.get(path)).text
    told = {"contactId": CONTACT, "customerId": CUSTOMER, "organisationId": ORGANISATION}
    await billing.tell("identity.contact_added.v1", CONTACT, name="Carla Bianco", **told)
    await billing.tell("identity.contact_updated.v1", CONTACT, name="Carla Bianchi", **told)
    named = (await billing.get(path)).text
    assert "Carla" not in nameless
    assert re.search(r"10[^<]*2026 · Carla Bianchi", named)


async def test_a_printed_invoice_carries_logo_and_instructions(billing: Running) -> None:
    """The business's logo, how to pay by the offline modes offered, and both parties are on the page."""
    billing.identity.logos[ORGANISATION] = png()
    invoice = await sent_invoice(billing)
    page = (await billing.get(await link_path(billing, CLIENT, INVOICE_FILE, id=invoice, form="PRINT"))).text
    for text in ("data:image/png;base64,", "INV-000001", "Ahlund Studio", "Bianchi Srl", "1.234,50", "transfer"):
        assert text in page, text


async def test_a_link_shows_only_what_its_holder_may_see_when_it_is_opened(billing: Running) -> None:
    """A staff link to a draft works for staff; a client gets no link to what it must not see."""
    draft = await billing.invoice("createInvoice", **invoice_input())
    path = await link_path(billing, OWNER, INVOICE_FILE, id=draft["id"], form="PDF")
    assert (await billing.get(path)).status == 200
    assert await billing.subgraph.codes(INVOICE_FILE, CLIENT, id=draft["id"], form="PDF") == ["NOT_FOUND"]


async def test_other_services_ask_with_the_service_key_only(billing: Running) -> None:
    """Brief and PDF of a document of the named organisation; everything else is 401 or 404."""
    invoice = await sent_invoice(billing)
    draft = (await billing.estimate("createEstimate", **content()))["id"]
    path = f"/internal/documents/{invoice}"
    assert (await billing.get(f"{path}?organisation={ORGANISATION}")).status == 401
    wrong = await billing.get(f"{path}?organisation={ORGANISATION}", service_key="wrong-service-key")
    assert wrong.status == 401
    brief = await billing.get(f"{path}?organisation={ORGANISATION}", service_key=SERVICE_KEY)
    told = {"customerId": CUSTOMER, "number": "INV-000001", "sent": True, "documentType": "invoice", "sequence": 2}
    assert told.items() <= json.loads(brief.body).items()
    unsent = await billing.get(f"/internal/documents/{draft}?organisation={ORGANISATION}", service_key=SERVICE_KEY)
    assert {"number": None, "sent": False}.items() <= json.loads(unsent.body).items()
    pdf = await billing.get(f"{path}/pdf?organisation={ORGANISATION}", service_key=SERVICE_KEY)
    assert (pdf.status, pdf.body[:5]) == (200, b"%PDF-")
    for missing in (f"{path}?organisation={OTHER_ORGANISATION}", f"{path}/pdf?organisation={OTHER_ORGANISATION}", path):
        assert (await billing.get(missing, service_key=SERVICE_KEY)).status == 404
    nonsense = await billing.get(f"/internal/documents/x?organisation={ORGANISATION}", service_key=SERVICE_KEY)
    assert nonsense.status == 404


async def heard(billing: Running, by: Principal, count: int, document_id: str | None = None) -> list[Any]:
    """Return the next documents that a follower is shown."""
    views: list[EstimateView | InvoiceView] = []
    async for view in billing.service.application.queries.changes.of(by, document_id):
        views.append(view)
        if len(views) == count:
            break
    return [view.invoice.id if isinstance(view, InvoiceView) else view.id for view in views]


async def following(billing: Running, listeners: int) -> None:
    """Return when this many follow."""
    await eventually(lambda: billing.service.live.listening(ORGANISATION) >= listeners, f"{listeners} listeners")


async def test_followers_hear_of_what_they_may_see(billing: Running) -> None:
    """Staff hear of drafts, the client only of what was sent, another client of nothing."""
    staff = asyncio.create_task(heard(billing, OWNER, 2))
    client = asyncio.create_task(heard(billing, CLIENT, 1))
    other = asyncio.create_task(heard(billing, OTHER_CLIENT, 1))
    await following(billing, 3)
    draft = (await billing.estimate("createEstimate", **content()))["id"]
    await billing.drain()
    invoice = await sent_invoice(billing)
    await billing.drain()
    async with asyncio.timeout(LIMIT):
        assert (await staff)[0] == draft
        assert await client == [invoice]
    assert not other.done()
    other.cancel()


async def test_following_a_document_that_one_may_not_see_is_refused(billing: Running) -> None:
    """It looks like one that does not exist."""
    draft = (await billing.estimate("createEstimate", **content()))["id"]
    with pytest.raises(NotFound):
        await heard(billing, CLIENT, 1, draft)


async def test_a_stream_ends_with_its_session(billing: Running) -> None:
    """After identity told that the session ended, nothing more is shown, and tokens are refused."""
    listening = Principal(
        id=CLIENT.id, organisation_id=ORGANISATION, role=CLIENT.role, customer_id=CUSTOMER, session_id="ses_1"
    )
    stream = asyncio.create_task(heard(billing, listening, 1))
    await following(billing, 1)
    await billing.tell(
        "identity.sessions_ended.v1",
        CLIENT.id,
        principalId=CLIENT.id,
        sessionIds=["ses_1"],
        endedAt="2026-03-10T12:00:00Z",
    )
    await sent_invoice(billing)
    await billing.drain()
    async with asyncio.timeout(LIMIT):
        assert await stream == []
    assert await billing.subgraph.codes("{ home { outstanding { currency } } }", listening) == [Unauthenticated.code]


async def test_the_subgraph_answers_only_the_gateway(billing: Running) -> None:
    """Without the gateway's key there is no answer, not even about the schema."""
    status, _ = await billing.subgraph.answer("{ _service { sdl } }", OWNER, key="wrong-gateway-key")
    assert status == 401
