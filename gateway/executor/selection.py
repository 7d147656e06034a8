"""The response keys that a fetch's operation asks for, read from its text once per plan."""

from typing import Any

from graphql import FieldNode, InlineFragmentNode, OperationDefinitionNode, SelectionSetNode, parse

from gateway.plan import Fetch, Key, RenameKey

Keys = dict[str, "Keys"]


def fetch_keys(fetch: Fetch) -> Keys:
    """Return the keys of the data, as the subgraph answers it; for an entity fetch those of each entity."""
    document = parse(fetch.operation, no_location=True)
    fragments: dict[str, SelectionSetNode] = {}
    keys: Keys = {}
    operations: list[OperationDefinitionNode] = []
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            operations.append(definition)
        else:
            node: Any = definition
            fragments[node.name.value] = node.selection_set
    for operation in operations:
        _collect(operation.selection_set, fragments, keys)
    return keys["_entities"] if fetch.requires else keys


def aliases(fetch: Fetch) -> dict[str, str]:
    """Return the client's key of every internal alias that the fetch's rewrites rename."""
    renames = [rewrite for rewrite in fetch.output_rewrites if isinstance(rewrite, RenameKey)]
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
