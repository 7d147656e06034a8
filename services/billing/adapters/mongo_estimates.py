"""Estimates in MongoDB."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from chassis.cloudevents import PublishedLanguage
from chassis.kernel import Page, PageRequest, Principal
from chassis.mongo.applied import STATE_ONLY
from chassis.mongo.client import Database, Document
from chassis.mongo.histories import declare
from chassis.mongo.indexes import Index, outbox_index
from chassis.mongo.paging import Fences, Listing, listed_page
from chassis.mongo.repository import MongoRepository
from chassis.mongo.turns import Turns
from chassis.search_keys import search_key
from services.billing.adapters import mongo_estimate_rows
from services.billing.adapters.mongo_listing import (
    all_of,
    between,
    containing,
    counted,
    day_text,
    face,
    is_anothers,
    minor_units,
    number_key,
    scope,
    searchable,
    was_sent,
    whose,
)
from services.billing.domain.content import Content
from services.billing.domain.estimate import Estimate, EstimateState
from services.billing.domain.listing import EstimateFilter, EstimateOrder, EstimateRow, estimate_row
from services.billing.domain.repositories import Whereabouts

COLLECTION = "estimates"
declare(Estimate, listing=4)
INDEXES = (
    Index(COLLECTION, (("organisation_id", 1), ("customer_id", 1), ("created_at", -1))),
    Index(COLLECTION, (("organisation_id", 1), ("created_at", -1), ("_id", -1))),
    *(
        Index(
            COLLECTION,
            (*((name, 1) for name in (*of, f"listed.{side}.state", f"listed.{side}.expires_on")), ("_id", 1)),
            {"name": name},
        )
        for name, side, of in (
            ("waiting", "staff", ("organisation_id",)),
            ("waiting_of_customer", "portal", ("organisation_id", "customer_id")),
            ("waiting_for_staff", "staff", ("organisation_id", "customer_id")),
        )
    ),
    Index(COLLECTION, (("look_again_on", 1),)),
    Index(COLLECTION, (("number_key", 1),), {"unique": True}),
    outbox_index(COLLECTION),
)
_ORDERS = {
    EstimateOrder.ISSUED: "issued_on",
    EstimateOrder.EXPIRES: "expires_on",
    EstimateOrder.NUMBER: "number",
    EstimateOrder.TOTAL: "total",
}
_WAITING = frozenset({EstimateState.SENT})
_NEVER = "9999-12-32"
"""After all days as text."""
_DAY = timedelta(days=1)


class MongoEstimates(MongoRepository[Estimate]):
    """The repository and its queries."""

    def __init__(
        self, database: Database, language: PublishedLanguage, committed: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(
            database[COLLECTION],
            Estimate,
            language,
            what="estimate",
            scope=lambda by: whose(by, None),
            committed=committed,
            listed=_listed,
        )
        self._fences = Fences()
        self._waiting = Turns(self.collection, {}, order=[("look_again_on", 1)])

    async def page(
        self,
        by: Principal,
        wanted: EstimateFilter,
        request: PageRequest,
        *,
        order: EstimateOrder = EstimateOrder.CREATED,
        descending: bool = True,
        today: date,
    ) -> Page[Estimate]:
        """Return a page of what the principal may see."""
        page = await self._page(by, wanted, request, order, descending=descending, today=today)
        return self.read_page(page)

    async def waiting_rows(
        self, by: Principal, customer_id: str | None, limit: int, *, today: date
    ) -> Sequence[EstimateRow]:
        """Return what is shown of those that wait for an answer; those that do not say it are read as a whole."""
        wanted = EstimateFilter(customer_id=customer_id, statuses=_WAITING)
        page = await self._page(
            by,
            wanted,
            PageRequest(limit),
            EstimateOrder.EXPIRES,
            descending=False,
            today=today,
            fields=mongo_estimate_rows.FIELDS,
        )
        read = {row["_id"]: mongo_estimate_rows.row_of(row, self.history) for row in page.items}
        whole = await self.get_many(by, [key for key, row in read.items() if row is None])
        known = {**read, **{key: estimate_row(estimate) for key, estimate in whole.items()}}
        return [row for row in known.values() if row is not None]

    async def _page(
        self,
        by: Principal,
        wanted: EstimateFilter,
        request: PageRequest,
        order: EstimateOrder,
        *,
        descending: bool,
        today: date,
        fields: Mapping[str, int] = STATE_ONLY,
    ) -> Page[Document]:
        if is_anothers(by, wanted.customer_id):
            return Page((), (), has_next_page=False)
        match, where = scope(by, wanted.customer_id), _where(by, wanted, today)
        is_created, waiting = order is EstimateOrder.CREATED, EstimateFilter(statuses=_WAITING)
        if order is EstimateOrder.EXPIRES and replace(wanted, customer_id=None) == waiting:
            match, where, kind, days = (
                match | {f"{face(by)}.state": "sent"},
                {},
                str,
                (f"{day_text(today - _DAY)}\u0001", _NEVER),
            )
        else:
            kind, days = (datetime if is_created else None), None
        listing = Listing(
            match=match,
            where=where or (None if kind else {}),
            sort_field="created_at" if is_created else f"{face(by)}.{_ORDERS[order]}",
            kind=kind,
            has_ties=days is not None,
            is_complete=is_created or days is not None,
            between=days,
            descending=descending,
            fields=fields,
            fences=self._fences,
            keep=was_sent if by.is_contact else lambda _: True,
        )
        return await listed_page(self.collection, listing, request)

    async def count(self, by: Principal, wanted: EstimateFilter, *, today: date) -> int:
        """Return how many rows all pages have together."""
        if is_anothers(by, wanted.customer_id):
            return 0
        sent: Document = {"sent_at": {"$ne": None}} if by.is_contact else {}
        return await counted(self.collection, scope(by, wanted.customer_id), all_of(sent, _where(by, wanted, today)))

    async def needing_attention(
        self, until: date, limit: int, *, without: Sequence[str] = (), not_of: Sequence[str] = ()
    ) -> Sequence[Whereabouts]:
        """Return unanswered estimates whose last day may have passed."""
        match = {"look_again_on": {"$lte": day_text(until), "$gt": ""}}
        rows = await self._waiting.batch(match, limit, without=without, not_of=not_of)
        return [(row["organisation_id"], row["_id"]) for row in rows]


def _where(by: Principal, wanted: EstimateFilter, today: date) -> Document:
    at = face(by)
    conditions: Document = {}
    if wanted.currency:
        conditions[f"{at}.currency"] = wanted.currency
    if search_key(wanted.search):
        conditions[f"{at}.text"] = containing(wanted.search)
    if period := between(wanted.issued_from, wanted.issued_to):
        conditions[f"{at}.issued_on"] = period
    return all_of(conditions, _with_status(wanted, at, today))


def _with_status(wanted: EstimateFilter, at: str, today: date) -> Document:
    """An unanswered estimate counts as expired from the day after its last one, job or no job."""
    options: list[Document] = []
    for status in sorted(wanted.statuses):
        if status is EstimateState.SENT:
            options.append({f"{at}.state": "sent", f"{at}.expires_on": {"$gte": day_text(today)}})
        elif status is EstimateState.EXPIRED:
            options.append({f"{at}.state": "sent", f"{at}.expires_on": {"$lt": day_text(today)}})
            options.append({f"{at}.state": "expired"})
        else:
            options.append({f"{at}.state": status.value})
    return {"$or": options} if options else {}


def _listed(estimate: Estimate) -> Document:
    sent = estimate.last_sent
    portal = _face(estimate, sent.state, sent.content, sent.issued_on, sent.expires_on) if sent else None
    if sent is None or estimate.state is EstimateState.DRAFT:
        staff = _face(estimate, estimate.state, estimate.content, None, estimate.expires_on)
    else:
        staff = portal
    key = number_key(estimate.organisation_id, estimate.number, estimate.id)
    return {"number_key": key, "listed": {"staff": staff, "portal": portal}}


def _face(
    estimate: Estimate, state: EstimateState, content: Content, issued_on: date | None, expires_on: date | None
) -> Document:
    return {
        "state": state.value,
        "number": estimate.number or "",
        "text": searchable(estimate.number, content, estimate.last_sent.buyer if estimate.last_sent else None),
        "issued_on": day_text(issued_on),
        "expires_on": day_text(expires_on),
        "currency": content.currency,
        "total": minor_units(content.total.amount, content.currency),
    }
