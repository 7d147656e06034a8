"""Chosen recipients, reminders and mails that come back, through events and the door, on a real database."""

from typing import Any

from chassis.kernel import Principal
from chassis.mailing.return_path import ReturnPaths
from portal_cli.mails import change_in, rows_of
from services.notifications.adapters.mongo_suppressed import MongoSuppressed
from services.notifications.application.commands.book_bounce import BookBounce, BookBounceHandler, Booked
from tests.component.notifications.conftest import Running
from tests.support.notifications.makers import CARL, CORA, CUSTOMER, INVOICE, OLGA, ORG, STAN, principal_of
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
