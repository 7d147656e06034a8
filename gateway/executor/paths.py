"""Paths of a plan compiled into functions that find the objects of a tree."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from types import CodeType
from typing import Any

from gateway.executor.failures import ResponsePath
from gateway.plan import Items, Key, OnTypes, Path, Step

Tree = dict[str, Any]
Json = Any
Walk = Callable[[list[Tree]], list[Tree]]


def compile_walk(path: Path, crossings: frozenset[int] = frozenset()) -> Walk:
    """Return a function from objects to the objects at `path` below them, in document order.

    `crossings` are the numbers of steps after which one object may have been reached on several ways: it is followed
    once. The function is generated: nested loops without a list in between, a third of the time of one call for each
    step.
    """
    if not path:
        return lambda objects: objects
    lines: list[str] = ["def walk(top):", " found = []", *(f" seen{at} = set()" for at in crossings), " for o0 in top:"]
    names: dict[str, Any] = {}
    indent = "  "
    for at, step in enumerate(path, 1):
        lines += [indent + line for line in _lines(step, at, names)]
        if isinstance(step, Items):
            indent += " "
        if at in crossings:
            lines += [f"{indent}if id(o{at}) in seen{at}: continue", f"{indent}seen{at}.add(id(o{at}))"]
    lines += [f"{indent}if o{len(path)}.__class__ is dict: found.append(o{len(path)})", " return found"]
    exec(_code("\n".join(lines)), names)  # noqa: S102 - ours: what comes from the plan is in `names`
    return names["walk"]


@lru_cache(maxsize=500)
def _code(source: str) -> CodeType:
    """Return the definition; the source holds no names of the plan, so that plans share the few that there are."""
    return compile(source, "<walk>", "exec")


def _lines(step: Step, at: int, names: dict[str, Any]) -> list[str]:
    """Return the lines that set `o{at}` from the step before, or go on to the next item."""
    old, new = f"o{at - 1}", f"o{at}"
    match step:
        case Key(name):
            names[f"key{at}"] = name
            return [f"if {old}.__class__ is not dict: continue", f"{new} = {old}.get(key{at})"]
        case Items():
            return [f"if {old}.__class__ is not list: continue", f"for {new} in {old}:"]
        case OnTypes(types):
            names[f"types{at}"] = frozenset(types)
            return [
                f"if {old}.__class__ is not dict: continue",
                f"name = {old}.get('__typename')",
                f"if name.__class__ is not str or name not in types{at}: continue",
                f"{new} = {old}",
            ]


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
