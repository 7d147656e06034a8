"""Read directives that are applied in SDL, whatever the versions of graphql-core make of empty lists."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    DirectiveNode,
    ListTypeNode,
    NamedTypeNode,
    Node,
    NonNullTypeNode,
    TypeNode,
    print_ast,
    value_from_ast_untyped,
)

from gateway.supergraph.model import TypeRef


def applied(node: Node, name: str) -> Iterator[dict[str, Any]]:
    """Yield the arguments of every directive `name` on a node."""
    for directive in directives(node):
        if directive.name.value == name:
            yield {a.name.value: value_from_ast_untyped(a.value) for a in directive.arguments or ()}


def directives(node: Node) -> tuple[DirectiveNode, ...]:
    """Return the directives applied to a node."""
    return tuple(getattr(node, "directives", None) or ())


def type_ref(node: TypeNode) -> TypeRef:
    """Return a type reference as data."""
    depth, inner = 0, node
    while isinstance(inner, ListTypeNode | NonNullTypeNode):
        depth += isinstance(inner, ListTypeNode)
        inner = inner.type
    name = inner.name.value if isinstance(inner, NamedTypeNode) else ""
    return TypeRef(print_ast(node), name, depth)
