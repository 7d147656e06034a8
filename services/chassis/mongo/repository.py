"""Aggregates with their outbox: state and events are stored by one atomic write under a version check.

Nobody ever writes the outbox array as a value: a whole-document replace would bring back an event that was already
relayed, and `$set: []` would lose a new one. Only `$push` here and `$pull` by id in the relay.
"""

import asyncio
import random
from collections.abc import AsyncIterable, Callable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from services.chassis.cloudevents import PublishedLanguage
from services.chassis.kernel import (
    AggregateRoot,
    AlreadyExists,
    ConcurrentUpdate,
    NewerVersion,
    NotFound,
    Page,
    Principal,
)
from services.chassis.mongo.client import DUPLICATE_KEY, Collection, Document
from services.chassis.mongo.documents import to_aggregate, to_document
from services.chassis.mongo.reading import all_readable, readable_page
from services.chassis.telemetry import current_traceparent

A = TypeVar("A", bound=AggregateRoot)

Scope = Callable[[Principal], Document]

MANAGED = {"_id", "version", "event_sequence"}
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
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def add(self, aggregate: A) -> None:
        """Store a new aggregate with its events.

        Raises:
            AlreadyExists: when its id or another unique value is taken; nothing was stored.
        """
        entries = self._language.entries(aggregate, aggregate.recorded, current_traceparent())
        document = self._document(aggregate) | {
            "version": 1,
            "event_sequence": aggregate.event_sequence + len(entries),
            "outbox": entries,
        }
        try:
            await self.collection.insert_one(document)
        except DUPLICATE_KEY:
            raise AlreadyExists(self._what) from None
        self._saved(aggregate, len(entries))

    async def get(self, by: Principal, aggregate_id: str) -> A:
        """Return an aggregate that the principal may see.

        Raises:
            NotFound: when there is none, or it belongs to others.
        """
        document = await self.collection.find_one({"_id": aggregate_id, **self._scope(by)}, {"outbox": 0})
        if document is None:
            raise NotFound(self._what)
        return to_aggregate(self._kind, document)

    async def get_many(self, by: Principal, ids: list[str]) -> dict[str, A]:
        """Return those of `ids` that exist and that the principal may see, by id."""
        if not ids:
            return {}
        cursor = self.collection.find({"_id": {"$in": ids}, **self._scope(by)}, {"outbox": 0})
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
        state and without events nothing is written. Updates of one aggregate in this process take turns, so that a
        crowd waits instead of spending its attempts on one another; the version check guards against other processes.

        Raises:
            NotFound: as `get`.
            NewerVersion: when a newer version stored a word in it that this one does not know and rules depend on.
            ConcurrentUpdate: when others kept winning.
            AlreadyExists: when the change takes a unique value that is taken.
        """
        async with self._turns.setdefault(aggregate_id, asyncio.Lock()):
            for attempt in range(ATTEMPTS):
                aggregate = await self.get(by, aggregate_id)
                if aggregate.strange:
                    raise NewerVersion
                before = self._document(aggregate)
                change(aggregate)
                if await self._save(aggregate, before):
                    return aggregate
                await asyncio.sleep(random.uniform(0, 0.002 * 2 ** min(attempt, 5)))  # noqa: S311
        raise ConcurrentUpdate

    async def _save(self, aggregate: A, before: Document) -> bool:
        entries = self._language.entries(aggregate, aggregate.recorded, current_traceparent())
        after = self._document(aggregate)
        changed = {key: value for key, value in after.items() if key not in MANAGED and before.get(key) != value}
        if not changed and not entries:
            return True
        update: Document = {"$inc": {"version": 1, "event_sequence": len(entries)}}
        if changed:
            update["$set"] = changed
        if entries:
            update["$push"] = {"outbox": {"$each": entries}}
        try:
            result = await self.collection.update_one({"_id": aggregate.id, "version": aggregate.version}, update)
        except DUPLICATE_KEY:
            raise AlreadyExists(self._what) from None
        if not result.matched_count:
            return False
        self._saved(aggregate, len(entries))
        return True

    def _document(self, aggregate: A) -> Document:
        return to_document(aggregate) | self._listed(aggregate)

    def _saved(self, aggregate: A, entries: int) -> None:
        aggregate.version += 1
        aggregate.event_sequence += entries
        aggregate.forget_recorded()
        if entries:
            self._committed()
