"""What an expression may be, and what computing it can end with."""

import ast
import builtins
import inspect
import types
from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from chassis.kernel import DomainError
from portal_cli.raising.things import (
    Bound,
    Given,
    Inst,
    Raised,
    Scope,
    Shown,
    Things,
    arguments_of,
    function_of,
    hints_of,
)
from portal_cli.raising.typed import Typed

_DUNDERS: dict[type[ast.operator], str] = {ast.Add: "__add__", ast.Sub: "__sub__", ast.Mult: "__mul__"}


class Expressions(Typed):
    """Follows calls."""

    @abstractmethod
    def _assign(self, target: ast.expr, value: Things, scope: Scope, source: ast.expr | None = None) -> None:
        """Let names stand for what is assigned to them."""

    @abstractmethod
    def of(self, function: Callable[..., Any], owner: Inst | None = None) -> Raised:
        """Return the refusals that calling a function can end with."""

    # --- expressions ---

    def _eval(self, node: ast.AST | None, scope: Scope) -> Things:  # noqa: C901 (a line for each kind)
        match node:
            case None:
                return []
            case ast.Name():
                return self._name(node.id, scope)
            case ast.Attribute():
                return self._attribute(node, scope)
            case ast.Call():
                return self._call(node, scope)
            case ast.Await():
                return self._eval(node.value, scope)
            case ast.Lambda():
                return self._lambda(node, scope, ())
            case ast.BinOp():
                return self._operator(node, scope)
            case ast.Subscript():
                self._eval(node.slice, scope)
                return self._items(self._eval(node.value, scope), -1)
            case ast.NamedExpr():
                value = self._eval(node.value, scope)
                self._assign(node.target, value, scope)
                return value
            case ast.IfExp():
                self._eval(node.test, scope)
                return [*self._eval(node.body, scope), *self._eval(node.orelse, scope)]
            case ast.BoolOp():
                return [thing for value in node.values for thing in self._eval(value, scope)]
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return self._comprehension(node, scope)
            case ast.Tuple() | ast.List() | ast.Set():
                return [Inst(list, (Shown([one for part in node.elts for one in self._eval(part, scope)]),))]
            case ast.Dict():
                found = [one for part in node.values for one in self._eval(part, scope)]
                for key in node.keys:
                    self._eval(key, scope)
                return [Inst(dict, (None, Shown(found)))]
            case ast.Starred():
                return self._items(self._eval(node.value, scope))
            case _:
                for child in ast.iter_child_nodes(node):
                    self._eval(child, scope)
                return []

    def _name(self, name: str, scope: Scope) -> Things:
        if name in scope.names:
            return scope.names[name]
        for where in (scope.globals, vars(builtins)):
            if name in where:
                return self._live(where[name])
        return []

    def _live(self, thing: Any) -> Things:
        """Return what a value that is there while this runs stands for."""
        if isinstance(thing, type | types.ModuleType | types.FunctionType | tuple):
            return [thing]
        if isinstance(thing, types.MethodType):
            return [Bound(thing.__func__, Inst(type(thing.__self__)))]
        if isinstance(thing, partial):
            return self._live(thing.func)  # pyright: ignore[reportUnknownMemberType]
        if hasattr(thing, "__wrapped__"):
            return [inspect.unwrap(thing)]
        kind = cast(type[Any], type(thing))
        return [Inst(kind)] if self._ours(kind.__module__) else []

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Things:
        found: Things = []
        receivers = self._eval(node.value, scope)
        for thing in receivers:
            found += self._member(thing, node.attr, scope)
        return found

    def _call(self, node: ast.Call, scope: Scope) -> Things:
        callees = self._eval(node.func, scope)
        if not callees and isinstance(node.func, ast.Attribute):
            receivers = self._eval(node.func.value, scope)
            known = any(isinstance(one, Inst) and not self._ours(one.kind.__module__) for one in receivers)
            if not known and not node.func.attr.startswith("__") and node.func.attr not in self._elsewhere:
                callees = self._by_name(node.func.attr)
        if any(thing is partial for thing in callees) and node.args:
            self._handed(node.args[1:], node.keywords, scope, [])
            return self._eval(node.args[0], scope)
        self._handed(node.args, node.keywords, scope, callees)
        return [one for callee in callees for one in self._called(callee, scope)]

    def _handed(self, args: list[ast.expr], keywords: list[ast.keyword], scope: Scope, callees: Things) -> None:
        """Look at the arguments of a call: whatever can be called is."""
        named = [(one.arg, one.value) for one in keywords]
        for place, argument in [*enumerate(args), *named]:
            if isinstance(argument, ast.Lambda):
                self._lambda(argument, scope, self._takes(callees, place))
                continue
            for thing in self._eval(argument, scope):
                if isinstance(thing, types.FunctionType | Bound):
                    self._called(thing, scope)

    def _takes(self, callees: Things, place: Any) -> tuple[Any, ...]:
        for callee in callees:
            function, owner = function_of(callee)
            if function is None:
                continue
            hints: dict[str, Any] = hints_of(function)
            names = [str(one) for one in inspect.signature(function).parameters if one not in ("self", "cls")]
            name: str = place if isinstance(place, str) else "".join(names[place : place + 1])
            for thing in self._things(hints.get(name), owner):
                if isinstance(thing, Given):
                    return tuple(Shown(self._things(one, owner)) for one in thing.takes)
        return ()

    def _lambda(self, node: ast.Lambda, scope: Scope, takes: tuple[Any, ...]) -> Things:
        inner = Scope(scope.globals, scope.owner, {**scope.names}, scope.raised)
        for place, argument in enumerate(arguments_of(node)):
            inner.names[argument.arg] = self._things(takes[place]) if place < len(takes) else []
        return [Given((), Shown(self._eval(node.body, inner)))]

    def _called(self, callee: Any, scope: Scope) -> Things:
        if isinstance(callee, Given):
            return self._things(callee.returns)
        if isinstance(callee, type):
            return self._made(cast(Any, callee), scope)
        if isinstance(callee, Inst):
            kinds = self._fulfilling(callee.kind) if getattr(callee.kind, "_is_protocol", False) else [callee.kind]
            method = [one for kind in kinds for one in self._member(Inst(kind, callee.of), "__call__", scope)]
            return [one for inner in method for one in self._called(inner, scope)]
        function, owner = function_of(callee)
        if function is None:
            return []
        scope.raised |= self.of(function, owner)
        return self._things(hints_of(function).get("return"), owner)

    def _made(self, kind: type[Any], scope: Scope) -> Things:
        if issubclass(kind, DomainError):
            scope.raised |= {kind} if "description" in vars(kind) else set()
        elif self._ours(kind.__module__):
            for name in ("__init__", "__post_init__"):
                member = inspect.getattr_static(kind, name, None)
                if isinstance(member, types.FunctionType):
                    scope.raised |= self.of(member, Inst(kind))
        return [Inst(kind)]

    def _operator(self, node: ast.BinOp, scope: Scope) -> Things:
        left = self._eval(node.left, scope)
        right = self._eval(node.right, scope)
        name = _DUNDERS.get(type(node.op), "")
        return [
            one
            for thing in left
            if isinstance(thing, Inst) and name and self._ours(thing.kind.__module__)
            for member in self._member(thing, name, scope)
            for one in self._called(member, scope)
        ] or (left if not right else right if not left else [])

    def _comprehension(self, node: Any, scope: Scope) -> Things:
        inner = Scope(scope.globals, scope.owner, {**scope.names}, scope.raised)
        for generator in node.generators:
            self._assign(generator.target, self._items(self._eval(generator.iter, inner)), inner)
            for test in generator.ifs:
                self._eval(test, inner)
        if isinstance(node, ast.DictComp):
            self._eval(node.key, inner)
            return [Inst(dict, (None, Shown(self._eval(node.value, inner))))]
        return [Inst(list, (Shown(self._eval(node.elt, inner)),))]
