"""Where a refusal points: the path of a field of the mutation's own input.

A domain names a value as it knows it (`dueOn`). An input may hold it deeper (`paymentTerms.dueOn`), name the thing
that it is about by a longer name (`invoiceId` for `id`), or not take it at all: then the refusal is about no field.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, cast

from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull

from chassis.kernel import DomainError, NotFound

FieldPath = tuple[str, ...]


def input_of(info: Any) -> GraphQLInputObjectType | None:
    """Return the type of the argument `input` of the mutation that is being resolved, if it has one."""
    resolving = info._raw_info
    argument = resolving.parent_type.fields[resolving.field_name].args.get("input")
    kind = _bare(argument.type) if argument else None
    return kind if isinstance(kind, GraphQLInputObjectType) else None


def blame(error: DomainError, kind: GraphQLInputObjectType | None) -> None:
    """Let a refusal point at a field of this input, or at none."""
    path, whole = path_in_input(kind, error.field)
    if isinstance(error, NotFound) and error.field == ("id",) and not whole:
        first, *rest = error.what.split()
        path, _ = path_in_input(kind, (first + "".join(word.capitalize() for word in rest) + "Id",))
    error.field = path


def path_in_input(kind: GraphQLInputObjectType | None, field: FieldPath) -> tuple[FieldPath, bool]:
    """Return the path in an input of what a domain calls `field`, outermost first, and whether all of it is there.

    The path itself; or the only place deeper in the input where it stands; or as much of its beginning as is there.
    """
    if kind is None or not field:
        return (), kind is not None
    there = _beginning(kind, field)
    if there == field:
        return field, True
    around = [(*outer, *field) for outer, inner in _objects(kind) if _beginning(inner, field) == field]
    return (around[0], True) if len(around) == 1 else (there, False)


def _beginning(kind: Any, field: FieldPath) -> FieldPath:
    """Return as much of a path's beginning as leads through the type; places of lists are numbers."""
    inner = _bare(kind)
    if not field:
        return ()
    first, rest = field[0], field[1:]
    if isinstance(inner, GraphQLList):
        return (first, *_beginning(cast(Any, inner).of_type, rest)) if first.isdecimal() else ()
    if isinstance(inner, GraphQLInputObjectType) and first in inner.fields:
        return (first, *_beginning(inner.fields[first].type, rest))
    return ()


@lru_cache(maxsize=256)
def _objects(kind: GraphQLInputObjectType) -> tuple[tuple[FieldPath, GraphQLInputObjectType], ...]:
    return tuple(_inner_objects(kind, (kind,)))


def _inner_objects(
    kind: GraphQLInputObjectType, seen: tuple[GraphQLInputObjectType, ...]
) -> Iterator[tuple[FieldPath, GraphQLInputObjectType]]:
    """Yield the objects inside an input that are there once, with their paths; lists have no one place to point at."""
    for name, field in kind.fields.items():
        inner = _bare(field.type)
        if isinstance(inner, GraphQLInputObjectType) and inner not in seen:
            yield (name,), inner
            yield from (((name, *path), deeper) for path, deeper in _inner_objects(inner, (*seen, inner)))


def _bare(kind: Any) -> Any:
    return kind.of_type if isinstance(kind, GraphQLNonNull) else kind  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
