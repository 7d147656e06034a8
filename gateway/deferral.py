"""Which fragments of a document one request defers: `@defer(if:, label:)` read once, for planner and executor alike.

Fragments are numbered by their `@defer` directives, in the order of the document.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    Node,
    StringValueNode,
    VariableNode,
    Visitor,
    visit,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """One `@defer`: its number in the document and its label."""

    number: int
    label: str | None


@dataclass(frozen=True, slots=True)
class _Directive:
    mark: Mark
    condition: bool | str


class Deferrals:
    """Every `@defer` of a document, by the fragment that it stands on."""

    def __init__(self, document: DocumentNode) -> None:
        """Find them; the document must be kept as long as this."""
        found = _Defers()
        visit(document, found)
        self._directives = found.directives
        conditions = {one.condition for one in self._directives.values()}
        self.variables = tuple(sorted(one for one in conditions if isinstance(one, str)))
        self._possible = not conditions <= {False}

    def __bool__(self) -> bool:
        """Tell whether any request could defer anything."""
        return self._possible

    def choose(self, values: Mapping[str, Any]) -> tuple[bool, ...]:
        """Return what a request's variables decide, in the order of `variables`: only false defers nothing."""
        return tuple(values.get(name) is not False for name in self.variables)

    def under(self, chosen: tuple[bool, ...]) -> "Deferral":
        """Return what is deferred where the variables decide so."""
        values: dict[bool | str, bool] = {True: True, False: False, **dict(zip(self.variables, chosen, strict=True))}
        marks = {node: one.mark for node, one in self._directives.items() if values[one.condition]}
        return Deferral(marks)

    def always(self) -> "Deferral":
        """Return what is deferred where every variable is true."""
        return self.under((True,) * len(self.variables))


class Deferral:
    """The fragments that are deferred."""

    def __init__(self, marks: Mapping[int, Mark]) -> None:
        """Take the marks by the ids of the fragments' nodes."""
        self._marks = marks

    def __bool__(self) -> bool:
        """Tell whether anything is deferred."""
        return bool(self._marks)

    def mark(self, node: Node) -> Mark | None:
        """Return the mark of a fragment that is deferred, None for any other selection."""
        return self._marks.get(id(node))


NOTHING_DEFERRED = Deferral({})


class _Defers(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.directives: dict[int, _Directive] = {}

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: Any) -> None:
        self._read(node)

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        self._read(node)

    def _read(self, node: InlineFragmentNode | FragmentSpreadNode) -> None:
        for directive in node.directives or ():
            if directive.name.value == "defer":
                self.directives[id(node)] = _directive(directive, len(self.directives))


def _directive(directive: DirectiveNode, number: int) -> _Directive:
    given = {argument.name.value: argument.value for argument in directive.arguments or ()}
    label, condition = given.get("label"), given.get("if")
    mark = Mark(number, label.value if isinstance(label, StringValueNode) else None)
    if isinstance(condition, VariableNode):
        return _Directive(mark, condition.name.value)
    return _Directive(mark, condition.value if isinstance(condition, BooleanValueNode) else True)
