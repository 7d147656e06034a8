"""Who people are, as identity told us, in MongoDB. Every look-up names the organisation."""

from typing import Any

from services.chassis.mongo.client import Database, Document
from services.chassis.mongo.indexes import Index
from services.chassis.mongo.projections import store_newer
from services.notifications.application.ports import EVERY_TYPE, Organisation
from services.notifications.domain.kinds import STAFF_NOTICES, Audience
from services.notifications.domain.notification import Recipient

INDEXES = (Index("people", (("organisation_id", 1), ("customer_id", 1), ("audience", 1)), {"name": "by_company"}),)


class MongoDirectory:
    """Implements `Directory`; the `note_…` methods keep it up to date, stale and repeated events change nothing."""

    def __init__(self, database: Database) -> None:
        self._people = database["people"]
        self._customers = database["customers"]
        self._organisations = database["organisations"]
        self._portals = database["portals"]

    async def staff(self, organisation_id: str) -> list[Recipient]:
        """Return the active members of staff."""
        match = {"organisation_id": organisation_id, "audience": Audience.STAFF.value, "active": True}
        return [_recipient(row) async for row in self._people.find(match).sort("_id", 1)]

    async def contacts(self, organisation_id: str, customer_id: str) -> list[Recipient]:
        """Return a client company's contacts with access, or its primary contact when nobody has access."""
        match = {"organisation_id": organisation_id, "customer_id": customer_id, "audience": Audience.CLIENT.value}
        rows = await self._people.find(match).sort("_id", 1).to_list()
        with_access = [row for row in rows if row["active"]]
        primary = [row for row in rows if row["primary"] and row["status"] != "disabled"]
        return [_recipient(row) for row in with_access or primary]

    async def person(self, organisation_id: str, person_id: str) -> Recipient | None:
        """Return a person of either side; None while no event has told of them."""
        row = await self._people.find_one({"_id": person_id, "organisation_id": organisation_id})
        return _recipient(row) if row else None

    async def customer_name(self, organisation_id: str, customer_id: str) -> str | None:
        """Return a client company's name; None while no event has told of it."""
        row = await self._customers.find_one({"_id": customer_id, "organisation_id": organisation_id})
        return row["name"] if row else None

    async def organisation(self, organisation_id: str) -> Organisation:
        """Return what is known of the organisation."""
        about = await self._organisations.find_one({"_id": organisation_id}) or {}
        portal = await self._portals.find_one({"_id": organisation_id}) or {}
        notices = portal.get("notices")
        return Organisation(
            name=about.get("name", ""),
            email=about.get("email"),
            portal_name=portal.get("name", ""),
            slug=portal.get("slug", ""),
            portal_open=portal.get("open", True),
            document_types=tuple(portal.get("document_types", EVERY_TYPE)),
            notices=None if notices is None else tuple(STAFF_NOTICES[one] for one in notices if one in STAFF_NOTICES),
        )

    async def note_person(self, person_id: str, sequence: int, fields: Document) -> None:
        """Keep what an event tells of a person."""
        await store_newer(self._people, person_id, sequence, fields)

    async def note_customer(self, customer_id: str, sequence: int, fields: Document) -> None:
        """Keep what an event tells of a client company."""
        await store_newer(self._customers, customer_id, sequence, fields)

    async def note_organisation(self, organisation_id: str, sequence: int, fields: Document) -> None:
        """Keep what an event tells of an organisation."""
        await store_newer(self._organisations, organisation_id, sequence, fields)

    async def note_portal(self, organisation_id: str, sequence: int, fields: Document) -> None:
        """Keep what an event tells of a portal's settings."""
        await store_newer(self._portals, organisation_id, sequence, fields)


def _recipient(row: dict[str, Any]) -> Recipient:
    return Recipient(
        id=row["_id"],
        audience=Audience(row["audience"]),
        name=row["name"],
        email=row["email"],
        language=row["language"],
        has_access=row["active"],
    )
