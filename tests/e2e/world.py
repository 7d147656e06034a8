"""Steps that many end-to-end tests begin with, each through the API as a front end would do it."""

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.e2e.client import Client
from tests.e2e.running import RunningPortal
from tests.support.waiting import wait_until

PASSWORD = "correct horse battery 7"
SESSION = "session { accessToken refreshToken person { id name } }"
ADDRESS = {"line1": "1 Main Street", "city": "Berlin", "postalCode": "10115", "country": "DE"}
LINK = re.compile(r"https://portal\.example/\S*?([A-Za-z0-9_.~-]{20,})")


@dataclass
class Contact:
    """A contact who can log in."""

    id: str
    email: str
    customer_id: str
    client: Client
    password: str = PASSWORD


@dataclass
class Organisation:
    """An organisation and its owner."""

    portal: RunningPortal
    id: str
    name: str
    slug: str
    owner: Client
    owner_email: str
    visitor: Client
    customers: list[str] = field(default_factory=list[str])

    def add_customer(self, name: str, **given: Any) -> str:
        """Create a client company and return its id."""
        given = {"currency": "EUR", "billingAddress": ADDRESS, **given}
        customer = self.owner.once("createCustomer", "customer { id }", name=name, **given)["customer"]
        self.customers.append(customer["id"])
        return customer["id"]

    def add_contact(self, customer_id: str, name: str, **given: Any) -> tuple[str, str]:
        """Add a contact person and return the id and e-mail address."""
        email = f"{name.lower().replace(' ', '.')}.{uuid4().hex[:8]}@client.example"
        contact = self.owner.once(
            "addContact", "contact { id }", customerId=customer_id, name=name, email=email, **given
        )
        return contact["contact"]["id"], email

    def invite(self, contact_id: str) -> None:
        """Invite a contact."""
        results = self.owner.once("inviteContacts", "results { contactId userError { code } }", contactIds=[contact_id])
        assert results["results"] == [{"contactId": contact_id, "userError": None}]

    def link_token(self, email: str, after: int = 0) -> str:
        """Return the secret of the newest link that was mailed to an address. See `mailed_link`."""
        return mailed_link(self.portal, email, after)

    def welcome(self, customer_id: str, name: str, **given: Any) -> Contact:
        """Add a contact who is invited, accepts and is logged in."""
        contact_id, email = self.add_contact(customer_id, name, **given)
        self.invite(contact_id)
        token = self.link_token(email)
        session = self.visitor.do("acceptInvite", SESSION, token=token, password=PASSWORD)["session"]
        return Contact(contact_id, email, customer_id, self.visitor.as_session(session))

    def log_in(self, email: str, password: str = PASSWORD) -> Client:
        """Log in at this organisation's portal."""
        session = self.visitor.do("logIn", SESSION, email=email, password=password, portal=self.slug)["session"]
        return self.visitor.as_session(session)

    def refused_log_in(self, email: str, password: str = PASSWORD) -> list[str]:
        """Try to log in and return the codes of the refusal."""
        given = {"email": email, "password": password, "portal": self.slug}
        return [error["code"] for error in self.visitor.try_to("logIn", SESSION, **given)["userErrors"]]


def mailed_link(portal: RunningPortal, email: str, after: int = 0) -> str:
    """Return the secret of the newest link that was mailed to an address, once more than `after` of them came.

    Other mails may come first: a document reaches the only contact of a company before there is an access.
    """

    def links() -> list[str]:
        texts = (body.get_content() for mail in portal.mails_to(email) if (body := mail.get_body(("plain",))))
        return [found[1] for text in texts if (found := LINK.search(text))]

    return wait_until(lambda: (found := links()) and len(found) > after and found)[-1]


def register(portal: RunningPortal, visitor: Client, name: str) -> Organisation:
    """Register an organisation, enable its portal, and return it with its owner logged in."""
    email = f"owner.{uuid4().hex[:8]}@business.example"
    payload = visitor.once(
        "registerOrganisation",
        f"organisation {{ id }} {SESSION}",
        name=name,
        timeZone="Europe/Berlin",
        locale="en-GB",
        currency="EUR",
        address=ADDRESS,
        owner={"name": "Olivia Owner", "email": email, "password": PASSWORD},
    )
    owner = visitor.as_session(confirmed(portal, visitor, payload["session"], email))
    slug = f"portal-{uuid4().hex[:10]}"
    owner.once("enablePortal", "organisation { portal { enabled } }", name=f"{name} portal", slug=slug)
    return Organisation(portal, payload["organisation"]["id"], name, slug, owner, email, visitor)


def confirmed(portal: RunningPortal, visitor: Client, session: dict[str, Any], email: str) -> dict[str, Any]:
    """Confirm the address of a registration by the link in its mail; returns a session that knows of it."""
    visitor.as_session(session).do("confirmEmail", "done", token=mailed_link(portal, email))
    return visitor.do("refreshSession", SESSION, refreshToken=session["refreshToken"])["session"]


def line(description: str = "Work", price: str = "100.00", quantity: str = "1", **given: Any) -> dict[str, Any]:
    """Return a document line with 19 % VAT."""
    vat = [{"name": "VAT", "percent": "19"}]
    return {"description": description, "quantity": quantity, "unitPrice": price, "taxes": vat, **given}


TERMS = {"modes": ["CARD", "BANK_TRANSFER"], "partialPaymentsAllowed": True}
CARD_FORM = {
    "expiry": "12/40",
    "cvv": "123",
    "name": "Zoe Client",
    "line1": "1 Main Street",
    "city": "Berlin",
    "postal_code": "10115",
    "country": "DE",
}
GOOD_CARD = "4242424242424242"
CARD_WITH_CHALLENGE = "4000002760003184"


def card_token(contact: Client, number: str = GOOD_CARD) -> str:
    """Fill in the provider's card form as the contact's browser would, and return the one-time token."""
    url = contact.do("createCardSession", "url", origin="https://portal.example")["url"]
    answer = contact.http.post(url, data={**CARD_FORM, "number": number}, headers={"accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return answer.json()["token"]


def answer_challenge(contact: Client, redirect_url: str, result: str = "approve") -> None:
    """Answer the card issuer's 3-D Secure question."""
    answer = contact.http.post(redirect_url, data={"result": result}, headers={"accept": "application/json"})
    assert answer.status_code == 200, answer.text


def sent_estimate(organisation: Organisation, customer_id: str, **given: Any) -> dict[str, Any]:
    """Create and send an estimate; return its id and revision."""
    content = {"customerId": customer_id, "currency": "EUR", "lines": [line()], **given}
    made = organisation.owner.once("createEstimate", "estimate { id }", **content)["estimate"]
    shown = "estimate { id number revision status total { amount currency } }"
    return organisation.owner.once("sendEstimate", shown, estimateId=made["id"])["estimate"]


def sent_invoice(organisation: Organisation, customer_id: str, **given: Any) -> dict[str, Any]:
    """Create and send an invoice; return its id and number."""
    content = {"customerId": customer_id, "currency": "EUR", "lines": [line()], "paymentTerms": TERMS, **given}
    made = organisation.owner.once("createInvoice", "invoice { id }", **content)["invoice"]
    shown = "invoice { id number status total { amount currency } }"
    return organisation.owner.once("sendInvoice", shown, invoiceId=made["id"])["invoice"]
