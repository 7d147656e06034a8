"""Staff, customers and contacts in MongoDB, with the indexes that keep e-mails unique and lists fast."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from chassis.cloudevents import PublishedLanguage
from chassis.kernel import AggregateRoot, NotFound, Page, PageRequest, Principal
from chassis.mongo.applied import STATE_ONLY
from chassis.mongo.client import Database, Document
from chassis.mongo.documents import to_aggregate
from chassis.mongo.histories import declare
from chassis.mongo.indexes import Index, outbox_index
from chassis.mongo.paging import Fences, Listing, listed_page
from chassis.mongo.repository import MongoRepository, scope_of
from chassis.search_keys import order_key, search_key
from services.identity.domain.contact import Contact
from services.identity.domain.customer import Customer
from services.identity.domain.person import PersonStatus
from services.identity.domain.repositories import ContactFilter, CustomerFilter, SortOrder, StaffFilter
from services.identity.domain.staff_member import StaffMember

STAFF, CUSTOMERS, CONTACTS = "staff", "customers", "contacts"
_NAME, _TEXT = "listed.name", "listed.text"
for _kind in (StaffMember, Customer, Contact):
    declare(_kind, listing=4)

INDEXES = (
    *(outbox_index(collection) for collection in (STAFF, CUSTOMERS, CONTACTS)),
    Index(STAFF, (("organisation_id", 1), ("email_key", 1)), {"unique": True}),
    Index(STAFF, (("email_key", 1), ("created_at", 1))),
    *(
        Index(
            collection,
            (("passkeys.id", 1),),
            {"unique": True, "partialFilterExpression": {"passkeys.id": {"$gt": ""}}},
        )
        for collection in (STAFF, CONTACTS)
    ),
    Index(STAFF, (("organisation_id", 1), (_NAME, 1), ("_id", 1))),
    Index(CUSTOMERS, (("organisation_id", 1), (_NAME, 1), ("_id", 1))),
    Index(CUSTOMERS, (("organisation_id", 1), ("created_at", 1), ("_id", 1))),
    Index(CONTACTS, (("customer_id", 1), ("email_key", 1)), {"unique": True}),
    Index(
        CONTACTS,
        (("organisation_id", 1), ("log_in_key", 1)),
        {"unique": True, "partialFilterExpression": {"log_in_key": {"$gt": ""}}},
    ),
    Index(CONTACTS, (("organisation_id", 1), (_NAME, 1), ("_id", 1))),
    Index(CONTACTS, (("customer_id", 1), (_NAME, 1), ("_id", 1))),
)

A = TypeVar("A", bound=AggregateRoot)
_ORDERS = {
    SortOrder.NAME: (_NAME, False),
    SortOrder.NAME_BACKWARD: (_NAME, True),
    SortOrder.NEWEST: ("created_at", True),
    SortOrder.OLDEST: ("created_at", False),
}
_KINDS: dict[str, type] = {_NAME: str, "created_at": datetime}


class _Pages(MongoRepository[A]):
    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._fences = Fences()

    async def _page(
        self, by: Principal, match: Document, order: SortOrder, request: PageRequest, *, customer_id: str | None = None
    ) -> Page[A]:
        """Return a page of those of an organisation, or of one client company where that is known."""
        field, descending = _ORDERS[order]
        scope = self._scope(by)
        begins, where = scope, match
        is_indexed = field == _NAME or self.collection.name == CUSTOMERS
        if by.is_contact and self.collection.name == CUSTOMERS:
            begins, where, is_indexed = {"_id": by.customer_id}, {**match, **scope}, False
        elif of := customer_id or scope.get("customer_id"):
            begins, where, is_indexed = {"customer_id": of}, {**match, **scope}, field == _NAME
        listing = Listing(
            match=begins,
            where=where or (None if is_indexed else {}),
            sort_field=field,
            kind=_KINDS[field] if is_indexed else None,
            is_complete=field != _NAME,
            descending=descending,
            fences=self._fences,
        )
        return self.read_page(await listed_page(self.collection, listing, request))


class MongoStaffMembers(_Pages[StaffMember]):
    """The staff. Contacts of the organisation find staff by id too: names stand on replies."""

    def __init__(self, database: Database, language: PublishedLanguage, committed: Callable[[], None]) -> None:
        super().__init__(
            database[STAFF],
            StaffMember,
            language,
            what="staff member",
            scope=_organisation_of,
            committed=committed,
            listed=_listed_person,
        )

    async def find_for_log_in(self, email_key: str, organisation_id: str | None) -> StaffMember | None:
        if organisation_id:
            return await self._first({"email_key": email_key, "organisation_id": organisation_id})
        match: Document = {"email_key": email_key, "status": str(PersonStatus.ACCEPTED), "awaited_proof": None}
        proven = await self._first({**match, "$or": [{"email_proven": True}, {"invites_sent": {"$gt": 0}}]})
        anybody = await self._first(match)
        return proven or anybody

    async def _first(self, match: Document) -> StaffMember | None:
        rows = await self.collection.find(match, STATE_ONLY).sort([("created_at", 1)]).limit(1).to_list()
        return to_aggregate(StaffMember, rows[0]) if rows else None

    async def page(
        self, by: Principal, match: StaffFilter, order: SortOrder, request: PageRequest
    ) -> Page[StaffMember]:
        conditions = _search(match.search, "sort_name", "email_key")
        if match.active is not None:
            active = str(PersonStatus.ACCEPTED)
            conditions["status"] = active if match.active else {"$ne": active}
        return await self._page(by, conditions, order, request)


class MongoCustomers(_Pages[Customer]):
    """The client companies; a contact finds its own only."""

    def __init__(self, database: Database, language: PublishedLanguage, committed: Callable[[], None]) -> None:
        super().__init__(
            database[CUSTOMERS],
            Customer,
            language,
            what="customer",
            scope=_organisation_of,
            committed=committed,
            listed=_listed_customer,
        )

    async def page(
        self, by: Principal, match: CustomerFilter, order: SortOrder, request: PageRequest
    ) -> Page[Customer]:
        return await self._page(by, _search(match.search, "sort_name", "details.email"), order, request)

    async def get_many(self, by: Principal, ids: list[str]) -> dict[str, Customer]:
        """Return those of `ids` that exist and that the principal may see, by id."""
        return await super().get_many(by, [one for one in ids if _may_see(by, one)])

    async def _find(self, by: Principal, aggregate_id: str, projection: Document) -> Document:
        if not _may_see(by, aggregate_id):
            raise NotFound("customer")
        return await super()._find(by, aggregate_id, projection)


class MongoContacts(_Pages[Contact]):
    """The contacts; a contact finds those of its own company only."""

    def __init__(self, database: Database, language: PublishedLanguage, committed: Callable[[], None]) -> None:
        super().__init__(
            database[CONTACTS], Contact, language, what="contact", committed=committed, listed=_listed_person
        )

    async def find_for_log_in(self, email_key: str, organisation_id: str) -> Contact | None:
        return await self._find_one({"organisation_id": organisation_id, "log_in_key": email_key})

    async def find_by_email(self, by: Principal, customer_id: str, email_key: str) -> Contact | None:
        return await self._find_one({**scope_of(by), "customer_id": customer_id, "email_key": email_key})

    async def was_erased(self, by: Principal, customer_id: str, mark: str, at: datetime) -> bool:
        match: Document = {**scope_of(by), "customer_id": customer_id, "erased.marks": mark, "erased.at": {"$gte": at}}
        return await self.collection.find_one(match, {"_id": 1}) is not None

    async def primary_ids(self, by: Principal, customer_id: str) -> list[str]:
        match = {**scope_of(by), "customer_id": customer_id, "is_primary": True}
        return [row["_id"] for row in await self.collection.find(match, {"_id": 1}).to_list()]

    async def page(self, by: Principal, match: ContactFilter, order: SortOrder, request: PageRequest) -> Page[Contact]:
        conditions = _search(match.search, "sort_name", "email_key") | _with_status(match)
        return await self._page(by, conditions, order, request, customer_id=match.customer_id)

    async def _find_one(self, match: Document) -> Contact | None:
        document = await self.collection.find_one(match, STATE_ONLY)
        return to_aggregate(Contact, document) if document else None


def _organisation_of(by: Principal) -> Document:
    return {"organisation_id": by.organisation_id}


def _may_see(by: Principal, customer_id: str) -> bool:
    return not by.is_contact or by.customer_id == customer_id


def _search(text: str | None, *fields: str) -> Document:
    """Return the filter for part of a text, as typed: it is escaped, never a pattern.

    `fields` are those in which rows are looked for that an earlier version saved.
    """
    wanted = search_key(text)
    if not wanted:
        return {}
    formerly = {"listed": None, "$or": [{field: {"$regex": re.escape(wanted)}} for field in fields]}
    return {"$or": [{_TEXT: {"$regex": re.escape(wanted)}}, formerly]}


def _listed_person(person: StaffMember | Contact) -> Document:
    return {"listed": {"name": order_key(person.name), "text": search_key(person.name, person.email, person.phone)}}


def _listed_customer(customer: Customer) -> Document:
    details = customer.details
    numbers = (details.tax_id, details.registration_number, details.phone)
    return {
        "listed": {"name": order_key(details.name), "text": search_key(details.name, details.email, *numbers)},
    }


def _with_status(match: ContactFilter) -> Document:
    """Translate the status that people read into what is stored: an expired invite is stored as an invite."""
    if not match.statuses:
        return {}
    wanted = [_of_status(status, match) for status in sorted(match.statuses)]
    return wanted[0] if len(wanted) == 1 else {"$and": [{"$or": wanted}]}


def _of_status(status: PersonStatus, match: ContactFilter) -> Document:
    if status is PersonStatus.EXPIRED:
        return {"status": str(PersonStatus.INVITED), "invite.expires_at": {"$lte": match.now}}
    if status is PersonStatus.INVITED:
        return {"status": str(PersonStatus.INVITED), "invite.expires_at": {"$gt": match.now}}
    return {"status": str(status)}
