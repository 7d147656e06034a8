"""Organisations and client companies, as kept from identity's events; on a miss identity is asked.

Portal settings are told by events of their own, so that they are kept apart from the organisation's details: each
document moves forward by the sequence of its own news. They default to "nothing said yet", which shows everything.
What is kept may be late, so that it never refuses by itself: the `…_now` methods ask identity, and keep the answer.
What every request needs, an organisation and its portal, is remembered in the process for a second.
"""

import time
from collections.abc import Sequence
from typing import Any, TypeVar

from chassis.kernel import NotFound, Principal, is_id
from chassis.mongo.client import Collection, Database
from chassis.mongo.documents import from_value, to_value
from chassis.mongo.projections import store_newer
from chassis.mongo.reading import readable
from services.billing.application.directory import (
    ContactProfile,
    CustomerProfile,
    OrganisationProfile,
    PortalProfile,
)
from services.billing.application.ports import Identity
from services.billing.domain.errors import DirectoryUnavailable

ORGANISATIONS, PORTALS, CUSTOMERS, CONTACTS = "organisations", "portals", "customers", "contacts"

REMEMBERED_SECONDS = 1.0
MOST_REMEMBERED = 1_000

P = TypeVar("P")


class MongoDirectory:
    """Implements `Directory` and `DirectoryNotes`."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._organisations = database[ORGANISATIONS]
        self._portals = database[PORTALS]
        self._customers = database[CUSTOMERS]
        self._contacts = database[CONTACTS]
        self._identity = identity
        self._remembered: dict[tuple[str, str], tuple[float, Any]] = {}

    async def organisation(self, by: Principal) -> OrganisationProfile:
        """Return the principal's organisation. Raises NotFound."""
        known = await self._remember(self._organisations, OrganisationProfile, by.organisation_id)
        if known is not None:
            return known
        return await self.organisation_now(by)

    async def organisation_now(self, by: Principal) -> OrganisationProfile:
        """Return it as identity says at this moment. Raises NotFound, DirectoryUnavailable."""
        asked = await self._identity.organisation(by.organisation_id)
        if asked is None:
            raise NotFound("organisation")
        await self.note_organisation(asked[0], asked[1])
        return asked[1]

    async def portal_now(self, by: Principal) -> PortalProfile:
        """Return what identity says at this moment that the portal shows. Raises DirectoryUnavailable."""
        asked = await self._identity.portal(by.organisation_id)
        if asked is None:
            return await self.portal(by)
        await self.note_portal(asked[0], by.organisation_id, asked[1])
        return asked[1]

    async def portal(self, by: Principal) -> PortalProfile:
        """Return what the portal shows; before identity said anything, the defaults."""
        return await self._remember(self._portals, PortalProfile, by.organisation_id) or PortalProfile()

    async def customer(self, by: Principal, customer_id: str) -> CustomerProfile:
        """Return a client company of the principal's organisation. Raises NotFound."""
        if by.is_contact and by.customer_id != customer_id:
            raise NotFound("client company", field=("customerId",))
        known = await _read(self._customers, CustomerProfile, customer_id)
        if known is None:
            asked = await self._identity.customer(by.organisation_id, customer_id)
            if asked is not None:
                await self.note_customer(asked[0], asked[1])
                known = asked[1]
        if known is None or not _may_see(by, known):
            raise NotFound("client company", field=("customerId",))
        return known

    async def customers(self, by: Principal, ids: Sequence[str]) -> dict[str, CustomerProfile | DirectoryUnavailable]:
        """Return those of the client companies that the principal may see, by id, or that nobody can tell now."""
        rows = await self._customers.find({"_id": {"$in": list(ids)}}).to_list()
        profiles = readable(CUSTOMERS, rows, lambda row: to_value(CustomerProfile, row))
        known: dict[str, CustomerProfile] = {one.id: one for one in profiles}
        missing = [one for one in dict.fromkeys(ids) if one not in known and is_id(one, "cus")]
        if by.is_contact:
            missing = [one for one in missing if one == by.customer_id]
        try:
            for sequence, profile in await self._identity.customers_of(by.organisation_id, missing) if missing else ():
                await self.note_customer(sequence, profile)
                known[profile.id] = profile
        except DirectoryUnavailable as away:
            return {key: one for key, one in known.items() if _may_see(by, one)} | dict.fromkeys(missing, away)
        return {key: one for key, one in known.items() if _may_see(by, one)}

    async def contact_name(self, by: Principal, contact_id: str) -> str:
        """Return the name of a contact that the principal may know; empty where nobody can tell it."""
        known = await _read(self._contacts, ContactProfile, contact_id)
        if known is None and is_id(contact_id, "con"):
            known = await self._ask_for_contact(by.organisation_id, contact_id)
        if known is None or known.organisation_id != by.organisation_id:
            return ""
        return known.name if by.customer_id in {None, known.customer_id} else ""

    async def reachable(self, by: Principal, customer_id: str) -> Sequence[str]:
        """Return the ids of a client company's contacts who may be mailed, as identity says at this moment."""
        return await self._identity.reachable(by.organisation_id, customer_id)

    async def _ask_for_contact(self, organisation_id: str, contact_id: str) -> ContactProfile | None:
        """Ask identity; a paper is printed without a name rather than not at all."""
        try:
            asked = await self._identity.contact(organisation_id, contact_id)
        except DirectoryUnavailable:
            return None
        if asked is None:
            return None
        await self.note_contact(asked[0], asked[1])
        return asked[1]

    async def note_organisation(self, sequence: int, profile: OrganisationProfile) -> None:
        """Keep an organisation's details unless newer ones are known."""
        await store_newer(self._organisations, profile.id, sequence, from_value(profile))
        self._remembered.pop((ORGANISATIONS, profile.id), None)

    async def note_portal(self, sequence: int, organisation_id: str, profile: PortalProfile) -> None:
        """Keep the portal's settings unless newer ones are known."""
        await store_newer(self._portals, organisation_id, sequence, from_value(profile))
        self._remembered.pop((PORTALS, organisation_id), None)

    async def note_customer(self, sequence: int, profile: CustomerProfile) -> None:
        """Keep a client company's details unless newer ones are known."""
        await store_newer(self._customers, profile.id, sequence, from_value(profile))

    async def note_contact(self, sequence: int, profile: ContactProfile) -> None:
        """Keep a contact's name unless newer ones are known."""
        await store_newer(self._contacts, profile.id, sequence, from_value(profile))

    async def _remember(self, collection: Collection, kind: type[P], document_id: str) -> P | None:
        now, key = time.monotonic(), (collection.name, document_id)
        until, value = self._remembered.get(key, (0.0, None))
        if now < until:
            return value
        found = await _read(collection, kind, document_id)
        if found is not None:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = (now + REMEMBERED_SECONDS, found)
        return found


def _may_see(by: Principal, customer: CustomerProfile) -> bool:
    return customer.organisation_id == by.organisation_id and by.customer_id in {None, customer.id}


async def _read(collection: Collection, kind: type[P], document_id: str) -> P | None:
    row: dict[str, Any] | None = await collection.find_one({"_id": document_id})
    return None if row is None else to_value(kind, row)
