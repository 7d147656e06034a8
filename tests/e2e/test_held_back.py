"""What people do at once, one step after the other, while no event gets from one service to another.

The workers of billing, collaboration and notifications stand still: nothing of billing's is relayed, nobody's events
are heard. Identity's worker runs, since it mails the invites.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.e2e.client import Client
from tests.e2e.running import RunningPortal
from tests.e2e.test_journey import FEED
from tests.e2e.world import Organisation, line, register, sent_estimate, sent_invoice
from tests.support.waiting import wait_until

FROZEN = ("billing worker", "collaboration worker", "notifications worker")
READ = """query($id: ID!) { invoice(id: $id) {
  number status customer { name } comments { totalCount nodes { text author { name } } } file { url } } }"""
HOME = """{ me { name } home { outstanding { balance { amount } invoices } estimatesToAnswer { id } } }"""


@contextmanager
def events_held_back(portal: RunningPortal) -> Iterator[None]:
    """Let no event get anywhere while the block runs."""
    for name in FROZEN:
        portal.children[name].signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for name in FROZEN:
            portal.children[name].signal(signal.SIGCONT)


def comment(by: Client, document: str, text: str, **given: Any) -> str:
    """Write a comment and return its id."""
    return by.once("addComment", "comment { id }", documentId=document, text=text, **given)["comment"]["id"]


def test_a_whole_journey_without_a_single_event(portal: RunningPortal, visitor: Client) -> None:
    """From registration to payment every step is taken as soon as the one before it is answered; later all is told."""
    with events_held_back(portal):
        organisation = register(portal, visitor, "Hasty Business")
        owner = organisation.owner
        customer = organisation.add_customer("Hasty Client Ltd")
        invoice = sent_invoice(organisation, customer)["id"]
        comment(owner, invoice, "Welcome aboard", displayInPortal=True)
        zoe = organisation.welcome(customer, "Zoe Hasty")
        assert_read(zoe.client, invoice, "Welcome aboard")
        answered_by_the_client(organisation, zoe.client, customer, invoice)
    wait_until(lambda: {"DOCUMENT_SENT", "REPLY_ADDED"} <= kinds_in(zoe.client))
    wait_until(lambda: {"COMMENT_ADDED", "DOCUMENT_VIEWED", "ESTIMATE_ACCEPTED"} <= kinds_in(owner))


def kinds_in(reader: Client) -> set[str]:
    """Return the kinds of the entries in somebody's feed."""
    return {node["kind"] for node in reader.ask(FEED)["notifications"]["nodes"]}


def assert_read(client: Client, invoice: str, text: str) -> None:
    """The contact sees the invoice, what was said about it, and what is owed."""
    home = client.ask(HOME)
    assert home["home"]["outstanding"] == [{"balance": {"amount": "119.00"}, "invoices": 1}]
    found = client.ask(READ, id=invoice)["invoice"]
    assert (found["status"], found["customer"]["name"]) == ("SENT", "Hasty Client Ltd")
    assert [node["text"] for node in found["comments"]["nodes"]] == [text]
    assert client.http.get(found["file"]["url"]).content.startswith(b"%PDF-")


def answered_by_the_client(organisation: Organisation, client: Client, customer: str, invoice: str) -> None:
    """The contact comments, views, forwards, accepts an estimate of this second, and discusses it."""
    comment(client, invoice, "Thank you")
    client.once("recordDocumentView", "view { count }", documentId=invoice)
    client.once(
        "forwardDocument", "forward { id }", documentId=invoice, recipientName="Ada", recipientEmail="a@b.example"
    )
    estimate = sent_estimate(organisation, customer, lines=[line("More work")])
    comment(client, estimate["id"], "Is that all?")
    comment(organisation.owner, estimate["id"], "It is", displayInPortal=True)
    answer = {"estimateId": estimate["id"], "revision": estimate["revision"]}
    accepted = client.once("acceptEstimate", "estimate { status comments { totalCount } }", **answer)["estimate"]
    assert accepted == {"status": "ACCEPTED", "comments": {"totalCount": 2}}


def test_a_portal_that_opens_again_is_open(portal: RunningPortal, organisation: Organisation) -> None:
    """After everybody heard that it closed, it opens, and who logs in at once sees everything that was there."""
    customer = organisation.add_customer("Patient Client Ltd")
    invoice = sent_invoice(organisation, customer)["id"]
    comment(organisation.owner, invoice, "Hello", displayInPortal=True)
    zoe = organisation.welcome(customer, "Zoe Patient")
    organisation.owner.once("disablePortal", "organisation { id }")
    wait_until(lambda: zoe.client.error_codes(READ, id=invoice) != [])
    with events_held_back(portal):
        opened = {"name": "Open again", "slug": organisation.slug}
        organisation.owner.once("enablePortal", "organisation { portal { enabled } }", **opened)
        again = organisation.log_in(zoe.email)
        found = again.ask(READ, id=invoice)["invoice"]
        assert [node["text"] for node in found["comments"]["nodes"]] == ["Hello"]
        comment(again, invoice, "I am back")
