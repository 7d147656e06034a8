"""What billing holds of a contact, in MongoDB, and how it goes."""

from collections.abc import Sequence
from typing import Any

from chassis.erasing import FOREVER, Erasure, Held, Whose
from chassis.kernel import Principal
from chassis.mongo.client import Collection, Database, Document
from chassis.mongo.projections import store_newer
from services.billing.adapters import mongo_directory, mongo_estimates, mongo_payments, mongo_saved_cards
from services.billing.adapters.mongo_card_desk import MongoProviderCustomers
from services.billing.adapters.stores import Stores
from services.billing.application.payment_ports import Payer

KEPT_BY_LAW = "Accounting records are kept for as long as tax law demands (in Germany eight to ten years)."
_CARD = ("brand", "last_four", "exp_month", "exp_year", "billing")


class MongoPersonal:
    """Implements `Personal`."""

    def __init__(self, database: Database, stores: Stores, providers: Sequence[str]) -> None:
        self._database = database
        self._stores = stores
        self._providers = providers

    async def forget(self, erasure: Erasure) -> None:
        """Take the person out of everything but the accounts; their cards are gone from the provider before."""
        place = {"organisation_id": erasure.organisation_id, "customer_id": erasure.customer_id, "name": ""}
        await store_newer(self._of(mongo_directory.CONTACTS), erasure.contact_id, FOREVER, place)
        cards: Document = {"organisation_id": erasure.organisation_id, "contact_id": erasure.contact_id}
        await self._of(mongo_saved_cards.COLLECTION).delete_many(cards)
        payer = Payer(contact_id=erasure.contact_id, organisation_id=erasure.organisation_id)
        await MongoProviderCustomers(self._database).forget(self._providers, payer)
        by = Principal.for_service(erasure.organisation_id)
        for payment in await self._paid(erasure.organisation_id, erasure.customer_id, erasure.contact_id):
            await self._stores.payments.update(by, payment["_id"], lambda it: it.forget_card_holder())

    async def held(self, of: Whose) -> Sequence[Held]:
        """Return what is held of a contact."""
        organisation_id, customer_id, contact_id = of.organisation_id, of.customer_id, of.contact_id
        match: Document = {"_id": contact_id, "organisation_id": organisation_id, "name": {"$gt": ""}}
        names = self._of(mongo_directory.CONTACTS).find(match)
        cards = self._of(mongo_saved_cards.COLLECTION).find(
            {"organisation_id": organisation_id, "contact_id": contact_id}
        )
        answered = {"organisation_id": organisation_id, "customer_id": customer_id, "revisions.answered_by": contact_id}
        estimates = self._of(mongo_estimates.COLLECTION).find(answered, {"number": 1, "revisions": 1})
        return [
            *[Held(kind="contact", id=contact_id, data={"name": row["name"]}) for row in await names.to_list()],
            *[_saved_card(row) for row in await cards.to_list()],
            *[_payment(row) for row in await self._paid(organisation_id, customer_id, contact_id)],
            *[one for row in await estimates.to_list() for one in _answers(row, contact_id)],
        ]

    async def _paid(self, organisation_id: str, customer_id: str, contact_id: str) -> list[Document]:
        match = {"organisation_id": organisation_id, "customer_id": customer_id, "paid_by": contact_id}
        return await self._of(mongo_payments.COLLECTION).find(match, {"outbox": 0}).sort("created_at", 1).to_list()

    def _of(self, collection: str) -> Collection:
        return self._database[collection]


def _saved_card(row: Document) -> Held:
    return Held(kind="saved_card", id=row["_id"], at=row["added_at"], data=_shown(row["details"]))


def _payment(row: Document) -> Held:
    facts = {"invoice_id": row["invoice_id"], "invoice_number": row["invoice_number"], "amount": row["amount"]}
    card = {"card": _shown(row["card"])} if row.get("card") else {}
    data = {**facts, "state": row["state"], **card}
    return Held(kind="payment", id=row["_id"], at=row["created_at"], data=data, kept=KEPT_BY_LAW)


def _answers(row: Document, contact_id: str) -> list[Held]:
    """Return the contact's answers to an estimate, one for each revision that was answered."""
    return [
        Held(
            kind="estimate_answer",
            id=row["_id"],
            at=one["answered_at"],
            data={name: one.get(name) for name in ("number", "state", "reason")} | {"estimate_number": row["number"]},
            kept=KEPT_BY_LAW,
        )
        for one in row["revisions"]
        if one.get("answered_by") == contact_id
    ]


def _shown(card: dict[str, Any]) -> dict[str, Any]:
    """Return a card without what only its provider understands."""
    return {name: card.get(name) for name in _CARD}
