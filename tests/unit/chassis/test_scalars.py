"""Values that are none of our scalars: one code and one plain sentence, wherever they stand."""

from importlib import import_module
from typing import Any

import pytest

from portal_cli.paths import SERVICES
from tests.support.blaming import changed, good, inputs, leaves

SCHEMAS = {name: import_module(f"services.{name}.api.schema").SCHEMA for name in SERVICES}
NONE_OF_THEM: dict[str, tuple[Any, ...]] = {
    "Date": ("tomorrow", "2026-02-30", "2026-1-1", "", 20260101, 1.5, True, [], {}),
    "DateTime": ("tomorrow", "2026-02-30T00:00:00Z", "", 1_700_000_000, 1.5, True, [], {}),
    "Decimal": ("4242424242424242e1", "NaN", "", "1,5", "١", "1" * 41, 1.5, True, [], {}),
    "Currency": (978, 1.5, True, [], {}),
}


def literal(value: Any) -> str:
    """Return a value as it is written in a document; names of enums stay what they are in JSON's strings."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {literal(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, Name):
        return value
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value).replace("'", '"')


class Name(str):
    """The name of an enum's value."""


def named(kind: Any, value: Any) -> Any:
    """Return an input with the names of its enums marked."""
    inner = getattr(kind, "of_type", kind)
    if isinstance(value, list) and hasattr(inner, "of_type"):
        return [named(inner.of_type, one) for one in value]
    fields = getattr(inner, "fields", {})
    if isinstance(value, dict) and fields:
        return {name: named(fields[name].type, one) for name, one in value.items()}
    return Name(value) if isinstance(getattr(inner, "values", None), dict) and isinstance(value, str) else value


CASES = [
    pytest.param(service, mutation, kind, path, scalar, id=f"{mutation}.{'.'.join(path)}")
    for service, schema in SCHEMAS.items()
    for mutation, kind in inputs(schema._schema)
    for path, scalar in leaves(kind)
    if scalar in NONE_OF_THEM
]


@pytest.mark.parametrize(("service", "mutation", "kind", "path", "scalar"), CASES)
async def test_a_value_that_is_none_is_told_alike_in_variables_and_documents(
    service: str, mutation: str, kind: Any, path: tuple[str, ...], scalar: str
) -> None:
    """BAD_USER_INPUT, what was expected, nothing of what was sent; no resolver runs."""
    usual = good(kind, {})
    for bad in NONE_OF_THEM[scalar]:
        value = changed(kind, usual, path, bad, {})
        answer = f"{mutation}(input: %s) {{ userErrors {{ code }} }}"
        by_variable = await SCHEMAS[service].execute(
            f"mutation($input: {kind}!) {{ {answer % '$input'} }}", variable_values={"input": value}
        )
        in_document = await SCHEMAS[service].execute(f"mutation {{ {answer % literal(named(kind, value))} }}")
        for told in (by_variable, in_document):
            assert told.errors, (bad, told)
            assert [(error.extensions or {}).get("code") for error in told.errors] == ["BAD_USER_INPUT"], told.errors
            message = told.errors[0].message
            assert " such as " in message or " of three letters" in message
            assert str(bad) not in message or bad in ("", True), message


def test_every_scalar_of_ours_is_tried() -> None:
    """None is left out of the table above."""
    kinds = {name for schema in SCHEMAS.values() for name, kind in schema._schema.type_map.items() if _ours(kind)}
    assert kinds == set(NONE_OF_THEM)


def _ours(kind: Any) -> bool:
    built_in = ("String", "Int", "Float", "Boolean", "ID")
    is_scalar = type(kind).__name__ == "GraphQLScalarType"
    return is_scalar and kind.name not in built_in and not kind.name.startswith(("_", "federation", "link"))
