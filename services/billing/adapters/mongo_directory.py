"""Organisations and client companies, as kept from identity's events; on a miss identity is asked once.

Portal settings are told by events of their own, so that they are kept apart from the organisation's details: each
document moves forward by the sequence of its own news. They default to "nothing said yet" and are never asked for.
"""

from typing import Any, TypeVar

from services.billing.application.directory import CustomerProfile, OrganisationProfile, PortalProfile
from services.billing.application.ports import Identity
from services.chassis.kernel import NotFound, Principal
from services.chassis.mongo.client import Collection, Database
from services.chassis.mongo.documents import from_value, to_value
from services.chassis.mongo.projections import store_newer

ORGANISATIONS, PORTALS, CUSTOMERS = "organisations", "portals", "customers"

P = TypeVar("P")


class MongoDirectory:
    """Implements `Directory` and `DirectoryNotes`."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._organisations = database[ORGANISATIONS]
        self._portals = database[PORTALS]
        self._customers = database[CUSTOMERS]
        self._identity = identity

    async def organisation(self, by: Principal) -> OrganisationProfile:
        """Return the principal's organisation. Raises NotFound."""
        known = await _read(self._organisations, OrganisationProfile, by.organisation_id)
        if known is not None:
            return known
        asked = await self._identity.organisation(by.organisation_id)
        if asked is None:
            raise NotFound("organisation")
        await self.note_organisation(asked[0], asked[1])
        return asked[1]

    async def portal(self, by: Principal) -> PortalProfile:
        """Return what the portal shows; before identity said anything, the defaults."""
        return await _read(self._portals, PortalProfile, by.organisation_id) or PortalProfile()

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
        if known is None or known.organisation_id != by.organisation_id:
            raise NotFound("client company", field=("customerId",))
        return known

    async def note_organisation(self, sequence: int, profile: OrganisationProfile) -> None:
        """Keep an organisation's details unless newer ones are known."""
        await store_newer(self._organisations, profile.id, sequence, from_value(profile))

    async def note_portal(self, sequence: int, organisation_id: str, profile: PortalProfile) -> None:
        """Keep the portal's settings unless newer ones are known."""
        await store_newer(self._portals, organisation_id, sequence, from_value(profile))

    async def note_customer(self, sequence: int, profile: CustomerProfile) -> None:
        """Keep a client company's details unless newer ones are known."""
        await store_newer(self._customers, profile.id, sequence, from_value(profile))


async def _read(collection: Collection, kind: type[P], document_id: str) -> P | None:
    row: dict[str, Any] | None = await collection.find_one({"_id": document_id})
    return None if row is None else to_value(kind, row)
