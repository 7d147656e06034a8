"""Keyset pagination: pages by (sort field, `_id`), stable while rows are added, linear in nothing but the page."""

from collections.abc import Mapping
from typing import Any

from services.chassis.kernel import Page, PageRequest
from services.chassis.mongo.client import Collection, Document


async def fetch_page(
    collection: Collection, match: Mapping[str, Any], sort_field: str, request: PageRequest, *, descending: bool
) -> Page[Document]:
    """Return the page of documents after `request.after`, without their outbox.

    `sort_field` must be a scalar that every document has and that BSON orders (string, number, date); dots lead into
    it. The cursor of a row is (value of the sort field, id).
    """
    beyond = "$lt" if descending else "$gt"
    conditions: list[Mapping[str, Any]] = [match] if match else []
    if request.after is not None:
        value, last_id = request.after
        if sort_field == "_id":
            conditions.append({"_id": {beyond: last_id}})
        else:
            conditions.append({"$or": [{sort_field: {beyond: value}}, {sort_field: value, "_id": {beyond: last_id}}]})
    direction = -1 if descending else 1
    order = [(sort_field, direction)] if sort_field == "_id" else [(sort_field, direction), ("_id", direction)]
    query: Mapping[str, Any] = {"$and": conditions} if len(conditions) > 1 else (conditions or [{}])[0]
    rows = await collection.find(query, {"outbox": 0}).sort(order).limit(request.first + 1).to_list()
    shown = rows[: request.first]
    return Page(
        items=tuple(shown),
        cursors=tuple((_value(row, sort_field), row["_id"]) for row in shown),
        has_next_page=len(rows) > request.first,
        end=(_value(shown[-1], sort_field), shown[-1]["_id"]) if shown else None,
    )


def _value(row: Document, path: str) -> Any:
    value: Any = row
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return value  # pyright: ignore[reportUnknownVariableType]
