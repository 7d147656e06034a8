"""Every optional input of a schema in every shape that typed clients give to what they leave out.

Go's zero values are sent as `""` and `null`, other languages send `[]` and `{}`. An empty id, cursor or slug is no
value of its kind: it means what leaving it out means. Any other empty value means the same, or is refused by its own
field. Nothing breaks.
"""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_required_argument,
    is_required_input_field,
)

Input = GraphQLArgument | GraphQLInputField
Outcome = frozenset[tuple[str, tuple[str, ...]]]
"""The codes of what was refused, each with its field."""
SCALARS = {"Date": "2026-01-01", "DateTime": "2026-01-01T00:00:00Z", "Decimal": "1", "Currency": "EUR", "Int": 1}
MEANS_NOTHING = {"ID"}, {"after", "portal", "search", "refreshToken", "origin", "returnUrl", "cardToken"}
_KEYS = count()


@dataclass(frozen=True)
class Absent:
    """One optional input: its name in full, the operation, and its variables with the input as it is given or not."""

    coordinate: str
    name: str
    document: str
    left_out: dict[str, Any]
    path: tuple[str, ...]
    shapes: tuple[Any, ...]
    must_mean_nothing: bool

    def given(self, shape: Any) -> dict[str, Any]:
        """Return the variables with the input in a shape; keys of idempotency are new."""
        return _with(self.left_out, self.path, shape)


def fresh(variables: dict[str, Any]) -> dict[str, Any]:
    """Return variables whose key of idempotency nobody used."""
    return {
        name: {**value, "idempotencyKey": f"absent-{next(_KEYS):06}"}
        if isinstance(value, dict) and "idempotencyKey" in value
        else value
        for name, value in variables.items()
    }


def absent_inputs(schema: GraphQLSchema) -> Iterator[Absent]:
    """Yield every optional argument and input field of queries and mutations, one level of inputs deep."""
    for kind, root in (("query", schema.query_type), ("mutation", schema.mutation_type)):
        for name, one in (root.fields if root else {}).items():
            if not name.startswith("_"):
                yield from _of_field(f"{root}.{name}", _document(kind, name, one), one)


def _of_field(coordinate: str, document: str, one: GraphQLField) -> Iterator[Absent]:
    plain = {name: _value(name, arg.type) for name, arg in one.args.items() if _is_required(arg)}
    for name, argument in one.args.items():
        inner = get_nullable_type(argument.type)
        if not _is_required(argument):
            yield _absent(f"{coordinate}({name}:)", name, document, plain, (name,), argument)
        if isinstance(inner, GraphQLInputObjectType):
            around = {**plain, name: _value(name, inner)}
            for key, each in inner.fields.items():
                if not _is_required(each):
                    yield _absent(f"{coordinate}({name}.{key})", key, document, around, (name, key), each)


def _absent(
    coordinate: str, name: str, document: str, plain: dict[str, Any], path: tuple[str, ...], one: Input
) -> Absent:
    type_ = get_nullable_type(one.type)
    shapes: list[Any] = [] if isinstance(one.type, GraphQLNonNull) else [None]
    if isinstance(type_, GraphQLList):
        shapes.append([])
    elif isinstance(type_, GraphQLInputObjectType):
        if not any(_is_required(each) for each in type_.fields.values()):
            shapes.append({})
    elif get_named_type(one.type).name in ("ID", "String", *SCALARS) and get_named_type(one.type).name != "Int":
        shapes.append("")
    kinds, names = MEANS_NOTHING
    nothing = name in names or get_named_type(one.type).name in kinds or "Filter" in get_named_type(one.type).name
    is_filter = path[0] in ("filter", "where")
    nothing = nothing or (is_filter and isinstance(type_, GraphQLList))
    return Absent(coordinate, name, document, plain, path, tuple(shapes), nothing)


def _is_required(one: Input) -> bool:
    return is_required_argument(one) if isinstance(one, GraphQLArgument) else is_required_input_field(one)


def _value(name: str, type_: Any) -> Any:
    type_ = get_nullable_type(type_)
    if isinstance(type_, GraphQLList):
        return [_value(name, type_.of_type)]
    if isinstance(type_, GraphQLInputObjectType):
        return {key: _value(key, each.type) for key, each in type_.fields.items() if _is_required(each)}
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    return {**SCALARS, "Boolean": True, "Float": 1.0}.get(type_.name, f"some-{name}")


def _document(kind: str, name: str, one: GraphQLField) -> str:
    declared = ", ".join(f"${arg}: {each.type}" for arg, each in one.args.items())
    passed = ", ".join(f"{arg}: ${arg}" for arg in one.args)
    named = get_named_type(one.type)
    selected = ""
    if is_composite_type(named):
        shown = "userErrors { code field }" if "userErrors" in getattr(named, "fields", {}) else "__typename"
        selected = f" {{ {shown} }}"
    return f"{kind} Q({declared}) {{ {name}({passed}){selected} }}" if declared else f"{kind} {{ {name}{selected} }}"


def _with(values: dict[str, Any], path: tuple[str, ...], shape: Any) -> dict[str, Any]:
    first, *rest = path
    return {**values, first: _with(values[first], tuple(rest), shape) if rest else shape}


def outcome(body: dict[str, Any]) -> Outcome:
    """Return what a response refuses; a refusal of variables names its field by its message."""
    found: set[tuple[str, tuple[str, ...]]] = set()
    for error in body.get("errors") or []:
        extensions = error.get("extensions") or {}
        found.add((extensions.get("code", ""), tuple(extensions.get("field") or (error["message"],))))
    for payload in (body.get("data") or {}).values():
        if isinstance(payload, dict):
            found |= {(one["code"], tuple(one["field"] or ())) for one in payload.get("userErrors") or []}
    return frozenset(found)


async def problems(schema: GraphQLSchema, ask: Callable[[str, dict[str, Any]], Awaitable[Outcome]]) -> list[str]:
    """Return what is wrong with a subgraph: one sentence for each input and shape."""
    found: list[str] = []
    for one in absent_inputs(schema):
        left_out = await ask(one.document, fresh(one.left_out))
        for shape in one.shapes:
            refused = await ask(one.document, fresh(one.given(shape)))
            more = sorted(refused - left_out)
            if any(code == "INTERNAL" for code, _ in refused):
                found.append(f"{one.coordinate} {shape!r} breaks")
            elif one.must_mean_nothing and refused != left_out:
                found.append(f"{one.coordinate} {shape!r} is not left out: {more}")
            elif not all(_names(field, one.name) for _, field in more):
                found.append(f"{one.coordinate} {shape!r} is refused by another name: {more}")
    return found


def _names(field: tuple[str, ...], name: str) -> bool:
    return name in field or any(re.search(rf"(\$|\.){name}\b", part) for part in field)
