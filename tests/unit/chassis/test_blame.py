"""What a refusal points at is a field of the mutation's own input."""

from importlib import import_module

import pytest
from graphql import GraphQLInputObjectType, build_schema

from chassis.graphql.blame import blame, path_in_input
from chassis.kernel import InvalidInput, NotFound
from portal_cli.paths import SERVICES
from tests.support.blaming import inputs, is_path, leaves

SCHEMAS = {name: import_module(f"services.{name}.api.schema").SCHEMA._schema for name in SERVICES}
CASES = [(name, mutation, kind) for name, schema in SCHEMAS.items() for mutation, kind in inputs(schema)]
NAMED = sorted({path[start:] for *_, kind in CASES for path, _ in leaves(kind) for start in range(len(path))})
INPUT = build_schema(
    """
    type Query { a: Int }
    input Pay { invoiceId: ID!, terms: Terms!, home: Address, work: Address, lines: [Line!]! }
    input Terms { dueOn: String }
    input Address { city: String! }
    input Line { text: String!, city: String }
    """
).type_map["Pay"]


class Refused(InvalidInput):
    """A refusal of the tests."""


@pytest.mark.parametrize(("service", "mutation", "kind"), CASES, ids=[mutation for _, mutation, _ in CASES])
def test_whatever_a_domain_names_is_shown_as_a_field_of_the_input(
    service: str, mutation: str, kind: GraphQLInputObjectType
) -> None:
    """Every name that any service has for a value, in every mutation: a path of its input, or none."""
    for field in NAMED:
        error = Refused("No.", field=field)
        blame(error, kind)
        assert is_path(kind, error.field), (service, mutation, field)
        if is_path(kind, field):
            assert error.field == field


@pytest.mark.parametrize(
    ("named", "path"),
    [
        (("invoiceId",), ("invoiceId",)),
        (("dueOn",), ("terms", "dueOn")),
        (("terms", "dueOn"), ("terms", "dueOn")),
        (("terms", "modes"), ("terms",)),
        (("lines", "3", "text"), ("lines", "3", "text")),
        (("lines", "text"), ("lines",)),
        (("city",), ()),
        (("work", "city"), ("work", "city")),
        (("text",), ()),
        (("nothing",), ()),
        ((), ()),
    ],
)
def test_a_name_leads_to_its_only_place(named: tuple[str, ...], path: tuple[str, ...]) -> None:
    """Where the input has it, deeper, twice, in a list, in part or not at all."""
    assert isinstance(INPUT, GraphQLInputObjectType)
    assert path_in_input(INPUT, named)[0] == path


def test_what_is_missing_is_found_by_the_name_of_its_kind() -> None:
    """No such invoice: that is about `invoiceId` where the input has no `id`."""
    assert isinstance(INPUT, GraphQLInputObjectType)
    for what, path in (("invoice", ("invoiceId",)), ("saved card", ())):
        error = NotFound(what)
        blame(error, INPUT)
        assert error.field == path


def test_a_mutation_without_input_has_nothing_to_point_at() -> None:
    """All that it refuses is about no field."""
    error = Refused("No.", field=("dueOn",))
    blame(error, None)
    assert error.field == ()
