"""Keyset pagination: pages by (sort field, `_id`), stable while rows are added, linear in nothing but the page.

A row that has no value to be sorted by (an older version wrote it, or a newer one) keeps its place: before all others
where values ascend, behind them where they descend, as BSON orders. Conditions on a value never match such rows, so
they are asked for by themselves, and only by the page that reaches them.

Not every server stops at `limit`: the embedded ones read and sort all that matches. So nothing here asks `$or`, and
with `fences` a page is asked for between two values, of which the far one is where such a page ended last time; what is
missing from it is asked for behind that. A fence is a guess that costs time when it is wrong, and changes no page.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chassis.kernel import Cursor, Page, PageRequest, page_of
from chassis.mongo.client import Collection, Document, aggregated
from chassis.mongo.ranges import Fences as Fences
from chassis.mongo.ranges import Listing as Listing
from chassis.mongo.ranges import conditions, noted, on_the_edge, place_of


async def fetch_page(
    collection: Collection, match: Mapping[str, Any], sort_field: str, request: PageRequest, *, descending: bool
) -> Page[Document]:
    """Return the page of documents after `request.after`, or before it (`backward`), without their outbox."""
    return await listed_page(collection, Listing(match=match, sort_field=sort_field, descending=descending), request)


async def listed_page(collection: Collection, listing: Listing, request: PageRequest) -> Page[Document]:
    """Return the page of a list after `request.after`, or before it (`backward`): that is the opposite order, turned.

    The cursor of a row is (value of the sort field or None, id).
    """
    if request.backward:
        listing = replace(listing, descending=not listing.descending)
    rows: list[Document] = []
    after, wanted = request.after, request.first + 1
    while len(rows) < wanted:
        asked = wanted - len(rows)
        found = await _rows(collection, listing, after, asked)
        rows += filter(listing.keep, found)
        if len(found) < asked:
            break
        after = place_of(found[-1], listing)
    shown = rows[: request.first][:: -1 if request.backward else 1]
    cursors = tuple(place_of(row, listing) for row in shown)
    return page_of(tuple(shown), cursors, request, more=len(rows) > request.first)


async def _rows(collection: Collection, listing: Listing, after: Cursor | None, wanted: int) -> list[Document]:
    """Return at most so many rows behind a place, in order: fewer only where there are no more."""
    rows: dict[str, Document] = {}
    for condition in conditions(listing, after, wanted):
        again = on_the_edge(rows.values(), condition, listing)
        for row in await _found(collection, listing, condition, wanted - len(rows) + again):
            rows.setdefault(row["_id"], row)
        if len(rows) >= wanted:
            break
    return noted(list(rows.values())[:wanted], listing, after, wanted)


async def _found(collection: Collection, listing: Listing, condition: Document, wanted: int) -> list[Document]:
    """Return the first rows of a range. What no index has is asked in a second step, lest it hide what one has."""
    beyond: Document = {"_id": condition["_id"]} if {*condition} > {"_id"} and not listing.has_ties else {}
    if listing.where is None and not beyond:
        query = _both(listing.match, condition)
        return await collection.find(query, listing.fields).sort(listing.order).limit(wanted).to_list()
    by_index: Document = {name: value for name, value in condition.items() if name not in beyond}
    by_index, rest = (by_index, beyond) if listing.kind else ({}, condition)
    steps = ({**listing.match, **by_index}, listing.where or {}, rest)
    matches = [{"$match": step} for step in steps if step]
    more: list[Document] = [{"$sort": dict(listing.order)}, {"$limit": wanted}, {"$project": dict(listing.fields)}]
    return [row async for row in aggregated(collection, [*matches, *more])]


def _both(match: Mapping[str, Any], condition: Document) -> Mapping[str, Any]:
    if all(name not in match for name in condition):
        return {**match, **condition}
    return {"$and": [match, condition]}
