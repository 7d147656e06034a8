"""The portal's main job, from the registration of a business to the statement of its client.

Over HTTP through the gateway, with every service as its own process and RabbitMQ between them.
"""

from typing import Any
from uuid import uuid4

from pypdf import PdfReader

from tests.e2e.client import Client
from tests.e2e.running import RunningPortal
from tests.e2e.world import (
    CARD_WITH_CHALLENGE,
    PASSWORD,
    TERMS,
    Contact,
    Organisation,
    answer_challenge,
    card_token,
    line,
    register,
    sent_estimate,
)
from tests.support.waiting import wait_until

DOCUMENT = """query($id: ID!) { estimate(id: $id) {
  id number status revision declineReason total { amount currency }
  revisions { number status total { amount } declineReason }
  customer { name }
  comments { totalCount nodes { text visibility author { __typename name } } }
  views { count contact { id name } }
} }"""
INVOICE = """query($id: ID!) { invoice(id: $id) {
  id number status total { amount } paid { amount } balance { amount currency } estimate { id } estimateRevision
} }"""
FEED = "{ unreadNotificationCount notifications { nodes { kind title document { id number } actor { name } } } }"


def test_the_whole_journey(portal: RunningPortal, visitor: Client, organisation: Organisation) -> None:
    """A business and its client go all the way, and nobody else sees anything of it."""
    customer = organisation.add_customer("Client Ltd")
    zoe, second = organisation.welcome(customer, "Zoe Client"), organisation.welcome(customer, "Yan Client")
    outsiders = make_outsiders(portal, visitor, organisation)

    estimate = sent_estimate(organisation, customer, lines=[line(price="500.00")])
    assert (estimate["status"], estimate["revision"], estimate["total"]["amount"]) == ("SENT", 1, "595.00")
    discuss(organisation, zoe, estimate["id"])
    nobody_else_sees(outsiders, estimate["id"], "estimate")

    revise_after_decline(organisation, zoe, estimate["id"])
    accept_the_second_revision(zoe, second, estimate["id"])
    invoice = convert_once(organisation, estimate["id"])
    pay_in_two_parts(organisation, zoe, invoice)
    nobody_else_sees(outsiders, invoice["id"], "invoice")

    both_sides_are_told(portal, organisation, zoe, invoice)
    forward_to_a_third_person(portal, organisation, zoe, invoice)
    read_the_statement(zoe, outsiders, invoice)
    change_the_password(organisation, zoe)


def make_outsiders(portal: RunningPortal, visitor: Client, organisation: Organisation) -> list[Client]:
    """Return another client's contact, another organisation's owner and contact, and nobody at all."""
    rival = organisation.welcome(organisation.add_customer("Rival Ltd"), "Rita Rival")
    other = register(portal, visitor, "Other Business")
    stranger = other.welcome(other.add_customer("Stranger Ltd"), "Sam Stranger")
    return [rival.client, other.owner, stranger.client, visitor]


def nobody_else_sees(outsiders: list[Client], document_id: str, kind: str) -> None:
    """Outsiders get the same answer as for a document that does not exist, and may do nothing with it."""
    unknown = f"{kind[:3]}_{'0' * 26}"
    query = f"query($id: ID!) {{ {kind}(id: $id) {{ number total {{ amount }} comments {{ totalCount }} }} }}"
    for outsider in outsiders:
        assert outsider.send(query, id=document_id) == outsider.send(query, id=unknown)
        assert outsider.send(query, id=document_id)["data"] == {kind: None}
    for outsider in outsiders[:-1]:
        assert outsider.refused("addComment", documentId=document_id, text="Let me in") == ["NOT_FOUND"]


def discuss(organisation: Organisation, zoe: Contact, estimate_id: str) -> None:
    """The contact looks and asks; staff answer twice, once internally; the client sees the visible answer only."""
    before = organisation.owner.ask(DOCUMENT, id=estimate_id)["estimate"]
    zoe.client.ask(DOCUMENT, id=estimate_id)
    assert (before["views"], organisation.owner.ask(DOCUMENT, id=estimate_id)["estimate"]["views"]) == ([], [])

    zoe.client.once("recordDocumentView", "view { count }", documentId=estimate_id)
    viewed = organisation.owner.ask(DOCUMENT, id=estimate_id)["estimate"]["views"]
    assert viewed == [{"count": 1, "contact": {"id": zoe.id, "name": "Zoe Client"}}]

    zoe.client.once("addComment", "comment { id }", documentId=estimate_id, text="Is there a discount?")
    organisation.owner.once("addComment", "comment { id }", documentId=estimate_id, text="Ten percent at most")
    organisation.owner.once(
        "addComment", "comment { id }", documentId=estimate_id, text="Let us talk", displayInPortal=True
    )
    shown = organisation.owner.ask(DOCUMENT, id=estimate_id)["estimate"]["comments"]
    assert [(node["text"], node["visibility"], node["author"]["name"]) for node in shown["nodes"]] == [
        ("Is there a discount?", "PORTAL", "Zoe Client"),
        ("Ten percent at most", "INTERNAL", "Olivia Owner"),
        ("Let us talk", "PORTAL", "Olivia Owner"),
    ]
    seen = zoe.client.ask(DOCUMENT, id=estimate_id)["estimate"]
    assert [node["text"] for node in seen["comments"]["nodes"]] == ["Is there a discount?", "Let us talk"]
    assert (seen["comments"]["totalCount"], seen["views"], seen["customer"]) == (2, None, {"name": "Client Ltd"})


def revise_after_decline(organisation: Organisation, zoe: Contact, estimate_id: str) -> None:
    """The client declines with a reason; staff rework it; until it is sent again the client sees the old revision."""
    declined = zoe.client.once(
        "declineEstimate", "estimate { status declineReason }", estimateId=estimate_id, revision=1, reason="Too much"
    )
    assert declined["estimate"] == {"status": "DECLINED", "declineReason": "Too much"}
    organisation.owner.once("reviseEstimate", "estimate { status revision }", estimateId=estimate_id)
    organisation.owner.once(
        "updateEstimate",
        "estimate { total { amount } }",
        estimateId=estimate_id,
        customerId=organisation.customers[0],
        currency="EUR",
        lines=[line(price="450.00")],
    )
    old = zoe.client.ask(DOCUMENT, id=estimate_id)["estimate"]
    assert (old["revision"], old["status"], old["total"]["amount"]) == (1, "DECLINED", "595.00")
    organisation.owner.once("sendEstimate", "estimate { status }", estimateId=estimate_id)


def accept_the_second_revision(zoe: Contact, second: Contact, estimate_id: str) -> None:
    """An acceptance names the revision; the old one can no longer be accepted, and it is accepted once only."""
    assert zoe.client.refused("acceptEstimate", estimateId=estimate_id, revision=1) == ["REVISION_OUTDATED"]
    accepted = zoe.client.once("acceptEstimate", "estimate { status revision }", estimateId=estimate_id, revision=2)
    assert accepted["estimate"] == {"status": "ACCEPTED", "revision": 2}
    assert second.client.refused("declineEstimate", estimateId=estimate_id, revision=2, reason="No") == [
        "ESTIMATE_NOT_SENT"
    ]
    seen = zoe.client.ask(DOCUMENT, id=estimate_id)["estimate"]
    assert [(one["number"], one["status"], one["total"]["amount"]) for one in seen["revisions"]] == [
        (1, "DECLINED", "595.00"),
        (2, "ACCEPTED", "535.50"),
    ]


def convert_once(organisation: Organisation, estimate_id: str) -> dict[str, Any]:
    """The accepted estimate becomes one invoice, however often staff ask; it is then sent."""
    convert = {"estimateId": estimate_id, "paymentTerms": TERMS}
    first = organisation.owner.once("convertEstimate", "invoice { id status number }", **convert)["invoice"]
    again = organisation.owner.try_to(
        "convertEstimate", "invoice { id }", **convert, idempotencyKey="another-key-for-the-same"
    )
    assert again["userErrors"] or again["invoice"]["id"] == first["id"]
    assert (first["status"], first["number"]) == ("DRAFT", None)
    organisation.owner.once("sendInvoice", "invoice { status }", invoiceId=first["id"])
    invoice = organisation.owner.ask(INVOICE, id=first["id"])["invoice"]
    assert (invoice["status"], invoice["balance"]["amount"], invoice["estimateRevision"]) == ("SENT", "535.50", 2)
    assert invoice["estimate"] == {"id": estimate_id}
    return invoice


def pay_in_two_parts(organisation: Organisation, zoe: Contact, invoice: dict[str, Any]) -> None:
    """Half by a card with 3-D Secure that is saved, the rest with the saved card; never more than is owed."""
    amount = {"amount": "267.75", "currency": "EUR"}
    shown = "payment { id status amount { amount } nextAction { redirectUrl } card { lastFour } }"
    payment = zoe.client.once(
        "payInvoice",
        shown,
        invoiceId=invoice["id"],
        amount=amount,
        cardToken=card_token(zoe.client, CARD_WITH_CHALLENGE),
        saveCard=True,
        returnUrl="https://portal.example/paid",
    )["payment"]
    assert (payment["status"], payment["amount"]["amount"]) == ("REQUIRES_ACTION", "267.75")
    too_much = {"amount": "535.51", "currency": "EUR"}
    assert zoe.client.refused(
        "payInvoice", invoiceId=invoice["id"], amount=too_much, cardToken=card_token(zoe.client)
    ) == ["AMOUNT_EXCEEDS_BALANCE"]

    answer_challenge(zoe.client, payment["nextAction"]["redirectUrl"])
    confirmed = zoe.client.do("confirmPayment", "payment { status }", paymentId=payment["id"])
    assert confirmed["payment"]["status"] in {"SUCCEEDED", "PROCESSING"}
    half = wait_until(
        lambda: (seen := zoe.client.ask(INVOICE, id=invoice["id"])["invoice"])["paid"]["amount"] != "0.00" and seen
    )
    assert (half["status"], half["balance"]["amount"]) == ("PARTIALLY_PAID", "267.75")

    (card,) = wait_until(lambda: zoe.client.ask("{ savedCards { id brand lastFour isDefault } }")["savedCards"])
    assert (card["lastFour"], card["isDefault"]) == ("3184", True)
    rest = zoe.client.once("payInvoice", shown, invoiceId=invoice["id"], savedCardId=card["id"])["payment"]
    if rest["status"] == "REQUIRES_ACTION":
        answer_challenge(zoe.client, rest["nextAction"]["redirectUrl"])
        zoe.client.do("confirmPayment", "payment { status }", paymentId=rest["id"])
    paid = wait_until(
        lambda: (seen := zoe.client.ask(INVOICE, id=invoice["id"])["invoice"])["status"] == "PAID" and seen
    )
    assert (paid["paid"]["amount"], paid["balance"]["amount"]) == ("535.50", "0.00")
    assert zoe.client.refused("payInvoice", invoiceId=invoice["id"], savedCardId=card["id"]) == ["INVOICE_NOT_OPEN"]
    assert organisation.owner.ask("{ savedCards { id } }")["savedCards"] == []


def both_sides_are_told(
    portal: RunningPortal, organisation: Organisation, zoe: Contact, invoice: dict[str, Any]
) -> None:
    """Each side has its notifications and mails, with the receipt as a PDF."""
    staff_kinds = {"DOCUMENT_VIEWED", "COMMENT_ADDED", "ESTIMATE_DECLINED", "ESTIMATE_ACCEPTED", "PAYMENT_RECEIVED"}
    wait_until(lambda: kinds(organisation.owner) == staff_kinds)
    wait_until(lambda: kinds(zoe.client) == {"DOCUMENT_SENT", "REPLY_ADDED", "PAYMENT_RECEIVED"})
    feed = zoe.client.ask(FEED)["notifications"]["nodes"]
    assert {node["document"]["number"] for node in feed if node["document"]["id"] == invoice["id"]} == {
        invoice["number"]
    }

    to_owner = wait_until(lambda: len(found := portal.mails_to(organisation.owner_email)) >= 6 and found)
    to_zoe = wait_until(lambda: len(found := portal.mails_to(zoe.email)) >= 7 and found)
    subjects = [str(mail["Subject"]) for mail in to_owner]
    assert subjects.count("Client Ltd has paid €267.75") == 2
    assert f"Client Ltd has accepted estimate {invoice['number'].replace('INV', 'EST')}" in subjects
    receipts = [
        part for mail in to_zoe for part in mail.iter_attachments() if part.get_content_type() == "application/pdf"
    ]
    assert receipts
    everything = "".join(mail.as_string() for mail in to_zoe)
    assert "Ten percent at most" not in everything

    receipt = zoe.client.ask(
        "query($id: ID!) { payments(invoiceId: $id) { nodes { status receipt { url } } } }", id=invoice["id"]
    )["payments"]["nodes"]
    assert [one["status"] for one in receipt] == ["SUCCEEDED", "SUCCEEDED"]
    assert "267.75" in pdf_text(zoe.client, receipt[0]["receipt"]["url"])


def kinds(client: Client) -> set[str]:
    return {node["kind"] for node in client.ask(FEED)["notifications"]["nodes"]}


def forward_to_a_third_person(
    portal: RunningPortal, organisation: Organisation, zoe: Contact, invoice: dict[str, Any]
) -> None:
    """The forwarded person gets the PDF by mail and becomes a contact without access."""
    theo_at = f"theo.third.{uuid4().hex[:8]}@accounting.example"
    zoe.client.once(
        "forwardDocument",
        "forward { recipientEmail }",
        documentId=invoice["id"],
        recipientName="Theo Third",
        recipientEmail=theo_at,
    )
    (mail,) = wait_until(lambda: portal.mails_to(theo_at))
    assert [part.get_content_type() for part in mail.iter_attachments()] == ["application/pdf"]
    find = '{ contacts(filter: {search: "theo.third"}) { nodes { name status customer { id } } } }'
    (theo,) = wait_until(lambda: organisation.owner.ask(find)["contacts"]["nodes"])
    assert theo == {"name": "Theo Third", "status": "NOT_INVITED", "customer": {"id": organisation.customers[0]}}
    assert organisation.refused_log_in(theo_at) == ["LOG_IN_REFUSED"]


def read_the_statement(zoe: Contact, outsiders: list[Client], invoice: dict[str, Any]) -> None:
    """The statement balances, its PDF says the same, and outsiders have none of it."""
    query = """{ statements(from: "2020-01-01", to: "2099-12-31") {
      currency openingBalance { amount } closingBalance { amount }
      rows { kind number debit { amount } credit { amount } balance { amount } } file { url }
    } }"""
    (statement,) = zoe.client.ask(query)["statements"]
    assert [
        (row["kind"], row["debit"]["amount"], row["credit"]["amount"], row["balance"]["amount"])
        for row in statement["rows"]
    ] == [
        ("INVOICE", "535.50", "0.00", "535.50"),
        ("PAYMENT", "0.00", "267.75", "267.75"),
        ("PAYMENT", "0.00", "267.75", "0.00"),
    ]
    assert (statement["openingBalance"]["amount"], statement["closingBalance"]["amount"]) == ("0.00", "0.00")
    text = pdf_text(zoe.client, statement["file"]["url"])
    assert invoice["number"] in text
    assert "535.50" in text
    for outsider in outsiders:
        assert invoice["number"] not in str(outsider.send(query))


def pdf_text(client: Client, url: str) -> str:
    """Fetch a PDF by its signed link, without a token, and return its text; a changed link opens nothing."""
    from io import BytesIO

    answer = client.http.get(url)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert client.http.get(url + "0").status_code in {400, 403, 404}
    return "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


def change_the_password(organisation: Organisation, zoe: Contact) -> None:
    """A changed password ends the person's other sessions at once, keeps this one, and is the only one that works."""
    other = organisation.log_in(zoe.email)
    assert other.ask("{ me { id } }") == {"me": {"id": zoe.id}}
    zoe.client.do("changePassword", "done", currentPassword=PASSWORD, newPassword="a new and longer one 8")
    wait_until(lambda: other.error_codes("{ me { id } }") == ["UNAUTHENTICATED"])
    wait_until(lambda: other.error_codes("{ invoices { totalCount } }") == ["UNAUTHENTICATED"])
    refused = other.try_to("refreshSession", "session { accessToken }", refreshToken=other.refresh_token)
    assert [error["code"] for error in refused["userErrors"]] == ["SESSION_ENDED"]
    assert zoe.client.ask("{ me { id } }") == {"me": {"id": zoe.id}}
    assert organisation.refused_log_in(zoe.email) == ["LOG_IN_REFUSED"]
    assert organisation.log_in(zoe.email, "a new and longer one 8").ask("{ me { name } }") == {
        "me": {"name": "Zoe Client"}
    }
