"""What lists show of invoices, read from the few stored fields that say it.

A document that an older version saved last, or that is not what it should be, says nothing here: it is read as a whole,
which knows all forms, or tells what is wrong.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from chassis.mongo.client import Document
from chassis.mongo.histories import LISTING, SCHEMA, STAMPED, VERSION, History
from services.billing.adapters.mongo_listing import money_of
from services.billing.domain.invoice import InvoiceState
from services.billing.domain.listing import InvoiceRow
from services.billing.domain.money import Money


class _Amounts(msgspec.Struct):
    payable: Decimal


class _Content(msgspec.Struct):
    currency: str
    amounts: _Amounts


class _Terms(msgspec.Struct):
    due_on: date | None = None


class _Listed(msgspec.Struct):
    paid: int
    balance: int


class _Stored(msgspec.Struct):
    _id: str
    customer_id: str
    version: int
    state: InvoiceState
    created_at: datetime
    content: _Content
    terms: _Terms
    listed: _Listed
    number: str | None = None
    issued_on: date | None = None
    sent_at: datetime | None = None


FIELDS: dict[str, int] = dict.fromkeys(
    (
        *("customer_id", "state", "created_at", "number", "issued_on", "sent_at", "terms.due_on"),
        *("content.currency", "content.amounts.payable", "listed", VERSION, SCHEMA, LISTING, STAMPED),
    ),
    1,
)


def row_of(document: Document, history: History) -> InvoiceRow | None:
    """Return the row of a document that was read with `FIELDS`; None when it has to be read as a whole."""
    if not history.is_current(document):
        return None
    try:
        stored: Any = msgspec.convert(document, _Stored, builtin_types=(datetime,))
        currency = stored.content.currency
        return InvoiceRow(
            id=stored._id,
            customer_id=stored.customer_id,
            version=stored.version,
            number=stored.number,
            state=stored.state,
            total=Money(stored.content.amounts.payable, currency),
            paid=money_of(stored.listed.paid, currency),
            balance=money_of(stored.listed.balance, currency),
            created_at=stored.created_at,
            issued_on=stored.issued_on,
            sent_at=stored.sent_at,
            due_on=stored.terms.due_on,
        )
    except (msgspec.ValidationError, KeyError):
        return None
