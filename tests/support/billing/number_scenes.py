"""Scenes of numbers for `exploring.py`: documents that are sent and voided at once, over the real series.

`NumberRows` is a collection in memory with what the series uses of one, unique values included; every operation of it
is a turn. Each actor has a series of its own, as another process has.
"""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

from chassis.kernel import AggregateRoot, DomainError, Principal, id_from_bits
from chassis.mongo.client import DUPLICATE_KEY, Database, Document
from services.billing.adapters.mongo_numbers import MongoNumberSeries
from services.billing.application.commands.send_invoice import SendInvoice, SendInvoiceHandler
from services.billing.application.commands.void_invoice import VoidInvoice, VoidInvoiceHandler
from services.billing.application.directory import CustomerProfile, OrganisationProfile
from services.billing.application.jobs.reclaim_numbers import ReclaimNumbers
from services.billing.application.reminding import Plans, Recipients
from services.billing.domain.invoice import Invoice, InvoiceState
from services.billing.domain.series import Series, prove
from tests.support.billing.exploring import Actor
from tests.support.billing.makers import CUSTOMER, ORGANISATION, OWNER, drafted_invoice
from tests.support.billing.payments import MemoryRepository, Seen, TestClock, Turn
from tests.support.billing.schedules import finish
from tests.support.billing.stores import MemoryDirectory, MemoryEstimates, MemoryReminderPolicies


class NumberRows:
    """The collection of numbers. `operations` counts what it was asked."""

    def __init__(self) -> None:
        self.rows: dict[str, Document] = {}
        self.operations = 0

    def __getitem__(self, _: str) -> "NumberRows":
        return self

    async def find_one(self, match: Document) -> Document | None:
        await self.turn("look for a number")
        found = next(self.matching(match), None)
        await Seen()
        return dict(found) if found else None

    async def insert_one(self, row: Document) -> None:
        await self.turn("insert a number")
        taken = row["_id"] in self.rows or any(r["document_id"] == row["document_id"] for r in self.rows.values())
        if not taken:
            self.rows[row["_id"]] = dict(row)
        await Seen()
        if taken:
            raise DUPLICATE_KEY("taken")

    async def update_one(self, match: Document, change: Document) -> None:
        await self.turn("change a number")
        found = next(self.matching(match), None)
        wanted = change["$set"].get("document_id")
        taken = found and wanted and any(r["document_id"] == wanted for r in self.rows.values() if r is not found)
        if found and not taken:
            found.update(change["$set"])
        await Seen()
        if taken:
            raise DUPLICATE_KEY("taken")

    def find(self, match: Document) -> "_Found":
        return _Found(self, match)

    async def turn(self, what: str) -> None:
        self.operations += 1
        await Turn(what)

    def matching(self, match: Document) -> Any:
        return (row for row in self.rows.values() if all(_fits(row.get(name), value) for name, value in match.items()))


@dataclass
class _Found:
    collection: NumberRows
    match: Document
    order: tuple[str, int] = ("_id", 1)
    most: int = 1000

    def sort(self, name: str, direction: int) -> "_Found":
        self.order = (name, direction)
        return self

    def limit(self, most: int) -> "_Found":
        self.most = most
        return self

    async def to_list(self) -> list[Document]:
        await self.collection.turn("read the highest number")
        rows = sorted(self.collection.matching(self.match), key=lambda row: row[self.order[0]])
        await Seen()
        return [dict(row) for row in rows[:: self.order[1]][: self.most]]


def _fits(value: Any, wanted: Any) -> bool:
    if not isinstance(wanted, dict):
        return value == wanted
    bounds = cast("dict[str, Any]", wanted)
    return value is not None and bounds["$gte"] <= value <= bounds["$lte"]


def invoice_id(number: int) -> str:
    return id_from_bits("inv", number)


@dataclass
class NumberScene:
    """Drafts 1 to 3 of an organisation, what came before, and what happens at once: ("send" or "void", which draft)."""

    doing: Mapping[str, tuple[str, int]]
    before: Sequence[tuple[str, int]] = ()
    spared: Collection[str] = ()
    rows: NumberRows = field(default_factory=NumberRows)
    clock: TestClock = field(default_factory=TestClock)
    invoices: MemoryRepository[Invoice] = field(default_factory=lambda: MemoryRepository(Invoice, "invoice"))
    directory: MemoryDirectory = field(default_factory=MemoryDirectory)
    policies: MemoryReminderPolicies = field(default_factory=MemoryReminderPolicies)

    def __post_init__(self) -> None:
        self.directory.organisations[ORGANISATION] = OrganisationProfile(
            id=ORGANISATION, name="Ahlund Studio", time_zone="UTC"
        )
        self.directory.customers[CUSTOMER] = CustomerProfile(
            id=CUSTOMER, organisation_id=ORGANISATION, name="Bianchi Srl"
        )
        for number in (1, 2, 3):
            self.invoices.put(drafted_invoice(invoice_id=invoice_id(number)))
        for what, number in self.before:
            finish(self.act(what, number))

    def act(self, what: str, number: int) -> Actor:
        numbers, store, directory = self.series(), cast(Any, self.invoices), cast(Any, self.directory)
        if what == "send":
            recipients, plans = Recipients(directory), Plans(self.policies)
            send = SendInvoiceHandler(store, numbers, directory, self.clock, recipients, plans)
            return send(SendInvoice(invoice_id=invoice_id(number)), OWNER)
        void = VoidInvoiceHandler(store, numbers, self.clock, _nothing_waits)
        return void(VoidInvoice(invoice_id=invoice_id(number)), OWNER)

    def series(self) -> MongoNumberSeries:
        return MongoNumberSeries(cast(Database, self.rows), self.clock)

    # --- for the explorer ---

    def actors(self) -> Mapping[str, Callable[[], Actor]]:
        return {name: (lambda each=each: self.act(*each)) for name, each in self.doing.items()}

    def digest(self) -> Hashable:
        return (tuple(sorted(self.invoices.stamps.items())), repr(sorted(self.rows.rows.items())))

    def is_fresh(self, aggregate: AggregateRoot) -> bool:
        return self.invoices.documents[aggregate.id]["version"] == aggregate.version

    def lose_answer(self, operation: str) -> None:
        raise NotImplementedError

    def told(self, actor: str, refusal: Exception) -> None:
        """A refusal of a send or a void tells nothing about money."""

    def check(self) -> None:
        carried = [invoice.number for invoice in self.invoices.all() if invoice.number]
        assert len(carried) == len(set(carried)), "two documents carry one number"

    def endings(self) -> Mapping[str, Callable[[Sequence[str]], None]]:
        return {"the job": self.reclaimed, "the same requests again": self.asked_again}

    def reclaimed(self, unheard: Sequence[str]) -> None:
        self.clock.advance(minutes=5)
        job = ReclaimNumbers(MemoryEstimates(), cast(Any, self.invoices), self.series(), self.clock)
        finish(job())
        self.check_series()

    def asked_again(self, unheard: Sequence[str]) -> None:
        for name in unheard:
            with suppress(DomainError):
                finish(self.act(*self.doing[name]))
        self.reclaimed(())

    def check_series(self) -> None:
        """Every place that exists is carried by one document, is free, or is a draft's until it is sent."""
        self.check()
        carried = [Series.INVOICE.place(each.number) for each in self.invoices.all() if each.number]
        drafts = {each.id for each in self.invoices.all() if each.state is InvoiceState.DRAFT}
        rows = self.rows.rows.values()
        waiting = {row["place"] for row in rows if row["is_free"] or row["document_id"] in drafts}
        sent = {place: carried.count(place) for place in carried if place}
        proof = prove(sent, waiting, {row["place"] for row in rows})
        assert proof.is_sound, f"{proof}"


async def _nothing_waits(invoice_id: str, by: Principal, /) -> None:
    """Give nothing up: in these scenes nobody pays."""
