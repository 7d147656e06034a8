"""The questions that pages ask, over the repositories of all services, and where they may read all of a group."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import product
from typing import Any

from chassis.kernel import PageRequest, Principal, Role, new_id
from chassis.mongo.client import Database
from chassis.mongo.indexes import Index
from services.billing.adapters import stores as billing
from services.billing.domain.invoice import InvoiceStatus
from services.billing.domain.listing import EstimateFilter, EstimateOrder, InvoiceFilter, InvoiceOrder
from services.billing.messaging.published import LANGUAGE as BILLING
from services.collaboration.adapters import mongo_discussion
from services.collaboration.messaging.published import LANGUAGE as COLLABORATION
from services.identity.adapters import mongo_people
from services.identity.domain.repositories import ContactFilter, CustomerFilter, SortOrder, StaffFilter
from services.identity.messaging.published import LANGUAGE as IDENTITY
from services.notifications.adapters import mongo_notifications
from services.notifications.messaging.published import LANGUAGE as NOTIFICATIONS

Question = Callable[[], Awaitable[Any]]

ORGANISATION, CUSTOMER, DOCUMENT = new_id("org"), new_id("cus"), new_id("inv")
STAFF = Principal(id=new_id("stf"), organisation_id=ORGANISATION, role=Role.OWNER)
CLIENT = Principal(id=new_id("con"), organisation_id=ORGANISATION, role=Role.CONTACT, customer_id=CUSTOMER)
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
FIRST = PageRequest(20)

WHOLE_GROUPS = {
    "ordered otherwise": "a client company's own list in another order than by creation: as many as that company has",
    "estimates ordered otherwise": "an organisation's estimates in another order than by creation: rarely asked for",
    "total": "`totalCount`, only where it is asked for: counting is as long as what is counted, on every engine",
    "of one document": "as many as one document has: comments, views, forwards, payments",
    "same value": "rows with the very value at which the page before ended, of which there are few",
    "feed": "a feed keeps 500 entries",
    "added up": "only while an older version's invoices wait for the backfill, or behind 200 that wait to be counted",
    "statement": "a statement lists all that a client company was ever sent",
    "people ordered otherwise": "staff and contacts by the day they came: as many as an organisation has people",
}
"""What may read all of a group, by the end of its question's name, and why it is no more than that."""


@dataclass(frozen=True)
class Asked:
    """One service's questions by name, and its indexes."""

    indexes: tuple[Index, ...]
    questions: Mapping[str, Question]


def all_questions(databases: Mapping[str, Database]) -> dict[str, Asked]:
    """Return the questions of every service."""
    return {
        "billing": Asked(billing.INDEXES, _billing(databases["billing"])),
        "collaboration": Asked(mongo_discussion.INDEXES, _collaboration(databases["collaboration"])),
        "identity": Asked(mongo_people.INDEXES, _identity(databases["identity"])),
        "notifications": Asked(mongo_notifications.INDEXES, _notifications(databases["notifications"])),
    }


def _billing(database: Database) -> dict[str, Question]:
    kept, today = billing.Stores.over(database, BILLING, lambda: None), NOW.date()
    invoices, estimates, payments = kept.invoices, kept.estimates, kept.payments
    asked: dict[str, Question] = {
        "payments of an invoice, client: of one document": partial(payments.of_invoice, CLIENT, DOCUMENT),
        "payments of an invoice, next page: of one document": partial(
            payments.page, CLIENT, PageRequest(20, (NOW, "pay_1")), invoice_id=DOCUMENT
        ),
        "invoices by day, next page: same value": partial(
            *(invoices.rows, STAFF, InvoiceFilter(), PageRequest(20, ("2026-11-30", DOCUMENT))),
            order=InvoiceOrder.DUE,
            today=today,
        ),
        "one invoice": partial(invoices.rows_of, STAFF, [DOCUMENT]),
        "one estimate": partial(estimates.get_many, STAFF, [DOCUMENT]),
        "home: added up": partial(invoices.added_up, ORGANISATION, CUSTOMER),
        "invoices of a client, due first: ordered otherwise": partial(
            invoices.rows, CLIENT, InvoiceFilter(), FIRST, order=InvoiceOrder.DUE, today=today
        ),
        "estimates: estimates ordered otherwise": partial(
            estimates.page, STAFF, EstimateFilter(), FIRST, order=EstimateOrder.NUMBER, today=today
        ),
        "payments of an invoice: of one document": partial(payments.of_invoice, STAFF, DOCUMENT),
        "statement": partial(invoices.ledgers, STAFF, CUSTOMER, today),
    }
    for name, by in (("staff", STAFF), ("client", CLIENT)):
        asked[f"home: owed, {name}"] = partial(invoices.outstanding, by, None, today)
        asked[f"home: last paid, {name}"] = partial(invoices.last_paid_rows, by, None, 5)
        asked[f"home: estimates to answer, {name}"] = partial(estimates.waiting_rows, by, None, 20, today=today)
        for kind, store, every in (("invoices", invoices, InvoiceFilter()), ("estimates", estimates, EstimateFilter())):
            asked[f"{kind}, {name}"] = partial(store.page, by, every, FIRST, today=today)
            behind = PageRequest(20, (NOW, DOCUMENT))
            asked[f"{kind}, {name}, next page: same value"] = partial(store.page, by, every, behind, today=today)
            asked[f"{kind}, {name}: total"] = partial(store.count, by, every, today=today)
        asked[f"payments, {name}"] = partial(payments.page, by, FIRST)
    for order, descending in product(InvoiceOrder, (True, False)):
        way = "falling" if descending else "rising"
        asked[f"invoices by {order.value}, {way}"] = partial(
            invoices.rows, STAFF, InvoiceFilter(), FIRST, order=order, descending=descending, today=today
        )
    for status in InvoiceStatus:
        one = InvoiceFilter(statuses=frozenset({status}))
        asked[f"invoices that are {status.value}"] = partial(invoices.rows, STAFF, one, FIRST, today=today)
    found = InvoiceFilter(search="northwind", currency="EUR")
    asked["invoices, searched"] = partial(invoices.rows, STAFF, found, FIRST, today=today)
    return asked


def _collaboration(database: Database) -> dict[str, Question]:
    comments = mongo_discussion.MongoComments(database, COLLABORATION)
    views = mongo_discussion.MongoViews(database, COLLABORATION)
    forwards = mongo_discussion.MongoForwards(database, COLLABORATION)
    return {
        "comments: of one document": partial(comments.about, CLIENT, DOCUMENT, FIRST),
        "number of comments: of one document": partial(comments.count, STAFF, [DOCUMENT]),
        "views: of one document": partial(views.about, STAFF, [DOCUMENT]),
        "views, client: of one document": partial(views.about, CLIENT, [DOCUMENT]),
        "comments, next page: of one document": partial(
            comments.about, CLIENT, DOCUMENT, PageRequest(20, (NOW, "com_1"))
        ),
        "forwards: of one document": partial(forwards.about, STAFF, [DOCUMENT]),
    }


def _identity(database: Database) -> dict[str, Question]:
    members = mongo_people.MongoStaffMembers(database, IDENTITY, lambda: None)
    customers = mongo_people.MongoCustomers(database, IDENTITY, lambda: None)
    contacts = mongo_people.MongoContacts(database, IDENTITY, lambda: None)
    asked: dict[str, Question] = {
        "own company, client": partial(customers.page, CLIENT, CustomerFilter(), SortOrder.NAME, FIRST),
        "contacts of a company": partial(
            contacts.page, STAFF, ContactFilter(customer_id=CUSTOMER, now=NOW), SortOrder.NAME, FIRST
        ),
        "staff: people ordered otherwise": partial(members.page, STAFF, StaffFilter(), SortOrder.NEWEST, FIRST),
    }
    for order in SortOrder:
        asked[f"customers, {order.value}"] = partial(customers.page, STAFF, CustomerFilter(), order, FIRST)
    asked["customers, searched"] = partial(customers.page, STAFF, CustomerFilter(search="north"), SortOrder.NAME, FIRST)
    asked["contacts by name"] = partial(contacts.page, STAFF, ContactFilter(now=NOW), SortOrder.NAME, FIRST)
    asked["staff by name"] = partial(members.page, STAFF, StaffFilter(), SortOrder.NAME, FIRST)
    return asked


def _notifications(database: Database) -> dict[str, Question]:
    kept = mongo_notifications.MongoNotifications(database, NOTIFICATIONS)
    return {
        "feed": partial(kept.feed, CLIENT, FIRST, unread_only=False),
        "unread: feed": partial(kept.unread, CLIENT),
    }
