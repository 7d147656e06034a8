"""Equal objects at one path become one object: fetched for once, merged into once, projected once.

A list of reviews holds the same product again and again. Where everything that is fetched later is fetched for all
positions of a path, equal objects there may as well be the same.
"""

from collections.abc import Callable
from typing import Any

from gateway.executor.paths import Walk, compile_walk
from gateway.executor.representations import Batch, Identity, Representer
from gateway.plan import Key, Path

Tree = dict[str, Any]


Gather = Callable[[Tree, Batch], None]


def compile_fold(path: Path, representer: Representer, crossings: frozenset[int]) -> Gather | None:
    """Return a function that batches the objects at `path` and makes equal ones one; None where it is not worth it."""
    last = path[-1] if path else None
    if len(path) < 2 or not isinstance(last, Key):
        return None
    return _fold(compile_walk(path[:-1], crossings), last.name, representer)


def _fold(walk: Walk, name: str, representer: Representer) -> Gather:
    identity, add = representer.identity, representer.add

    def fold(tree: Tree, batch: Batch) -> None:
        firsts: dict[Identity, Tree] = {}
        for parent in walk([tree]):
            one: Any = parent.get(name)
            who = identity(one, batch) if one.__class__ is dict else None
            if who is None:
                continue
            first = firsts.get(who)
            if first is one:
                continue
            if first is None:
                firsts[who] = one
                add(who, one, batch)
            elif first == one:
                parent[name] = first
            else:
                add(who, one, batch)

    return fold
