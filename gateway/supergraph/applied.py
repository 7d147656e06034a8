"""Read directives that are applied in SDL, whatever the versions of graphql-core make of empty lists."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    DirectiveNode,
    EnumValueNode,
    ListTypeNode,
    NamedTypeNode,
    Node,
    NonNullTypeNode,
    StringValueNode,
    TypeNode,
    ValueNode,
    value_from_ast_untyped,
)

from gateway.supergraph.model import TypeRef


def applied(node: Node, name: str) -> Iterator[dict[str, Any]]:
    """Yield the arguments of every directive `name` on a node."""
    for directive in directives(node):
        if directive.name.value == name:
            yield {a.name.value: _value(a.value) for a in directive.arguments or ()}


def _value(node: ValueNode) -> Any:
    # Nearly all of a large file's values; a look at each costs less than a call for each.
    return node.value if isinstance(node, StringValueNode | EnumValueNode) else value_from_ast_untyped(node)


def directives(node: Node) -> tuple[DirectiveNode, ...]:
    """Return the directives applied to a node."""
    return tuple(getattr(node, "directives", None) or ())


def type_ref(node: TypeNode) -> TypeRef:
    """Return a type reference as data."""
    if isinstance(node, NonNullTypeNode):
        inner = type_ref(node.type)
        return TypeRef(f"{inner.text}!", inner.name, inner.depth)
    if isinstance(node, ListTypeNode):
        inner = type_ref(node.type)
        return TypeRef(f"[{inner.text}]", inner.name, inner.depth + 1)
    name = node.name.value if isinstance(node, NamedTypeNode) else ""
    return TypeRef(name, name, 0)
