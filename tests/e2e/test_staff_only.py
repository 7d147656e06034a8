"""What staff alone may read reaches no client by any way: a canary in every such field, searched in all that there is.

Generated from the schema: every query with every field, as deep as the gateway's limits let it; every paper, mail,
live event, file and event for other systems. A new staff-only field without a row here fails.
"""

import json
import re
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import Any, cast
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractQueue
from graphql import build_schema, get_named_type, parse

from chassis.bus import EXCHANGE
from gateway.limits import Limits, first_refusal
from portal_cli.paths import ROOT
from tests.e2e.client import Client
from tests.e2e.running import RunningPortal
from tests.e2e.world import Contact, Organisation, line, sent_estimate, sent_invoice
from tests.support.everything import objects, selection
from tests.support.waiting import eventually_answered, wait_until
from tests.unit.billing.test_pdf import text_of

SCHEMA = build_schema((ROOT / "gateway" / "schema" / "schema.graphql").read_text("utf-8"))
WRITTEN = (
    *("AddCommentInput.text", "CreateCustomerInput.notes", "UpdateCustomerInput.notes", "RecordPaymentInput.note"),
    *("RefundPaymentInput.reason", "VoidInvoiceInput.reason", "WriteOffInvoiceInput.reason"),
)
"""Texts that staff write for staff; a comment is one unless it is displayed in the portal."""
HIDDEN = {
    "Customer.notes", "Document.views", "Estimate.views", "Invoice.views", "Invoice.closingReason", "Payment.note",
    "Payment.endedBy", "PaymentFailure.providerCode", "Refund.reason", "PortalSettings.notifyStaffOf",
    "Invoice.mails", "Estimate.mails", "Invoice.mailings", "Estimate.mailings", "Invoice.warnings", "Payment.disputes",
    "StaffMember.emailVerified", "Query.reminderPolicy",
    "Query.paymentInstructions", "Query.personalData", "Query.customers", "Query.staffMember", "Query.staffMembers",
    *(f"{kind}.{field}" for kind in ("Person", "StaffMember", "Contact") for field in ("email", "language", "status")),
}  # fmt: skip
"""What is null, empty or refused where a client asks."""
ABOUT_STAFF = {"email", "phone", "jobTitle", "language", "status", "inviteExpiresAt"}
_STAFF_ONLY = re.compile(
    r"\(staff only\)|null for contacts|null if a contact looks at|empty for contacts", re.IGNORECASE
)
LIVE = {
    "documentChanged": "Document",
    "commentAdded": "Comment",
    "notificationAdded": "Notification",
}
REFUSED_LIVE = {"documentMailChanged": "DocumentMail"}
"""Streams that a client cannot begin."""
MARK = "Marker-for-clients"


def test_every_staff_only_field_has_its_row() -> None:
    """Whoever adds a text that only staff read back, or a field that clients see as null, adds it here."""
    kinds = cast(dict[str, Any], SCHEMA.type_map)
    fields = [
        (f"{name}.{field_name}", str(field.description))
        for name, kind in kinds.items()
        for field_name, field in getattr(kind, "fields", {}).items()
    ]
    written = {name for name, said in fields if name.partition(".")[0].endswith("Input") and "visible to staff" in said}
    assert {name for name, said in fields if _STAFF_ONLY.search(said)} - written == HIDDEN
    assert written | {"AddCommentInput.text"} == {*WRITTEN}
    live: dict[str, Any] = kinds["Subscription"].fields
    assert {name: str(cast(Any, get_named_type(one.type))) for name, one in live.items()} == LIVE | REFUSED_LIVE


async def test_no_client_gets_what_staff_alone_may(
    portal: RunningPortal, newest_amqp_url: str, organisation: Organisation
) -> None:
    """Not by any query, on no paper, in no mail, live event or file; and no text of it goes to other systems."""
    canaries = {name: f"Canary{uuid4().hex[:10]}" for name in WRITTEN}
    async with await aio_pika.connect(newest_amqp_url) as connection:
        channel = await connection.channel()
        told = await channel.declare_queue(f"canaries.{uuid4().hex}", durable=True)
        await told.bind(EXCHANGE, "*.*.*")
        world = World(portal, organisation, canaries)
        staff = "".join(map(json.dumps, world.answers(organisation.owner)))
        assert [name for name, canary in canaries.items() if canary not in staff] == []
        found = world.all_of(world.zoe)
        events = list[bytes]()
        await eventually_answered(lambda: _told_until(told, world.marker_id, events), "the last event")
        await told.delete(if_empty=False)
    leaked = {name: [where for where, text in found if canary in text] for name, canary in canaries.items()}
    leaked["the owner's e-mail"] = [where for where, text in found if organisation.owner_email in text]
    assert {name: where for name, where in leaked.items() if where} == {}
    assert [name for name, canary in canaries.items() for event in events if canary.encode() in event] == []
    assert world.shown_of_staff() == []


async def _told_until(told: AbstractQueue, last: str, events: list[bytes]) -> bool:
    while message := await told.get(no_ack=True, fail=False):
        events.append(message.body)
    return any(last.encode() in event for event in events)


class World:
    """A business with a canary in every staff-only text, and its client, who watched while they were written."""

    def __init__(self, portal: RunningPortal, organisation: Organisation, canaries: dict[str, str]) -> None:
        self._portal, self._organisation, self._canaries = portal, organisation, canaries
        self.customer = organisation.add_customer("Client Ltd", notes=canaries["CreateCustomerInput.notes"])
        self.second = organisation.add_customer("Second Ltd")
        self.zoe = organisation.welcome(self.customer, "Zoe Client")
        self.estimate = sent_estimate(organisation, self.customer)["id"]
        self.invoices = [sent_invoice(organisation, self.customer)["id"] for _ in range(3)]
        self.marker_id = ""
        with self._watching() as self._live:
            self._write()

    def _write(self) -> None:
        owner, said = self._organisation.owner, self._canaries
        amount = {"amount": "40.00", "currency": "EUR"}
        owner.once("updateCustomer", "customer { id }", id=self.second, notes=said["UpdateCustomerInput.notes"])
        for document in (self.estimate, self.invoices[0]):
            text = {"text": said["AddCommentInput.text"], "displayInPortal": False}
            comment = owner.once("addComment", "comment { id }", documentId=document, **text)
        self.comment = comment["comment"]["id"]
        money = {"amount": amount, "note": said["RecordPaymentInput.note"], "mode": "BANK_TRANSFER"}
        paid = owner.once(
            "recordPayment", "payment { id }", invoiceId=self.invoices[0], receivedOn="2026-03-09", **money
        )
        self.payment = paid["payment"]["id"]
        less = {"amount": {"amount": "10.00", "currency": "EUR"}, "reason": said["RefundPaymentInput.reason"]}
        owner.once("refundPayment", "payment { id }", paymentId=self.payment, **less)
        for mutation, invoice in (("voidInvoice", self.invoices[1]), ("writeOffInvoice", self.invoices[2])):
            reason = said[f"{mutation[0].upper()}{mutation[1:]}Input.reason"]
            owner.once(mutation, "invoice { id }", invoiceId=invoice, reason=reason)

    @contextmanager
    def _watching(self) -> Generator[list[tuple[str, str]]]:
        """Follow everything live as the client, from before the block until its last words have come."""
        heard: list[tuple[str, str]] = []
        watcher = self._organisation.log_in(self.zoe.email)
        given = {"commentAdded": f'(documentId: "{self.invoices[0]}")'}
        with ThreadPoolExecutor(len(LIVE)) as threads:
            told: dict[str, list[str]] = {name: [] for name in LIVE}
            for name, kind in LIVE.items():
                chosen = _fitting(kind, f"{name}{given.get(name, '')}", "subscription")
                document = f"subscription {{ {name}{given.get(name, '')} {{ {chosen} }} }}"
                threads.submit(_follow, watcher, self._portal.gateway_url, document, told[name])
            self._until_told(told)
            yield heard
            self._until_told(told)
            watcher.do("logOut", "", refreshToken=watcher.refresh_token)
        heard += [(f"live {name}", "".join(pieces)) for name, pieces in told.items()]

    def _until_told(self, told: dict[str, list[str]]) -> None:
        """Say something new on each stream until each has told of it; what was said before has come then."""
        said = list[str]()

        def has_come() -> bool:
            said.append(self._say())
            return all(any(one in "".join(pieces) for one in said) for pieces in told.values())

        wait_until(has_come)

    def _say(self) -> str:
        """Let a comment, a document and a notification tell of one word; return it."""
        word = f"{MARK}{uuid4().hex[:8]}"
        owner, given = self._organisation.owner, {"documentId": self.invoices[0], "displayInPortal": True}
        said = owner.once("addComment", "comment { id }", text=word, **given)
        self.marker_id = said["comment"]["id"]
        sent_invoice(self._organisation, self.customer, lines=[line(word)])
        return word

    def answers(self, by: Client) -> list[dict[str, Any]]:
        """Return what somebody is answered to every query there is, with every field."""
        return [by.send(document) for document in self._documents()]

    def _documents(self) -> Iterator[str]:
        ids = {
            "estimate": [self.estimate], "invoice": self.invoices, "payment": [self.payment], "comment": [self.comment],
            "customer": [self.customer, self.second], "contact": [self.zoe.id], "staffMember": [self._owner_id()],
        }  # fmt: skip
        ids["node"] = [one for several in ids.values() for one in several]
        given = {name: [f'(id: "{one}")' for one in several] for name, several in ids.items()}
        given["nodes"] = [f"(ids: {json.dumps(ids['node'])})"]
        given["statements"] = ['(from: "2020-01-01", to: "2035-01-01")']
        given["portal"] = [f'(slug: "{self._organisation.slug}")']
        given["personalData"] = [f'(contactId: "{self.zoe.id}")']
        given["previewInvite"] = ['(token: "none")']
        written = 'currency: "EUR", lines: [{ description: "Work", quantity: "1", unitPrice: "1.00" }]'
        given["previewDocument"] = [f"(input: {{ {written} }})"]
        assert SCHEMA.query_type is not None
        for name, field in SCHEMA.query_type.fields.items():
            kind = cast(Any, get_named_type(field.type))
            for arguments in given.get(name, ["(first: 10)" if "first" in field.args else ""]):
                inner = f"{{ {_fitting(kind.name, name + given.get(name, [arguments])[0], 'query')} }}"
                yield f"query {{ {name}{arguments} {inner if hasattr(kind, 'fields') else ''} }}"

    def _owner_id(self) -> str:
        return str(self._organisation.owner.ask("{ me { id } }")["me"]["id"])

    def all_of(self, reader: Contact) -> list[tuple[str, str]]:
        """Return everything that a client can get, each with where it was."""
        wait_until(lambda: self._notices(reader) >= 1)
        self._answered = self.answers(reader.client)
        found = [(f"answer {list(one.get('data') or {})}", json.dumps(one)) for one in self._answered]
        links = {link for _, text in found for link in re.findall(r'https?://[^"\\ ]+/files/[^"\\ ]+', text)}
        assert len(links) >= 4
        found += [(link, _text_at(reader.client, link)) for link in links]
        found += [(f"mail {mail['Subject']}", _plain(mail)) for mail in self._portal.mails_to(reader.email)]
        return found + self._live

    def _notices(self, reader: Contact) -> int:
        return sum(MARK in _plain(mail) for mail in self._portal.mails_to(reader.email))

    def shown_of_staff(self) -> list[str]:
        """Return what a client was shown of `HIDDEN` and of people on the staff."""
        shown = list[str]()
        for one in (found for answer in self._answered for found in objects(answer.get("data"))):
            kind = one.get("__typename", "Query")
            is_staff = str(one.get("id", "")).startswith("stf_")
            hidden = {name for name in one if f"{kind}.{name}" in HIDDEN and (is_staff or name not in ABOUT_STAFF)}
            hidden |= {name for name in one if is_staff and name in ABOUT_STAFF}
            shown += [f"{kind}.{name}: {one[name]}" for name in hidden if one[name]]
        return shown


@cache
def _fitting(kind: str, root: str, operation: str) -> str:
    """Return the deepest selection that the gateway's limits admit."""
    fitting = ""
    for depth in range(6 if hasattr(SCHEMA.type_map[kind], "fields") else 0):
        inner = selection(SCHEMA, kind, depth)
        document = parse(f"{operation} {{ {root} {{ {inner} }} }}")
        if len(inner) > 40_000 or first_refusal(SCHEMA, document, Limits()) is not None:
            break
        fitting = inner
    return fitting


def _follow(client: Client, url: str, document: str, told: list[str]) -> None:
    """Note what a stream tells until it ends."""
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {client.token}"}
    with client.http.stream("POST", f"{url}/graphql", json={"query": document}, headers=headers) as answer:
        assert answer.status_code == 200
        told.extend(answer.iter_text())


def _text_at(client: Client, link: str) -> str:
    answer = client.http.get(link)
    assert answer.status_code == 200, (link, answer.text)
    return text_of(answer.content) if answer.content.startswith(b"%PDF") else answer.text


def _plain(mail: Any) -> str:
    """Return a mail's headers, texts and papers, but for where answers go (docs/notifications.md)."""
    parts = [str([header for header in mail.items() if header[0].lower() != "reply-to"])]
    for part in mail.walk():
        content = part.get_payload(decode=True)
        if content:
            parts.append(text_of(content) if content.startswith(b"%PDF") else content.decode("utf-8", "replace"))
    return "\n".join(parts)
