"""Chosen recipients, reminders and mails that come back, through events and the door, on a real database."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

from starlette.requests import HTTPConnection

from chassis.graphql.context import Context
from chassis.graphql.idempotency import Idempotency
from chassis.kernel import Principal
from chassis.mailing.return_path import ReturnPaths
from portal_cli.mails import change_in, rows_of
from services.notifications.adapters.mongo_suppressed import MongoSuppressed
from services.notifications.api.schema import SCHEMA
from services.notifications.application.commands.book_bounce import BookBounce, BookBounceHandler, Booked
from services.notifications.application.fates import state_of
from services.notifications.domain.notification import Notification
from tests.component.notifications.conftest import Running
from tests.support.notifications.makers import CARL, CORA, CUSTOMER, ESTIMATE, INVOICE, OLGA, ORG, STAN, principal_of
from tests.support.waiting import LIMIT, eventually
from tests.unit.chassis.test_bounces import group, notice

TOTAL = {"amount": "100.00", "currency": "EUR"}
SENT = {"invoiceId": INVOICE, "customerId": CUSTOMER, "number": "INV-1", "total": TOTAL}
OWED = {"invoiceId": INVOICE, "customerId": CUSTOMER, "number": "INV-1", "balance": TOTAL, "dueDate": "2026-03-24"}
PATHS = ReturnPaths("bounces@portal.example", ["a secret of tests"])
MAILS = """query($of: [_Any!]!) { _entities(representations: $of) { ... on Invoice {
  mails { id kind state reason toEmail recipient { id } } } } }"""


async def mails(running: Running, person: Any = OLGA) -> list[dict[str, Any]]:
    """Return how the mails about the invoice fare, as this person reads it."""
    of = [{"__typename": "Invoice", "id": INVOICE}]
    return (await running.subgraph.data(MAILS, principal_of(person), of=of))["_entities"][0]["mails"]


async def test_only_whom_staff_chose_is_told(running: Running) -> None:
    """Of two with access one; a chosen contact who was disabled meanwhile is named to the staff."""
    await running.tell_of_people()
    await running.tell("billing.invoice_sent_again.v1", INVOICE, **SENT, recipientIds=[CORA.id])
    assert [mail.to for mail in await running.post()] == [CORA.email]

    await running.tell_of(CORA, status="disabled")
    await running.tell("billing.invoice_sent.v1", INVOICE, **SENT, recipientIds=[CORA.id])
    assert sorted(mail.to for mail in await running.post()) == sorted([OLGA.email, STAN.email])


async def test_reminders_are_due_soon_or_overdue_and_not_every_overdue_invoice_is_one(running: Running) -> None:
    """Before the due date the subject says so; a policy without that day mails nobody; older events remind."""
    await running.tell_of_people()
    only = {"recipientIds": [CARL.id]}
    await running.tell("billing.invoice_due_soon.v1", INVOICE, **OWED, **only, daysLeft=3)
    (soon,) = await running.post()
    await running.tell("billing.invoice_overdue.v1", INVOICE, **OWED, remindsClient=False)
    nobody = await running.post()
    await running.tell("billing.invoice_overdue.v1", INVOICE, **OWED)
    old = await running.post()

    assert soon.subject == "Reminder: invoice INV-1 is due on March 24, 2026"
    assert (nobody, {mail.to for mail in old}) == ([], {CARL.email, CORA.email})


async def test_a_mail_that_comes_back_shows_on_its_document_until_it_is_released(running: Running) -> None:
    """Sent, bounced, the next one not tried, staff told each time; clients read none; a release lets it go again."""
    await running.tell_of_people()
    await running.tell("billing.invoice_sent.v1", INVOICE, **SENT, recipientIds=[CARL.id])
    queued = await mails(running)
    await running.post()
    sent, hidden, database = await mails(running), await mails(running, CARL), running.service.database
    stored: Any = running.service.application.reactions.notify.notifications
    book = BookBounceHandler(stored, MongoSuppressed(database), PATHS, running.clock)
    path = PATHS.of(sent[0]["id"], CARL.email)
    running.clock.advance(minutes=1)
    bounce = BookBounce(content=notice(group("failed", "5.1.1")), envelope_to=path)
    booked = [await book(bounce) for _ in range(2)]
    await running.tell("billing.invoice_sent_again.v1", INVOICE, **SENT, recipientIds=[CARL.id])
    refused = await running.post()
    again, bounced = await mails(running)
    shown = await rows_of(database, "notifications", {"status": "bounced"})
    await change_in(database, "notifications", {"what": "release", "id": bounced["id"]})
    waiting = await stored.get(Principal.for_service(ORG), bounced["id"])
    running.clock.time = waiting.next_attempt_at
    released = await running.post()

    assert [(one["state"], one["toEmail"], one["recipient"]) for one in (*queued, *sent)] == [
        ("QUEUED", CARL.email, {"id": CARL.id}),
        ("SENT", CARL.email, {"id": CARL.id}),
    ]
    assert (hidden, booked, refused) == ([], [Booked.SUPPRESSED] * 2, [])
    assert (bounced["state"], bounced["reason"]) == (
        "BOUNCED",
        "The mail was taken and came back: 5.1.1 550 No such user",
    )
    assert again["state"] == "FAILED"
    assert again["reason"].startswith("An earlier mail to this address came back: 5.1.1")
    assert [(row["id"], row["status"], row["failure"]) for row in shown] == [
        (bounced["id"], "bounced", "5.1.1 550 No such user")
    ]
    assert [mail.to for mail in released] == [CARL.email]
    assert {one["state"] for one in await mails(running)} == {"SENT", "FAILED"}


FOLLOW = "subscription($of: ID) { documentMailChanged(documentId: $of) { state reason toEmail } }"


async def told(stream: AsyncIterator[Notification], *wanted: tuple[str, str]) -> set[tuple[str, str]]:
    """Return the addresses and states that a stream tells of until all wanted were among them."""
    came = set[tuple[str, str]]()
    async with asyncio.timeout(LIMIT):
        while not came.issuperset(wanted):
            mail = await anext(stream)
            came.add((mail.recipient.email, state_of(mail).value))
    return came


async def test_how_mails_fare_is_told_live(running: Running) -> None:
    """First as they are, then each when it was sent or came back; nothing of staff's mails or of other documents."""
    await running.tell_of_people()
    service = running.service
    queued, sent = ({(one.email, state) for one in (CARL, CORA)} for state in ("queued", "sent"))
    await service.live.start(running.bus)
    await running.tell("billing.invoice_sent.v1", INVOICE, **SENT)
    changes = service.application.queries.mail_changes
    of_invoice, of_all, of_another = (changes.of(principal_of(OLGA), one) for one in (INVOICE, None, ESTIMATE))
    assert await told(of_invoice, *queued) == queued
    arriving, silent = (asyncio.ensure_future(told(one, *sent)) for one in (of_all, of_another))
    await eventually(lambda: service.live.listening(ORG) == 3, "the listeners")

    await running.post()
    await service.relay.drain()
    assert await told(of_invoice, *sent) == await arriving == sent
    stored: Any = service.application.reactions.notify.notifications
    mine = next(one for one in await stored.about(principal_of(OLGA), INVOICE, 10) if one.recipient.id == CARL.id)
    book = BookBounceHandler(stored, MongoSuppressed(service.database), PATHS, running.clock)
    path = PATHS.of(mine.id, CARL.email)
    await book(BookBounce(content=notice(group("failed", "5.1.1")), envelope_to=path))
    await running.post()
    await service.relay.drain()
    for stream in (of_invoice, of_all):
        assert await told(stream, (CARL.email, "bounced")) <= sent | {(CARL.email, "bounced")}
    assert not silent.done()
    silent.cancel()
    await asyncio.gather(silent, return_exceptions=True)


async def test_clients_are_not_told_how_mails_fare(running: Running) -> None:
    """Their stream is refused, whatever it is about."""
    socket, app = HTTPConnection({"type": "websocket", "headers": []}), running.service.application
    context = Context(app, principal_of(CARL), cast(Idempotency, None), socket, None)
    for about in (INVOICE, None):
        stream: Any = await SCHEMA.subscribe(FOLLOW, {"of": about}, context_value=context)
        results = [result async for result in stream]
        assert [error.extensions["code"] for result in results for error in result.errors] == ["ROLE_FORBIDS"]


async def test_what_came_back_before_it_was_noted_as_sent_has_bounced(running: Running) -> None:
    """A notice may be quicker than the server's answer: the mail is not sent again, and the answer ends nothing."""
    await running.tell_of_people()
    await running.tell("billing.invoice_sent.v1", INVOICE, **SENT, recipientIds=[CARL.id])
    (queued,) = await mails(running)
    stored: Any = running.service.application.reactions.notify.notifications
    book = BookBounceHandler(stored, MongoSuppressed(running.service.database), PATHS, running.clock)
    bounce = BookBounce(content=notice(group("failed", "5.2.2")), envelope_to=PATHS.of(queued["id"], CARL.email))
    assert await book(bounce) is Booked.BOUNCED

    def _sent(mail: Notification) -> None:
        mail.sent(running.clock.now())

    await stored.update(Principal.for_service(ORG), queued["id"], _sent)
    assert (await running.post(), [one["state"] for one in await mails(running)]) == ([], ["BOUNCED"])
