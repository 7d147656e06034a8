"""The response keys that a fetch's operation asks for, read from its text once per plan."""

from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

from gateway.plan import Key, RenameKey, Rewrite

Keys = dict[str, "Keys"]


def operation_keys(operation: str) -> Keys:
    """Return the keys of the operation's data, as the subgraph answers it."""
    document = parse(operation, no_location=True)
    fragments: dict[str, SelectionSetNode] = {}
    top: list[SelectionSetNode] = []
    for definition in document.definitions:
        if isinstance(definition, FragmentDefinitionNode):
            fragments[definition.name.value] = definition.selection_set
        elif isinstance(definition, OperationDefinitionNode):
            top.append(definition.selection_set)
    keys: Keys = {}
    for selections in top:
        _collect(selections, fragments, keys)
    return keys


def aliases(rewrites: tuple[Rewrite, ...]) -> dict[str, str]:
    """Return the client's key of every internal alias that is renamed."""
    renames = [rewrite for rewrite in rewrites if isinstance(rewrite, RenameKey)]
    return {step.name: one.to for one in renames for step in one.path[-1:] if isinstance(step, Key)}


def _collect(selections: SelectionSetNode, fragments: dict[str, SelectionSetNode], keys: Keys) -> None:
    for selection in selections.selections:
        if isinstance(selection, FieldNode):
            key = selection.alias.value if selection.alias else selection.name.value
            below = keys.setdefault(key, {})
            if selection.selection_set:
                _collect(selection.selection_set, fragments, below)
        elif isinstance(selection, InlineFragmentNode):
            _collect(selection.selection_set, fragments, keys)
        else:
            spread: Any = selection
            _collect(fragments[spread.name.value], fragments, keys)
