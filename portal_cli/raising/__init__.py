"""Which refusals a call can end with, read from the code: what is raised by whatever it reaches.

The code is typed throughout, so that the types of parameters and fields tell which function a name stands for. Where
a type is a protocol, all classes that fulfil it are reached; where a callable is handed on, it counts as called; where
nothing tells who is meant, all methods of that name are. So a refusal may be found that never comes up, and none is
missed but by code that hides whom it calls (`getattr`).
"""

import ast
import inspect
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import Any, cast

from chassis.kernel import DomainError
from portal_cli.raising.expressions import Expressions
from portal_cli.raising.things import NOTHING, Given, Inst, Raised, Scope, Shown, Things, arguments_of, keeps


class Raising(Expressions):
    """What the functions of some packages can raise."""

    def __init__(self, *packages: str, elsewhere: Sequence[str] = (), silent: frozenset[str] = frozenset()) -> None:
        super().__init__(*packages, elsewhere=elsewhere, silent=silent)
        self._known: dict[Any, Raised] = {}

    def of(self, function: Callable[..., Any], owner: Inst | None = None) -> Raised:
        """Return the refusals that calling a function can end with."""
        function = inspect.unwrap(function)
        key = (function, owner)
        if key not in self._known:
            self._known[key] = NOTHING  # whoever calls itself adds nothing to what it raises
            node = self._node(function)
            if node is not None:
                scope = Scope(self._globals(function), owner)
                self._bind(scope, node, function, owner)
                self._body(node.body, scope)
                self._known[key] = frozenset(scope.raised)
        return self._known[key]

    # --- statements ---

    def _body(self, body: Iterable[ast.AST], scope: Scope) -> None:
        for statement in body:
            self._statement(statement, scope)

    def _statement(self, node: ast.AST, scope: Scope) -> None:  # noqa: C901 (a line for each kind)
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._inner(node, scope)
            case ast.Try():
                self._try(node, scope)
            case ast.With() | ast.AsyncWith():
                self._with(node, scope)
            case ast.Raise():
                self._raise(node, scope)
            case ast.Assign():
                value = self._eval(node.value, scope)
                for target in node.targets:
                    self._assign(target, value, scope, node.value)
            case ast.AnnAssign():
                if node.value:
                    self._eval(node.value, scope)
                self._assign(node.target, self._annotated(node.annotation, scope), scope)
            case ast.For() | ast.AsyncFor():
                self._assign(node.target, self._items(self._eval(node.iter, scope)), scope)
                self._body([*node.body, *node.orelse], scope)
            case ast.ImportFrom():
                module = import_module(node.module or "")
                scope.names |= {one.asname or one.name: [getattr(module, one.name)] for one in node.names}
            case ast.Match():
                self._match(node, scope)
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        self._eval(child, scope)
                    elif isinstance(child, ast.stmt):
                        self._statement(child, scope)

    def _inner(self, node: Any, scope: Scope) -> None:
        """A function inside a function counts as called where it is defined."""
        inner = Scope(scope.globals, scope.owner, {**scope.names}, scope.raised)
        for argument in arguments_of(node):
            inner.names[argument.arg] = self._annotated(argument.annotation, scope) if argument.annotation else []
        scope.names[node.name] = [Given((), Shown(self._annotated(node.returns, scope) if node.returns else []))]
        inner.names[node.name] = scope.names[node.name]
        self._body(node.body, inner)

    def _try(self, node: ast.Try, scope: Scope) -> None:
        inner = Scope(scope.globals, scope.owner, scope.names)
        self._body(node.body, inner)
        for handler in node.handlers:
            caught = tuple(one for one in self._classes(handler.type, scope))
            if not keeps(handler):
                inner.raised = {one for one in inner.raised if not issubclass(one, caught)}
            if handler.name:
                scope.names[handler.name] = []
            self._body(handler.body, scope)
        scope.raised |= inner.raised
        self._body([*node.orelse, *node.finalbody], scope)

    def _classes(self, node: ast.expr | None, scope: Scope) -> list[type]:
        if node is None:
            return [BaseException]
        parts = node.elts if isinstance(node, ast.Tuple) else [node]
        found = [thing for part in parts for thing in self._eval(part, scope)]
        flat = [
            one for thing in found for one in cast(tuple[Any, ...], thing if isinstance(thing, tuple) else (thing,))
        ]
        return [one for one in flat if isinstance(one, type)]

    def _with(self, node: Any, scope: Scope) -> None:
        inner = Scope(scope.globals, scope.owner, scope.names)
        suppressed: list[type] = []
        for item in node.items:
            call = item.context_expr
            if isinstance(call, ast.Call) and getattr(call.func, "attr", getattr(call.func, "id", "")) == "suppress":
                suppressed += [one for argument in call.args for one in self._classes(argument, scope)]
            entered = self._eval(call, scope)
            if item.optional_vars is not None:
                self._assign(item.optional_vars, entered, scope)
        self._body(node.body, inner)
        scope.raised |= {one for one in inner.raised if not issubclass(one, tuple(suppressed))}

    def _raise(self, node: ast.Raise, scope: Scope) -> None:
        if node.exc is None:
            return
        for thing in self._eval(node.exc, scope):
            kind = thing.kind if isinstance(thing, Inst) else thing
            if isinstance(kind, type) and issubclass(kind, DomainError) and "description" in vars(kind):
                scope.raised.add(kind)

    def _match(self, node: ast.Match, scope: Scope) -> None:
        self._eval(node.subject, scope)
        for case in node.cases:
            for pattern in ast.walk(case.pattern):
                if isinstance(pattern, ast.MatchAs) and pattern.name:
                    kinds = self._classes(getattr(pattern.pattern, "cls", None), scope) if pattern.pattern else []
                    scope.names[pattern.name] = [Inst(one) for one in kinds if one is not BaseException]
            self._body(case.body, scope)

    def _assign(self, target: ast.expr, value: Things, scope: Scope, source: ast.expr | None = None) -> None:
        match target:
            case ast.Name():
                scope.names[target.id] = value
            case ast.Tuple() | ast.List():
                parts = source.elts if isinstance(source, ast.Tuple) and len(source.elts) == len(target.elts) else None
                for place, inner in enumerate(target.elts):
                    part = self._eval(parts[place], scope) if parts else self._items(value, place)
                    self._assign(inner, part, scope)
            case ast.Starred():
                self._assign(target.value, [], scope)
            case _:
                self._eval(target, scope)
