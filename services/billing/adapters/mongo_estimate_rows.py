"""What the home page shows of estimates that wait for an answer, read from the few stored fields that say it.

As of invoices (`mongo_rows.py`): what an older version saved last, or is not what it should be, is read as a whole.
"""

from datetime import date, datetime
from typing import Any

import msgspec

from chassis.mongo.client import Document
from chassis.mongo.histories import LISTING, SCHEMA, STAMPED, VERSION, History
from services.billing.adapters.mongo_listing import money_of
from services.billing.domain.estimate import EstimateState
from services.billing.domain.listing import EstimateRow


class _Face(msgspec.Struct):
    state: EstimateState
    number: str
    issued_on: date
    expires_on: date
    currency: str
    total: int


class _Listed(msgspec.Struct):
    portal: _Face


class _Stored(msgspec.Struct):
    _id: str
    customer_id: str
    version: int
    created_at: datetime
    listed: _Listed


FIELDS: dict[str, int] = dict.fromkeys(
    ("customer_id", "created_at", "sent_at", "listed", VERSION, SCHEMA, LISTING, STAMPED), 1
)


def row_of(document: Document, history: History) -> EstimateRow | None:
    """Return the row of an estimate that was sent, read with `FIELDS`; None when it has to be read as a whole."""
    if not history.is_current(document):
        return None
    try:
        stored: Any = msgspec.convert(document, _Stored, builtin_types=(datetime,))
        sent = stored.listed.portal
        return EstimateRow(
            id=stored._id,
            customer_id=stored.customer_id,
            version=stored.version,
            number=sent.number or None,
            state=sent.state,
            total=money_of(sent.total, sent.currency),
            created_at=stored.created_at,
            issued_on=sent.issued_on,
            expires_on=sent.expires_on,
        )
    except (msgspec.ValidationError, KeyError):
        return None
