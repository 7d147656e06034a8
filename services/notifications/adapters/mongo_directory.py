"""Who people are, as identity told us, in MongoDB. Every look-up names the organisation.

What was told may be late: of whom nothing is known, identity is asked, and its answer is kept as if an event had
brought it. What is known needs nobody.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chassis.kernel import is_id
from chassis.mongo.client import Database, Document
from chassis.mongo.histories import history_of
from chassis.mongo.indexes import Index
from chassis.mongo.projections import store_newer
from chassis.mongo.reading import all_readable, readable
from services.notifications.application.ports import EVERY_TYPE, Identity, Organisation, Told
from services.notifications.domain.kinds import STAFF_NOTICES, Audience
from services.notifications.domain.notification import Recipient

PEOPLE, CUSTOMERS, ORGANISATIONS, PORTALS = "people", "customers", "organisations", "portals"
INDEXES = (Index(PEOPLE, (("organisation_id", 1), ("customer_id", 1), ("audience", 1)), {"name": "by_company"}),)


class MongoDirectory:
    """Implements `Directory`; the `note_…` methods keep it up to date, stale and repeated events change nothing."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._people = database[PEOPLE]
        self._customers = database[CUSTOMERS]
        self._organisations = database[ORGANISATIONS]
        self._portals = database[PORTALS]
        self._identity = identity

    async def staff(self, organisation_id: str) -> list[Recipient]:
        """Return the active members of staff."""
        found = await self._staff(organisation_id)
        if found:
            return found
        await self._note_people(await self._identity.staff(organisation_id))
        return await self._staff(organisation_id)

    async def contacts(self, organisation_id: str, customer_id: str) -> list[Recipient]:
        """Return a client company's contacts with access.

        When nobody has access: its primary contacts, else the one that was added first; nobody who was shut out.
        Before that, identity is asked: an access or a primary contact may be news that is under way.
        """
        found = await self._contacts(organisation_id, customer_id)
        if any(one.has_access for one in found) or not is_id(customer_id, "cus"):
            return found
        await self._note_people(await self._identity.contacts(organisation_id, customer_id))
        return await self._contacts(organisation_id, customer_id)

    async def answers(self, organisation_id: str) -> str | None:
        """Return the address that clients' answers go to: the organisation's, else its first owner's."""
        about = await self.organisation(organisation_id)
        if about.email:
            return about.email
        found = await self._owners(organisation_id)
        if not found:
            await self._note_people(await self._identity.staff(organisation_id))
            found = await self._owners(organisation_id) or await self._staff(organisation_id)
        return found[0].email if found else None

    async def access_since(self, contact_id: str, at: datetime) -> datetime:
        """Return since when a contact has had access without a break, when it has access by this event."""
        row = await self._people.find_one({"_id": contact_id}, {"active": 1, "access_since": 1})
        known = row.get("access_since") if row and row.get("active") else None
        return known if isinstance(known, datetime) else at

    async def person(self, organisation_id: str, person_id: str) -> Recipient | None:
        """Return a person of either side; None when there is none."""
        found = await self._person(organisation_id, person_id)
        if found or not (is_id(person_id, "con") or is_id(person_id, "stf")):
            return found
        asked = await self._identity.person(organisation_id, person_id)
        await self._note_people([asked] if asked else [])
        return await self._person(organisation_id, person_id)

    async def customer_name(self, organisation_id: str, customer_id: str) -> str | None:
        """Return a client company's name; None when there is none."""
        row = await self._customers.find_one({"_id": customer_id, "organisation_id": organisation_id})
        if row is not None or not is_id(customer_id, "cus"):
            return row["name"] if row else None
        asked = await self._identity.customer(organisation_id, customer_id)
        if asked is None:
            return None
        await self.note_customer(*asked)
        return asked[2]["name"]

    async def organisation(self, organisation_id: str) -> Organisation:
        """Return what is known of the organisation."""
        about = await self._organisations.find_one({"_id": organisation_id})
        portal = await self._portals.find_one({"_id": organisation_id})
        if about is None or portal is None:
            return await self.organisation_now(organisation_id)
        return _organisation(about, portal)

    async def organisation_now(self, organisation_id: str) -> Organisation:
        """Return it as identity says at this moment."""
        asked = await self._identity.organisation(organisation_id)
        if asked is not None:
            await self.note_organisation(*asked[0])
            await self.note_portal(*asked[1])
        about = await self._organisations.find_one({"_id": organisation_id}) or {}
        return _organisation(about, await self._portals.find_one({"_id": organisation_id}) or {})

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

    async def _note_people(self, told: Sequence[Told]) -> None:
        for person in told:
            await self.note_person(*person)

    async def _staff(self, organisation_id: str) -> list[Recipient]:
        match = {"organisation_id": organisation_id, "audience": Audience.STAFF.value, "active": True}
        return await all_readable("people", self._people.find(match).sort("_id", 1), _recipient)

    async def _contacts(self, organisation_id: str, customer_id: str) -> list[Recipient]:
        match = {"organisation_id": organisation_id, "customer_id": customer_id, "audience": Audience.CLIENT.value}
        rows = await self._people.find(match).sort("_id", 1).to_list()
        with_access = [row for row in rows if row.get("active")]
        others = [row for row in rows if row.get("status") != "disabled"]
        primary = [row for row in others if row.get("primary")]
        return readable("people", with_access or primary or others[:1], _recipient)

    async def _owners(self, organisation_id: str) -> list[Recipient]:
        match = {"organisation_id": organisation_id, "audience": Audience.STAFF.value, "active": True, "role": "owner"}
        return await all_readable("people", self._people.find(match).sort("_id", 1), _recipient)

    async def _person(self, organisation_id: str, person_id: str) -> Recipient | None:
        row = await self._people.find_one({"_id": person_id, "organisation_id": organisation_id})
        return _recipient(row) if row else None


def _organisation(about: dict[str, Any], portal: dict[str, Any]) -> Organisation:
    about, portal = history_of(ORGANISATIONS).forward(about), history_of(PORTALS).forward(portal)
    notices = portal.get("notices")
    return Organisation(
        name=about.get("name", ""),
        email=about.get("email"),
        locale=about.get("locale", ""),
        portal_name=portal.get("name", ""),
        slug=portal.get("slug", ""),
        portal_open=portal.get("open", True),
        document_types=tuple(portal.get("document_types", EVERY_TYPE)),
        notices=None if notices is None else tuple(STAFF_NOTICES[one] for one in notices if one in STAFF_NOTICES),
    )


def _recipient(row: dict[str, Any]) -> Recipient:
    row = history_of(PEOPLE).forward(row)
    return Recipient(
        id=row["_id"],
        audience=Audience(row["audience"]),
        name=row["name"],
        email=row["email"],
        language=row["language"],
        has_access=row["active"],
        shut_out=not row["active"] if row["audience"] == Audience.STAFF.value else row.get("status") == "disabled",
        access_since=row.get("access_since"),
    )
