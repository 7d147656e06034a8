"""Indexes, declared beside each repository and made when a process starts; making one again changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from services.chassis.mongo.client import Database

OUTBOX_INDEX = "outbox_waiting"


@dataclass(frozen=True, slots=True)
class Index:
    """An index of one collection: keys as (field, 1 or -1), and MongoDB's options (unique, expireAfterSeconds …)."""

    collection: str
    keys: Sequence[tuple[str, int]]
    options: dict[str, Any] = field(default_factory=dict[str, Any])


def outbox_index(collection: str) -> Index:
    """Return the index by which the relay finds documents with waiting events (an empty outbox has no entry)."""
    return Index(collection, (("outbox.id", 1),), {"name": OUTBOX_INDEX})


async def ensure_indexes(database: Database, indexes: Sequence[Index]) -> None:
    """Make the indexes that are missing."""
    for index in indexes:
        await database[index.collection].create_index(list(index.keys), **index.options)
