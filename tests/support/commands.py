"""What a service asks its database, word for word, and whether the cost of it is bounded whatever is stored.

`recorded(name)` notes every command for the database of this name; `objection(command, indexes)` says what is wrong
with one, or nothing. The driver takes listeners only before a client is made, so one is registered when this module is
imported; it notes nothing while nobody asks.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from pymongo import monitoring

from chassis.mongo.indexes import Index

Command = Mapping[str, Any]
_REFUSED = ("$or", "$nor", "$not", "$where", "$expr")
_EQUAL = ("$eq", "$in")
_watched: dict[str, list[dict[str, Any]]] = {}


class _Listener(monitoring.CommandListener):
    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if (noted := _watched.get(event.database_name)) is not None:
            noted.append({"_name": event.command_name, **event.command})

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Only beginnings are noted."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Only beginnings are noted."""


monitoring.register(_Listener())


@contextmanager
def recorded(database: str) -> Generator[list[dict[str, Any]]]:
    """Yield a list that grows by every command sent to this database; `_name` is which command it is."""
    noted = _watched[database] = list[dict[str, Any]]()
    try:
        yield noted
    finally:
        del _watched[database]


def objection(command: Command, indexes: Sequence[Index]) -> str | None:
    """Return why the cost of a command may grow with what is stored; None where it cannot.

    Bounded are equality on `_id`, and an index whose first field is given by equality or by a range with both ends:
    what it finds is what waits, or what is somebody's. What is sorted by has to be next in an index, and a limit of
    more than one needs an order.
    """
    collection = str(command.get(command["_name"]))
    keys = [("_id",), *(tuple(key for key, _ in one.keys) for one in indexes if one.collection == collection)]
    for match in _filters(command):
        if word := next((one for one in _REFUSED if one in repr(match)), None):
            return f"{word} in {dict(match)}"
        if not any(_bounded(match, fields) for fields in keys):
            return f"no index bounds {dict(match)}"
    order = list(command.get("sort") or {})
    if order and not any(_ordered(command["filter"], order, fields) for fields in keys):
        return f"sorted by {order}, which no index serves"
    if command["_name"] == "find" and command.get("limit", 0) > 1 and not order:
        return f"limited, but in no order: {dict(command['filter'])}"
    return None


def _filters(command: Command) -> Iterator[Mapping[str, Any]]:
    name = command["_name"]
    if name in ("find", "distinct"):
        yield command.get("filter") or command.get("query") or {}
    elif name in ("update", "delete"):
        yield from (one["q"] for one in command[f"{name}s"])
    elif name == "aggregate":
        yield command["pipeline"][0].get("$match", {}) if command["pipeline"] else {}


def _bounded(match: Mapping[str, Any], fields: Sequence[str]) -> bool:
    first = match.get(fields[0], _MISSING)
    return first is not _MISSING and (_is_equal(first) or _has_both_ends(first))


def _ordered(match: Mapping[str, Any], order: Sequence[str], fields: Sequence[str]) -> bool:
    left = list(fields)
    while left and left[0] != order[0] and _is_equal(match.get(left[0], _MISSING)):
        left.pop(0)
    return left[: len(order)] == list(order)


_MISSING: Any = {"$missing": True}


def _is_equal(condition: Any) -> bool:
    if not isinstance(condition, Mapping):
        return True
    return any(one in condition for one in _EQUAL)


def _has_both_ends(condition: Any) -> bool:
    return (
        isinstance(condition, Mapping) and bool({"$gt", "$gte"} & {*condition}) and bool({"$lt", "$lte"} & {*condition})
    )
