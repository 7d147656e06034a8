"""Invoices in MongoDB."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from chassis.cloudevents import PublishedLanguage
from chassis.kernel import Page, PageRequest, Principal
from chassis.mongo.applied import STATE_ONLY
from chassis.mongo.client import Database, Document, aggregated
from chassis.mongo.documents import to_value
from chassis.mongo.histories import declare
from chassis.mongo.indexes import Index, outbox_index
from chassis.mongo.paging import fetch_page
from chassis.mongo.reading import all_readable
from chassis.mongo.repository import MongoRepository
from chassis.mongo.turns import Turns
from chassis.search_keys import search_key
from services.billing.adapters.mongo_listing import (
    all_of,
    between,
    containing,
    day_text,
    minor_units,
    money_of,
    number_key,
    searchable,
    whose,
)
from services.billing.domain.invoice import Invoice, InvoiceState, InvoiceStatus
from services.billing.domain.invoice.record import CollectionState
from services.billing.domain.listing import InvoiceFilter, InvoiceOrder, Outstanding
from services.billing.domain.repositories import Whereabouts
from services.billing.domain.statement import Ledger

COLLECTION = "invoices"
declare(Invoice, listing=2)
INDEXES = (
    Index(COLLECTION, (("organisation_id", 1), ("customer_id", 1), ("created_at", -1))),
    Index(COLLECTION, (("organisation_id", 1), ("created_at", -1), ("_id", -1))),
    Index(COLLECTION, (("organisation_id", 1), ("estimate_id", 1))),
    Index(COLLECTION, (("organisation_id", 1), ("listed.balance", 1))),
    Index(COLLECTION, (("look_again_on", 1),)),
    Index(COLLECTION, (("number_key", 1),), {"unique": True}),
    outbox_index(COLLECTION),
)
_ORDERS = {
    InvoiceOrder.CREATED: "created_at",
    InvoiceOrder.ISSUED: "listed.issued_on",
    InvoiceOrder.DUE: "listed.due_on",
    InvoiceOrder.NUMBER: "listed.number",
    InvoiceOrder.TOTAL: "listed.total",
    InvoiceOrder.BALANCE: "listed.balance",
}
_OPEN: Document = {"state": {"$in": ["sent", "written_off"]}}
_OWED: Document = {**_OPEN, "listed.balance": {"$gt": 0}}
_GIVES_BACK: Document = {"state": "sent", "listed.balance": {"$lt": 0}, "listed.total": {"$lt": 0}}
_LEDGER: dict[str, int] = {
    "number": 1,
    "state": 1,
    "issued_on": 1,
    "sent_at": 1,
    "collections": 1,
    "closed": 1,
    "closed_before": 1,
    "terms.due_on": 1,
    "content.currency": 1,
    "content.amounts.payable": 1,
}


class MongoInvoices(MongoRepository[Invoice]):
    """The repository and its queries."""

    def __init__(
        self, database: Database, language: PublishedLanguage, committed: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(
            database[COLLECTION],
            Invoice,
            language,
            what="invoice",
            scope=lambda by: whose(by, None),
            committed=committed,
            listed=_listed,
        )
        self._waiting = Turns(self.collection, {}, order=[("look_again_on", 1)])

    async def page(
        self,
        by: Principal,
        wanted: InvoiceFilter,
        request: PageRequest,
        *,
        order: InvoiceOrder = InvoiceOrder.CREATED,
        descending: bool = True,
        today: date,
    ) -> Page[Invoice]:
        """Return a page of what the principal may see."""
        match = _match(by, wanted, today)
        page = await fetch_page(self.collection, match, _ORDERS[order], request, descending=descending)
        return self.read_page(page)

    async def count(self, by: Principal, wanted: InvoiceFilter, *, today: date) -> int:
        """Return how many rows all pages have together."""
        return await self.collection.count_documents(_match(by, wanted, today))

    async def last_paid(self, by: Principal, customer_id: str | None, limit: int) -> Sequence[Invoice]:
        """Return the invoices that were paid in full last, latest first."""
        match = all_of(whose(by, customer_id), {"listed.paid_at": {"$gt": ""}})
        rows = self.collection.find(match, STATE_ONLY).sort([("listed.paid_at", -1), ("_id", -1)]).limit(limit)
        return await self.read_all(rows)

    async def outstanding(self, by: Principal, customer_id: str | None, today: date) -> Sequence[Outstanding]:
        """Return what is owed per currency: credits are taken off it, and are never overdue."""
        owed = {"$cond": [{"$gt": ["$listed.balance", 0]}, "$listed.balance", 0]}
        overdue = {"$cond": [{"$lt": ["$listed.due_on", day_text(today)]}, owed, 0]}
        pipeline: list[Document] = [
            {"$match": all_of(whose(by, customer_id), _OPEN, {"listed.balance": {"$ne": 0}})},
            {"$project": {"currency": "$content.currency", "balance": "$listed.balance", "overdue": overdue}},
            {
                "$group": {
                    "_id": "$currency",
                    "balance": {"$sum": "$balance"},
                    "overdue": {"$sum": "$overdue"},
                    "invoices": {"$sum": 1},
                }
            },
            {"$sort": {"_id": 1}},
        ]
        return [_outstanding(row) async for row in aggregated(self.collection, pipeline)]

    async def ledgers(self, by: Principal, customer_id: str, until: date) -> Sequence[Ledger]:
        """Return the ledgers of a client company's sent invoices; the day of a payment may lie before the invoice's."""
        rows = self.collection.find(all_of(whose(by, customer_id), {"sent_at": {"$ne": None}}), _LEDGER)
        ledgers = await all_readable(COLLECTION, rows, _ledger)
        return [ledger for ledger in ledgers if ledger.first_day <= until]

    async def needing_attention(
        self, until: date, limit: int, *, without: Sequence[str] = (), not_of: Sequence[str] = ()
    ) -> Sequence[Whereabouts]:
        """Return invoices that may be overdue or need a reminder."""
        match = {"look_again_on": {"$lte": day_text(until), "$gt": ""}}
        rows = await self._waiting.batch(match, limit, without=without, not_of=not_of)
        return [(row["organisation_id"], row["_id"]) for row in rows]


def _match(by: Principal, wanted: InvoiceFilter, today: date) -> Document:
    conditions: Document = {}
    if wanted.currency:
        conditions["content.currency"] = wanted.currency
    if wanted.estimate_id:
        conditions["estimate_id"] = wanted.estimate_id
    if search_key(wanted.search):
        conditions["listed.text"] = containing(wanted.search)
    if issued := between(wanted.issued_from, wanted.issued_to):
        conditions["listed.issued_on"] = issued
    if due := between(wanted.due_from, wanted.due_to):
        conditions["listed.due_on"] = due
    statuses = [_with_status(status, day_text(today)) for status in sorted(wanted.statuses)]
    either: Document = {"$or": statuses} if statuses else {}
    return all_of(whose(by, wanted.customer_id), conditions, either)


def _with_status(status: InvoiceStatus, today: str) -> Document:
    match status:
        case InvoiceStatus.PAID:
            return {
                "state": "sent",
                "$or": [{"listed.balance": 0}, {"listed.balance": {"$lt": 0}, "listed.total": {"$gte": 0}}],
            }
        case InvoiceStatus.OVERDUE:
            return {**_OWED, "listed.due_on": {"$lt": today}}
        case InvoiceStatus.PARTIALLY_PAID:
            return {**_OWED, "listed.due_on": {"$gte": today}, "listed.paid": {"$gt": 0}}
        case InvoiceStatus.SENT:
            waits = {**_OWED, "listed.due_on": {"$gte": today}, "listed.paid": {"$lte": 0}}
            return {"$or": [waits, _GIVES_BACK]}
        case InvoiceStatus.WRITTEN_OFF:
            return {"state": "written_off", "listed.balance": {"$lte": 0}}
        case _:
            return {"state": status.value}


def _listed(invoice: Invoice) -> Document:
    settled = (entry.at for entry in invoice.collections.values() if entry.state is CollectionState.SETTLED)
    is_paid = invoice.state is InvoiceState.SENT and invoice.balance.amount <= 0
    paid_at = max(settled, default=None) if is_paid else None
    return {
        "number_key": number_key(invoice.organisation_id, invoice.number, invoice.id),
        "listed": {
            "number": invoice.number or "",
            "text": searchable(invoice.number, invoice.content, invoice.buyer),
            "issued_on": day_text(invoice.issued_on),
            "due_on": day_text(invoice.terms.due_on),
            "total": minor_units(invoice.total.amount, invoice.currency),
            "paid": minor_units(invoice.paid.amount, invoice.currency),
            "balance": minor_units(invoice.balance.amount, invoice.currency),
            "paid_at": paid_at.isoformat() if paid_at else "",
        },
    }


def _outstanding(row: Document) -> Outstanding:
    currency: str = row["_id"]
    return Outstanding(
        balance=money_of(row["balance"], currency),
        overdue=money_of(row["overdue"], currency),
        invoices=row["invoices"],
    )


def _ledger(row: Document) -> Ledger:
    fields: dict[str, Any] = {
        "invoice_id": row["_id"],
        "number": row["number"],
        "state": row["state"],
        "issued_on": row["issued_on"],
        "sent_at": row["sent_at"],
        "due_on": row["terms"]["due_on"],
        "currency": row["content"]["currency"],
        "payable": row["content"]["amounts"]["payable"],
        "collections": row["collections"],
        "closed": row["closed"],
        "closed_before": row.get("closed_before", ()),
    }
    return to_value(Ledger, fields)
