"""Indexes, declared beside each repository: made when a process starts, and changed by `portal migrate`.

An index that is missing is made by every process. One that is there with other options is changed: how long rows are
kept (TTL) in place, all else by dropping and making it anew. What cannot be made is no reason to stop: it is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from chassis.mongo.client import REFUSED, Database

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
EVER = {"$gte": EARLIEST, "$lte": LATEST}
"""Any instant. A range that names both ends is read by its index on every engine; one without may be a scan."""
OUTBOX_INDEX = "outbox_waiting"
_TTL = "expireAfterSeconds"
_COMPARED = ("unique", _TTL, "partialFilterExpression", "sparse")


@dataclass(frozen=True, slots=True)
class Index:
    """An index of one collection: keys as (field, 1 or -1), and MongoDB's options (unique, expireAfterSeconds …)."""

    collection: str
    keys: Sequence[tuple[str, int]]
    options: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def name(self) -> str:
        """Its name: the one given, or the one that MongoDB gives."""
        return self.options.get("name") or "_".join(f"{key}_{direction}" for key, direction in self.keys)

    @property
    def place(self) -> str:
        """Its name with that of its collection."""
        return f"{self.collection}.{self.name}"

    @property
    def is_unique(self) -> bool:
        """Whether correctness needs it: without it two may take what only one may have."""
        return bool(self.options.get("unique"))


class Need(Enum):
    """What has to be done about an index."""

    MAKE = "make it"
    CHANGE_TTL = "change how long rows are kept"
    REMAKE = "drop it and make it anew"


@dataclass(frozen=True, slots=True)
class Task:
    """One index that is not as it is declared; `instead` names the index that stands in its way."""

    index: Index
    need: Need
    instead: str = ""

    def __str__(self) -> str:
        return f"index {self.index.place}: {self.need.value}"


@dataclass(frozen=True, slots=True)
class Trouble:
    """An index that is not there, or not as declared, and why."""

    index: Index
    reason: str

    @property
    def advice(self) -> str:
        """What is wrong and what to do, for the operator."""
        if "E11000" in self.reason or "duplicate" in self.reason.casefold():
            todo = "Rows that share a value stand in its way: remove or change one of each, then run `portal migrate`."
        else:
            todo = "Run `portal migrate`."
        return f"The index {self.index.place} is not there as it must be ({self.reason[:200]}). {todo}"


def outbox_index(collection: str) -> Index:
    """Return the index by which the relay finds documents with waiting events (an empty outbox has no entry)."""
    return Index(collection, (("outbox.id", 1),), {"name": OUTBOX_INDEX})


async def index_tasks(database: Database, indexes: Sequence[Index]) -> list[Task]:
    """Return what is to be done so that all are there as declared; nothing is changed."""
    present = {
        name: await database[name].index_information() for name in dict.fromkeys(one.collection for one in indexes)
    }
    found = (_task(index, present[index.collection]) for index in indexes)
    return [task for task in found if task is not None]


async def ensure_indexes(database: Database, indexes: Sequence[Index]) -> list[Trouble]:
    """Make the indexes that are missing; return those that are not there, or not as declared."""
    troubles: list[Trouble] = []
    for task in await index_tasks(database, indexes):
        if task.need is Need.MAKE:
            troubles += await carry_out(database, task)
        else:
            troubles.append(Trouble(task.index, f"it is there with other options: {task.need.value}"))
    return troubles


async def carry_out(database: Database, task: Task) -> list[Trouble]:
    """Do what has to be done about one index; return the trouble if the server refuses. May be repeated."""
    index = task.index
    try:
        if task.need is Need.CHANGE_TTL:
            changed = {"name": index.name, _TTL: index.options[_TTL]}
            await database.command({"collMod": index.collection, "index": changed})
            return []
        if task.need is Need.REMAKE:
            await database[index.collection].drop_index(task.instead)
        await database[index.collection].create_index(list(index.keys), **index.options)
    except REFUSED as refused:
        return [Trouble(index, str(refused))]
    return []


def _task(index: Index, present: Mapping[str, Mapping[str, Any]]) -> Task | None:
    same_keys = (name for name, one in present.items() if list(one["key"]) == list(index.keys))
    name = index.name if index.name in present else next(same_keys, None)
    if name is None:
        return Task(index, Need.MAKE)
    found = present[name]
    different = {one for one in _COMPARED if (found.get(one) or None) != (index.options.get(one) or None)}
    if name != index.name or list(found["key"]) != list(index.keys):
        return Task(index, Need.REMAKE, name)
    if different == {_TTL} and _TTL in found and _TTL in index.options:
        return Task(index, Need.CHANGE_TTL, name)
    return Task(index, Need.REMAKE, name) if different else None
