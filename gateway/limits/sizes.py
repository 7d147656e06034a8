"""How long lists are: what a document says of it, and what is assumed where it says nothing."""

from graphql import (
    FragmentDefinitionNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ValueNode,
    get_named_type,
)

from gateway.limits.subject import MANY

SIZES = ("first", "last")
State = tuple[str | None, bool]
"""A type's name, and whether the field above has a size that is counted already."""


def literal(value: ValueNode | None, otherwise: int) -> int:
    """Return a size that is written in the document."""
    return min(max(int(value.value[:12]), 1), MANY) if isinstance(value, IntValueNode) else otherwise


def narrowed(fragment: FragmentDefinitionNode | InlineFragmentNode, state: State) -> State:
    """Return the state inside a fragment."""
    condition = fragment.type_condition
    return (condition.name.value, state[1]) if condition else state


def result_of(schema: GraphQLSchema, parent: str | None, field: str) -> tuple[str | None, bool]:
    """Return the named type of a field's result, and whether it is a list."""
    kind = schema.get_type(parent) if parent else None
    if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) or field not in kind.fields:
        return None, False
    result = kind.fields[field].type
    named = str(get_named_type(result))  # pyright: ignore[reportUnknownArgumentType]
    return named, str(result).startswith("[")
