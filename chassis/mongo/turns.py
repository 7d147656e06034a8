"""Batches in which owners take turns, so that the largest organisation never starves the smallest.

A batch is read in order. Only when it is full may others wait behind it: then it is asked again without the owners that
were found, until all of them have been or `MOST_LOOKS` is reached. What was served then waits until the others were.
"""

from collections.abc import Collection as Some
from collections.abc import Mapping
from typing import Any

from chassis.guard import in_turns
from chassis.mongo.client import Collection, Document

MOST_LOOKS = 20
"""Queries for one batch; each finds at least one more owner."""


class Turns:
    """Reads batches of one collection. `owner` is the field that says whose a document is; `order` is of the driver."""

    def __init__(
        self,
        collection: Collection,
        fields: Mapping[str, int],
        *,
        order: list[tuple[str, int]] | None = None,
        owner: str = "organisation_id",
    ) -> None:
        self._collection = collection
        self._fields = {**fields, owner: 1}
        self._order = order
        self._owner = owner
        self._served: set[str] = set()

    async def batch(
        self, match: Document, limit: int, *, without: Some[str] = (), not_of: Some[str] = ()
    ) -> list[Document]:
        """Return at most `limit` documents, one owner's after the other's.

        `without` are ids, and `not_of` owners, to pass over.
        """
        found: dict[str, Document] = {}
        owners: set[str] = set()
        looks = 0
        while looks < MOST_LOOKS:
            looks += 1
            rows = await self._look(match, limit, {*self._served, *owners, *not_of}, without)
            found.update((row["_id"], row) for row in rows)
            owners.update(map(self._owner_of, rows))
            if len(rows) == limit:
                continue  # others may wait behind these
            if not self._served or len(found) >= limit:
                break
            self._served = set()  # everybody had a turn: begin again, with those who had theirs first
        batch = in_turns(found.values(), self._owner_of)[:limit]
        had_theirs = {*map(self._owner_of, batch)}
        if self._served or owners - had_theirs or looks == MOST_LOOKS:
            self._served |= had_theirs
        return batch

    async def _look(self, match: Document, limit: int, owners: Some[str], without: Some[str]) -> list[Document]:
        query: dict[str, Any] = dict(match)
        if owners:
            query[self._owner] = {"$nin": [*sorted(owners), *([None] if "" in owners else [])]}
        if without:
            query["_id"] = {"$nin": sorted(without)}
        rows = self._collection.find(query, self._fields)
        return await (rows.sort(self._order) if self._order else rows).limit(limit).to_list()

    def _owner_of(self, row: Document) -> str:
        """Return whose a document is; all that do not say so have one owner."""
        return str(row.get(self._owner) or "")
