"""What of an input counts when two requests are compared: what was given, and nothing else.

A newer version has inputs that an older one lacks, all of them optional. A request that was begun under the older one
and is sent again under the newer one gives none of them, so what is not given must not count: a field that was left
out, and one that was given as what it is when it is left out, since no resolver can tell these two apart. An explicit
null counts where it means something else than leaving out (`UNSET` is the default there): it clears the value.
"""

import dataclasses
import hashlib
from collections.abc import Callable, Iterator
from itertools import chain, combinations
from typing import Any

import orjson
import strawberry

KEY = "idempotency_key"


Seal = Callable[[str], str]
"""From a secret to what tells it from another one, and from which only who knows our own secret could guess it."""


def what_was_given(value: Any, secrets: frozenset[str] = frozenset(), seal: Seal | None = None) -> Any:
    """Return an input as plain data without its key and what was left out; its secrets are sealed, or left out too."""
    if isinstance(value, list):
        return [what_was_given(item, secrets, seal) for item in value]  # pyright: ignore[reportUnknownVariableType]
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    given: dict[str, Any] = {}
    for field in dataclasses.fields(value):
        name, item = field.name, getattr(value, field.name)
        if _is_absent(field, item):
            continue
        if name in secrets and seal is not None:
            given[name] = seal(item)
        elif name not in {KEY, *secrets}:
            given[name] = what_was_given(item, secrets, seal)
    return given


def all_that_was_there(value: Any, secrets: frozenset[str] = frozenset()) -> Any:
    """Return an input as versions of 2026 and before compared it: every field that the version knew, given or not."""
    return _without({KEY, *secrets}, strawberry.asdict(value))


def as_before(given: Any, formerly: Any) -> Iterator[Any]:
    """Yield the forms in which the version before may have compared the same input.

    It counted every field that it knew, so each of those that are not given may be one that it did not know yet: as it
    is now, and without one or two of them.
    """
    yield given if formerly is None else formerly
    if isinstance(formerly, dict) and isinstance(given, dict):
        absent: list[str] = sorted(formerly.keys() - given.keys())  # pyright: ignore[reportUnknownArgumentType]
        for unknown in chain(combinations(absent, 1), combinations(absent, 2)):
            yield {name: value for name, value in formerly.items() if name not in unknown}  # pyright: ignore


def fingerprint(given: Any) -> str:
    """Return a digest of plain data."""
    return hashlib.sha256(orjson.dumps(given, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()


def _is_absent(field: "dataclasses.Field[Any]", value: Any) -> bool:
    if value is strawberry.UNSET:
        return True
    if field.default_factory is not dataclasses.MISSING:
        return value == field.default_factory()
    return field.default is not dataclasses.MISSING and type(value) is type(field.default) and value == field.default


def _without(names: set[str], value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without(names, item) for name, item in value.items() if name not in names}  # pyright: ignore
    if isinstance(value, list):
        return [_without(names, item) for item in value]  # pyright: ignore
    return value
