"""Executes operations by graphql-core, with a shorter way for fields that are plain attributes of what a resolver gave.

Nine fields in ten are: their value needs no path, no info object and no arguments, so that reading, checking and
serialising it costs a fraction. Whatever is not plain, or fails, goes graphql-core's way, which decides what it means.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from typing import Any, cast
from weakref import WeakKeyDictionary

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    Undefined,
    get_nullable_type,  # pyright: ignore[reportUnknownVariableType]
    is_leaf_type,
)
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from chassis.deadlines import require_time

Read = Callable[[object], Any]
"""From a source to the serialised value of one of its fields; `Undefined` when it must be resolved the long way."""

_NEVER_AWAITABLE = frozenset({str, int, bool, float, Decimal, date, datetime})
_READERS: WeakKeyDictionary[GraphQLObjectType, dict[str, Read]] = WeakKeyDictionary()


class PlainFieldsFirst(StrawberryGraphQLCoreExecutionContext):
    """graphql-core's executor, except that plain leaf fields are read directly."""

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        require_time()
        readers = _READERS.get(parent_type) or _READERS.setdefault(parent_type, _readers(parent_type))
        results: dict[str, Any] = {}
        others: dict[str, Any] = {}
        for name, details in grouped_field_set.items():
            read = readers.get(details[0].node.name.value)
            results[name] = value = _try(read, source_value) if read else Undefined
            if value is Undefined:
                others[name] = details
        if not others:
            return results
        resolved: Any = super().execute_fields(parent_type, source_value, path, others, position_context)
        if isinstance(resolved, dict):
            return _merged(results, cast(dict[str, Any], resolved))

        async def awaited() -> dict[str, Any]:
            return _merged(results, await resolved)

        return awaited()


def _try(read: Read, source: object) -> Any:
    try:
        return read(source)
    except Exception:
        return Undefined


def _merged(results: dict[str, Any], resolved: dict[str, Any]) -> dict[str, Any]:
    """Return all results in the order of the document."""
    results.update(resolved)
    return {name: value for name, value in results.items() if value is not Undefined}


def _readers(parent: GraphQLObjectType) -> dict[str, Read]:
    found = {name: _reader(field) for name, field in parent.fields.items()}
    readers = {name: read for name, read in found.items() if read}
    readers["__typename"] = lambda _source: parent.name
    return readers


def _reader(field: GraphQLField) -> Read | None:
    kind = cast(Any, field).type
    leaf: Any = cast(Any, get_nullable_type)(kind)
    definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    absent = None if leaf is kind else Undefined
    if not isinstance(definition, StrawberryField) or not definition.is_basic_field or not is_leaf_type(leaf):
        return None
    get, serialise = attrgetter(definition.python_name), _serialiser(leaf)

    def read(source: object) -> Any:
        value = get(source)
        if value is None:
            return absent
        if type(value) not in _NEVER_AWAITABLE and not isinstance(value, Enum):
            return Undefined
        serialised = serialise(value)
        return Undefined if serialised is None else serialised

    return read


def _serialiser(leaf: Any) -> Callable[[Any], Any]:
    if not isinstance(leaf, GraphQLEnumType):
        return leaf.coerce_output_value
    names: dict[Any, str] = {}

    def name_of(member: Any) -> str:
        known = names.get(member)
        if known is None:
            known = names[member] = leaf.coerce_output_value(member)
        return known

    return name_of
