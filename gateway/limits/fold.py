"""Measures of selection sets, each fragment measured once however often it is spread: linear, never exponential."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
)

from gateway.limits.subject import MANY

State = TypeVar("State")
Inside = Callable[[Any], int]


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """Return the document's fragments by name."""
    return {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}


def selections_of(selection_set: SelectionSetNode | None) -> Sequence[SelectionNode]:
    """Return the selections, none where there is no set."""
    return () if selection_set is None else (selection_set.selections or ())


class Fold(Generic[State]):
    """Joins the measures of selections, `State` (hashable) being what a measure depends on from above.

    `field(node, state, inside)` measures a field; `inside(state)` is the measure of its selection set. `narrow(node,
    state)` is the state inside a fragment. Joining is a sum, or with `largest` the maximum. A fragment that contains
    itself counts as nothing there: the rule against cycles reports it.
    """

    def __init__(
        self,
        document: DocumentNode,
        field: "Callable[[FieldNode, State, Callable[[State], int]], int]",
        *,
        narrow: "Callable[[FragmentDefinitionNode | InlineFragmentNode, State], State]" = lambda _, state: state,
        largest: bool = False,
    ) -> None:
        self._fragments = fragments_of(document)
        self._field, self._narrow, self._largest = field, narrow, largest
        self._memo: dict[tuple[str, State], int] = {}

    def measure(self, selection_set: SelectionSetNode | None, state: State) -> int:
        """Return the measure of a selection set, at most `MANY`."""
        total = 0
        for selection in selections_of(selection_set):
            amount = self._selection(selection, state)
            total = max(total, amount) if self._largest else total + amount
        return min(total, MANY)

    def _selection(self, selection: SelectionNode, state: State) -> int:
        if isinstance(selection, FieldNode):
            return self._field(selection, state, lambda inner: self.measure(selection.selection_set, inner))
        if isinstance(selection, InlineFragmentNode):
            return self.measure(selection.selection_set, self._narrow(selection, state))
        if isinstance(selection, FragmentSpreadNode):
            return self._spread(selection.name.value, state)
        return 0

    def _spread(self, name: str, state: State) -> int:
        fragment = self._fragments.get(name)
        if fragment is None:
            return 0
        inner = self._narrow(fragment, state)
        if (name, inner) not in self._memo:
            self._memo[name, inner] = 0
            self._memo[name, inner] = self.measure(fragment.selection_set, inner)
        return self._memo[name, inner]
