"""Aggregates with their outbox: state and events are stored by one atomic write under a version check.

A save compares with what is stored: what a newer version noted, at whatever depth, stays; values for lists are put
right when they are stale, whatever this decision was about; and the form of an older version is brought forward.

Nobody ever writes the outbox array as a value: a whole-document replace would bring back an event that was already
relayed, and `$set: []` would lose a new one. Only `$push` here and `$pull` by id in the relay.

The same write notes the idempotency key of the request that decided (`applied.py`): it decides once.
"""

import asyncio
import random
from collections.abc import AsyncIterable, Callable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from chassis.cloudevents import PublishedLanguage
from chassis.kernel import (
    AggregateRoot,
    AlreadyExists,
    ConcurrentUpdate,
    NewerVersion,
    NotFound,
    Page,
    Principal,
)
from chassis.mongo import applied
from chassis.mongo.applied import STATE_ONLY, Request
from chassis.mongo.carrying import carried, overlaid
from chassis.mongo.client import DUPLICATE_KEY, Collection, Document
from chassis.mongo.documents import to_aggregate, to_document
from chassis.mongo.histories import STAMPS, VERSION, History, history_of
from chassis.mongo.reading import all_readable, readable_page
from chassis.telemetry import current_traceparent
from chassis.waking import tell

A = TypeVar("A", bound=AggregateRoot)

Scope = Callable[[Principal], Document]

MANAGED = {"_id", "version", "event_sequence"} | STAMPS
ATTEMPTS = 24


def scope_of(by: Principal) -> Document:
    """Return the filter that keeps everybody to their own: the organisation, and for a contact its customer.

    Raises:
        NotFound: for a contact without a customer, which no verified token yields.
    """
    if by.role.is_staff or by.role == "service":
        return {"organisation_id": by.organisation_id}
    if by.customer_id is None:
        raise NotFound("thing")
    return {"organisation_id": by.organisation_id, "customer_id": by.customer_id}


class MongoRepository(Generic[A]):
    """One collection of aggregates.

    `what` is the noun of refusals ("There is no such invoice."); `scope` turns the acting principal into a filter;
    `committed` is called after every save that stored events, to wake the relay; `listed` computes fields that are
    stored beside the state for queries only (sort keys, search texts) and never read back.
    """

    def __init__(
        self,
        collection: Collection,
        kind: type[A],
        language: PublishedLanguage,
        *,
        what: str,
        scope: Scope = scope_of,
        committed: Callable[[], None] = lambda: None,
        listed: Callable[[A], Document] = lambda _: {},
    ) -> None:
        self.collection = collection
        self._kind = kind
        self._language = language
        self._what = what
        self._scope = scope
        self._committed = committed
        self._listed = listed
        self.history: History = history_of(kind)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def add(self, aggregate: A) -> None:
        """Store a new aggregate with its events.

        Raises:
            AlreadyExists: when its id or another unique value is taken; nothing was stored.
        """
        entries = self._language.entries(aggregate, aggregate.recorded, current_traceparent())
        request = applied.request_of()
        document = self._document(aggregate) | {
            **self.history.stamps(1),
            "version": 1,
            "event_sequence": aggregate.event_sequence + len(entries),
            "outbox": entries,
            **({applied.FIELD: [applied.entry(request)]} if request else {}),
        }
        try:
            await self.collection.insert_one(document)
        except DUPLICATE_KEY:
            raise AlreadyExists(self._what) from None
        applied.has_written(self.collection, aggregate.id, request)
        self._saved(aggregate, len(entries))

    async def get(self, by: Principal, aggregate_id: str) -> A:
        """Return an aggregate that the principal may see.

        Raises:
            NotFound: when there is none, or it belongs to others.
        """
        return to_aggregate(self._kind, await self._find(by, aggregate_id, STATE_ONLY))

    async def get_many(self, by: Principal, ids: list[str]) -> dict[str, A]:
        """Return those of `ids` that exist and that the principal may see, by id."""
        if not ids:
            return {}
        cursor = self.collection.find({"_id": {"$in": ids}, **self._scope(by)}, STATE_ONLY)
        return {one.id: one for one in await all_readable(self.collection.name, cursor, self._read)}

    def read_page(self, page: Page[Document]) -> Page[A]:
        """Return the aggregates of a page of documents, without those that cannot be read."""
        return readable_page(self.collection.name, page, self._read)

    async def read_all(self, rows: AsyncIterable[Document]) -> list[A]:
        """Return the aggregates of a query's documents, without those that cannot be read."""
        return await all_readable(self.collection.name, rows, self._read)

    def _read(self, document: Document) -> A:
        return to_aggregate(self._kind, document)

    async def update(self, by: Principal, aggregate_id: str, change: Callable[[A], None]) -> A:
        """Load, change and save, again from the start while others get in between. Returns the saved aggregate.

        `change` must be pure: it may run several times. What it raises leaves nothing changed. Without a change of
        state and without events nothing is written but the idempotency key under which that was decided. Updates of one
        aggregate in this process take turns, so that a crowd waits instead of spending its attempts on one another; the
        version check guards against other processes.

        What an earlier run of the same request has decided upon is returned as it stands, without asking `change`.

        Raises:
            NotFound: as `get`.
            NewerVersion: when a newer version stored a word in it that this one does not know and rules depend on.
            ConcurrentUpdate: when others kept winning.
            AlreadyExists: when the change takes a unique value that is taken.
        """
        async with self._turns.setdefault(aggregate_id, asyncio.Lock()):
            request = applied.request_of(by)
            for attempt in range(ATTEMPTS):
                stored = await self._find(by, aggregate_id, {"outbox": 0} if request else STATE_ONLY)
                was_decided = applied.was_decided(stored, self.collection, request)
                stored.pop(applied.FIELD, None)
                aggregate = to_aggregate(self._kind, stored)
                if was_decided:
                    return aggregate
                if aggregate.strange:
                    raise NewerVersion
                before = to_document(aggregate)
                change(aggregate)
                if await self._save(aggregate, before, stored, request):
                    return aggregate
                await asyncio.sleep(random.uniform(0, 0.002 * 2 ** min(attempt, 5)))  # noqa: S311
        raise ConcurrentUpdate

    def mending(self, stored: Document) -> Document:
        """Return the fields to be set so that a stored document has the form of this version; none where it has.

        Raises:
            Unreadable: when the document cannot be read.
        """
        aggregate = to_aggregate(self._kind, stored)
        before = to_document(aggregate)
        if self.history.is_newer(stored):
            return {}
        fields = self._different(stored, before, aggregate)
        is_done = not fields and self.history.is_current(stored)
        return {} if is_done else fields | self.history.stamps(stored[VERSION])

    async def _find(self, by: Principal, aggregate_id: str, projection: Document) -> Document:
        document = await self.collection.find_one({"_id": aggregate_id, **self._scope(by)}, projection)
        if document is None:
            raise NotFound(self._what)
        return document

    async def _save(self, aggregate: A, before: Document, stored: Document, request: Request | None) -> bool:
        """Write what differs from what is stored if the decision changed something; tell whether nobody was faster."""
        entries = self._language.entries(aggregate, aggregate.recorded, current_traceparent())
        moves = bool(entries) or to_document(aggregate) != before
        if not moves and request is None:
            return True
        update: Document = {}
        if moves:
            fields = self._different(stored, before, aggregate) | self.history.stamps(aggregate.version + 1)
            update = {"$inc": {"version": 1, "event_sequence": len(entries)}, "$set": fields}
        if entries:
            update["$push"] = {"outbox": {"$each": entries}}
        try:
            seen = {"_id": aggregate.id, "version": aggregate.version}
            result = await self.collection.update_one(seen, applied.noting(update, request))
        except DUPLICATE_KEY:
            raise AlreadyExists(self._what) from None
        if not result.matched_count:
            return False
        applied.has_written(self.collection, aggregate.id, request)
        if moves:
            self._saved(aggregate, len(entries))
        return True

    def _different(self, stored: Document, before: Document, aggregate: A) -> Document:
        """Return the top-level fields that must be written so that the decision, and only it, is stored.

        A field that the stored form lacks is written as it is read, so that queries find it.
        """
        wanted: Document = before | carried(self.history.forward(stored), before, to_document(aggregate))
        wanted = overlaid(wanted, self._listed(aggregate))
        return {
            name: value
            for name, value in wanted.items()
            if name not in MANAGED and (name not in stored or stored[name] != value)
        }

    def _document(self, aggregate: A) -> Document:
        return to_document(aggregate) | self._listed(aggregate)

    def _saved(self, aggregate: A, entries: int) -> None:
        aggregate.version += 1
        aggregate.event_sequence += entries
        aggregate.forget_recorded()
        if entries:
            tell(self._committed, f"{self.collection.name}/{aggregate.id}")
