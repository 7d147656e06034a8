"""Keyset pagination: pages by (sort field, `_id`), stable while rows are added, linear in nothing but the page.

A row that has no value to be sorted by (an older version wrote it, or a newer one) keeps its place: before all others
where values ascend, behind them where they descend, as BSON orders. Conditions on a value never match such rows, so
they are asked for by themselves, and only by the page that reaches them.
"""

from collections.abc import Mapping
from typing import Any

from chassis.kernel import Page, PageRequest, page_of
from chassis.mongo.applied import STATE_ONLY
from chassis.mongo.client import Collection, Document


async def fetch_page(
    collection: Collection, match: Mapping[str, Any], sort_field: str, request: PageRequest, *, descending: bool
) -> Page[Document]:
    """Return the page of documents after `request.after`, or before it (`backward`), without their outbox.

    `sort_field` is a scalar that BSON orders (string, number, date), of one type in all documents that have it; dots
    lead into it. The cursor of a row is (value of the sort field or None, id).
    """
    falling = descending != request.backward
    direction = -1 if falling else 1
    order = [("_id", direction)] if sort_field == "_id" else [(sort_field, direction), ("_id", direction)]
    rows: list[Document] = []
    for condition in _conditions(sort_field, request, descending=falling):
        wanted = request.first + 1 - len(rows)
        if wanted:
            query = _both(match, condition)
            rows += await collection.find(query, STATE_ONLY).sort(order).limit(wanted).to_list()
    shown = rows[: request.first][:: -1 if request.backward else 1]
    cursors = tuple((_value(row, sort_field), row["_id"]) for row in shown)
    return page_of(tuple(shown), cursors, request, more=len(rows) > request.first)


def _conditions(sort_field: str, request: PageRequest, *, descending: bool) -> list[Document]:
    """Return what the rows of a page fulfil, in the order in which they follow one another."""
    if request.after is None:
        return [{}]
    value, last_id = request.after
    beyond = "$lt" if descending else "$gt"
    if sort_field == "_id":
        return [{"_id": {beyond: last_id}}]
    if value is None:
        without: Document = {sort_field: None, "_id": {beyond: last_id}}
        return [without] if descending else [without, {sort_field: {"$ne": None}}]
    later: Document = {"$or": [{sort_field: {beyond: value}}, {sort_field: value, "_id": {beyond: last_id}}]}
    return [later, {sort_field: None}] if descending else [later]


def _both(match: Mapping[str, Any], condition: Document) -> Mapping[str, Any]:
    if not match or not condition:
        return condition or match
    return {"$and": [match, condition]}


def _value(row: Document, path: str) -> Any:
    value: Any = row
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return value  # pyright: ignore[reportUnknownVariableType]
