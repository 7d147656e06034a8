"""Selections of all that a schema can show, made from it: whatever is added to a type is asked for from then on."""

from collections.abc import Iterator
from typing import Any, cast

from graphql import (
    GraphQLArgument,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_required_argument,
)

GIVEN = {"first": "2", "form": "PRINT"}
"""What is given to arguments, where it is not their default that matters."""


def selection(schema: GraphQLSchema, name: str, depth: int, *, narrowed: bool = False) -> str:
    """Return every field of a type down to a depth; `narrowed` inside of a fragment, where names may conflict."""
    kind: Any = schema.type_map[name]
    if isinstance(kind, GraphQLUnionType):
        return " ".join(["__typename", *(_narrowed(schema, one, depth) for one in kind.types)])
    own = [text for field in sorted(kind.fields) if (text := _field(schema, kind, field, depth, narrowed=narrowed))]
    if isinstance(kind, GraphQLInterfaceType):
        own += [_narrowed(schema, one, depth) for one in schema.get_possible_types(kind)]
    return " ".join(["__typename", *own])


def _narrowed(schema: GraphQLSchema, kind: GraphQLObjectType, depth: int) -> str:
    return f"... on {kind.name} {{ {selection(schema, kind.name, depth, narrowed=True)} }}"


def _field(schema: GraphQLSchema, parent: Any, name: str, depth: int, *, narrowed: bool) -> str:
    field = parent.fields[name]
    if any(is_required_argument(argument) for argument in field.args.values()):
        return ""
    named = cast(Any, get_named_type(field.type))
    alias = f"{parent.name}_{name}: " if narrowed and _differs(schema, name) else ""
    prefix = f"{alias}{name}{_arguments(field.args)}"
    if not hasattr(named, "fields") and not isinstance(named, GraphQLUnionType):
        return prefix
    inner = selection(schema, named.name, depth - 1) if depth else ""
    return f"{prefix} {{ {inner} }}" if inner.replace("__typename", "").strip() else ""


def _differs(schema: GraphQLSchema, name: str) -> bool:
    """Tell whether types have a field of this name in different types, so that fragments would conflict."""
    kinds = (kind for kind in schema.type_map.values() if isinstance(kind, GraphQLObjectType))
    return len({str(kind.fields[name].type) for kind in kinds if name in kind.fields}) > 1


def _arguments(arguments: dict[str, GraphQLArgument]) -> str:
    given = [f"{name}: {GIVEN[name]}" for name in arguments if name in GIVEN]
    return f"({', '.join(given)})" if given else ""


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of an answer, its fields by their own names."""
    if isinstance(value, dict):
        members = cast(dict[str, Any], value)
        prefix = f"{members.get('__typename')}_"
        yield {key.removeprefix(prefix): inner for key, inner in members.items()}
        for inner in members.values():
            yield from objects(inner)
    elif isinstance(value, list):
        for inner in cast(list[Any], value):
            yield from objects(inner)
