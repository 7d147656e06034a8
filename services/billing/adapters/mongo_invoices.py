"""Invoices in MongoDB."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from chassis.cloudevents import PublishedLanguage
from chassis.kernel import Page, PageRequest, Principal
from chassis.mongo.applied import STATE_ONLY
from chassis.mongo.client import Database, Document, aggregated
from chassis.mongo.histories import declare
from chassis.mongo.indexes import Index, outbox_index
from chassis.mongo.paging import Fences, Listing, listed_page
from chassis.mongo.reading import readable
from chassis.mongo.repository import MongoRepository
from chassis.mongo.turns import Turns
from services.billing.adapters import mongo_owed, mongo_rows
from services.billing.adapters.mongo_invoice_fields import LEDGER, OPEN, ledger_of, listed, where_of
from services.billing.adapters.mongo_listing import (
    all_of,
    counted,
    day_text,
    is_anothers,
    money_of,
    scope,
    was_sent,
    whose,
)
from services.billing.adapters.mongo_owed import MongoOwed, Sum
from services.billing.domain.invoice import Invoice
from services.billing.domain.listing import InvoiceFilter, InvoiceOrder, InvoiceRow, Outstanding, invoice_row
from services.billing.domain.repositories import Whereabouts
from services.billing.domain.statement import Ledger

COLLECTION = "invoices"
HISTORY = declare(Invoice, listing=5)
INDEXES = (
    Index(COLLECTION, (("organisation_id", 1), ("customer_id", 1), ("created_at", -1))),
    Index(COLLECTION, (("organisation_id", 1), ("created_at", -1), ("_id", -1))),
    Index(COLLECTION, (("organisation_id", 1), ("estimate_id", 1))),
    Index(COLLECTION, (("organisation_id", 1), ("listed.balance", 1), ("_id", 1))),
    Index(COLLECTION, (("organisation_id", 1), ("listed.issued_on", 1), ("_id", 1))),
    Index(COLLECTION, (("organisation_id", 1), ("listed.due_on", 1), ("_id", 1))),
    Index(COLLECTION, (("organisation_id", 1), ("listed.number", 1), ("_id", 1))),
    Index(COLLECTION, (("organisation_id", 1), ("listed.total", 1), ("_id", 1))),
    Index(COLLECTION, (("organisation_id", 1), ("listed.paid_at", 1), ("_id", 1))),
    Index(COLLECTION, (("organisation_id", 1), ("customer_id", 1), ("listed.paid_at", 1), ("_id", 1))),
    Index(COLLECTION, (("look_again_on", 1),)),
    Index(COLLECTION, (("number_key", 1),), {"unique": True}),
    outbox_index(COLLECTION),
    *mongo_owed.indexes(COLLECTION),
)
_ORDERS = {
    InvoiceOrder.CREATED: ("created_at", datetime),
    InvoiceOrder.ISSUED: ("listed.issued_on", str),
    InvoiceOrder.DUE: ("listed.due_on", str),
    InvoiceOrder.NUMBER: ("listed.number", str),
    InvoiceOrder.TOTAL: ("listed.total", int),
    InvoiceOrder.BALANCE: ("listed.balance", int),
}
_PAID = ("0", "9")
"""Before and after all instants as text; what was not paid has none."""


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
            listed=listed,
        )
        self._waiting = Turns(self.collection, {}, order=[("look_again_on", 1)])
        self._fences = Fences()
        self.owed = MongoOwed(database, self.collection, self.history)

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
        page = await self._page(by, wanted, request, order, descending=descending, today=today)
        return self.read_page(page)

    async def rows(
        self,
        by: Principal,
        wanted: InvoiceFilter,
        request: PageRequest,
        *,
        order: InvoiceOrder = InvoiceOrder.CREATED,
        descending: bool = True,
        today: date,
    ) -> Page[InvoiceRow]:
        """As `page`, with what lists show and no more."""
        page = await self._page(
            by, wanted, request, order, descending=descending, today=today, fields=mongo_rows.FIELDS
        )
        return await self._rows(by, page)

    async def rows_of(self, by: Principal, ids: list[str]) -> dict[str, InvoiceRow]:
        """As `get_many`, with what lists show and no more."""
        match = {"_id": {"$in": ids}, **whose(by, None)}
        found = await self.collection.find(match, mongo_rows.FIELDS).to_list() if ids else []
        page = await self._rows(by, Page(tuple(found), (("", ""),) * len(found), has_next_page=False))
        return {row.id: row for row in page.items}

    async def last_paid_rows(self, by: Principal, customer_id: str | None, limit: int) -> Sequence[InvoiceRow]:
        """As `last_paid`, with what lists show and no more."""
        page = await self._last_paid(by, customer_id, limit, mongo_rows.FIELDS)
        return (await self._rows(by, page)).items

    async def _rows(self, by: Principal, page: Page[Document]) -> Page[InvoiceRow]:
        """Return what lists show of these; those that do not say it are read as a whole."""
        read = {row["_id"]: mongo_rows.row_of(row, self.history) for row in page.items}
        whole = await self.get_many(by, [key for key, row in read.items() if row is None])
        known = {**read, **{key: invoice_row(invoice) for key, invoice in whole.items()}}
        kept = [
            (row, cursor)
            for document, cursor in zip(page.items, page.cursors, strict=True)
            if (row := known[document["_id"]]) is not None
        ]
        rows, cursors = tuple(row for row, _ in kept), tuple(cursor for _, cursor in kept)
        return page.of(rows, cursors)

    async def _page(
        self,
        by: Principal,
        wanted: InvoiceFilter,
        request: PageRequest,
        order: InvoiceOrder,
        *,
        descending: bool,
        today: date,
        fields: Mapping[str, int] = STATE_ONLY,
    ) -> Page[Document]:
        if is_anothers(by, wanted.customer_id):
            return Page((), (), has_next_page=False)
        match, where = scope(by, wanted.customer_id), where_of(wanted, today)
        field, kind = _ORDERS[order]
        if "customer_id" in match and order is not InvoiceOrder.CREATED:
            kind = None
        listing = Listing(
            match=match,
            where=where or (None if kind else {}),
            sort_field=field,
            kind=kind,
            has_ties=kind is not None and order is not InvoiceOrder.CREATED,
            is_complete=order is InvoiceOrder.CREATED,
            descending=descending,
            fields=fields,
            fences=self._fences,
            keep=was_sent if by.is_contact else lambda _: True,
        )
        return await listed_page(self.collection, listing, request)

    async def count(self, by: Principal, wanted: InvoiceFilter, *, today: date) -> int:
        """Return how many rows all pages have together."""
        if is_anothers(by, wanted.customer_id):
            return 0
        sent: Document = {"sent_at": {"$ne": None}} if by.is_contact else {}
        return await counted(self.collection, scope(by, wanted.customer_id), all_of(sent, where_of(wanted, today)))

    async def last_paid(self, by: Principal, customer_id: str | None, limit: int) -> Sequence[Invoice]:
        """Return the invoices that were paid in full last, latest first."""
        page = await self._last_paid(by, customer_id, limit)
        return self.read_page(page).items

    async def _last_paid(
        self, by: Principal, customer_id: str | None, limit: int, fields: Mapping[str, int] = STATE_ONLY
    ) -> Page[Document]:
        if is_anothers(by, customer_id):
            return Page((), (), has_next_page=False)
        listing = Listing(
            match=scope(by, customer_id),
            sort_field="listed.paid_at",
            kind=str,
            between=_PAID,
            descending=True,
            is_complete=True,
            fields=fields,
            fences=self._fences,
        )
        return await listed_page(self.collection, listing, PageRequest(limit))

    async def outstanding(self, by: Principal, customer_id: str | None, today: date) -> Sequence[Outstanding]:
        """Return what is owed per currency: credits are taken off it, and are never overdue."""
        if by.is_contact and customer_id not in {None, by.customer_id}:
            return []
        of = by.customer_id if by.is_contact else customer_id
        sums = await self.owed.read(by.organisation_id, of)
        if sums is None:
            sums = await self.added_up(by.organisation_id, of)
        return [_outstanding(currency, row, day_text(today)) for currency, row in sorted(sums.items())]

    async def added_up(self, organisation_id: str, customer_id: str | None) -> dict[str, Sum]:
        """Return what is owed by currency from the invoices themselves: takes as long as there are many."""
        of = {"organisation_id": organisation_id} | ({"customer_id": customer_id} if customer_id else {})
        above_zero = {"$cond": [{"$gt": ["$listed.balance", 0]}, "$listed.balance", 0]}
        pipeline: list[Document] = [
            {"$match": of},
            {"$match": {"listed.balance": {"$ne": 0}}},
            {
                "$group": {
                    "_id": {"currency": "$content.currency", "due_on": "$listed.due_on"},
                    "balance": {"$sum": "$listed.balance"},
                    "due": {"$sum": above_zero},
                    "invoices": {"$sum": 1},
                }
            },
        ]
        sums: dict[str, Sum] = {}
        async for row in aggregated(self.collection, pipeline):
            currency, day = row["_id"]["currency"], row["_id"]["due_on"]
            one = sums.get(currency, Sum(0, 0, {}))
            due = {**one.due, day: row["due"]} if row["due"] else one.due
            sums[currency] = Sum(one.balance + row["balance"], one.invoices + row["invoices"], due)
        return sums

    async def ledgers(self, by: Principal, customer_id: str, until: date) -> Sequence[Ledger]:
        """Return the ledgers of a client company's sent invoices; the day of a payment may lie before the invoice's."""
        if is_anothers(by, customer_id):
            return []
        rows = await self.collection.find(scope(by, customer_id), LEDGER).to_list()
        ledgers = readable(COLLECTION, [row for row in rows if was_sent(row)], ledger_of)
        return [ledger for ledger in ledgers if ledger.first_day <= until]

    def _document(self, aggregate: Invoice) -> Document:
        document = super()._document(aggregate)
        return document | mongo_owed.marking({}, document["listed"]["owed"], aggregate.organisation_id)

    def _different(self, stored: Document, before: Document, aggregate: Invoice) -> Document:
        fields = super()._different(stored, before, aggregate)
        owed = fields.get("listed", stored["listed"])["owed"]
        return fields | mongo_owed.marking(stored, owed, aggregate.organisation_id)

    async def needing_attention(
        self, until: date, limit: int, *, without: Sequence[str] = (), not_of: Sequence[str] = ()
    ) -> Sequence[Whereabouts]:
        """Return invoices that may be overdue or need a reminder."""
        match = {"look_again_on": {"$lte": day_text(until), "$gt": ""}}
        rows = await self._waiting.batch(match, limit, without=without, not_of=not_of)
        return [(row["organisation_id"], row["_id"]) for row in rows]

    async def looked_after(self, by: Principal, customer_id: str | None, *, after: str, limit: int) -> Sequence[str]:
        """Return ids, in order, of open invoices of the organisation or a company that have more than nothing owed."""
        of = {"organisation_id": by.organisation_id} | ({"customer_id": customer_id} if customer_id else {})
        match: Document = {**of, **OPEN, "listed.balance": {"$gt": 0}, "_id": {"$gt": after}}
        rows = await self.collection.find(match, {"_id": 1}).sort("_id", 1).limit(limit).to_list()
        return [row["_id"] for row in rows]


def _outstanding(currency: str, owed: Sum, today: str) -> Outstanding:
    return Outstanding(
        balance=money_of(owed.balance, currency),
        overdue=money_of(owed.overdue(today), currency),
        invoices=owed.invoices,
    )
