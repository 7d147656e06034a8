"""Every field of every mutation's input, made bad in turn: what a refusal points at is a field of that input.

The rest of the input is as good as the test makes it, so that a refusal that the bad value adds is about it.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    get_nullable_type,
    is_required_input_field,
)

from tests.support.absent import SCALARS, fresh

Path = tuple[str, ...]
Refusals = list[tuple[str, Path]]
Ask = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]
Values = Mapping[str, Any]
Given = Values | Callable[[], Awaitable[Values]]
BAD: dict[str, tuple[Any, ...]] = {
    "String": ("", "a\x00b", "x" * 6_000, "my card is 4242 4242 4242 4242"),
    "ID": ("nothing", "inv_" + "0" * 26, "cus_" + "0" * 26),
    "Decimal": ("-999999999999999", "1.123456789", "999999999999"),
    "Currency": ("XQZ", "DEM"),
    "Date": ("2001-01-01", "2999-01-01"),
    "Int": (-1, 999_999),
}


def inputs(schema: GraphQLSchema) -> Iterator[tuple[str, GraphQLInputObjectType]]:
    """Yield every mutation with the type of its input."""
    assert schema.mutation_type
    for name, field in schema.mutation_type.fields.items():
        for argument in field.args.values():
            kind = get_nullable_type(argument.type)
            assert isinstance(kind, GraphQLInputObjectType), name
            yield name, kind


def is_path(kind: Any, path: Path) -> bool:
    """Whether a path leads to a field of an input, by the way that GraphQL's own types describe it."""
    inner: Any = get_nullable_type(kind)
    if not path:
        return True
    if isinstance(inner, GraphQLList):
        return path[0].isdecimal() and is_path(inner.of_type, path[1:])
    fields = getattr(inner, "fields", {})
    return path[0] in fields and is_path(fields[path[0]].type, path[1:])


def good(kind: Any, given: Mapping[str, Any], name: str = "") -> Any:
    """Return a value of a type: what the test gives for the field's name, else the plainest."""
    inner: Any = get_nullable_type(kind)
    if name in given:
        return given[name]
    if isinstance(inner, GraphQLList):
        return [good(inner.of_type, given)]
    if isinstance(inner, GraphQLInputObjectType):
        return {
            key: good(each.type, given, key)
            for key, each in inner.fields.items()
            if is_required_input_field(each) or key in given
        }
    if isinstance(inner, GraphQLEnumType):
        return next(iter(inner.values))
    return {**SCALARS, "Boolean": True}.get(inner.name, f"some-{name}")


def leaves(kind: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield the paths of all scalars in an input with their types' names; of lists the first place."""
    inner: Any = get_nullable_type(kind)
    if isinstance(inner, GraphQLList):
        yield path, "List"
        yield from leaves(inner.of_type, (*path, "0"))
    elif isinstance(inner, GraphQLInputObjectType):
        for name, field in inner.fields.items():
            yield from leaves(field.type, (*path, name))
    else:
        yield path, inner.name


async def misplaced(schema: GraphQLSchema, ask: Ask, given: Mapping[str, Given]) -> tuple[int, list[str]]:
    """Return how many refusals were seen, and what is wrong with what they point at.

    `given` are good values by mutation (`""`: of all) and name of the field; a function makes them anew for each try,
    where a try that succeeds leaves nothing to try again.
    """
    seen, found = 0, list[str]()
    for mutation, kind in inputs(schema):
        known = await _known(given, mutation)
        expected = await _refusals(ask, schema, mutation, fresh({"": good(kind, known)})[""])
        for path, scalar in leaves(kind):
            for bad in ([],) if scalar == "List" else BAD.get(scalar, ()):
                known = await _known(given, mutation)
                given_now = changed(kind, fresh({"": good(kind, known)})[""], path, bad, known)
                refused = await _refusals(ask, schema, mutation, given_now)
                seen += len(refused)
                for code, field in refused:
                    where = f"{mutation} {'.'.join(path)}={str(bad)[:12]!r}: {code} at {'.'.join(field)}"
                    if not is_path(kind, field):
                        found.append(f"{where}, which is no field")
                    elif (code, field) not in expected and field and not _near(field, path):
                        found.append(f"{where}, which is another one")
    return seen, found


async def _known(given: Mapping[str, Given], mutation: str) -> dict[str, Any]:
    """Return the good values for one try of a mutation."""
    known = dict[str, Any]()
    for one in (given.get("", {}), given.get(mutation, {})):
        known |= one if isinstance(one, Mapping) else await one()
    return known


def _near(field: Path, path: Path) -> bool:
    shorter = min(len(field), len(path))
    return field[:shorter] == path[:shorter]


def changed(kind: Any, value: Any, path: Path, bad: Any, given: Mapping[str, Any]) -> Any:
    """Return the input with one leaf changed; what stands around it is made where it was left out."""
    inner: Any = get_nullable_type(kind)
    if not path:
        return bad
    if isinstance(inner, GraphQLList):
        first = value[0] if value else good(inner.of_type, given)
        return [changed(inner.of_type, first, path[1:], bad, given)]
    assert isinstance(inner, GraphQLInputObjectType)
    value = value if value is not None else good(GraphQLNonNull(inner), given)
    field = inner.fields[path[0]].type
    return {**value, path[0]: changed(field, value.get(path[0]), path[1:], bad, given)}


async def _refusals(ask: Ask, schema: GraphQLSchema, mutation: str, value: Any) -> Refusals:
    assert schema.mutation_type
    kind = schema.mutation_type.fields[mutation].args["input"].type
    text = f"mutation Q($input: {kind}) {{ {mutation}(input: $input) {{ userErrors {{ code field message }} }} }}"
    body = await ask(text, {"input": value})
    payload: dict[str, Any] = (body.get("data") or {}).get(mutation) or {}
    return [(one["code"], tuple(one["field"] or ())) for one in payload.get("userErrors") or []]
