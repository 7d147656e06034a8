"""Which fields of a type an operation asks for, so that no more is read than that.

Door: `asked_for`. What directives leave out counts as asked for: reading more is right as well.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode


def asked_for(info: Any, *paths: tuple[str, ...]) -> set[str]:
    """Return the names of the fields that are asked for at the ends of these paths below the field being resolved.

    `asked_for(info, ("nodes",), ("edges", "node"))` are those of a connection's rows.
    """
    raw = info._raw_info
    nodes: list[FieldNode] = list(raw.field_nodes)
    return {field.name.value for path in paths for field in _below(_at(nodes, path, raw.fragments), raw.fragments)}


def _at(nodes: Iterable[FieldNode], path: tuple[str, ...], fragments: Any) -> Iterable[FieldNode]:
    for name in path:
        nodes = [field for field in _below(nodes, fragments) if field.name.value == name]
    return nodes


def _below(nodes: Iterable[FieldNode], fragments: Any) -> Iterator[FieldNode]:
    for node in nodes:
        if node.selection_set is not None:
            yield from _fields(node.selection_set, fragments)


def _fields(selected: SelectionSetNode, fragments: Any) -> Iterator[FieldNode]:
    for one in selected.selections:
        if isinstance(one, FieldNode):
            yield one
        elif isinstance(one, InlineFragmentNode):
            yield from _fields(one.selection_set, fragments)
        elif isinstance(one, FragmentSpreadNode):
            yield from _fields(fragments[one.name.value].selection_set, fragments)
