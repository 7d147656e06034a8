"""Billing's stores in memory: they pass the contract suite of the real ones."""

import contextlib
import copy
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from chassis.guard import in_turns
from chassis.kernel import AlreadyExists, DomainEvent, NotFound, Page, PageRequest, Principal
from chassis.search_keys import search_key
from services.billing.adapters.mongo_listing import searchable
from services.billing.application.directory import CustomerProfile, OrganisationProfile, PortalProfile
from services.billing.application.views import estimate_view
from services.billing.domain.content import Content, Party
from services.billing.domain.errors import DirectoryUnavailable
from services.billing.domain.estimate import Estimate, EstimateState
from services.billing.domain.invoice import Invoice
from services.billing.domain.invoice.record import CollectionState, InvoiceState
from services.billing.domain.invoice.status import is_overdue, status_of
from services.billing.domain.listing import (
    EstimateFilter,
    EstimateOrder,
    EstimateRow,
    InvoiceFilter,
    InvoiceOrder,
    InvoiceRow,
    Outstanding,
    estimate_row,
    invoice_row,
)
from services.billing.domain.money import DIGITS, ZERO, Money
from services.billing.domain.reminders import ReminderPolicy
from services.billing.domain.repositories import Whereabouts
from services.billing.domain.series import HeldNumber, Series
from services.billing.domain.statement import Ledger
from tests.support.billing.makers import ORGANISATION
from tests.support.pages import page_in_memory

A = TypeVar("A", Estimate, Invoice)


class MemoryStore(Generic[A]):
    """Aggregates by id; `events` are all that were stored."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._rows: dict[str, A] = {}
        self.events: list[DomainEvent] = []

    async def add(self, aggregate: A) -> None:
        if aggregate.id in self._rows:
            raise AlreadyExists(self._what)
        self._store(aggregate)

    async def get(self, by: Principal, aggregate_id: str) -> A:
        row = self._rows.get(aggregate_id)
        if row is None or not _may_see(by, row):
            raise NotFound(self._what)
        return copy.deepcopy(row)

    async def get_many(self, by: Principal, ids: list[str]) -> dict[str, A]:
        return {
            key: copy.deepcopy(self._rows[key]) for key in ids if key in self._rows and _may_see(by, self._rows[key])
        }

    async def update(self, by: Principal, aggregate_id: str, change: Callable[[A], None]) -> A:
        aggregate = await self.get(by, aggregate_id)
        change(aggregate)
        self._store(aggregate)
        return aggregate

    async def needing_attention(
        self, until: date, limit: int, *, without: Sequence[str] = (), not_of: Sequence[str] = ()
    ) -> Sequence[Whereabouts]:
        due = [row for row in self._rows.values() if row.look_again_on is not None and row.look_again_on <= until]
        due = [row for row in due if row.id not in without and row.organisation_id not in not_of]
        due.sort(key=lambda row: str(row.look_again_on))
        return in_turns([(row.organisation_id, row.id) for row in due], lambda it: it[0])[:limit]

    def _store(self, aggregate: A) -> None:
        self.events += aggregate.recorded
        aggregate.version += 1
        aggregate.event_sequence += len(aggregate.recorded)
        aggregate.forget_recorded()
        self._rows[aggregate.id] = copy.deepcopy(aggregate)

    def _visible(self, by: Principal, customer_id: str | None) -> list[A]:
        rows = [row for row in self._rows.values() if _may_see(by, row)]
        return [copy.deepcopy(row) for row in rows if customer_id in {None, row.customer_id}]


def _may_see(by: Principal, row: Estimate | Invoice) -> bool:
    if by.is_contact and (row.customer_id != by.customer_id or row.sent_at is None):
        return False
    return by.organisation_id == row.organisation_id


def _page(rows: list[A], key: Callable[[A], Any], request: PageRequest, *, descending: bool) -> Page[A]:
    return page_in_memory(rows, lambda row: (key(row), row.id), request, descending=descending)


def _contains(number: str | None, content: Content, buyer: Party | None, text: str) -> bool:
    return search_key(text) in searchable(number, content, buyer)


def _within(day: date | None, first: date | None, last: date | None) -> bool:
    if first is None and last is None:
        return True
    return day is not None and (first is None or day >= first) and (last is None or day <= last)


class MemoryEstimates(MemoryStore[Estimate]):
    """Implements `Estimates`."""

    def __init__(self) -> None:
        super().__init__("estimate")

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
        def fits(estimate: Estimate) -> bool:
            view = estimate_view(estimate, by, today)
            return (
                (not wanted.statuses or view.status in wanted.statuses)
                and wanted.currency in {None, view.content.currency}
                and _contains(view.number, view.content, view.buyer, wanted.search)
                and _within(view.issued_on, wanted.issued_from, wanted.issued_to)
            )

        def key(estimate: Estimate) -> Any:
            view = estimate_view(estimate, by, today)
            return {
                EstimateOrder.CREATED: view.created_at,
                EstimateOrder.ISSUED: str(view.issued_on or ""),
                EstimateOrder.EXPIRES: str(view.expires_on or ""),
                EstimateOrder.NUMBER: view.number or "",
                EstimateOrder.TOTAL: _minor(view.content.total),
            }[order]

        rows = [row for row in self._visible(by, wanted.customer_id) if fits(row)]
        return _page(rows, key, request, descending=descending)

    async def waiting_rows(
        self, by: Principal, customer_id: str | None, limit: int, *, today: date
    ) -> Sequence[EstimateRow]:
        wanted = EstimateFilter(customer_id=customer_id, statuses=frozenset({EstimateState.SENT}))
        order = EstimateOrder.EXPIRES
        page = await self.page(by, wanted, PageRequest(limit), order=order, descending=False, today=today)
        return [row for row in map(estimate_row, page.items) if row is not None]

    async def count(self, by: Principal, wanted: EstimateFilter, *, today: date) -> int:
        return len((await self.page(by, wanted, PageRequest(10_000), today=today)).items)


class MemoryInvoices(MemoryStore[Invoice]):
    """Implements `Invoices`."""

    def __init__(self) -> None:
        super().__init__("invoice")

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
        def fits(invoice: Invoice) -> bool:
            return (
                (not wanted.statuses or status_of(invoice, today) in wanted.statuses)
                and wanted.currency in {None, invoice.currency}
                and wanted.estimate_id in {None, invoice.estimate_id}
                and _contains(invoice.number, invoice.content, invoice.buyer, wanted.search)
                and _within(invoice.issued_on, wanted.issued_from, wanted.issued_to)
                and _within(invoice.terms.due_on, wanted.due_from, wanted.due_to)
            )

        def key(invoice: Invoice) -> Any:
            return {
                InvoiceOrder.CREATED: invoice.created_at,
                InvoiceOrder.ISSUED: str(invoice.issued_on or ""),
                InvoiceOrder.DUE: str(invoice.terms.due_on or ""),
                InvoiceOrder.NUMBER: invoice.number or "",
                InvoiceOrder.TOTAL: _minor(invoice.total),
                InvoiceOrder.BALANCE: _minor(invoice.balance),
            }[order]

        rows = [row for row in self._visible(by, wanted.customer_id) if fits(row)]
        return _page(rows, key, request, descending=descending)

    async def count(self, by: Principal, wanted: InvoiceFilter, *, today: date) -> int:
        return len((await self.page(by, wanted, PageRequest(10_000), today=today)).items)

    async def rows(self, by: Principal, wanted: InvoiceFilter, request: PageRequest, **how: Any) -> Page[InvoiceRow]:
        return (await self.page(by, wanted, request, **how)).map(invoice_row)

    async def rows_of(self, by: Principal, ids: list[str]) -> dict[str, InvoiceRow]:
        return {key: invoice_row(one) for key, one in (await self.get_many(by, ids)).items()}

    async def last_paid_rows(self, by: Principal, customer_id: str | None, limit: int) -> Sequence[InvoiceRow]:
        return [invoice_row(one) for one in await self.last_paid(by, customer_id, limit)]

    async def last_paid(self, by: Principal, customer_id: str | None, limit: int) -> Sequence[Invoice]:
        def paid_at(invoice: Invoice) -> Any:
            settled = [e.at for e in invoice.collections.values() if e.state is CollectionState.SETTLED]
            is_paid = invoice.state is InvoiceState.SENT and invoice.balance.amount <= 0
            return max(settled, default=None) if is_paid else None

        paid = [(paid_at(row), row.id, row) for row in self._visible(by, customer_id) if paid_at(row)]
        return [row for _, _, row in sorted(paid, key=lambda entry: entry[:2], reverse=True)[:limit]]

    async def outstanding(self, by: Principal, customer_id: str | None, today: date) -> Sequence[Outstanding]:
        owed: dict[str, list[Invoice]] = {}
        for row in self._visible(by, customer_id):
            if row.is_open and row.balance.amount:
                owed.setdefault(row.currency, []).append(row)
        return [
            Outstanding(
                balance=Money(sum((row.balance.amount for row in rows), ZERO), currency),
                overdue=Money(sum((row.balance.amount for row in rows if is_overdue(row, today)), ZERO), currency),
                invoices=len(rows),
            )
            for currency, rows in sorted(owed.items())
        ]

    async def looked_after(self, by: Principal, customer_id: str | None, *, after: str, limit: int) -> Sequence[str]:
        rows = [row for row in self._visible(by, customer_id) if row.is_open and row.balance.amount > 0]
        return sorted(row.id for row in rows if row.id > after)[:limit]

    async def ledgers(self, by: Principal, customer_id: str, until: date) -> Sequence[Ledger]:
        sent = [ledger_of(row) for row in self._visible(by, customer_id) if row.issued_on is not None]
        return [ledger for ledger in sent if ledger.first_day <= until]


def ledger_of(invoice: Invoice) -> Ledger:
    """Return the ledger of a sent invoice."""
    assert invoice.number
    assert invoice.issued_on
    assert invoice.terms.due_on
    assert invoice.sent_at
    return Ledger(
        invoice_id=invoice.id,
        number=invoice.number,
        currency=invoice.currency,
        state=invoice.state,
        payable=invoice.total.amount,
        issued_on=invoice.issued_on,
        due_on=invoice.terms.due_on,
        sent_at=invoice.sent_at,
        collections=invoice.collections,
        closed=invoice.closed,
        closed_before=invoice.closed_before,
    )


def _minor(money: Money) -> int:
    return int(money.amount.scaleb(DIGITS[money.currency]))


class MemoryNumberSeries:
    """Implements `NumberSeries`."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, Series], dict[int, str | None]] = {}
        self._confirmed: set[str] = set()
        self._looked_at: dict[str, datetime] = {}

    async def take(self, organisation_id: str, series: Series, document_id: str) -> str:
        places = self._places.setdefault((organisation_id, series), {})
        for place, holder in sorted(places.items()):
            if holder == document_id:
                return series.label(place)
        free = next((place for place, holder in sorted(places.items()) if holder is None), len(places) + 1)
        places[free] = document_id
        return series.label(free)

    async def give_back(self, organisation_id: str, series: Series, document_id: str) -> None:
        places = self._places.setdefault((organisation_id, series), {})
        for place, holder in places.items():
            if holder == document_id:
                places[place] = None

    async def unconfirmed(self, before: datetime, limit: int, *, without: Sequence[str] = ()) -> Sequence[HeldNumber]:
        held = [
            HeldNumber(organisation_id=organisation_id, series=series, document_id=holder)
            for (organisation_id, series), places in self._places.items()
            for holder in places.values()
            if holder is not None
            and holder not in without
            and self._looked_at.get(holder, before) <= before
            and holder not in self._confirmed
        ]
        return held[:limit]

    async def confirm(self, held: HeldNumber) -> None:
        self._confirmed.add(held.document_id)

    async def look_later(self, held: HeldNumber, now: datetime) -> None:
        self._looked_at[held.document_id] = now


class MemoryReminderPolicies:
    """Reminder policies by id."""

    def __init__(self) -> None:
        self._rows: dict[str, ReminderPolicy] = {}

    async def add(self, aggregate: ReminderPolicy) -> None:
        if aggregate.id in self._rows:
            raise AlreadyExists("reminder policy")
        self._rows[aggregate.id] = copy.deepcopy(aggregate)

    async def get_many(self, by: Principal, ids: list[str]) -> dict[str, ReminderPolicy]:
        found = {one: self._rows[one] for one in ids if one in self._rows}
        return {key: copy.deepcopy(one) for key, one in found.items() if one.organisation_id == by.organisation_id}

    async def update(
        self, by: Principal, aggregate_id: str, change: Callable[[ReminderPolicy], None]
    ) -> ReminderPolicy:
        found = (await self.get_many(by, [aggregate_id])).get(aggregate_id)
        if found is None:
            raise NotFound("reminder policy")
        change(found)
        self._rows[aggregate_id] = found
        return found

    async def spreading(
        self, limit: int, *, without: Sequence[str] = (), not_of: Sequence[str] = ()
    ) -> Sequence[Whereabouts]:
        waiting = [one for one in self._rows.values() if one.spreading and one.id not in without]
        return [(one.organisation_id, one.id) for one in waiting if one.organisation_id not in not_of][:limit]


class MemoryDirectory:
    """Implements `Directory` over what the test says; the `…_now` are what identity says, where that differs."""

    def __init__(self) -> None:
        self.organisations: dict[str, OrganisationProfile] = {}
        self.portals: dict[str, PortalProfile] = {}
        self.organisations_now: dict[str, OrganisationProfile] = {}
        self.portals_now: dict[str, PortalProfile] = {}
        self.customers: dict[str, CustomerProfile] = {}
        self.contact_names: dict[str, str] = {}
        self.reached: dict[str, Sequence[str]] = {}
        self.away = False

    async def organisation(self, by: Principal) -> OrganisationProfile:
        if by.organisation_id not in self.organisations:
            raise NotFound("organisation")
        return self.organisations[by.organisation_id]

    async def organisation_now(self, by: Principal) -> OrganisationProfile:
        if by.organisation_id in self.organisations_now:
            return self.organisations_now[by.organisation_id]
        return await self.organisation(by)

    async def portal(self, by: Principal) -> PortalProfile:
        return self.portals.get(by.organisation_id, PortalProfile())

    async def portal_now(self, by: Principal) -> PortalProfile:
        return self.portals_now.get(by.organisation_id) or await self.portal(by)

    async def customer(self, by: Principal, customer_id: str) -> CustomerProfile:
        found = self.customers.get(customer_id)
        if found is None or found.organisation_id != by.organisation_id:
            raise NotFound("client company", field=("customerId",))
        if by.is_contact and by.customer_id != customer_id:
            raise NotFound("client company", field=("customerId",))
        return found

    async def customers(self, by: Principal, ids: Sequence[str]) -> dict[str, CustomerProfile]:
        found: dict[str, CustomerProfile] = {}
        for one in ids:
            with contextlib.suppress(NotFound):
                found[one] = await self.customer(by, one)
        return found

    async def reachable(self, by: Principal, customer_id: str) -> Sequence[str]:
        if self.away:
            raise DirectoryUnavailable
        return self.reached.get(customer_id, ())

    async def contact_name(self, by: Principal, contact_id: str) -> str:
        return self.contact_names.get(contact_id, "")


def known_directory() -> MemoryDirectory:
    """Return a directory that knows the organisation of the makers, and nothing else."""
    directory = MemoryDirectory()
    directory.organisations[ORGANISATION] = OrganisationProfile(
        id=ORGANISATION, name="Ahlund", time_zone="Europe/Stockholm"
    )
    return directory


__all__ = [
    "MemoryDirectory",
    "MemoryEstimates",
    "MemoryInvoices",
    "MemoryNumberSeries",
    "known_directory",
    "ledger_of",
]
