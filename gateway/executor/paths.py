"""Paths of a plan compiled into functions that find the objects of a tree."""

from collections.abc import Callable, Iterator
from typing import Any

from gateway.executor.failures import ResponsePath
from gateway.plan import Items, Key, OnTypes, Path, Step

Tree = dict[str, Any]
Json = Any
Walk = Callable[[list[Tree]], list[Tree]]


def compile_walk(path: Path, crossings: frozenset[int] = frozenset()) -> Walk:
    """Return a function from objects to the objects at `path` below them, in document order.

    `crossings` are the numbers of steps after which one object may have been reached on several ways: it is followed
    once.
    """
    steps: list[Callable[[list[Json]], list[Json]]] = []
    for at, step in enumerate(path, 1):
        steps.append(_compile_step(step))
        if at in crossings:
            steps.append(_once)
    if not steps:
        return lambda objects: objects

    def walk(objects: list[Json]) -> list[Tree]:
        for step in steps:
            if not objects:
                return objects
            objects = step(objects)
        return [found for found in objects if found.__class__ is dict]

    return walk


def _typename(found: Tree) -> str | None:
    name: Any = found.get("__typename")
    return name if name.__class__ is str else None


def _once(objects: list[Json]) -> list[Json]:
    return list({id(one): one for one in objects}.values())


def _compile_step(step: Step) -> Callable[[list[Json]], list[Json]]:
    match step:
        case Key(name):
            return lambda objects: [o[name] for o in objects if o.__class__ is dict and name in o]
        case Items():
            return lambda lists: [item for items in lists if items.__class__ is list for item in items]
        case OnTypes(names):
            wanted = frozenset(names)
            return lambda objects: [o for o in objects if o.__class__ is dict and _typename(o) in wanted]


def positions(tree: Json, path: Path, at: ResponsePath = ()) -> Iterator[tuple[ResponsePath, Tree]]:
    """Yield every object at `path` with its place in the response; for errors only, it is slower."""
    if not path:
        if isinstance(tree, dict):
            yield at, tree
        return
    step, rest = path[0], path[1:]
    match step:
        case Key(name):
            if isinstance(tree, dict) and name in tree:
                yield from positions(tree[name], rest, (*at, name))
        case Items():
            if tree.__class__ is list:
                for index, item in enumerate(tree):
                    yield from positions(item, rest, (*at, index))
        case OnTypes(names):
            if tree.__class__ is dict and tree.get("__typename") in names:
                yield from positions(tree, rest, at)
