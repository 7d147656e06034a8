"""Equal objects at one path become one object: fetched for once, merged into once, projected once.

A list of reviews holds the same product again and again. Where everything that is fetched later is fetched for all
positions of a path, equal objects there may as well be the same.
"""

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from gateway.executor.paths import compile_walk
from gateway.plan import Key, Path, RequiredField, Requires

Tree = dict[str, Any]
Find = Callable[[list[Tree]], list[Tree]]


def compile_fold(path: Path, requires: tuple[Requires, ...], crossings: frozenset[int]) -> Find | None:
    """Return a function that finds the objects at `path` and makes equal ones one; None where that is not worth it."""
    keys = [one.key for each in requires for one in each.selections if isinstance(one, RequiredField)]
    last = path[-1] if path else None
    if len(path) < 2 or len(requires) != 1 or not keys or not isinstance(last, Key):
        return None
    return _fold(compile_walk(path[:-1], crossings), last.name, itemgetter(*keys))


def _fold(walk: Find, name: str, values: Callable[[Tree], Any]) -> Find:
    def fold(top: list[Tree]) -> list[Tree]:
        found: list[Tree] = []
        firsts: dict[Any, Tree] = {}
        seen: set[int] = set()
        for parent in walk(top):
            one: Any = parent.get(name)
            if one.__class__ is not dict or id(one) in seen:
                continue
            try:
                first = firsts.setdefault(values(one), one)
            except (KeyError, TypeError):
                # It lacks its key, or the key is no plain value.
                first = one
            if first is one:
                seen.add(id(one))
                found.append(one)
            elif first == one:
                parent[name] = first
            else:
                found.append(one)
        return found

    return fold
