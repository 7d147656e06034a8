"""Errors that live in the response tree, in place of the values they cost.

A subgraph tells errors by paths in its own answer. Each is put where the value is missing, as a `Failure`; the
projection turns it into errors at the client's path, as it meets it: every position of a shared entity gets its own,
fields that nobody asked for get none, and nulls bubble by the API schema.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.executor.ports import SubgraphError
from gateway.executor.selection import Keys

MOST_ERRORS = 1_000
Json = Any
ResponsePath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Cause:
    """One error; `path` leads from the object or list that holds the failure to the field that failed."""

    path: ResponsePath
    message: str
    extensions: Mapping[str, Any]

    def at(self, path: ResponsePath) -> "Cause":
        """Return the same error for another field."""
        return Cause(path, self.message, self.extensions)


class Failure:
    """Stands in the tree for a value that could not be had; `below` are the keys that were asked of it.

    No dataclass: orjson would write one out, and a failure must never pass for a value.
    """

    __slots__ = ("below", "causes")

    def __init__(self, causes: tuple[Cause, ...], below: Keys) -> None:
        """Keep both; nobody changes them."""
        self.causes = causes
        self.below = below

    def inside(self, key: str, below: Keys) -> "Failure":
        """Return the failure of `key` within the object whose value failed."""
        causes = tuple(cause.at(cause.path[1:] if len(cause.path) > 1 else (key,)) for cause in self.causes)
        return Failure(causes, below)


@dataclass(frozen=True, slots=True)
class ErrorReader:
    """Reads subgraphs' errors: which extensions may pass, and whether the subgraph is named."""

    extensions: frozenset[str] = frozenset({"code"})
    name_subgraphs: bool = False

    def cause(self, subgraph: str, error: Json, path: ResponsePath) -> Cause:
        """Return what a client may know of one entry of `errors`, at `path` in the client's keys."""
        entry: dict[str, Any] = error if error.__class__ is dict else {}
        given = entry.get("extensions")
        extensions: dict[str, Any] = {"code": SubgraphError.code}
        if isinstance(given, dict):
            extensions |= {name: given[name] for name in self.extensions if name in given}
            if not isinstance(extensions["code"], str):
                extensions["code"] = SubgraphError.code
        message = entry.get("message")
        text = message if isinstance(message, str) else "A service reported an error without a message."
        return Cause(path, text, self._named(subgraph, extensions))

    def outage(self, error: SubgraphError) -> Cause:
        """Return the error of a fetch that brought no answer."""
        return Cause((), str(error), self._named(error.subgraph, {"code": error.code}))

    def _named(self, subgraph: str, extensions: dict[str, Any]) -> dict[str, Any]:
        return {**extensions, "service": subgraph} if self.name_subgraphs else extensions


def raw_path(error: Json) -> ResponsePath:
    """Return the error's path in the subgraph's answer, () where there is none."""
    path: Json = error.get("path") if error.__class__ is dict else None
    if path.__class__ is not list or not all(isinstance(step, str | int) for step in path):
        return ()
    return tuple(path)


def client_path(path: ResponsePath, aliases: Mapping[str, str]) -> ResponsePath:
    """Return the path in the client's keys, cut before the first one that only the planner knows."""
    steps: list[str | int] = []
    for step in path:
        name = aliases.get(step, step) if isinstance(step, str) else step
        if isinstance(name, str) and name.startswith("__") and name != "__typename":
            break
        steps.append(name)
    return tuple(steps)


def fail_keys(keys: Keys, causes: Iterable[Cause]) -> dict[str, Failure]:
    """Return the object whose every key failed: for the errors that name a field, or each key for those that do not."""
    named = tuple(cause for cause in causes if cause.path)
    if named:
        return {key: Failure(named, below) for key, below in keys.items()}
    return {key: Failure(tuple(cause.at((key,)) for cause in causes), below) for key, below in keys.items()}


def place(container: dict[str, Json], path: ResponsePath, cause: Cause, keys: Keys) -> bool:
    """Put `cause` where `path` (in the subgraph's keys) first meets null; False if a value is there.

    `cause.path` has the same steps in the client's keys, or fewer.
    """
    here: Json = container
    below = keys
    for depth, step in enumerate(path):
        if not _fits(here, step):
            return False
        if isinstance(step, str):
            below = below.get(step, {})
        value = here.get(step) if here.__class__ is dict else here[step]
        if value is None or isinstance(value, Failure):
            known = value.causes if isinstance(value, Failure) else ()
            here[step] = Failure((*known, cause.at(cause.path[depth:])), below)
            return True
        here = value
    return False


def _fits(here: Json, step: str | int) -> bool:
    if here.__class__ is dict:
        return isinstance(step, str)
    return here.__class__ is list and isinstance(step, int) and 0 <= step < len(here)
