"""How far the cost of a command that reads depends on what is stored, by its shape: one row of docs/queries.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from chassis.mongo.indexes import Index

BY_ID, BOTH_ENDS, WHOLE_GROUP, SCAN = "by id", "between two values", "all of its group", "everything"
_RANGE = {"$gt", "$gte", "$lt", "$lte"}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a command asks: nothing of it is a value. `bounds` is one of the words above."""

    command: str
    collection: str
    match: str
    sort: str
    index: str
    bounds: str

    @property
    def row(self) -> str:
        """The cells of a table's row."""
        return f"{self.command} `{self.collection}` | `{self.match}` | {self.sort} | {self.index} | {self.bounds}"


def shape_of(command: Mapping[str, Any], indexes: Sequence[Index]) -> Shape:
    """Return the shape of a command that reads, as `commands.recorded` noted it.

    The servers that are embedded use an index for a filter of equalities that begin it and at most one range on the
    field after; else for the first field alone that has one. They read and sort all that this finds, whatever `limit`
    says. `$or` and `$and` hide all of it.
    """
    name = command["_name"]
    collection = str(command[name])
    match, sort = _parts(command)
    index, bounds = _bounded(match, [one for one in indexes if one.collection == collection])
    asked = ", ".join(f"{field} {_operator(value)}" for field, value in match.items()) or "–"
    order = ", ".join(f"{field} {'↓' if way == -1 else '↑'}" for field, way in sort.items()) or "–"
    return Shape(name, collection, asked, order, index, bounds)


def _parts(command: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, int]]:
    if command["_name"] != "aggregate":
        return command.get("filter", command.get("query", {})), command.get("sort", {})
    stages: list[Mapping[str, Any]] = command["pipeline"]
    sorts: list[Mapping[str, int]] = [stage["$sort"] for stage in stages if "$sort" in stage]
    return stages[0].get("$match", {}), sorts[0] if sorts else {}


def _operator(value: Any) -> str:
    if not isinstance(value, Mapping):
        return "="
    operators = cast(Mapping[str, Any], value)
    return "in both ends" if len(_RANGE & {*operators}) == 2 else " ".join(operators)


def _bounded(match: Mapping[str, Any], indexes: Sequence[Index]) -> tuple[str, str]:
    if "_id" in match and _is_equal(match["_id"]):
        return "_id", BY_ID
    equal = {field for field in match if _is_equal(match[field])}
    left = [field for field in match if field not in equal]
    for index in indexes if not any(field.startswith("$") for field in match) else ():
        fields = [field for field, _ in index.keys]
        begins, follows = {*fields[: len(equal)]} == equal, fields[len(equal) : len(equal) + 1]
        if begins and not left:
            return ", ".join(fields), WHOLE_GROUP
        if begins and left == follows and len(_RANGE & {*match[left[0]]}) == 2:
            return ", ".join(fields), BOTH_ENDS
    first = {index.keys[0][0]: index for index in reversed(indexes)}
    for field in match:
        if field in first and field in equal:
            return ", ".join(name for name, _ in first[field].keys), f"all of its {field}"
    return "–", SCAN


def _is_equal(value: Any) -> bool:
    return not isinstance(value, Mapping) or {*value} <= {"$in", "$eq"}
