"""A person is exported whole and erased everywhere: what is left in any store is what the law keeps, and no name."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import aio_pika
import bson
import pymongo
from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue

from chassis.bus import EXCHANGE
from chassis.bus.topology import OWN_READERS, parking_name, queue_name
from tests.e2e.running import SERVICES, RunningPortal
from tests.e2e.world import CARD_FORM, GOOD_CARD, Contact, Organisation, line, sent_estimate, sent_invoice
from tests.support.waiting import eventually, wait_until

PART = "{ erasedAt items { service kind id at data kept } }"
DOCUMENT = (
    "query($id: ID!) { personalData(contactId: $id) { id erasureAskedAt "
    f"identity {PART} billing {PART} collaboration {PART} notifications {PART} }} }}"
)
AFTERWARDS = """query($id: ID!) { invoice(id: $id) {
  payments { status } comments { nodes { text author { name } } } forwards { recipientName } } }"""
Databases = list[pymongo.MongoClient[dict[str, Any]]]


@dataclass
class Person:
    """Somebody with a word of their own in every field that tells something of a person."""

    contact: Contact
    words: Mapping[str, str]
    invoice: str


def come(portal: RunningPortal, organisation: Organisation) -> Person:
    """Let a contact do everything that contacts do, and a colleague forward a document to the contact's address."""
    mark = uuid4().hex[:10]
    words = {word: f"{word}{mark}" for word in ("Quastenflosser", "Kapitan", "Inhaber", "Hafengasse", "Gruss", "Schau")}
    name, title, holder, street, note, message = words.values()
    customer = organisation.add_customer("Client Ltd")
    contact_id, first = organisation.add_contact(customer, name, phone=f"+49 30 {int(mark[:7], 16):09}", jobTitle=title)
    organisation.invite(contact_id)
    organisation.link_token(first)
    email = f"zweite.{name.lower()}@client.example"
    organisation.owner.once("updateContact", "contact { id }", id=contact_id, email=email)
    organisation.invite(contact_id)
    given = {"token": organisation.link_token(email), "password": "correct horse battery 7"}
    session = organisation.visitor.do("acceptInvite", "session { accessToken refreshToken }", **given)["session"]
    contact = Contact(contact_id, email, customer, organisation.visitor.as_session(session))
    invoice = act(organisation, contact, {"name": holder, "line1": street}, note)
    colleague = organisation.welcome(customer, "Karl Colleague")
    loud = f"{email.partition('@')[0].upper()}@client.example"
    given = {"recipientName": f"{name} II", "recipientEmail": loud, "message": message}
    colleague.client.once("forwardDocument", "forward { id }", documentId=invoice, **given)
    organisation.visitor.try_to("requestPasswordReset", "done", email=email, portal=organisation.slug)
    wait_until(lambda: message in "".join(text_of(mail) for mail in portal.mails_to(loud)))
    words |= {"phone": f"+49 30 {int(mark[:7], 16):09}", "email": email, "first email": first}
    return Person(contact, words, invoice)


def act(organisation: Organisation, contact: Contact, holder: dict[str, str], note: str) -> str:
    """View, comment, answer, forward, and pay with a card that is kept; return the invoice."""
    invoice = sent_invoice(organisation, contact.customer_id, lines=[line(price="50.00")])["id"]
    estimate = sent_estimate(organisation, contact.customer_id)
    me = contact.client
    me.once("acceptEstimate", "estimate { status }", estimateId=estimate["id"], revision=1)
    me.once("recordDocumentView", "view { count }", documentId=invoice)
    me.once("addComment", "comment { id }", documentId=invoice, text="When is it due?")
    given = {"recipientName": "Otto Other", "recipientEmail": f"otto.{uuid4().hex[:6]}@other.example", "message": note}
    me.once("forwardDocument", "forward { id }", documentId=invoice, **given)
    me.once("setNotificationPreference", "preferences { kind }", kind="PAYMENT_RECEIVED", email=True, inApp=True)
    url = me.do("createCardSession", "url", origin="https://portal.example")["url"]
    form = {**CARD_FORM, **holder, "number": GOOD_CARD}
    token = me.http.post(url, data=form, headers={"accept": "application/json"}).json()["token"]
    paid = me.once("payInvoice", "payment { status }", invoiceId=invoice, cardToken=token, saveCard=True)
    assert paid["payment"]["status"] == "SUCCEEDED"
    return invoice


async def test_a_person_is_exported_whole_and_erased_everywhere(
    portal: RunningPortal, organisation: Organisation, mongo_urls: Mapping[str, str], newest_amqp_url: str
) -> None:
    """Every word of a person is in the export; after the erasure none is in a database, mail, queue or log, also when
    old events come again; documents and payments are still there."""
    async with AsyncExitStack() as stack:
        urls = sorted(set(mongo_urls.values()))
        databases: Databases = [pymongo.MongoClient(url) for url in urls]
        for client in databases:
            stack.callback(client.close)
        connection = await stack.enter_async_context(await aio_pika.connect(newest_amqp_url))
        channel = await connection.channel()
        witness = await channel.declare_queue(f"witness.{uuid4().hex}", durable=True)
        await witness.bind(EXCHANGE, "#")
        person = come(portal, organisation)
        await eventually(lambda: not waits(databases, organisation), "all events to be told")
        told = ask(organisation, person)
        assert_whole(told, person)
        old = [body async for body in taken(witness) if any(has(body, word) for word in person.words.values())]
        await witness.delete(if_empty=False)
        await park(channel, old)

        organisation.owner.once("eraseContact", "contact { status name }", id=person.contact.id)
        await eventually(lambda: is_done(organisation, person), "all services to have erased the person")
        await eventually(lambda: not waits(databases, organisation), "all events to be told")

        assert left(databases, portal, person) == []
        assert await parked(channel, person) == []
        await come_again(portal, channel, old)
        await eventually(lambda: not waits(databases, organisation), "all events to be told")
        assert left(databases, portal, person) == []
        assert await parked(channel, person) == []
    assert organisation.refused_log_in(person.contact.email) == ["LOG_IN_REFUSED"]
    assert organisation.owner.refused("eraseContact", id=person.contact.id) == ["CONTACT_IS_ERASED"]
    assert organisation.owner.refused("updateContact", id=person.contact.id, name="Back") == ["CONTACT_IS_ERASED"]
    assert_kept(organisation, person)


def assert_whole(told: dict[str, Any], person: Person) -> None:
    """Every word of the person is in the export, and nothing of others."""
    exported = json.dumps(told, ensure_ascii=False)
    gone = {"first email"}  # it was replaced by the second one: nothing of it is held
    missing = [what for what, word in person.words.items() if what not in gone and word not in exported]
    assert (missing, "Karl" in exported, "Otto" in exported) == ([], False, False)
    kinds = {item["kind"] for service in SERVICES for item in told[service]["items"]}
    assert kinds >= {"contact", "session", "saved_card", "payment", "estimate_answer", "comment", "view", "mail"}
    assert kinds >= {"person", "preferences", "feed_entry", "forward_sent", "forward_received", "password_reset"}


def assert_kept(organisation: Organisation, person: Person) -> None:
    """What the law keeps is there, says why, and names nobody."""
    kept = ask(organisation, person)
    reasons = {item["kind"]: item["kept"] for service in SERVICES for item in kept[service]["items"]}
    assert {kind for kind, reason in reasons.items() if reason} == {
        *("payment", "estimate_answer", "comment", "forward_sent")
    }
    assert {kind for kind, reason in reasons.items() if not reason} == set()
    shown = organisation.owner.ask(AFTERWARDS, id=person.invoice)["invoice"]
    assert shown["payments"] == [{"status": "SUCCEEDED"}]
    assert shown["comments"]["nodes"] == [{"text": "When is it due?", "author": {"name": "Erased contact"}}]
    assert [one["recipientName"] for one in shown["forwards"]] == ["Otto Other", "Erased contact"]


def ask(organisation: Organisation, person: Person) -> dict[str, Any]:
    """Return the export of a person."""
    return organisation.owner.ask(DOCUMENT, id=person.contact.id)["personalData"]


def is_done(organisation: Organisation, person: Person) -> bool:
    """Tell whether every service says that it has erased the person."""
    told = ask(organisation, person)
    return all(told[service] and told[service]["erasedAt"] for service in SERVICES)


def documents(databases: Databases) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every document of every database, with its place."""
    for client in databases:
        for name in client.list_database_names():
            if name not in {"admin", "config", "local"}:
                for collection in client[name].list_collection_names():
                    for row in client[name][collection].find({}):
                        yield f"{name}.{collection}", row


def waits(databases: Databases, organisation: Organisation) -> list[str]:
    """Return whose events still wait to be told, of one organisation."""
    rows = documents(databases)
    return [place for place, row in rows if row.get("outbox") and row.get("organisation_id") == organisation.id]


def left(databases: Databases, portal: RunningPortal, person: Person) -> list[str]:
    """Return where a word of the person is found, in whatever case."""
    found = [(place, bson.encode(row)) for place, row in documents(databases)]
    found += [(file.name, file.read_bytes()) for file in portal.mails.glob("*")]
    found += [(name, portal.log(name).encode()) for name in portal.children if name != "sandbox"]
    return [f"{what} in {place}" for place, body in found for what, word in person.words.items() if has(body, word)]


def has(body: bytes, word: str) -> bool:
    """Tell whether a word is in some bytes, in whatever case."""
    return word.lower().encode() in body.lower()


def text_of(mail: Any) -> str:
    """Return the plain text of a mail."""
    return mail.get_body(("plain",)).get_content()


async def taken(queue: AbstractQueue) -> AsyncIterator[bytes]:
    """Yield and take away what is in a queue."""
    while message := await queue.get(no_ack=True, fail=False):
        yield message.body


async def park(channel: AbstractChannel, bodies: list[bytes]) -> None:
    """Let old events lie where services put what they cannot handle, and one that nobody can read."""
    for service in SERVICES:
        for body in (*bodies, b"{" + bodies[0]):
            message = Message(body, delivery_mode=DeliveryMode.PERSISTENT, message_id=uuid4().hex)
            await channel.default_exchange.publish(message, parking_name(service))


async def parked(channel: AbstractChannel, person: Person) -> list[str]:
    """Return the parked messages that hold a word of the person; all go back to their place."""
    found: list[str] = []
    for service in SERVICES:
        queue = await channel.declare_queue(parking_name(service), passive=True)
        messages: list[AbstractIncomingMessage] = []
        while message := await queue.get(fail=False):
            messages.append(message)
        found += [
            f"{what} in a message parked by {service}"
            for one in messages
            for what, word in person.words.items()
            if has(one.body, word)
        ]
        for message in messages:
            await message.nack(requeue=True)
    return found


async def come_again(portal: RunningPortal, channel: AbstractChannel, bodies: list[bytes]) -> None:
    """Deliver old events once more to every service that reads them, and wait until they are handled."""
    for body in bodies:
        for service in (one for one in SERVICES if json.loads(body)["type"] in OWN_READERS[one]):
            await deliver(portal, channel, service, body)


async def deliver(portal: RunningPortal, channel: AbstractChannel, service: str, body: bytes) -> None:
    """Deliver one event to a service, and wait until its worker says what came of it."""
    event, log = json.loads(body), f"{service} worker"
    before = portal.log(log).count(event["id"])
    message = Message(body, delivery_mode=DeliveryMode.PERSISTENT, message_id=event["id"], type=event["type"])
    await channel.default_exchange.publish(message, queue_name(service))
    await eventually(lambda: portal.log(log).count(event["id"]) > before, f"{event['type']} to be handled again")
