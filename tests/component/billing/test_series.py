"""`portal series` over what is really stored: sound series, and every way in which one can be wrong."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from chassis.mongo.client import Database, connect
from chassis.mongo.indexes import ensure_indexes
from portal_cli.series import told
from services.billing.adapters import mongo_estimates, mongo_invoices, mongo_numbers
from services.billing.adapters.mongo_invoices import MongoInvoices
from services.billing.adapters.mongo_numbers import MongoNumberSeries
from services.billing.adapters.series_proof import prove_series
from services.billing.domain.series import Series
from services.billing.messaging.published import LANGUAGE
from tests.support.billing.makers import NOW, ORGANISATION, OTHER_ORGANISATION, drafted_invoice, sent_invoice
from tests.support.storage import quickest

pytestmark = pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    database = connect(mongo_url, database_name)
    yield database
    await database.close()


async def filled(database: Database) -> MongoInvoices:
    indexes = (*mongo_invoices.INDEXES, *mongo_estimates.INDEXES, *mongo_numbers.INDEXES)
    await ensure_indexes(database, indexes)
    return MongoInvoices(database, LANGUAGE)


async def test_a_series_without_gaps_is_proven(database: Database) -> None:
    """Sent ones, one of a draft whose send died, one that was given back: nothing is wrong, and both are named."""
    invoices, numbers = await filled(database), MongoNumberSeries(database)
    for _ in range(3):
        draft = drafted_invoice()
        number = await numbers.take(ORGANISATION, Series.INVOICE, draft.id)
        await invoices.add(sent_invoice(number=number, invoice_id=draft.id))
    waiting = drafted_invoice()
    await invoices.add(waiting)
    await numbers.take(ORGANISATION, Series.INVOICE, waiting.id)
    await numbers.take(ORGANISATION, Series.INVOICE, "inv_voided")
    await numbers.give_back(ORGANISATION, Series.INVOICE, "inv_voided")

    (proven,) = await prove_series(database)

    assert proven.proof.is_sound
    assert told(proven) == [
        f"{ORGANISATION} invoice 2026: INV-000001 to INV-000003",
        f"{ORGANISATION} invoice: INV-000004 waits for a document",
        f"{ORGANISATION} invoice: INV-000005 waits for a document",
    ]


async def test_gaps_and_duplicates_are_told_with_their_year(database: Database) -> None:
    """A number that a voided draft kept, one that is nowhere, and one that two carry; organisations count apart."""
    invoices, numbers = await filled(database), MongoNumberSeries(database)
    voided = drafted_invoice()
    voided.void("mistake", now=NOW)
    await invoices.add(voided)
    await numbers.take(ORGANISATION, Series.INVOICE, voided.id)
    for number in ("INV-000002", "INV-000004"):
        await invoices.add(sent_invoice(number=number))
    await invoices.add(sent_invoice(number="INV-000001", organisation_id=OTHER_ORGANISATION))
    twice = sent_invoice(number="INV-000009")
    await invoices.add(twice)
    same = {"number": "INV-000004", "sent_at": NOW + timedelta(days=365)}
    await invoices.collection.update_one({"_id": twice.id}, {"$set": same})

    ours, theirs = await prove_series(database)

    assert (ours.proof.gaps, ours.proof.duplicates) == ((1, 3), (4,))
    assert theirs.proof.is_sound
    assert told(ours)[2:] == [
        f"{ORGANISATION} invoice 2026: gap INV-000001",
        f"{ORGANISATION} invoice 2026: gap INV-000003",
        f"{ORGANISATION} invoice 2026: duplicate INV-000004",
    ]
