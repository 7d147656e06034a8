"""Whether objects of equal representation may hold one answer together, or each needs a copy of its own.

They may unless a later fetch writes into that answer for only some of them.
"""

from collections.abc import Iterator

from gateway.executor.selection import Keys
from gateway.plan import (
    AnyOf,
    BatchFetch,
    Condition,
    Defer,
    Fetch,
    Flatten,
    Key,
    Node,
    OnTypes,
    Parallel,
    Path,
    Sequence,
)


class Sharing:
    """Knows all paths of a plan."""

    def __init__(self, node: Node | None) -> None:
        """Collect them."""
        self._paths = tuple(dict.fromkeys(_paths(node)))
        self._by_first: dict[str | None, list[Path]] = {}
        for path in self._paths:
            self._by_first.setdefault(_first(path), []).append(path)
        self._folding: dict[Path, bool] = {}
        self._apart = has_contexts(node)

    def allowed(self, waiting: tuple[Path, ...], keys: Keys) -> bool:
        """Tell whether what lies under `keys` of an answer is completed for all objects at `waiting` or for none."""
        if self._apart:
            return False
        after = [[rest for later in self._paths if _enters(rest := _rest(later, path), keys)] for path in waiting]
        if any(rest is None for each in after for rest in each):
            return False
        return all(sorted(each, key=repr) == sorted(after[0], key=repr) for each in after)

    def folds(self, path: Path) -> bool:
        """Tell whether equal objects at `path` stay equal, so that they may be one object."""
        known = self._folding.get(path)
        if known is None:
            # A path through another field at the top never leads beyond this one.
            near = self._paths if _first(path) is None else self._by_first.get(_first(path), [])
            known = not self._apart and all(_rest(later, path) is not None for later in near)
            self._folding[path] = known
        return known

    def crossings(self, path: Path) -> frozenset[int]:
        """Return after how many steps of `path` equal objects may have become one."""
        return frozenset(n for n in range(1, len(path) + 1) if path[:n] in self._paths and self.folds(path[:n]))

    @property
    def folded(self) -> tuple[Path, ...]:
        """The paths where equal objects may have become one."""
        return tuple(path for path in self._paths if self.folds(path))


def _paths(node: Node | None) -> Iterator[Path]:
    match node:
        case Flatten(path):
            yield path
        case BatchFetch():
            for part in node.parts:
                yield from part.paths
        case Sequence(nodes) | Parallel(nodes):
            for one in nodes:
                yield from _paths(one)
        case AnyOf(_, fetch):
            yield from _paths(fetch)
        case Condition(_, if_true, if_false):
            yield from _paths(if_true)
            yield from _paths(if_false)
        case Defer(_, primary, deferred):
            yield from _paths(primary)
            for part in deferred:
                yield from _paths(part.node)
        case _:
            return


def has_contexts(node: Node | None) -> bool:
    """Tell whether equal objects may get different values, by what is around them."""
    match node:
        case Fetch():
            return bool(node.contexts)
        case Flatten(_, fetch):
            return bool(fetch.contexts)
        case Sequence(nodes) | Parallel(nodes):
            return any(map(has_contexts, nodes))
        case AnyOf(_, fetch):
            return has_contexts(fetch)
        case Condition(_, if_true, if_false):
            return has_contexts(if_true) or has_contexts(if_false)
        case Defer(_, primary, deferred):
            return has_contexts(primary) or any(has_contexts(part.node) for part in deferred)
        case _:
            return False


def _first(path: Path) -> str | None:
    """Return the first field on the way, None where there is none."""
    return next((step.name for step in path if isinstance(step, Key)), None)


def _rest(later: Path, path: Path) -> Path | None:
    """Return the steps of `later` beyond `path`, () if it does not lead on; None if it does from only some objects."""
    at, narrowed = 0, False
    for step in path:
        while at < len(later) and later[at] != step and isinstance(later[at], OnTypes):
            at, narrowed = at + 1, True
        if at < len(later) and later[at] == step:
            at += 1
        elif not isinstance(step, OnTypes):
            return ()
    return None if narrowed and at < len(later) else later[at:]


def _enters(rest: Path | None, keys: Keys) -> bool:
    """Tell whether the steps lead through one of the answer's own objects (None: perhaps)."""
    first = next((step for step in rest or () if isinstance(step, Key)), None)
    return rest is None or (first is not None and bool(keys.get(first.name)))
