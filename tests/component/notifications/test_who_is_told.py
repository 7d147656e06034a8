"""Whoever should be told is told, or the staff are told who was not; whatever the order in which facts arrive."""

import itertools
from dataclasses import replace
from typing import Any

from services.notifications.domain.kinds import Kind
from services.notifications.messaging.consumed import ContactTold
from services.notifications.messaging.directory import contact_fields
from tests.component.notifications.conftest import Running
from tests.support.notifications.makers import CARL, CORA, CUSTOMER, INVOICE, OLGA, ORG, STAN
from tests.support.soak import how_many, soak

TOTAL = {"amount": "100.00", "currency": "EUR"}
SENT = {"invoiceId": INVOICE, "customerId": CUSTOMER, "number": "INV-1", "total": TOTAL}


async def house(running: Running, *contacts: dict[str, Any]) -> None:
    """Tell of an organisation, its staff, a client company and these contacts without access."""
    await running.tell("identity.organisation_registered.v1", ORG, name="Northwind", email="hello@northwind.example")
    portal = {"enabled": True, "name": "Portal", "slug": "northwind", "notifyStaffOf": [], "documentTypes": ["invoice"]}
    await running.tell("identity.portal_settings_changed.v1", ORG, **portal)
    await running.tell("identity.customer_created.v1", CUSTOMER, customerId=CUSTOMER, name="Élan Vital")
    for person in (OLGA, STAN):
        await running.tell_of(person)
    for given in contacts:
        person = given.pop("person")
        await running.tell_of(person, **{"status": "not_invited", **given})


async def test_the_only_contact_is_told(running: Running) -> None:
    """One contact without access, first or not, gets the mail: one is enough to know whom."""
    await house(running, {"person": CARL})
    await running.tell("billing.invoice_sent.v1", INVOICE, **SENT)

    assert [mail.to for mail in await running.post()] == [CARL.email]


async def test_of_several_without_access_the_first_added_is_told(running: Running) -> None:
    """No access and none first: whoever was added first, unless shut out."""
    first, second = sorted((CARL, CORA), key=lambda one: one.id)
    await house(running, {"person": second}, {"person": first})
    await running.tell("billing.invoice_sent.v1", INVOICE, **SENT)
    assert [mail.to for mail in await running.post()] == [first.email]

    await running.tell_of(first, status="disabled")
    await running.tell("billing.invoice_sent.v1", INVOICE, **SENT)
    assert [mail.to for mail in await running.post()] == [second.email]


async def test_a_primary_contact_whose_news_is_late_is_asked_for(running: Running) -> None:
    """Before anybody is chosen by less, identity is asked whether somebody else comes first."""
    await house(running, {"person": CARL})
    data = {"organisation_id": ORG, "contact_id": CORA.id, "customer_id": CUSTOMER, "name": "Cora", "email": CORA.email}
    told = ContactTold(**data, language="fr", status="not_invited", is_primary=True)
    running.identity.people[CORA.id] = (CORA.id, 1, contact_fields(told))
    await running.tell("billing.invoice_sent.v1", INVOICE, **SENT)

    assert [mail.to for mail in await running.post()] == [CORA.email]


async def test_nobody_to_tell_is_told_to_the_staff(running: Running) -> None:
    """Without contacts, or with none but those shut out: the staff learn it, whatever the portal's settings."""
    await house(running, {"person": CARL, "status": "disabled"})
    await running.tell("billing.invoice_sent.v1", INVOICE, **SENT)

    mails = await running.post()
    assert sorted(mail.to for mail in mails) == sorted([OLGA.email, STAN.email])
    assert "Nobody at Élan Vital was reached about invoice INV-1" in {mail.subject for mail in mails}


async def test_a_refused_mail_is_told_to_the_staff(running: Running) -> None:
    """A client's address that the server refuses: the staff learn whom no mail reached."""
    await house(running, {"person": CARL})
    running.mailer.refuses.add(CARL.email)
    await running.tell("billing.invoice_sent.v1", INVOICE, **SENT)
    assert await running.post() == []
    while await running.service.relay.drain():
        pass

    mails = {mail.to: mail for mail in await running.post()}
    assert set(mails) == {OLGA.email, STAN.email}
    assert CARL.name in mails[OLGA.email].text


async def test_who_was_shut_out_learns_nothing_of_that_time(running: Running) -> None:
    """An acceptance that comes again after an end and a new beginning of access tells nothing from between."""
    await house(running)
    await running.tell_of(CARL, status="accepted")
    await running.tell_of(CARL, status="disabled")
    await running.tell_of(CORA)
    await running.tell("billing.invoice_sent.v1", INVOICE, **SENT)
    people = running.service.database["people"]
    row = await people.find_one({"_id": CARL.id})
    later = running.clock.advance(hours=2)
    await people.update_one({"_id": CARL.id}, {"$set": {"active": True, "status": "accepted", "access_since": later}})
    await running.tell_of(CARL, status="accepted", sequence=1)

    assert row is not None
    assert [mail.to for mail in await running.post()] == [CORA.email]


async def test_nobody_is_told_of_their_own_reply(running: Running) -> None:
    """Who is a member of staff and a contact with the same address is not told of what they wrote."""
    same = replace(CARL, email=OLGA.email.upper())
    await house(running)
    await running.tell_of(same, status="accepted")
    await running.tell_of(CORA)
    about = {"documentId": INVOICE, "documentType": "invoice", "documentNumber": "INV-1", "customerId": CUSTOMER}
    reply = {"authorId": OLGA.id, "authorKind": "staff", "visibility": "portal", "excerpt": "Hello"}
    await running.tell("collaboration.comment_added.v1", "com_1", **about, **reply)

    assert [mail.to for mail in await running.post()] == [CORA.email]


def orders(facts: int, together: int) -> list[tuple[int, ...]]:
    """Return orders of the facts, as few as are easily found, in which any so many of them come in every order."""
    every, missing = list(itertools.permutations(range(facts))), set(itertools.permutations(range(facts), together))
    chosen: list[tuple[int, ...]] = []
    while missing:
        chosen.append(max(every, key=lambda order: len(missing & {*itertools.combinations(order, together)})))
        missing -= {*itertools.combinations(chosen[-1], together)}
    return chosen


@soak
async def test_all_orders_of_five_facts_end_alike(running: Running) -> None:
    """Customer, contact, portal, invoice and reply, each twice: the same people are told the same in any order.

    Any four of them come in every order; all five, which are 120 orders, in the long run.
    """
    about = {"documentId": INVOICE, "documentType": "invoice", "documentNumber": "INV-1"}
    reply = {"authorId": OLGA.id, "authorKind": "staff", "visibility": "portal", "excerpt": "Hello"}
    portal = {"enabled": True, "name": "Portal", "slug": "northwind", "notifyStaffOf": [], "documentTypes": ["invoice"]}
    await house(running)
    ends: set[tuple[str, ...]] = set()
    for number, order in enumerate(orders(5, how_many(4, 5))):
        customer, contact = f"cus_{number:026d}", f"con_{number:026d}"
        person = {"contactId": contact, "customerId": customer, "name": "Kim", "email": "kim@x.example"}
        person |= {"language": "en", "status": "accepted", "isPrimary": False}
        known = ContactTold.model_validate({**person, "organisationId": ORG})
        running.identity.people = {contact: (contact, 1, contact_fields(known))}
        running.identity.customers = {customer: (customer, 1, {"organisation_id": ORG, "name": "Kim & Co"})}
        facts = [
            ("identity.customer_created.v1", customer, {"customerId": customer, "name": "Kim & Co"}),
            ("identity.contact_accepted.v1", contact, person),
            ("identity.portal_settings_changed.v1", ORG, portal),
            ("billing.invoice_sent.v1", f"inv_{number}", {**SENT, "customerId": customer}),
            ("collaboration.comment_added.v1", f"com_{number}", {**about, **reply, "customerId": customer}),
        ]
        for place in order:
            kind, subject, data = facts[place]
            await running.tell(kind, subject, **data, sequence=None if subject == ORG else 1)
        stored = running.service.database["notifications"].find({"news.customer_id": customer})
        rows = sorted((row["recipient_id"][:3], row["channel"], row["news"]["kind"]) for row in await stored.to_list())
        ends.add(tuple("/".join(row) for row in rows))

    assert ends == {
        tuple(f"con/{way}/{kind}" for way in ("email", "in_app") for kind in (Kind.DOCUMENT_SENT, Kind.REPLY_ADDED))
    }
