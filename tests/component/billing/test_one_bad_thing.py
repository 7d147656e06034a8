"""One unreadable document, organisation or payment stops nothing else: billing's jobs on a real database."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.mongo.set_aside import listed
from services.billing.adapters import payment_metrics
from services.billing.domain.repositories import Invoices
from tests.support.billing.makers import (
    NOW,
    ORGANISATION,
    OTHER_ORGANISATION,
    STRANGER,
    TODAY,
    sent_estimate,
    sent_invoice,
)
from tests.support.billing.running import Running
from tests.support.storage import quickest

pytestmark = pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)
BIG = 1_000


def invoices_of(billing: Running) -> Invoices:
    return billing.service.application.queries.invoices.invoices


def row_of(name: str, organisation_id: str, day: str) -> dict[str, Any]:
    """Return as much of an invoice as the job's query reads."""
    return {"_id": f"inv_{name}", "organisation_id": organisation_id, "look_again_on": day, "number_key": name}


async def items(billing: Running) -> list[tuple[str, str, int]]:
    return [(row["loop"], row["item"], row["attempts"]) for row in await listed(billing.service.database)]


async def test_an_unreadable_invoice_keeps_no_other_from_becoming_overdue(billing: Running) -> None:
    """It is set aside with its id, passed over while it rests, and chased like the others once it is mended."""
    late = [sent_invoice(due_on=TODAY, number=f"INV-{number}") for number in range(3)]
    for invoice in late:
        await invoices_of(billing).add(invoice)
    bad, stored = late[0].id, billing.service.database["invoices"]
    kept = await stored.find_one({"_id": bad})
    assert kept is not None
    await stored.update_one({"_id": bad}, {"$set": {"terms.partial_payments": "perhaps"}})
    billing.clock.advance(days=2)
    watch = billing.service.application.jobs.watch_due_dates
    made = await watch()
    assert (made.aside, made.done) == (1, 3)  # the organisation's day, and two invoices
    assert (await watch()).aside == 0
    assert await items(billing) == [("due_dates", f"invoices/{bad}", 1)]
    assert (await billing.drain()).count("billing.invoice_overdue.v1") == 2
    await stored.update_one({"_id": bad}, {"$set": {"terms": kept["terms"]}})
    billing.clock.advance(minutes=1)
    await watch()
    assert await items(billing) == []
    assert (await billing.drain()).count("billing.invoice_overdue.v1") == 3


async def test_an_organisation_whose_day_nobody_can_tell_stops_no_other(billing: Running) -> None:
    """One row for the organisation, however many documents it has; those of others become overdue."""
    for number in range(3):
        await invoices_of(billing).add(sent_invoice(due_on=TODAY, number=f"INV-{number}"))
    fine = sent_invoice(due_on=TODAY, organisation_id=OTHER_ORGANISATION)
    await invoices_of(billing).add(fine)
    await billing.service.application.directory.organisation_now(STRANGER)
    organisations = billing.service.database["organisations"]
    await organisations.update_one({"_id": ORGANISATION}, {"$set": {"time_zone": 7, "sequence": 9}}, upsert=True)
    billing.clock.advance(days=2)
    await billing.service.application.jobs.watch_due_dates()
    assert await items(billing) == [("due_dates", f"organisations/{ORGANISATION}", 1)]
    assert (await billing.drain()).count("billing.invoice_overdue.v1") == 1


async def test_the_largest_organisation_takes_its_turn(billing: Running) -> None:
    """With 1,000 due documents of one organisation and one each of 20 others, the 20 are among the first 40."""
    stored = billing.service.database["invoices"]
    day = TODAY.isoformat()
    later = (TODAY + timedelta(days=1)).isoformat()
    rows = [row_of(f"big{number}", "org_big", day) for number in range(BIG)]
    rows += [row_of(f"small{number}", f"org_{number}", later) for number in range(20)]
    for first in range(
        0, len(rows), 100
    ):  # one write of all takes longer than a socket waits, where the machine is busy
        await stored.insert_many(rows[first : first + 100])
    found = await invoices_of(billing).needing_attention(TODAY + timedelta(days=2), 200)
    assert len(found) == 200
    assert {f"org_{number}" for number in range(20)} <= {organisation for organisation, _ in found[:40]}


async def test_owners_that_a_batch_cannot_hold_come_first_in_the_next(billing: Running) -> None:
    """Nobody waits for ever behind documents that stay due until their own midnight."""
    stored, day = billing.service.database["invoices"], TODAY.isoformat()
    await stored.insert_many([row_of(str(number), f"org_{number}", day) for number in range(7)])
    seen: set[str] = set()
    for _ in range(3):
        batch = await invoices_of(billing).needing_attention(TODAY, 3)
        assert len(batch) == 3
        seen |= {organisation for organisation, _ in batch}
    assert len(seen) == 7


async def test_an_unreadable_payment_keeps_no_other_from_being_looked_after(billing: Running) -> None:
    """Recovery sets it aside; metrics count a state that this version does not know, and go on."""
    payments = billing.service.database["payments"]
    rows: list[dict[str, Any]] = [
        {
            "_id": f"pay_{number}",
            "organisation_id": ORGANISATION,
            "provider": "gone",
            "provider_key": f"gone:{number}",
            "check_at": NOW,
            "state": "frozen",
        }
        for number in range(3)
    ]
    await payments.insert_many(rows)
    assert (await billing.service.application.jobs.resolve_unknown_payments()).looked_at == 3
    assert [item for _, item, _ in await items(billing)] == [f"payments/pay_{number}" for number in range(3)]
    await payment_metrics.measure(payments, NOW)
    assert payment_metrics.WAITING.labels(payment_metrics.OTHER)._value.get() == 3  # pyright: ignore


async def test_an_unreadable_estimate_keeps_no_other_from_expiring(billing: Running) -> None:
    """The same for estimates: the job goes on to the next one."""
    estimates = billing.service.application.queries.estimates.estimates
    lapsing = [sent_estimate(expires_on=TODAY, number=f"EST-{number}") for number in range(2)]
    for estimate in lapsing:
        await estimates.add(estimate)
    stored = billing.service.database["estimates"]
    await stored.update_one({"_id": lapsing[0].id}, {"$set": {"content": 7}})
    billing.clock.advance(days=2)
    await billing.service.application.jobs.watch_due_dates()
    assert await items(billing) == [("due_dates", f"estimates/{lapsing[0].id}", 1)]
    assert (await billing.drain()).count("billing.estimate_expired.v1") == 1
