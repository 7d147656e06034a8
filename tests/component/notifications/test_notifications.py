"""Facts of the other services become mails and entries in feeds (S24), on a real database, all delivered twice."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from chassis import telemetry
from chassis.kernel import PageRequest, Principal, Role, new_id
from chassis.telemetry import MAIL_AGE
from services.notifications.domain.notification import Recipient
from tests.component.notifications.conftest import Running
from tests.support.notifications.makers import (
    CARL,
    CORA,
    CUSTOMER,
    ESTIMATE,
    INVOICE,
    OLGA,
    ORG,
    PAYMENT,
    STAN,
    principal_of,
)
from tests.support.waiting import LIMIT, eventually

MONEY = {"amount": "1234.50", "currency": "EUR"}
ABOUT = {"documentId": INVOICE, "documentType": "invoice", "documentNumber": "INV-0007", "customerId": CUSTOMER}
OF_ESTIMATE = {"estimateId": ESTIMATE, "customerId": CUSTOMER, "number": "EST-0042", "total": MONEY, "revision": 1}
OF_INVOICE = {"invoiceId": INVOICE, "customerId": CUSTOMER, "number": "INV-0007", "total": MONEY, "balance": MONEY}
PAID = {
    "paymentId": PAYMENT,
    "invoiceId": INVOICE,
    "invoiceNumber": "INV-0007",
    "customerId": CUSTOMER,
    "amount": MONEY,
    "mode": "card",
}
COMMENT = ABOUT | {"commentId": new_id("com"), "excerpt": "Could we start in May?"}

STAFF = {OLGA.email, STAN.email}
CLIENTS = {CARL.email, CORA.email}

CASES: list[tuple[str, dict[str, Any], set[str], list[str]]] = [
    (
        "collaboration.document_viewed.v1",
        ABOUT | {"contactId": CARL.id, "count": 1, "first": True},
        STAFF,
        ["Élan Vital has viewed invoice INV-0007", "Élan Vital hat Rechnung INV-0007 angesehen"],
    ),
    ("collaboration.document_viewed.v1", ABOUT | {"contactId": CARL.id, "count": 2, "first": False}, set(), []),
    (
        "collaboration.comment_added.v1",
        COMMENT | {"authorId": CARL.id, "authorKind": "contact", "visibility": "portal"},
        STAFF,
        ["New comment on invoice INV-0007", "Neuer Kommentar zu Rechnung INV-0007"],
    ),
    (
        "collaboration.comment_added.v1",
        COMMENT | {"authorId": OLGA.id, "authorKind": "staff", "visibility": "portal"},
        CLIENTS,
        ["Northwind replied about invoice INV-0007", "Northwind a répondu au sujet de la facture INV-0007"],
    ),
    (
        "collaboration.comment_added.v1",
        COMMENT | {"authorId": OLGA.id, "authorKind": "staff", "visibility": "internal"},
        set(),
        [],
    ),
    (
        "billing.estimate_sent.v1",
        OF_ESTIMATE | {"expiresOn": "2026-04-01"},
        CLIENTS,
        ["Estimate EST-0042 from Northwind", "Northwind : devis EST-0042"],
    ),
    (
        "billing.estimate_accepted.v1",
        OF_ESTIMATE | {"contactId": CARL.id},
        STAFF,
        ["Élan Vital has accepted estimate EST-0042", "Élan Vital hat Angebot EST-0042 angenommen"],
    ),
    (
        "billing.estimate_declined.v1",
        OF_ESTIMATE | {"contactId": CARL.id, "reason": "Too dear"},
        STAFF,
        ["Élan Vital has declined estimate EST-0042", "Élan Vital hat Angebot EST-0042 abgelehnt"],
    ),
    (
        "billing.invoice_sent.v1",
        OF_INVOICE | {"dueDate": "2026-04-01"},
        CLIENTS,
        ["Invoice INV-0007 from Northwind", "Northwind : facture INV-0007"],
    ),
    (
        "billing.invoice_overdue.v1",
        OF_INVOICE | {"dueDate": "2026-03-01"},
        CLIENTS,
        ["Reminder: invoice INV-0007 is overdue", "Rappel : la facture INV-0007 est en retard de paiement"],
    ),
    (
        "billing.invoice_reminder_due.v1",
        OF_INVOICE | {"dueDate": "2026-03-01", "daysOverdue": 8},
        CLIENTS,
        ["Reminder: invoice INV-0007 is overdue", "Rappel : la facture INV-0007 est en retard de paiement"],
    ),
    (
        "billing.payment_succeeded.v1",
        PAID | {"paidBy": CARL.id},
        STAFF | CLIENTS,
        [
            "Élan Vital has paid €1,234.50",
            "Élan Vital hat 1.234,50 € bezahlt",
            "We have received your payment of €1,234.50",
            "Nous avons reçu votre paiement de 1 234,50 €",
        ],
    ),
    (
        "billing.payment_succeeded.v1",
        PAID | {"paidBy": OLGA.id},
        CLIENTS,
        ["We have received your payment of €1,234.50", "Nous avons reçu votre paiement de 1 234,50 €"],
    ),
]

FEED = """query($first: Int! = 20, $after: String, $unreadOnly: Boolean! = false) {
  notifications(first: $first, after: $after, unreadOnly: $unreadOnly) {
    nodes { id kind title text quote readAt document { __typename id } actor { __typename id } }
    pageInfo { hasNextPage endCursor } }
  unreadNotificationCount }"""
READ = """mutation($input: MarkNotificationsReadInput!) { markNotificationsRead(input: $input) {
  notifications { id readAt } unreadCount userErrors { code field } } }"""
READ_ALL = """mutation($input: MarkAllNotificationsReadInput!) { markAllNotificationsRead(input: $input) {
  unreadCount userErrors { code } } }"""
CHOOSE = """mutation($input: SetNotificationPreferenceInput!) { setNotificationPreference(input: $input) {
  preferences { kind email inApp } userErrors { code field } } }"""


def spaced(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


async def feed_of(running: Running, person: Recipient, **variables: Any) -> dict[str, Any]:
    return await running.subgraph.data(FEED, principal_of(person), **variables)


async def titles(running: Running, person: Recipient) -> list[str]:
    return [spaced(node["title"]) for node in (await feed_of(running, person))["notifications"]["nodes"]]


async def comment_by_carl(running: Running, text: str = "Hi") -> None:
    facts = COMMENT | {"authorId": CARL.id, "authorKind": "contact", "visibility": "portal", "excerpt": text}
    await running.tell("collaboration.comment_added.v1", new_id("com"), **facts)


@pytest.mark.parametrize(("event_type", "facts", "told", "subjects"), CASES)
async def test_who_is_told(
    running: Running, event_type: str, facts: dict[str, Any], told: set[str], subjects: list[str]
) -> None:
    """Each fact reaches exactly whom the product says, in their language, once by mail and once in the feed."""
    await running.tell_of_people()

    await running.tell(event_type, new_id("com"), **facts)
    mails = await running.post()

    assert sorted(mail.to for mail in mails) == sorted(told)
    assert sorted(spaced(mail.subject) for mail in mails) == sorted(subjects)
    feeds = {person.email: await titles(running, person) for person in (OLGA, STAN, CARL, CORA)}
    assert {email for email, entries in feeds.items() if entries} == told
    assert sorted(title for entries in feeds.values() for title in entries) == sorted(subjects)
    assert running.bus.parked == {}


async def test_a_forwarded_document_is_mailed(running: Running) -> None:
    """The person to whom a document is forwarded gets one mail with the PDF, and nobody else anything."""
    await running.tell_of_people()
    forward = {"forwardId": new_id("fwd"), "forwardedBy": CARL.id, "message": "Please have a look.\n{{ 7*7 }}"}
    recipient = {"recipientName": "Ada, Countess", "recipientEmail": "ada@x.example"}

    await running.tell("collaboration.document_forwarded.v1", new_id("fwd"), **ABOUT, **forward, **recipient)
    (mail,) = await running.post()

    assert (mail.to, mail.subject) == ("ada@x.example", "Carl Client has forwarded invoice INV-0007 to you")
    assert mail.attachments[0].content == b"%PDF-1.7 " + INVOICE.encode()
    assert "> Please have a look.\n> {{ 7*7 }}" in mail.text
    assert mail.reply_to == CARL.email
    assert running.files.asked == [INVOICE]


async def test_contacts_with_access_or_else_the_primary_one(running: Running) -> None:
    """Without anybody who can log in, the primary contact gets the mail; disabled and other contacts never do."""
    await running.tell_of_people()
    await running.tell_of(CARL, status="not_invited", isPrimary=True)
    await running.tell_of(CORA, status="disabled")

    await running.tell("billing.invoice_sent.v1", INVOICE, **OF_INVOICE, dueDate="2026-04-01")

    (mail,) = await running.post()
    assert mail.to == CARL.email
    assert "https://" not in mail.text
    assert await titles(running, CARL) == []


async def test_other_companies_hear_nothing(running: Running) -> None:
    """A fact about one client company reaches no contact of another one; staff are told that it reached nobody."""
    await running.tell_of_people()
    other = new_id("cus")
    await running.tell("identity.customer_created.v1", other, customerId=other, name="Other Ltd")

    await running.tell("billing.invoice_sent.v1", new_id("inv"), **OF_INVOICE | {"customerId": other})

    assert {mail.to for mail in await running.post()} == {OLGA.email, STAN.email}


async def test_stale_news_of_people_change_nothing(running: Running) -> None:
    """A replayed older event does not bring back a person who left."""
    await running.tell_of_people()
    facts = {"staffId": STAN.id, "name": STAN.name, "email": STAN.email, "language": "de"}
    await running.tell("identity.staff_member_updated.v1", STAN.id, sequence=5, **facts, active=False)
    await running.tell("identity.staff_member_updated.v1", STAN.id, sequence=4, **facts, active=True)

    await comment_by_carl(running)

    assert [mail.to for mail in await running.post()] == [OLGA.email]


async def test_news_of_an_access_may_come_late(running: Running) -> None:
    """A contact whose acceptance is told after what was sent since is told of that then, and by no older event."""
    await running.tell_of_people()
    await running.tell_of(CORA, status="invited")
    await running.tell("billing.invoice_sent.v1", INVOICE, **OF_INVOICE, dueDate="2026-04-01")
    assert {mail.to for mail in await running.post()} == {CARL.email}

    await running.tell_of(CORA)

    assert {mail.to for mail in await running.post()} == {CORA.email}
    assert len(await titles(running, CORA)) == 1


async def test_an_older_event_of_a_contact_tells_nothing(running: Running) -> None:
    """An invite that is delivered once more after the acceptance brings no news from before it."""
    await running.tell_of_people()
    dora = replace(CORA, id=new_id("con"), name="Dora Client", email="dora@client.example")
    await running.tell("billing.invoice_sent.v1", INVOICE, **OF_INVOICE, dueDate="2026-04-01")
    await running.post()
    facts = {"organisation_id": ORG, "customer_id": CUSTOMER, "name": dora.name, "email": dora.email, "language": "en"}
    access = {"audience": "client", "active": True, "primary": False, "status": "accepted"}
    await running.service.application.directory.note_person(dora.id, 9, facts | access)

    await running.tell_of(dora, status="invited")

    assert await running.post() == []


async def test_a_late_client_company_is_waited_for(running: Running) -> None:
    """When news of a client arrive before the client itself, they are told as soon as it is known."""
    facts = OF_INVOICE | {"dueDate": "2026-04-01"}
    with pytest.raises(Exception, match="could not handle"):
        await running.tell("billing.invoice_sent.v1", INVOICE, sequence=1, **facts)
    await running.tell_of_people()

    await running.tell("billing.invoice_sent.v1", INVOICE, sequence=1, **facts)

    assert {mail.to for mail in await running.post()} == CLIENTS


async def test_the_feed(running: Running) -> None:
    """The feed is newest first, in pages, with what it is about, who did it and what they wrote."""
    await running.tell_of_people()
    for number in range(5):
        await comment_by_carl(running, f"comment {number}")
        running.clock.advance(seconds=1)

    first = await feed_of(running, OLGA, first=2)
    page = first["notifications"]
    rest = await feed_of(running, OLGA, first=10, after=page["pageInfo"]["endCursor"])

    quotes = [node["quote"] for node in page["nodes"] + rest["notifications"]["nodes"]]
    assert quotes == [f"comment {number}" for number in (4, 3, 2, 1, 0)]
    assert (page["pageInfo"]["hasNextPage"], rest["notifications"]["pageInfo"]["hasNextPage"]) == (True, False)
    assert first["unreadNotificationCount"] == 5
    node = page["nodes"][0]
    assert (node["kind"], node["title"]) == ("COMMENT_ADDED", "New comment on invoice INV-0007")
    assert node["text"] == "Carl Client (Élan Vital) wrote about invoice INV-0007:"
    assert node["document"] == {"__typename": "Invoice", "id": INVOICE}
    assert node["actor"] == {"__typename": "Contact", "id": CARL.id}


async def test_reading(running: Running) -> None:
    """Some or all entries are marked as read; what came after the given moment stays unread."""
    await running.tell_of_people()
    for number in range(4):
        await comment_by_carl(running, f"comment {number}")
        running.clock.advance(seconds=10)
    by = principal_of(OLGA)
    newest = (await feed_of(running, OLGA))["notifications"]["nodes"][0]["id"]

    given = {"ids": [newest, newest], "idempotencyKey": "read-one-key"}
    one = (await running.subgraph.data(READ, by, input=given))["markNotificationsRead"]
    until = {"until": "2026-03-09T12:00:15Z", "idempotencyKey": "read-some-key"}
    some = (await running.subgraph.data(READ_ALL, by, input=until))["markAllNotificationsRead"]
    naive = {"until": "2026-03-09T12:00:15", "idempotencyKey": "read-naive-key"}
    assert (await running.subgraph.data(READ_ALL, by, input=naive))["markAllNotificationsRead"]["unreadCount"] == 1
    unread = await feed_of(running, OLGA, unreadOnly=True)
    by_filter = "{ notifications(filter: { unreadOnly: true }) { nodes { quote } } }"
    also_unread = (await running.subgraph.data(by_filter, by))["notifications"]["nodes"]
    twice = "{ notifications(filter: { unreadOnly: true }, unreadOnly: true) { nodes { id } } }"
    refused = await running.subgraph.codes(twice, by)
    everything = {"idempotencyKey": "read-all-key"}
    none = (await running.subgraph.data(READ_ALL, by, input=everything))["markAllNotificationsRead"]

    assert ([entry["id"] for entry in one["notifications"]], one["unreadCount"]) == ([newest], 3)
    assert one["notifications"][0]["readAt"] is not None
    assert (some["unreadCount"], none["unreadCount"]) == (1, 0)
    assert [node["quote"] for node in unread["notifications"]["nodes"]] == ["comment 2"]
    assert (also_unread, refused) == ([{"quote": "comment 2"}], ["GIVEN_TWICE"])
    assert (await feed_of(running, STAN))["unreadNotificationCount"] == 4


OTHERS = [
    principal_of(STAN),
    principal_of(CARL),
    Principal(id=OLGA.id, organisation_id=new_id("org"), role=Role.OWNER),
]


@pytest.mark.parametrize("by", OTHERS, ids=["colleague", "client", "other organisation"])
async def test_a_feed_is_one_s_own(running: Running, by: Principal) -> None:
    """Nobody reads, marks or looks up entries of somebody else, whatever id they know."""
    await running.tell_of_people()
    await comment_by_carl(running)
    theirs = (await feed_of(running, OLGA))["notifications"]["nodes"][0]["id"]

    given = {"ids": [theirs, new_id("ntf")], "idempotencyKey": "read-their-key"}
    answer = (await running.subgraph.data(READ, by, input=given))["markNotificationsRead"]

    assert answer["notifications"] == []
    assert (await feed_of(running, OLGA))["unreadNotificationCount"] == 1
    assert await running.subgraph.entities("Notification", [theirs], "title", by) == ([None], [])
    (own,), _ = await running.subgraph.entities("Notification", [theirs], "title", principal_of(OLGA))
    assert own == {"title": "New comment on invoice INV-0007"}


async def test_mails_are_not_entries_of_the_feed(running: Running) -> None:
    """The id of a mail opens nothing, and unread counts entries of the feed only."""
    await running.tell_of_people()
    await comment_by_carl(running)
    (mail, _) = await running.post()
    mail_id = mail.message_id.partition("@")[0]

    assert await running.subgraph.entities("Notification", [mail_id], "title", principal_of(OLGA)) == ([None], [])
    assert (await feed_of(running, OLGA))["unreadNotificationCount"] == 1


async def test_preferences(running: Running) -> None:
    """A member of staff switches a kind off, by mail or wholly, without touching anybody else's."""
    await running.tell_of_people()
    by = principal_of(OLGA)
    given = {"kind": "COMMENT_ADDED", "email": False, "inApp": True, "idempotencyKey": "preference-key"}

    answer = (await running.subgraph.data(CHOOSE, by, input=given))["setNotificationPreference"]
    await comment_by_carl(running)

    assert {"kind": "COMMENT_ADDED", "email": False, "inApp": True} in answer["preferences"]
    assert len(answer["preferences"]) == 6
    assert [mail.to for mail in await running.post()] == [STAN.email]
    assert len(await titles(running, OLGA)) == 1
    wrong = given | {"kind": "DOCUMENT_SENT", "idempotencyKey": "preference-key-2"}
    refused = (await running.subgraph.data(CHOOSE, by, input=wrong))["setNotificationPreference"]
    assert refused == {"preferences": None, "userErrors": [{"code": "KIND_NOT_YOURS", "field": ["kind"]}]}
    query = "{ notificationPreferences { kind email inApp } }"
    theirs = await running.subgraph.data(query, principal_of(CARL))
    assert [one["kind"] for one in theirs["notificationPreferences"]] == [
        "DOCUMENT_SENT",
        "REPLY_ADDED",
        "PAYMENT_RECEIVED",
        "INVOICE_DUE_SOON",
        "INVOICE_OVERDUE",
    ]


@pytest.mark.parametrize(
    ("ids", "code"),
    [(["inv_" + "0" * 26], "WRONG_ID_KIND"), ([""], "WRONG_ID_KIND"), (["x"] * 101, "TOO_MANY_ENTRIES")],
)
async def test_ids_that_cannot_be_read(running: Running, ids: list[str], code: str) -> None:
    """Ids of other things, none at all or too many are refused, naming the field."""
    given = {"ids": ids, "idempotencyKey": "wrong-ids-key"}

    answer = (await running.subgraph.data(READ, principal_of(OLGA), input=given))["markNotificationsRead"]

    assert answer["userErrors"] == [{"code": code, "field": ["ids"]}]


async def test_what_became_of_mails_is_told(running: Running) -> None:
    """Sent and failed mails become events, without address or text; a mail that failed is kept with its reason."""
    await running.tell_of_people()
    running.mailer.refuses.add(STAN.email)
    await comment_by_carl(running, "a secret remark")
    await running.post()
    await running.service.relay.drain()

    told = [event for event in running.bus.published if event.source == "/notifications"]
    outcomes = sorted((event.type, event.data["channel"], event.data["recipientId"]) for event in told)
    assert outcomes == sorted(
        [
            ("internal.notifications.feed_entry_added.v1", "in_app", OLGA.id),
            ("internal.notifications.feed_entry_added.v1", "in_app", STAN.id),
            ("notifications.notification_sent.v1", "email", OLGA.id),
            ("notifications.notification_failed.v1", "email", STAN.id),
        ]
    )
    everything = b"".join(event.to_json() for event in told)
    assert b"secret" not in everything
    assert b"@" not in everything


async def test_a_mail_belongs_to_the_trace_of_the_click(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise 32: the mail's span, and what is told of it, have the trace id of the request that caused it all."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "_TRACER", provider.get_tracer("test"))
    await running.tell_of_people()
    click = "0af7651916cd43dd8448eb211c80319c"
    with telemetry.span("publish", traceparent=f"00-{click}-b7ad6b7169203331-01"):
        await comment_by_carl(running)
    await running.post()
    await running.service.relay.drain()

    mails = [span for span in exporter.get_finished_spans() if span.name == "send mail"]
    assert {f"{span.context.trace_id:032x}" for span in mails} == {click}
    assert {span.attributes["messaging.system"] for span in mails} == {"smtp"}
    assert all("@" not in str(value) for span in mails for value in span.attributes.values())
    told = [event for event in running.bus.published if event.type == "notifications.notification_sent.v1"]
    assert len(mails) == len(told) == 2
    assert all(click in event.traceparent for event in told)


async def test_mails_survive_their_server(running: Running) -> None:
    """While the server is down nothing is lost or failed, the age of what waits is measured, and all is sent after."""
    await running.tell_of_people()
    running.mailer.down = True
    for _ in range(10):
        await comment_by_carl(running)
    for _ in range(10):
        await running.post()
        running.clock.advance(seconds=20)
    assert running.mailer.tried < 20

    assert MAIL_AGE.labels("notifications")._value.get() == 180

    running.mailer.down = False
    running.clock.advance(seconds=60)
    mails = await running.post()
    assert MAIL_AGE.labels("notifications")._value.get() == 0

    assert len(mails) == len({mail.message_id for mail in mails}) == 20


async def test_a_process_that_died_is_recovered(running: Running) -> None:
    """A mail that a dead process had claimed is sent when the claim runs out."""
    await running.tell_of_people()
    await comment_by_carl(running)
    store = running.service.application.jobs.deliver.notifications
    due = await store.due(running.clock.now(), 10)
    until = running.clock.now()
    claims = [await store.claim(one, until.replace(minute=until.minute + 2)) for one in due]

    assert (claims, await running.post()) == ([True, True], [])
    running.clock.advance(minutes=2)
    assert len(await running.post()) == 2


async def test_two_workers_send_each_mail_once(running: Running) -> None:
    """Several senders at once never send the same mail."""
    await running.tell_of_people()
    for _ in range(10):
        await comment_by_carl(running)
    deliver = running.service.application.jobs.deliver

    await asyncio.gather(*(deliver.drain() for _ in range(4)))
    await running.post()

    ids = [mail.message_id for mail in running.mailer.sent]
    assert len(ids) == len(set(ids)) == 20


async def test_new_entries_arrive_live(running: Running) -> None:
    """A subscriber hears of entries in its own feed only."""
    await running.tell_of_people()
    service = running.service
    await service.live.start(running.bus)
    stream = service.application.queries.new_entries.of(principal_of(OLGA), PageRequest())
    arriving = asyncio.ensure_future(anext(stream))
    await eventually(lambda: service.live.listening(OLGA.id), "the listener")

    await comment_by_carl(running, "live")
    await service.relay.drain()

    async with asyncio.timeout(LIMIT):
        entry = await arriving
    assert (entry.recipient_id, entry.news.facts["quote"]) == (OLGA.id, "live")
    await stream.aclose()


async def test_a_feed_goes_on_where_a_client_stopped_reading(running: Running) -> None:
    """What reached the feed since the client read it comes first, the earliest first, then what is new; each once."""
    await running.tell_of_people()
    service, by = running.service, principal_of(OLGA)
    await service.live.start(running.bus)
    await comment_by_carl(running, "read")
    page = await service.application.queries.feed.page(by, PageRequest())
    running.clock.advance(minutes=2)
    for text in ("missed", "missed too"):
        await comment_by_carl(running, text)
        running.clock.advance(seconds=1)
    await service.relay.drain()

    stream = service.application.queries.new_entries.of(by, PageRequest(1, page.start, "notifications", backward=True))
    came = [await anext(stream), await anext(stream)]
    arriving = asyncio.ensure_future(anext(stream))
    await comment_by_carl(running, "new")
    await service.relay.drain()

    async with asyncio.timeout(LIMIT):
        came.append(await arriving)
    assert [entry.news.facts["quote"] for entry in came] == ["missed", "missed too", "new"]
    await stream.aclose()


async def test_nobody_without_a_token(running: Running) -> None:
    """Without a token there is no feed."""
    assert set(await running.subgraph.codes(FEED)) == {"UNAUTHENTICATED"}
