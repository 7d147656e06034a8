"""What a name in the code may stand for, and what its annotations say of it."""

import ast
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from chassis.kernel import DomainError

Raised = frozenset[type[DomainError]]
NOTHING: Raised = frozenset()


@dataclass(frozen=True)
class Inst:
    """Some object of a class, and what its type variables stand for."""

    kind: type[Any]
    of: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Bound:
    """A function, and the object that it is a method of."""

    function: Callable[..., Any]
    owner: Inst | None = None


@dataclass(frozen=True)
class Given:
    """A callable that is known by its type alone: what it takes, and what it returns."""

    takes: tuple[Any, ...]
    returns: Any


Things = list[Any]


@dataclass
class Scope:
    """What names stand for inside one function, and what was found to be raised there."""

    globals: Mapping[str, Any]
    owner: Inst | None
    names: dict[str, Things] = field(default_factory=dict[str, Things])
    raised: set[type[DomainError]] = field(default_factory=set[type[DomainError]])


class Shown:
    """A type that was looked at already."""

    def __init__(self, things: Things) -> None:
        self.things = things

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shown) and self.things == other.things

    def __hash__(self) -> int:
        return hash(tuple(self.things))


def is_method(kind: type, name: str) -> bool:
    return isinstance(vars(kind).get(name), types.FunctionType)


def maps(kind: type) -> bool:
    return kind is dict or getattr(kind, "__name__", "") == "Mapping"


def function_of(callee: Any) -> tuple[Any, Inst | None]:
    if isinstance(callee, Bound):
        return callee.function, callee.owner
    return (callee, None) if isinstance(callee, types.FunctionType) else (None, None)


def variables_of(owner: Inst) -> dict[Any, Any]:
    """Return what the type variables of an object's class, and of those that it derives from, stand for."""
    found = dict(zip(getattr(owner.kind, "__parameters__", ()), owner.of, strict=False))
    for base in reversed(owner.kind.__mro__):
        for one in vars(base).get("__orig_bases__", ()):
            names = getattr(get_origin(one), "__parameters__", ())
            found = {**dict(zip(names, get_args(one), strict=False)), **found}
    return {name: value for name, value in found.items() if not isinstance(value, TypeVar)}


def keeps(handler: ast.ExceptHandler) -> bool:
    """Tell whether what is caught is raised again, or handed on as it is."""
    handed: set[int] = {
        id(inner)
        for one in ast.walk(handler)
        for inner in ([*one.args, *(word.value for word in one.keywords)] if isinstance(one, ast.Call) else [])
    }
    for one in ast.walk(handler):
        if isinstance(one, ast.Raise) and one.exc is None:
            return True
        if isinstance(one, ast.Name) and one.id == handler.name and id(one) in handed:
            return True
        if isinstance(one, ast.Raise) and isinstance(one.exc, ast.Name) and one.exc.id == handler.name:
            return True
    return False


def arguments_of(node: Any) -> list[ast.arg]:
    given = node.args
    return [*given.posonlyargs, *given.args, *([given.vararg] if given.vararg else []), *given.kwonlyargs]


def assignments(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr | None, ast.expr | None]]:
    """Yield each target in a function with its value and its annotation, pair by pair."""
    for one in ast.walk(node):
        if isinstance(one, ast.AnnAssign):
            yield one.target, one.value, one.annotation
        for target in one.targets if isinstance(one, ast.Assign) else ():
            value = cast(ast.Assign, one).value
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                yield from ((left, right, None) for left, right in zip(target.elts, value.elts, strict=False))
            else:
                yield target, value, None


def named(node: ast.AST, path: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield the functions of a module with their qualified names."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path}{child.name}", child
            yield from named(child, f"{path}{child.name}.<locals>.")
        elif isinstance(child, ast.ClassDef):
            yield from named(child, f"{path}{child.name}.")
        else:
            yield from named(child, path)


@cache
def hints_of(thing: Any) -> dict[str, Any]:
    """Return the annotations of a function or class, those that only type checkers import as well."""
    try:
        return get_type_hints(thing, localns=for_type_checkers(thing.__module__), include_extras=True)
    except Exception:
        return {}


@cache
def for_type_checkers(module: str) -> dict[str, Any]:
    """Return what a module imports for type checkers only."""
    file = getattr(sys.modules.get(module), "__file__", None)
    if not file:
        return {}
    tree, found = ast.parse(Path(file).read_text("utf-8")), dict[str, Any]()
    for node in tree.body:
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            for one in node.body:
                if isinstance(one, ast.ImportFrom) and one.module and not one.level:
                    inner = import_module(one.module)
                    found |= {name.asname or name.name: getattr(inner, name.name, None) for name in one.names}
    return found
