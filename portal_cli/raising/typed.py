"""From annotations to what a value may be, and from a value to its members."""

import ast
import inspect
import sys
import types
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin, is_typeddict

from portal_cli.raising.things import (
    Bound,
    Given,
    Inst,
    Scope,
    Shown,
    Things,
    arguments_of,
    assignments,
    for_type_checkers,
    hints_of,
    is_method,
    maps,
    named,
    variables_of,
)

_AWAITED = ("Awaitable", "Coroutine", "AsyncContextManager", "AbstractAsyncContextManager", "ContextManager")


class Typed(ABC):
    """The types of the code of some packages."""

    def __init__(self, *packages: str, elsewhere: Sequence[str] = (), silent: frozenset[str] = frozenset()) -> None:
        """Know the code of `packages`.

        `elsewhere` are names of methods that are not guessed to be ours, `silent` functions (`module:name`) whose
        refusals nobody is told.
        """
        self._packages = packages
        self._elsewhere = elsewhere
        self._silent = silent
        self._trees: dict[str, dict[str, ast.AST]] = {}
        self.unresolved: dict[str, int] = {}

    @abstractmethod
    def _eval(self, node: ast.AST | None, scope: Scope) -> Things: ...

    @abstractmethod
    def _live(self, thing: Any) -> Things: ...

    @abstractmethod
    def _called(self, callee: Any, scope: Scope) -> Things: ...

    # --- functions ---

    def _node(self, function: Callable[..., Any]) -> Any:
        module = getattr(function, "__module__", "") or ""
        if not self._ours(module) or f"{module}:{function.__qualname__}" in self._silent:
            return None
        if module not in self._trees:
            source = Path(sys.modules[module].__file__ or "").read_text("utf-8")
            self._trees[module] = dict(named(ast.parse(source), ""))
        return self._trees[module].get(getattr(function, "__qualname__", ""))

    def _ours(self, module: str) -> bool:
        return any(module == one or module.startswith(f"{one}.") for one in self._packages)

    @staticmethod
    def _globals(function: Any) -> Mapping[str, Any]:
        return {**for_type_checkers(function.__module__), **function.__globals__}

    def _bind(self, scope: Scope, node: Any, function: Any, owner: Inst | None) -> None:
        hints = hints_of(function)
        for argument in arguments_of(node):
            if argument.arg in ("self", "cls") and owner is not None:
                scope.names[argument.arg] = [owner.kind if argument.arg == "cls" else owner]
            else:
                scope.names[argument.arg] = self._things(hints.get(argument.arg), owner)

    # --- types ---

    def _items(self, things: Things, place: int = 0) -> Things:
        """Return what is in a collection; of a tuple, what stands at a place."""
        found: Things = []
        for thing in things:
            if isinstance(thing, Inst) and thing.of:
                pairs = thing.kind is tuple and len(thing.of) > 1 and thing.of[-1] is not Ellipsis
                wanted = thing.of[place if pairs and place < len(thing.of) else -1 if maps(thing.kind) else 0]
                found += self._things(wanted)
        return found

    def _annotated(self, node: ast.expr | None, scope: Scope) -> Things:
        if node is None:
            return []
        try:
            hint = eval(ast.unparse(node), {**scope.globals})  # noqa: S307
        except Exception:
            return []
        return self._things(hint, scope.owner)

    def _things(self, hint: Any, owner: Inst | None = None) -> Things:
        """Return what an annotation says that a value may be."""
        if isinstance(hint, Shown):
            return hint.things
        if isinstance(hint, TypeVar):
            stands_for = variables_of(owner).get(hint) if owner else None
            return self._things(stands_for or hint.__bound__)
        origin, args = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return self._things(args[0], owner)
        if origin in (Union, types.UnionType):
            return [one for part in args for one in self._things(part, owner)]
        if getattr(origin, "__name__", "") in _AWAITED:
            return self._things(args[-1] if origin.__name__ != "AsyncContextManager" else args[0], owner)
        if origin is type:
            return [one.kind for one in self._things(args[0], owner) if isinstance(one, Inst)]
        if getattr(origin, "__name__", "") == "Callable":
            first: Any = args[0] if args else None
            takes = cast(list[Any], first) if isinstance(first, list) else []
            return [Given(tuple(takes), Shown(self._things(args[-1], owner)) if args else None)]
        if getattr(hint, "__name__", "") == "Self":
            return [owner] if owner else []
        if isinstance(origin, type):
            return [Inst(origin, tuple(one if one is Ellipsis else Shown(self._things(one, owner)) for one in args))]
        return [Inst(hint)] if isinstance(hint, type) and hint is not type(None) else []

    @cache  # noqa: B019
    def _fulfilling(self, protocol: type) -> list[type[Any]]:
        wanted = {one for one in dir(protocol) if callable(getattr(protocol, one, None)) and not one.startswith("_")}
        wanted |= {"__call__"} if "__call__" in vars(protocol) else set()
        found = [kind for kind in self._kinds() if wanted and all(hasattr(kind, one) for one in wanted)]
        return [kind for kind in found if _may_be_called_as(protocol, kind)] if "__call__" in wanted else found

    @cache  # noqa: B019
    def _kinds(self) -> list[type[Any]]:
        found = {
            kind: None
            for name, module in sorted(sys.modules.items())
            if self._ours(name)
            for kind in vars(module).values()
            if isinstance(kind, type) and kind.__module__ == name and not getattr(kind, "_is_protocol", False)
        }
        return [one for one in found if not is_typeddict(one)]

    @cache  # noqa: B019
    def _by_name(self, name: str) -> Things:
        found = [Bound(vars(kind)[name], Inst(kind)) for kind in self._kinds() if is_method(kind, name)]
        if found:
            self.unresolved[name] = len(found)
        return found

    def _member(self, thing: Any, name: str, scope: Scope) -> Things:
        if isinstance(thing, types.ModuleType):
            return self._live(getattr(thing, name, None)) if hasattr(thing, name) else []
        if isinstance(thing, type):
            return self._of_class(thing, name, Inst(thing), scope, on_class=True)
        if not isinstance(thing, Inst):
            return []
        if thing.kind in (dict, Mapping) and name in ("get", "pop", "setdefault"):
            return [Given((), thing.of[1])] if len(thing.of) > 1 else []
        if thing.kind in (dict, Mapping) and name in ("values", "items") and len(thing.of) > 1:
            inner = thing.of[1] if name == "values" else Shown([Inst(tuple, thing.of)])
            return [Given((), Shown([Inst(list, (inner,))]))]
        if getattr(thing.kind, "_is_protocol", False):
            return [one for kind in self._fulfilling(thing.kind) for one in self._member(Inst(kind), name, scope)] or (
                self._of_class(thing.kind, name, thing, scope)
            )
        return self._of_class(thing.kind, name, thing, scope)

    def _of_class(self, kind: type, name: str, owner: Inst, scope: Scope, *, on_class: bool = False) -> Things:
        try:
            member = inspect.getattr_static(kind, name)
        except AttributeError:
            member = None
        match member:
            case types.FunctionType():
                return [Bound(member, None if on_class and name != "__init__" else owner)]
            case classmethod():
                return [Bound(cast(Any, member).__func__, owner)]
            case staticmethod():
                return [cast(Any, member).__func__]
            case property():
                return self._called(Bound(member.fget, owner), scope) if member.fget else []
            case cached_property():
                return self._called(Bound(member.func, owner), scope)
            case partial():
                return self._live(member)
            case type():
                return [member]
            case _ if hasattr(member, "__wrapped__"):
                return [Bound(inspect.unwrap(cast(Any, member)), owner)]
            case _:
                return self._field(kind, name, owner)

    def _field(self, kind: type, name: str, owner: Inst) -> Things:
        for base in kind.__mro__:
            if name in getattr(base, "__annotations__", {}):
                return self._things(hints_of(base).get(name), owner)
            found = self._set_in_init(base, name)
            if found is not None:
                return self._things(found, owner)
        return []

    @cache  # noqa: B019
    def _set_in_init(self, kind: type, name: str) -> Any:
        """Return the type of what `__init__` sets a field to; None where it does not."""
        init = vars(kind).get("__init__")
        node = self._node(init) if isinstance(init, types.FunctionType) else None
        if node is None:
            return None
        scope = Scope(self._globals(init), Inst(kind))
        self._bind(scope, node, init, Inst(kind))
        for target, value, hint in assignments(node):
            if isinstance(target, ast.Attribute) and target.attr == name:
                if hint is not None:
                    return Shown(self._annotated(hint, scope))
                given = hints_of(init).get(value.id) if isinstance(value, ast.Name) else None
                return given or Shown(self._eval(value, scope))
        return None


def _may_be_called_as(protocol: type[Any], kind: type[Any]) -> bool:
    """Tell whether calling takes what the protocol gives: almost everything can be called somehow."""
    given, taken = _parameters(protocol), _parameters(kind)
    return len(given) == len(taken) and all(map(_overlap, given, taken))


def _parameters(kind: type[Any]) -> list[Any]:
    """Return the type of each parameter of `__call__`, those with defaults left out."""
    call: Any = inspect.getattr_static(kind, "__call__")
    if not isinstance(call, types.FunctionType):
        return []
    hints = hints_of(call)
    required = [one for one in inspect.signature(call).parameters.values() if one.default is one.empty]
    return [hints.get(one.name) for one in required[1:]]


def _overlap(given: Any, taken: Any) -> bool:
    if not (isinstance(given, type) and isinstance(taken, type)):
        return True
    return issubclass(given, taken) or issubclass(taken, given)
