"""Bad input gets a clear answer with a code, changes nothing, and leaves no secret in the logs."""

import re
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.client import Client
from tests.e2e.running import RunningPortal
from tests.e2e.world import PASSWORD, TERMS, Contact, Organisation, card_token, line, register, sent_invoice

UNKNOWN = "0" * 26
MEGABYTE = "x" * 1_000_000
SECRETS = ("canary-password-93", "canary-token-93", "4000056655665556")


class Scene:
    """One organisation with a client, an open invoice of 119.00 and a draft."""

    def __init__(self, portal: RunningPortal, visitor: Client) -> None:
        self.organisation: Organisation = register(portal, visitor, "Careful Business")
        self.owner = self.organisation.owner
        self.customer = self.organisation.add_customer("Client Ltd")
        self.zoe: Contact = self.organisation.welcome(self.customer, "Zoe Client")
        self.invoice = sent_invoice(self.organisation, self.customer)["id"]
        content = {"customerId": self.customer, "currency": "EUR", "lines": [line()]}
        self.draft = self.owner.once("createEstimate", "estimate { id }", **content)["estimate"]["id"]
        self.portal = portal

    def counted(self) -> Any:
        """Return how much there is of everything, and the state of the documents."""
        return self.owner.ask(
            """{
              invoices { totalCount nodes { status balance { amount } notes } }
              estimates { totalCount nodes { status } }
              customers { totalCount nodes { name } }
              contacts { totalCount nodes { email status } }
              payments { nodes { status } }
              staffMembers { totalCount }
            }"""
        )


@pytest.fixture(scope="module")
def scene(portal: RunningPortal) -> Scene:
    return Scene(portal, Client(portal.http, portal.gateway_url))


def content(scene: Scene, **given: Any) -> dict[str, Any]:
    terms = {"customerId": scene.customer, "currency": "EUR", "lines": [line()], "paymentTerms": TERMS}
    return {**terms, **given}


INVOICES: dict[str, tuple[dict[str, Any], set[str]]] = {
    "an unknown customer": ({"customerId": f"cus_{UNKNOWN}"}, {"NOT_FOUND"}),
    "an id of another kind": ({"customerId": f"inv_{UNKNOWN}"}, {"WRONG_ID_KIND"}),
    "no id at all": ({"customerId": "1; drop table"}, {"WRONG_ID_KIND"}),
    "an unknown currency": ({"currency": "XQZ"}, {"UNKNOWN_CURRENCY"}),
    "no line": ({"lines": []}, {"NO_LINES"}),
    "10,000 lines": ({"lines": [line()] * 10_000}, {"VALUE_TOO_LARGE"}),
    "a text of 1 MB": ({"notes": MEGABYTE}, {"TEXT_TOO_LONG", "PAYLOAD_TOO_LARGE"}),
    "a long text": ({"notes": "x" * 20_000}, {"TEXT_TOO_LONG"}),
    "control characters": ({"notes": "a\x00b\x1b[31m"}, {"CONTROL_CHARACTERS"}),
    "a card number": ({"notes": f"my card is {SECRETS[2]}"}, {"LOOKS_LIKE_CARD_NUMBER"}),
    "1,001 lines": ({"lines": [line()] * 1_001}, {"TOO_MANY_ENTRIES"}),
    "no way to pay": ({"paymentTerms": {"modes": []}}, {"NO_PAYMENT_MODES"}),
    "too many digits": ({"lines": [line(price="1.123456789012345678901")]}, {"TOO_MANY_DIGITS", "NUMBER_OUT_OF_RANGE"}),
    "a huge number": ({"lines": [line(price="9" * 30)]}, {"NUMBER_OUT_OF_RANGE", "TOO_MANY_DIGITS"}),
    "a negative tax": (
        {"lines": [line(taxes=[{"name": "VAT", "percent": "-5"}])]},
        {"NUMBER_OUT_OF_RANGE", "RATE_OUT_OF_RANGE"},
    ),
    "a float": ({"lines": [line(price=1.5)]}, {"BAD_USER_INPUT"}),
    "an exponent": ({"lines": [line(price="1e9")]}, {"BAD_USER_INPUT"}),
    "not a number": ({"lines": [line(price="NaN")]}, {"BAD_USER_INPUT"}),
    "a number of 10,000 digits": (
        {"lines": [line(price="1" * 10_000)]},
        {"BAD_USER_INPUT"},
    ),
    "no date": (
        {"paymentTerms": {**TERMS, "dueOn": "tomorrow"}},
        {"BAD_USER_INPUT"},
    ),
}
PAYMENTS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "zero": ({"amount": {"amount": "0.00", "currency": "EUR"}}, {"AMOUNT_NOT_POSITIVE"}),
    "a negative amount": ({"amount": {"amount": "-1.00", "currency": "EUR"}}, {"AMOUNT_NOT_POSITIVE"}),
    "more than the balance": ({"amount": {"amount": "119.01", "currency": "EUR"}}, {"AMOUNT_EXCEEDS_BALANCE"}),
    "too many digits": ({"amount": {"amount": "1.001", "currency": "EUR"}}, {"TOO_MANY_DIGITS", "NUMBER_OUT_OF_RANGE"}),
    "another currency": ({"amount": {"amount": "1.00", "currency": "USD"}}, {"CURRENCY_MISMATCH"}),
    "an unknown currency": ({"amount": {"amount": "1.00", "currency": "XQZ"}}, {"UNKNOWN_CURRENCY"}),
    "an unknown invoice": ({"invoiceId": f"inv_{UNKNOWN}"}, {"NOT_FOUND"}),
    "an id of another kind": ({"invoiceId": f"est_{UNKNOWN}"}, {"WRONG_ID_KIND"}),
    "a forged card token": ({"cardToken": SECRETS[1]}, {"CARD_TOKEN_INVALID"}),
    "a mode that is not offered": (
        {"mode": "CASH", "cardToken": None},
        {"PAYMENT_MODE_NOT_ALLOWED", "MODE_NOT_ONLINE"},
    ),
}
ADDRESSES = [
    "",
    "nobody",
    "a@",
    "@b.example",
    "a b@c.example",
    "a@b@c.example",
    "a@b.example\r\nBcc: x@y.example",
    "x" * 400,
]


def codes(client: Client, mutation: str, **given: Any) -> set[str]:
    """Return the codes of every refusal of a mutation, of whatever kind."""
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    text = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ userErrors {{ code field message }} }} }}"
    answer = client.send(text, input=given)
    errors = [error["extensions"]["code"] for error in answer.get("errors", [])]
    payload = (answer.get("data") or {}).get(mutation) or {"userErrors": []}
    assert all(error["message"] for error in payload["userErrors"])
    assert not re.search(r"Traceback|pymongo|services\.|graphql\.", str(answer))
    return {*errors, *(error["code"] for error in payload["userErrors"])}


@pytest.mark.parametrize("name", INVOICES)
def test_a_bad_invoice_is_refused(scene: Scene, name: str) -> None:
    """Each kind of nonsense in a document has its own code, and nothing is created."""
    before = scene.counted()
    given, wanted = INVOICES[name]
    told = codes(scene.owner, "createInvoice", **content(scene, **given), idempotencyKey=uuid4().hex)
    assert told, name
    assert told <= wanted
    assert scene.counted() == before


def test_a_long_invoice_is_taken(scene: Scene) -> None:
    """As many lines as the schema promises pass the gateway, and come out to the cent."""
    long = content(scene, lines=[line(price="0.01")] * 1_000)
    made = scene.owner.once("createInvoice", "invoice { total { amount } lines { description } }", **long)["invoice"]
    assert (made["total"]["amount"], len(made["lines"])) == ("11.90", 1_000)


@pytest.mark.parametrize("name", PAYMENTS)
def test_a_bad_payment_is_refused(scene: Scene, name: str) -> None:
    """Each kind of wrong amount, invoice or card is refused, and nothing is paid or held."""
    before = scene.counted()
    given, wanted = PAYMENTS[name]
    given = {"invoiceId": scene.invoice, "cardToken": card_token(scene.zoe.client), **given}
    told = codes(scene.zoe.client, "payInvoice", **given, idempotencyKey=uuid4().hex)
    assert told, name
    assert told <= wanted
    assert scene.counted() == before


@pytest.mark.parametrize("address", ADDRESSES, ids=range(len(ADDRESSES)))
def test_an_address_that_is_none_is_refused(scene: Scene, address: str) -> None:
    """No contact is added, and nothing forwarded, to what is no e-mail address."""
    before = scene.counted()
    told = codes(
        scene.owner, "addContact", customerId=scene.customer, name="X", email=address, idempotencyKey=uuid4().hex
    )
    assert told <= {"INVALID_EMAIL", "CONTROL_CHARACTERS", "TEXT_TOO_LONG", "TEXT_REQUIRED"}
    assert told
    assert codes(
        scene.zoe.client,
        "forwardDocument",
        documentId=scene.invoice,
        recipientName="X",
        recipientEmail=address,
        idempotencyKey=uuid4().hex,
    ) <= {"INVALID_EMAIL", "CONTROL_CHARACTERS", "TEXT_TOO_LONG", "TEXT_REQUIRED"}
    assert scene.counted() == before


@pytest.mark.parametrize(
    ("mutation", "given", "code"),
    [
        ("acceptEstimate", {"revision": 1}, "NOT_FOUND"),
        ("declineEstimate", {"revision": 1, "reason": "no"}, "NOT_FOUND"),
    ],
)
def test_a_draft_is_not_there_for_clients(scene: Scene, mutation: str, given: dict[str, Any], code: str) -> None:
    """A client can answer nothing that was not sent, and learns nothing of it."""
    assert scene.zoe.client.refused(mutation, estimateId=scene.draft, **given) == [code]


@pytest.mark.parametrize(
    ("mutation", "given", "wanted"),
    [
        ("convertEstimate", {"paymentTerms": TERMS}, "ESTIMATE_NOT_ACCEPTED"),
        ("reviseEstimate", {}, "ESTIMATE_NOT_REVISABLE"),
    ],
)
def test_a_step_that_the_state_does_not_allow_is_refused(
    scene: Scene, mutation: str, given: dict[str, Any], wanted: str
) -> None:
    """A draft can be neither converted nor revised."""
    before = scene.counted()
    assert scene.owner.refused(mutation, estimateId=scene.draft, **given) == [wanted]
    assert scene.owner.refused("sendInvoice", invoiceId=scene.invoice) == ["INVOICE_NOT_DRAFT"]
    assert scene.counted() == before


def test_an_invoice_that_is_due_in_the_past_is_not_sent(scene: Scene) -> None:
    """A due date that has passed is refused when the invoice is sent; it stays a draft without a number."""
    past = content(scene, paymentTerms={**TERMS, "dueOn": "2001-01-01"})
    made = scene.owner.try_to("createInvoice", "invoice { id }", **past, idempotencyKey=uuid4().hex)["invoice"]
    assert scene.owner.refused("sendInvoice", invoiceId=made["id"]) == ["DATE_PASSED"]
    query = "query($id: ID!) { invoice(id: $id) { number status } }"
    assert scene.owner.ask(query, id=made["id"])["invoice"] == {"number": None, "status": "DRAFT"}


def test_a_link_works_once(scene: Scene) -> None:
    """An invite that was accepted, replaced or revoked opens nothing; a look at it changes nothing."""
    organisation = scene.organisation
    contact, email = organisation.add_contact(scene.customer, "Ida Invited")
    organisation.invite(contact)
    first = organisation.link_token(email)
    scene.owner.once("resendInvite", "person { id }", id=contact)
    second = organisation.link_token(email, after=1)
    preview = "query($t: String!) { previewInvite(token: $t) { state } }"
    assert organisation.visitor.ask(preview, t=second)["previewInvite"]["state"] == "OPEN"
    assert organisation.visitor.ask(preview, t=first)["previewInvite"]["state"] == "GONE"
    accept = {"password": PASSWORD}
    assert codes(organisation.visitor, "acceptInvite", token=first, **accept) == {"LINK_NOT_VALID"}
    assert codes(organisation.visitor, "acceptInvite", token=second, **accept) == set()
    assert codes(organisation.visitor, "acceptInvite", token=second, **accept) == {"LINK_NOT_VALID"}
    assert codes(organisation.visitor, "acceptInvite", token=SECRETS[1], **accept) == {"LINK_NOT_VALID"}


@pytest.mark.parametrize(
    "token", ["x", f"{SECRETS[1]}.{SECRETS[1]}.x", "a.b.c", "Bearer", "Bearer x", "..", "0" * 5000]
)
def test_a_forged_token_is_refused(scene: Scene, token: str) -> None:
    """A token that identity did not sign is as good as none."""
    headers = {"authorization": f"Bearer {token}".encode()}
    answer = scene.portal.http.post(
        f"{scene.portal.gateway_url}/graphql", json={"query": "{ me { id } invoices { totalCount } }"}, headers=headers
    )
    told = {error["extensions"]["code"] for error in answer.json()["errors"]}
    assert told <= {"UNAUTHENTICATED", "BAD_REQUEST", "INVALID_HEADER"}
    assert told


def test_a_refresh_token_that_was_used_ends_the_session(scene: Scene) -> None:
    """The replay of a refresh token whose successor is used ends the whole family, the honest holder's included."""
    client = scene.organisation.log_in(scene.zoe.email)
    shown = "session { refreshToken }"
    fresh = client.refresh_token
    for _ in range(2):
        fresh = client.do("refreshSession", shown, refreshToken=fresh)["session"]["refreshToken"]
    assert codes(client, "refreshSession", refreshToken=client.refresh_token) == {"SESSION_ENDED"}
    assert codes(client, "refreshSession", refreshToken=fresh) == {"SESSION_ENDED"}


def test_no_secret_is_in_the_logs(scene: Scene) -> None:
    """Passwords, tokens and card numbers that were sent, rightly or wrongly, are in no log of any process."""
    codes(scene.organisation.visitor, "logIn", email=scene.zoe.email, password=SECRETS[0], portal="x")
    token = scene.zoe.client.token or ""
    for name in scene.portal.children:
        log = scene.portal.log(name)
        assert [secret for secret in (*SECRETS, PASSWORD, token, MEGABYTE[:1000]) if secret in log] == [], name
