"""Sending again, reminding, and reminder policies, through the door and by the jobs, on a real database."""

import asyncio
from datetime import timedelta
from typing import Any

from services.billing.adapters.stores import Stores
from services.billing.application.directory import ContactProfile, PortalProfile
from services.billing.application.jobs import spread_reminder_policies
from services.billing.messaging.published import LANGUAGE
from tests.component.billing.test_invoices import collect, sent
from tests.support.billing.makers import (
    CLIENT,
    CONTACT,
    CUSTOMER,
    NOW,
    ORGANISATION,
    OTHER_CUSTOMER,
    OWNER,
    STRANGER,
    VIEWER,
)
from tests.support.billing.running import Running, invoice_input

MAILINGS = "query($id: ID!) { invoice(id: $id) { mailings { kind by { id } recipients { id } } } }"
POLICY = "query($c: ID) { reminderPolicy(customerId: $c) { enabled daysBefore daysAfter isOwn } }"
REMINDERS = {"billing.invoice_due_soon.v1", "billing.invoice_reminder_due.v1"}


def knows(billing: Running, contact_id: str = CONTACT, customer_id: str = CUSTOMER) -> None:
    """Let identity have a contact who can be mailed."""
    billing.identity.contacts[contact_id] = ContactProfile(
        id=contact_id, organisation_id=ORGANISATION, customer_id=customer_id, name="Bo"
    )


async def reminders(billing: Running) -> list[dict[str, Any]]:
    """Return the data of what clients are reminded by, in order."""
    await billing.drain()
    told = {event.id: event for event in billing.bus.published if event.source == "/billing"}
    return [
        event.data
        for event in told.values()
        if event.type in REMINDERS or (event.type == "billing.invoice_overdue.v1" and event.data["remindsClient"])
    ]


async def on_day(billing: Running, days: int) -> None:
    """Let days pass since the beginning, and the job look at them."""
    billing.clock.time = NOW + timedelta(days=days)
    await billing.service.application.jobs.watch_due_dates()


async def spread(billing: Running) -> None:
    """Let the job reach all invoices, again after what may have been under way."""
    for _ in range(2):
        await billing.service.application.jobs.spread_reminder_policies()
        billing.clock.time = billing.clock.now() + timedelta(minutes=3)
    await billing.service.application.jobs.spread_reminder_policies()


async def test_staff_choose_who_gets_a_document_and_send_it_again(billing: Running) -> None:
    """The choice goes with the fact, each time is in the history for staff, and clients see nothing of it."""
    knows(billing)
    invoice = await billing.invoice("createInvoice", **invoice_input())
    await billing.invoice("sendInvoice", invoiceId=invoice["id"], recipientIds=[CONTACT])
    key = "the-same-request"
    for _ in range(2):
        await billing.invoice("resendInvoice", key=key, invoiceId=invoice["id"])

    await billing.drain()
    told = {event.id: event for event in billing.bus.published if event.source == "/billing"}
    chosen = [(it.type, it.data["recipientIds"]) for it in told.values() if "sent" in it.type]
    seen = await billing.query(MAILINGS, id=invoice["id"])
    hidden = await billing.query(MAILINGS, CLIENT, id=invoice["id"])

    assert chosen == [("billing.invoice_sent.v1", [CONTACT]), ("billing.invoice_sent_again.v1", [])]
    assert seen["invoice"]["mailings"] == [
        {"kind": "SENT", "by": {"id": OWNER.id}, "recipients": [{"id": CONTACT}]},
        {"kind": "SENT_AGAIN", "by": {"id": OWNER.id}, "recipients": []},
    ]
    assert hidden["invoice"]["mailings"] == []


async def test_an_estimate_that_waits_is_sent_again(billing: Running) -> None:
    """To chosen contacts; once it was voided, or before it was sent, it is not."""
    knows(billing)
    draft = await billing.estimate(
        "createEstimate", **{k: v for k, v in invoice_input().items() if k != "paymentTerms"}
    )
    assert await billing.refusals("resendEstimate", estimateId=draft["id"]) == [("NOT_YET_SENT", None)]
    await billing.estimate("sendEstimate", estimateId=draft["id"])
    await billing.estimate("resendEstimate", estimateId=draft["id"], recipientIds=[CONTACT])
    await billing.estimate("voidEstimate", estimateId=draft["id"])
    assert await billing.refusals("resendEstimate", estimateId=draft["id"]) == [("ESTIMATE_NOT_SENT", None)]
    assert "billing.estimate_sent_again.v1" in await billing.drain()


async def test_who_cannot_be_written_to_is_refused_with_a_code_and_a_field(billing: Running) -> None:
    """Others' contacts, strangers and too many; nobody at all; nothing is sent, nothing noted."""
    draft = await billing.invoice("createInvoice", **invoice_input())
    theirs = ContactProfile(id="con_x", organisation_id=ORGANISATION, customer_id=OTHER_CUSTOMER, name="Cy")
    billing.identity.contacts["con_x"] = theirs
    place = ["recipientIds", "0"]
    for wrong in ("con_x", "nobody"):
        refused = await billing.refusals("sendInvoice", invoiceId=draft["id"], recipientIds=[wrong])
        assert refused == [("NOT_A_CONTACT_OF_THE_CLIENT", place)]
    many = await billing.refusals("sendInvoice", invoiceId=draft["id"], recipientIds=[str(n) for n in range(21)])
    await billing.invoice("sendInvoice", invoiceId=draft["id"])
    for again in ("resendInvoice", "remindOfInvoice"):
        assert await billing.refusals(again, invoiceId=draft["id"]) == [("NOBODY_TO_REACH", None)]
        assert await billing.refusals(again, VIEWER, invoiceId=draft["id"]) == [("ROLE_FORBIDS", None)]
        assert await billing.refusals(again, STRANGER, invoiceId=draft["id"]) == [("NOT_FOUND", ["invoiceId"])]
    billing.identity.away = True
    away = await billing.refusals("remindOfInvoice", invoiceId=draft["id"])

    assert (many, away) == ([("TOO_MANY_ENTRIES", ["recipientIds"])], [("DIRECTORY_UNAVAILABLE", None)])
    assert [len((await billing.query(MAILINGS, id=draft["id"]))["invoice"]["mailings"])] == [1]


async def test_reminding_by_hand_is_refused_for_what_is_not_owed_and_too_soon(billing: Running) -> None:
    """Each refusal has its code; a reminder by policy counts as well."""
    knows(billing)
    draft = await billing.invoice("createInvoice", **invoice_input())
    paid, void, owed = [await sent(billing) for _ in range(3)]
    await collect(billing, paid, "100.00")
    await billing.invoice("voidInvoice", invoiceId=void)
    await billing.invoice("remindOfInvoice", invoiceId=owed)
    cases = {
        draft["id"]: "NOT_YET_SENT",
        paid: "NOTHING_OWED",
        void: "INVOICE_NOT_OPEN",
        owed: "REMINDED_RECENTLY",
    }
    for invoice_id, code in cases.items():
        assert await billing.refusals("remindOfInvoice", invoiceId=invoice_id) == [(code, None)]
    await on_day(billing, 15)
    assert await billing.refusals("remindOfInvoice", invoiceId=owed) == [("REMINDED_RECENTLY", None)]


async def test_two_who_remind_at_once_are_one(billing: Running) -> None:
    """Two tabs with keys of their own: one reminder, one refusal."""
    knows(billing)
    owed = await sent(billing)
    refused = await asyncio.gather(*[billing.refusals("remindOfInvoice", invoiceId=owed) for _ in range(2)])
    assert sorted(map(len, refused)) == [0, 1]
    assert len(await reminders(billing)) == 1


async def test_a_policy_reaches_what_is_open_and_the_companys_own_comes_first(billing: Running) -> None:
    """The organisation's for all, the company's for its own; taken back, the organisation's holds again."""
    mine, other = await sent(billing), await sent(billing, customerId=OTHER_CUSTOMER)
    await billing.mutate("setReminderPolicy", daysBefore=[3], daysAfter=[], untilDays=30)
    await billing.mutate("setReminderPolicy", customerId=CUSTOMER, daysBefore=[5], daysAfter=[2])
    await spread(billing)
    shown = [(await billing.query(POLICY, c=one))["reminderPolicy"] for one in (None, CUSTOMER, OTHER_CUSTOMER)]
    for days in (8, 9, 10, 11, 12, 15, 16, 17):
        await on_day(billing, days)
    told = [(it["invoiceId"], it.get("daysLeft"), it.get("daysOverdue")) for it in await reminders(billing)]
    await billing.mutate("removeReminderPolicy", customerId=CUSTOMER)

    assert [(it["daysBefore"], it["daysAfter"], it["isOwn"]) for it in shown] == [
        ([3], [], True),
        ([5], [2], True),
        ([3], [], False),
    ]
    assert set(told) == {(mine, 5, None), (other, 3, None), (mine, None, 2)}
    assert len(told) == 3
    assert (await billing.query(POLICY, c=CUSTOMER))["reminderPolicy"]["daysBefore"] == [3]


async def test_a_policy_is_refused_by_role_field_and_company(billing: Running) -> None:
    """Viewers, strangers' companies and impossible days; contacts read none."""
    assert await billing.refusals("setReminderPolicy", VIEWER) == [("ROLE_FORBIDS", None)]
    assert await billing.refusals("setReminderPolicy", STRANGER, customerId=CUSTOMER) == [("NOT_FOUND", ["customerId"])]
    assert await billing.refusals("setReminderPolicy", daysAfter=[0]) == [("NUMBER_OUT_OF_RANGE", ["daysAfter", "0"])]
    assert await billing.subgraph.codes(POLICY, CLIENT) == ["ROLE_FORBIDS"]


async def test_two_workers_and_a_pause_remind_once(billing: Running) -> None:
    """Four rounds at once after three weeks without any: overdue once, reminded once, for each invoice."""
    owed = [await sent(billing) for _ in range(5)]
    billing.clock.time = NOW + timedelta(days=14 + 20)
    watch = billing.service.application.jobs.watch_due_dates
    await asyncio.gather(*[watch() for _ in range(4)])
    assert sorted(it["invoiceId"] for it in await reminders(billing)) == sorted(owed)


async def test_while_the_portal_is_off_nobody_is_reminded_by_policy(billing: Running) -> None:
    """The fact of being overdue is told; staff may remind all the same; on again, the next step counts."""
    knows(billing)
    owed = await sent(billing)
    off = PortalProfile(enabled=False, slug="ahlund")
    billing.identity.portals[ORGANISATION] = off
    await billing.service.application.directory.note_portal(5, ORGANISATION, off)  # type: ignore[attr-defined]
    for days in (15, 21, 22):
        await on_day(billing, days)
    assert (await reminders(billing), await billing.drain())[1].count("billing.invoice_overdue.v1") == 1
    assert await reminders(billing) == []
    await billing.invoice("remindOfInvoice", invoiceId=owed)
    assert len(await reminders(billing)) == 1
    billing.identity.portals[ORGANISATION] = PortalProfile(slug="ahlund")
    await on_day(billing, 28)
    assert len(await reminders(billing)) == 2


async def test_every_organisation_is_reached_however_many_another_has(billing: Running, monkeypatch: Any) -> None:
    """In small batches a policy reaches all of one organisation's, and another's does not wait for its end."""
    monkeypatch.setattr(spread_reminder_policies, "INVOICES", 2)
    stores = Stores.over(billing.service.database, LANGUAGE, lambda: None)
    owed = [await sent(billing) for _ in range(5)]
    await billing.mutate("setReminderPolicy", daysBefore=[3], daysAfter=[])
    await billing.mutate("setReminderPolicy", STRANGER, daysBefore=[3], daysAfter=[])
    billing.clock.time = NOW + timedelta(minutes=5)
    rounds = 0
    while await stores.policies.spreading(10):
        await billing.service.application.jobs.spread_reminder_policies()
        rounds += 1
    waiting = {it.id: it.look_again_on for it in (await stores.invoices.get_many(OWNER, owed)).values()}
    assert rounds == 3
    assert {str(day) for day in waiting.values()} == {"2026-03-21"}
    assert len(waiting) == 5
