"""What we keep about cards at providers besides the cards: which tokens were used, and who is which customer there."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from chassis.mongo.client import DUPLICATE_KEY, Database
from chassis.mongo.histories import ROW
from services.billing.application.payment_ports import Payer

TOKENS, CUSTOMERS = "card_tokens", "provider_customers"


class MongoCardTokens:
    """Implements `CardTokens`. Only a token's digest is kept; its first insert wins, and is never removed."""

    def __init__(self, database: Database) -> None:
        self._tokens = database[TOKENS]

    async def used_by(self, provider: str, token: str) -> str | None:
        """Return the id of the payment or card that used this token."""
        row = await self._tokens.find_one({"_id": _digest(provider, token)})
        return row["used_by"] if row else None

    async def spend(self, provider: str, token: str, by: str, now: datetime) -> bool:
        """Use the token for this payment or card; False when another has used it."""
        try:
            await self._tokens.insert_one({"_id": _digest(provider, token), **ROW, "used_by": by, "at": now})
        except DUPLICATE_KEY:
            return await self.used_by(provider, token) == by
        return True


class MongoProviderCustomers:
    """Implements `ProviderCustomers`: one row per provider, organisation and contact."""

    def __init__(self, database: Database) -> None:
        self._customers = database[CUSTOMERS]

    async def get(self, provider: str, payer: Payer) -> str | None:
        """Return the provider's id of this payer."""
        row = await self._customers.find_one({"_id": _place(provider, payer)})
        return row["customer"] if row else None

    async def put(self, provider: str, payer: Payer, customer: str) -> None:
        """Note the provider's id of this payer."""
        place = {"_id": _place(provider, payer)}
        try:
            await self._customers.update_one(place, {"$set": {**ROW, "customer": customer}}, upsert=True)
        except DUPLICATE_KEY:  # two forms opened at once made the row at once
            await self._customers.update_one(place, {"$set": {**ROW, "customer": customer}})

    async def forget(self, providers: Iterable[str], payer: Payer) -> None:
        """Forget who this payer is at these providers."""
        await self._customers.delete_many({"_id": {"$in": [_place(one, payer) for one in providers]}})


def _digest(provider: str, token: str) -> str:
    return hashlib.sha256(f"{provider}\n{token}".encode()).hexdigest()


def _place(provider: str, payer: Payer) -> str:
    return f"{provider}:{payer.organisation_id}:{payer.contact_id}"
