"""The client's variables: checked once per request against the API schema, passed on as the client wrote them."""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import orjson
from graphql import (
    GraphQLError,
    GraphQLSchema,
    NonNullTypeNode,
    OperationDefinitionNode,
    TypeNode,
    VariableDefinitionNode,
    get_variable_values,
    value_from_ast_untyped,
)

from gateway.executor.answer import InvalidVariables

Json = Any
MOST_ERRORS = 20
_LARGEST = int(sys.float_info.max)


@dataclass(frozen=True, slots=True)
class Variables:
    """The values of one request: as JSON for the fetches, and those of Boolean conditions."""

    encoded: Mapping[str, bytes]
    values: Mapping[str, Json]


NONE = Variables({}, {})
_FITS: dict[str, Callable[[Json], bool]] = {
    "ID": lambda value: value.__class__ is str,
    "String": lambda value: value.__class__ is str,
    "Boolean": lambda value: value.__class__ is bool,
    "Int": lambda value: value.__class__ is int and -2147483648 <= value <= 2147483647,
}


class VariableReader:
    """Reads the variables of one operation."""

    def __init__(self, schema: GraphQLSchema, node: OperationDefinitionNode, *, suggestions: bool = False) -> None:
        """Sort the definitions into those that one look decides and the rest."""
        self._schema = schema
        self._definitions = tuple(node.variable_definitions or ())
        self._suggestions = suggestions
        self._defaults: dict[str, Json] = {
            definition.variable.name.value: value_from_ast_untyped(definition.default_value)
            for definition in self._definitions
            if definition.default_value is not None
        }
        self._quick = _quick(self._definitions)

    def read(self, given: Mapping[str, Json] | None) -> Variables:
        """Return the values of every variable that the client gave or that has a default.

        Raises:
            InvalidVariables: when one does not fit its type, or is required and missing.
        """
        if not self._definitions:
            return NONE
        given = given or {}
        if self._quick is None or not all(name in given and fits(given[name]) for name, fits in self._quick):
            self._check(given)
        values = {**self._defaults, **{name: given[name] for name in self._names() if name in given}}
        try:
            return Variables({name: orjson.dumps(value) for name, value in values.items()}, values)
        except (TypeError, ValueError) as error:
            raise InvalidVariables(
                [_coded(GraphQLError("A variable has a value that cannot be written as JSON."))]
            ) from error

    def _names(self) -> Iterable[str]:
        return (definition.variable.name.value for definition in self._definitions)

    def _check(self, given: Mapping[str, Json]) -> None:
        errors = self._errors(given)
        # GraphQL takes whole numbers for Float; graphql-core only those that a float holds to the last digit.
        if errors and (rounded := _rounded(given)) != given:
            errors = self._errors(rounded) and errors
        if errors:
            raise InvalidVariables([_coded(error) for error in errors])

    def _errors(self, given: Mapping[str, Json]) -> list[GraphQLError]:
        coerced = get_variable_values(
            self._schema, self._definitions, dict(given), MOST_ERRORS, hide_suggestions=not self._suggestions
        )
        return coerced if isinstance(coerced, list) else []


def _rounded(value: Json) -> Json:
    """Return a value with every whole number as near as a float comes to it, where one is near at all."""
    if isinstance(value, Mapping):
        return {name: _rounded(one) for name, one in cast(Mapping[str, Json], value).items()}
    if isinstance(value, list):
        return [_rounded(one) for one in cast(list[Json], value)]
    if value.__class__ is not int or abs(value) > _LARGEST:
        return value
    return int(float(value))


def _quick(definitions: tuple[VariableDefinitionNode, ...]) -> list[tuple[str, Callable[[Json], bool]]] | None:
    """Return the checks of the variables if all are built-in scalars; None sends all to graphql-core."""
    checks: list[tuple[str, Callable[[Json], bool]]] = []
    for definition in definitions:
        fits = _FITS.get(_scalar_name(definition.type))
        if fits is None:
            return None
        checks.append((definition.variable.name.value, fits))
    return checks


def _scalar_name(node: TypeNode) -> str:
    named: Any = node.type if isinstance(node, NonNullTypeNode) else node
    return named.name.value if hasattr(named, "name") else ""


def _coded(error: GraphQLError) -> GraphQLError:
    error.extensions = {"code": "BAD_USER_INPUT", **(error.extensions or {})}
    return error
