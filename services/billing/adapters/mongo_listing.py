"""Fields stored beside documents so that lists can be filtered and sorted, and the pages made of them.

`listed.staff` is what staff see in a list, `listed.portal` what a contact sees: nothing before a document was sent.
Dates are ISO strings and absent ones empty, so that every row has its place in every order; amounts are whole minor
units, so that they sort and add up as numbers.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from chassis.kernel import Principal
from chassis.mongo.client import Collection, Document, aggregated
from chassis.search_keys import search_key
from chassis.world.currencies import DIGITS
from services.billing.domain.content import Content, Party
from services.billing.domain.money import Money


def minor_units(amount: Decimal, currency: str) -> int:
    """Return an amount in the currency's minor unit."""
    return int(amount.scaleb(DIGITS[currency]))


def money_of(units: int, currency: str) -> Money:
    """Return the money that `minor_units` counted."""
    return Money(Decimal(units).scaleb(-DIGITS[currency]), currency)


def day_text(day: date | None) -> str:
    """Return a date so that strings sort like dates; absent ones come first."""
    return day.isoformat() if day else ""


def number_key(organisation_id: str, number: str | None, document_id: str) -> str:
    """Return a value that is unique only if the number is within its organisation; a draft stands for itself."""
    return f"{organisation_id}/{number or document_id}"


def searchable(number: str | None, content: Content, buyer: Party | None) -> str:
    """Return the text that searches look into: numbers, subject, and the client company as the document names it."""
    client = (buyer.name, buyer.email) if buyer else ()
    return search_key(number, content.subject, content.reference, *client)


def face(by: Principal) -> str:
    """Return where the principal's list fields are."""
    return "listed.portal" if by.is_contact else "listed.staff"


def whose(by: Principal, customer_id: str | None) -> Document:
    """Return the filter for the documents of a principal; a contact sees what was sent to its own company."""
    match: Document = {"organisation_id": by.organisation_id}
    if by.is_contact:
        match |= {"customer_id": by.customer_id, "sent_at": {"$ne": None}}
        if customer_id not in {None, by.customer_id}:
            match["_id"] = {"$in": []}
    elif customer_id is not None:
        match["customer_id"] = customer_id
    return match


def scope(by: Principal, customer_id: str | None) -> Document:
    """As `whose`, as equalities that indexes begin with: what was not sent to a contact has to be left out apart."""
    of = by.customer_id if by.is_contact else customer_id
    return {"organisation_id": by.organisation_id} | ({"customer_id": of} if of is not None else {})


def is_anothers(by: Principal, customer_id: str | None) -> bool:
    """Tell whether a contact asks for documents of another client company, of which it sees none."""
    return by.is_contact and customer_id not in {None, by.customer_id}


def was_sent(row: Document) -> bool:
    """Tell whether the client company ever got a document."""
    return row.get("sent_at") is not None


async def counted(collection: Collection, match: Document, where: Document) -> int:
    """Return how many documents fulfil both, where an index knows `match` and nothing else."""
    steps: list[Document] = [{"$match": match}, *([{"$match": where}] if where else [])]
    found = aggregated(collection, [*steps, {"$group": {"_id": None, "n": {"$sum": 1}}}])
    return sum([int(row["n"]) async for row in found])


def containing(text: str) -> Document:
    """Return the condition that a text contains another one, whatever characters that has."""
    return {"$regex": re.escape(search_key(text))}


def between(first: date | None, last: date | None) -> Document:
    """Return the condition that a day lies in a period, both ends included.

    The upper end is a text just behind the last day: where an index has fields behind the day, SecantusDB 0.7 leaves
    out the rows that are equal to it (`findings/secantusdb-lte-leaves-out-rows-at-the-bound.sh`).
    """
    condition: dict[str, Any] = {}
    if first is not None:
        condition["$gte"] = day_text(first)
    if last is not None:
        condition |= {"$lt": f"{day_text(last)}~"} | ({} if first else {"$gt": ""})
    return condition


def all_of(*conditions: Document) -> Document:
    """Return the filter that demands every condition that is not empty; those on different fields stand together."""
    given = [condition for condition in conditions if condition]
    together = {name: value for condition in given for name, value in condition.items()}
    return together if len(together) == sum(map(len, given)) else {"$and": given}
