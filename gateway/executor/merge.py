"""Answers into the response tree: the deep merge, and the rewrites that come before it."""

from collections.abc import Callable
from typing import Any

from gateway.executor.failures import Failure
from gateway.executor.paths import Walk, compile_walk
from gateway.executor.selection import Keys
from gateway.plan import DropTypename, Key, Rewrite

Tree = dict[str, Any]
Json = Any


def merge(target: Tree, source: Tree) -> None:
    """Merge `source` into `target`: objects by key, lists item by item; null never hides a value.

    A failure never hides a value either, but what it was asked for and the value lacks has failed.
    """
    for key, new in source.items():
        target[key] = merged(target[key], new) if key in target else new


def merged(old: Json, new: Json) -> Json:
    """Return the merge of two values of one field; objects and lists of `old` are changed in place."""
    if old is None or new is None:
        return new if old is None else old
    if isinstance(new, Failure):
        return _with_failure(old, new)
    if isinstance(old, Failure):
        return _with_failure(new, old)
    if old.__class__ is dict and new.__class__ is dict:
        merge(old, new)
        return old
    if old.__class__ is list and new.__class__ is list and len(old) == len(new):
        old[:] = [merged(*pair) for pair in zip(old, new, strict=True)]
        return old
    return new


def _with_failure(value: Json, failure: Failure) -> Json:
    """Fail what `failure` was asked for and `value` lacks."""
    if value.__class__ is dict:
        for key, below in failure.below.items():
            inner = failure.inside(key, below)
            value[key] = merged(value[key], inner) if key in value else inner
    elif value.__class__ is list:
        for item in value:
            _with_failure(item, failure)
    return value


class Target:
    """Where a fetch's answers go; it knows the keys that they bring."""

    def __init__(self, keys: Keys, *, share: bool) -> None:
        """`share` lets several objects hold one answer together."""
        self._keys = frozenset(keys) - {"__typename"}
        self._leaves = not any(keys.values())
        self._share = share or self._leaves

    def put(self, objects: list[Tree], answer: Tree) -> None:
        """Merge one answer into every object that waits for it."""
        if self._leaves and _is_whole(answer):
            # Values without anything below them: what another fetch may have brought already is the same.
            for waiting in objects:
                waiting.update(answer)
            return
        for at, waiting in enumerate(objects):
            own = answer if self._share or not at else copied(answer)
            if waiting.keys().isdisjoint(self._keys):
                waiting.update(own)
            else:
                merge(waiting, own)


def _is_whole(answer: Tree) -> bool:
    values = answer.values()
    return None not in values and Failure not in map(type, values)


def copied(value: Json) -> Json:
    """Return a deep copy of a tree; failures are shared, they never change."""
    if value.__class__ is dict:
        return {key: copied(one) for key, one in value.items()}
    return [copied(one) for one in value] if value.__class__ is list else value


def compile_rewrite(rewrite: Rewrite) -> Callable[[list[Tree]], None]:
    """Return a function that rewrites the given objects of an answer (the data, or each entity)."""
    if isinstance(rewrite, DropTypename):
        walk = compile_walk(rewrite.path)

        def drop(objects: list[Tree]) -> None:
            for found in walk(objects):
                found.pop("__typename", None)

        return drop
    last = rewrite.path[-1]
    if not isinstance(last, Key):
        raise TypeError("a renamed key ends its path")
    return _renaming(compile_walk(rewrite.path[:-1]), last.name, rewrite.to)


def _renaming(walk: Walk, name: str, to: str) -> Callable[[list[Tree]], None]:
    def rename(objects: list[Tree]) -> None:
        for found in walk(objects):
            if name in found:
                value = found.pop(name)
                found[to] = merged(found[to], value) if to in found else value

    return rename
