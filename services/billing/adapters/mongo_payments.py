"""Payments in MongoDB with their refunds inside, webhook events that are done with, texts about paying offline."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from chassis.cloudevents import PublishedLanguage
from chassis.kernel import NotFound, Page, PageRequest, Principal
from chassis.mongo.applied import STATE_ONLY, put_once
from chassis.mongo.client import DUPLICATE_KEY, Collection, Database, Document, aggregated
from chassis.mongo.documents import to_aggregate
from chassis.mongo.histories import ROW
from chassis.mongo.indexes import EARLIEST, Index, outbox_index
from chassis.mongo.paging import Fences, Listing, listed_page
from chassis.mongo.repository import MongoRepository, scope_of
from chassis.mongo.turns import Turns
from services.billing.domain.payment import Payment
from services.billing.domain.payment_mode import PaymentMode
from services.billing.domain.repositories import Whereabouts

COLLECTION, WEBHOOKS, INSTRUCTIONS = "payments", "webhook_events", "payment_instructions"
KEPT = timedelta(days=30)
INDEXES = (
    Index(COLLECTION, (("provider_key", 1),), {"unique": True}),
    Index(COLLECTION, (("organisation_id", 1), ("invoice_id", 1))),
    Index(COLLECTION, (("organisation_id", 1), ("customer_id", 1), ("created_at", -1))),
    Index(COLLECTION, (("organisation_id", 1), ("created_at", -1), ("_id", -1))),
    Index(COLLECTION, (("refund_ids", 1),)),
    Index(COLLECTION, (("check_at", 1),)),
    Index(WEBHOOKS, (("at", 1),), {"expireAfterSeconds": int(KEPT.total_seconds())}),
    outbox_index(COLLECTION),
)


class MongoPayments(MongoRepository[Payment]):
    """Implements `Payments`."""

    def __init__(
        self, database: Database, language: PublishedLanguage, committed: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(database[COLLECTION], Payment, language, what="payment", committed=committed, listed=_listed)
        self._fences = Fences()
        self._waiting: dict[str | None, Turns] = {}

    async def find(self, payment_id: str) -> Payment | None:
        """Return the payment with this id, whosever it is."""
        return self._one(await self.collection.find_one({"_id": payment_id}, STATE_ONLY))

    async def find_by_provider(self, provider: str, provider_payment_id: str) -> Payment | None:
        """Return the payment that a provider knows by this id."""
        key = f"{provider}:{provider_payment_id}"
        return self._one(await self.collection.find_one({"provider_key": key}, STATE_ONLY))

    async def with_refund(self, by: Principal, refund_id: str) -> Payment:
        """Return the payment to which a refund belongs. Raises NotFound."""
        found = self._one(await self.collection.find_one({"refund_ids": refund_id, **scope_of(by)}, STATE_ONLY))
        if found is None:
            raise NotFound("refund")
        return found

    async def due(
        self,
        now: datetime,
        limit: int,
        *,
        provider: str | None = None,
        apart_from: Sequence[str] = (),
        without: Sequence[str] = (),
    ) -> Sequence[Whereabouts]:
        """Return payments whose `check_at` has come, oldest first, organisations in turns."""
        match: Document = {"check_at": {"$gte": EARLIEST, "$lte": now}}
        if provider is not None:
            match["provider"] = provider
        elif apart_from:
            match["provider"] = {"$nin": list(apart_from)}
        rows = await self._waiting_at(provider).batch(match, limit, without=without)
        return [(row["organisation_id"], row["_id"]) for row in rows]

    def _waiting_at(self, provider: str | None) -> Turns:
        return self._waiting.setdefault(provider, Turns(self.collection, {}, order=[("check_at", 1)]))

    async def of_invoice(self, by: Principal, invoice_id: str) -> Sequence[Payment]:
        """Return the payments of an invoice, oldest first."""
        paid = {"organisation_id": by.organisation_id, "invoice_id": invoice_id}
        order = {"created_at": 1, "_id": 1}
        steps: list[Document] = [{"$match": paid}, {"$match": scope_of(by)}, {"$sort": order}, {"$project": STATE_ONLY}]
        return await self.read_all(aggregated(self.collection, steps))

    async def page(self, by: Principal, request: PageRequest, *, invoice_id: str | None = None) -> Page[Payment]:
        """Return a page, newest first."""
        of_one = {"organisation_id": by.organisation_id, "invoice_id": invoice_id} if invoice_id else None
        newest_first = Listing(
            match=of_one or scope_of(by),
            where=scope_of(by) if of_one else None,
            sort_field="created_at",
            kind=None if of_one else datetime,
            is_complete=True,
            descending=True,
            fences=self._fences,
        )
        return self.read_page(await listed_page(self.collection, newest_first, request))

    def _one(self, row: Document | None) -> Payment | None:
        return None if row is None else to_aggregate(Payment, row)


async def is_any_due(payments: Collection, now: datetime) -> bool:
    """Tell whether a payment's `check_at` has come."""
    return await payments.find_one({"check_at": {"$gte": EARLIEST, "$lte": now}}, {"_id": 1}) is not None


class MongoWebhookMemory:
    """Implements `WebhookMemory`; events are remembered for far longer than their signature is good for."""

    def __init__(self, database: Database) -> None:
        self._events = database[WEBHOOKS]

    async def knows(self, provider: str, event_id: str) -> bool:
        """Whether this event was done with before."""
        return await self._events.find_one({"_id": f"{provider}:{event_id}"}) is not None

    async def remember(self, provider: str, event_id: str, now: datetime) -> None:
        """Note that it is done with."""
        try:
            await self._events.insert_one({"_id": f"{provider}:{event_id}", **ROW, "at": now})
        except DUPLICATE_KEY:
            return


class MongoOfflineInstructions:
    """Implements `OfflineInstructions`: one text per organisation and mode."""

    def __init__(self, database: Database) -> None:
        self._texts = database[INSTRUCTIONS]

    async def get(self, organisation_id: str, mode: PaymentMode) -> str | None:
        """Return the organisation's own text."""
        row = await self._texts.find_one({"_id": f"{organisation_id}:{mode.value}"})
        return row["text"] if row and row["text"] else None

    async def put(self, organisation_id: str, mode: PaymentMode, text: str) -> None:
        """Keep the organisation's text."""
        await put_once(self._texts, f"{organisation_id}:{mode.value}", {"$set": {**ROW, "text": text}})


def _listed(payment: Payment) -> Document:
    """(provider, provider payment id) as one unique value; our own id stands in until the provider's is known."""
    known = payment.provider_payment_id or f"new {payment.id}"
    return {"provider_key": f"{payment.provider}:{known}", "refund_ids": list(payment.refunds)}
