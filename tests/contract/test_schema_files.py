"""The checked-in GraphQL schemas of the services and of the gateway."""

import json

import pytest
from graphql import build_schema, find_schema_changes, is_abstract_type, is_non_null_type, parse, validate

from portal_cli import schemas
from portal_cli.paths import GATEWAY_SCHEMA, MOCK_SCHEMA
from tests.support.checked_in import assert_up_to_date
from tests.support.npm import installed, run_node
from tests.support.sdl import undescribed


def test_the_checked_in_schemas_are_fresh() -> None:
    """The subgraphs compose, and the supergraph and the API schema are those that the code makes (`portal schema`)."""
    assert_up_to_date(schemas.files())


def test_everything_that_clients_see_is_described() -> None:
    """Every type, field, argument and enum value of the gateway's schema has a description."""
    assert undescribed(build_schema(GATEWAY_SCHEMA.read_text())) == []


def test_a_subgraph_that_is_down_costs_its_own_fields_only() -> None:
    """Every query field may be null, so that one service's absence never nulls the others' answers.

    But `nodes`, whose type is Relay's.
    """
    query = build_schema(GATEWAY_SCHEMA.read_text()).query_type
    assert query is not None
    assert [name for name, field in query.fields.items() if is_non_null_type(field.type)] == ["nodes"]


EXCEPTIONS = {("Document", "status"): "two enumerations without a common life: ask each by an alias"}
"""Fields of one name that have several types in the members of an interface or union, and why."""


UNRELATED = {"Node"}
"""What has nothing in common but an id: nobody lists such things together."""


def test_one_name_has_one_type_in_all_members() -> None:
    """For every interface and union, one document may ask any field of all members, the exceptions apart."""
    schema = build_schema(GATEWAY_SCHEMA.read_text())
    differing: set[tuple[str, str]] = set()
    for name, type_ in schema.type_map.items():
        if not is_abstract_type(type_) or name.startswith("__") or name in UNRELATED:
            continue
        seen: dict[str, set[str]] = {}
        for member in schema.get_possible_types(type_):
            for field, one in member.fields.items():
                seen.setdefault(field, set()).add(str(one.type))
        differing |= {(name, field) for field, types in seen.items() if len(types) > 1}
    assert differing == EXCEPTIONS.keys()


@pytest.mark.parametrize(
    "query",
    [
        "{ me { ... on Contact { email language status } ... on StaffMember { email language status } } }",
        "{ me { id name email phone jobTitle language status inviteExpiresAt } }",
    ],
)
def test_who_am_i_needs_no_aliases(query: str) -> None:
    """What people have in common is asked by one name, with or without their types."""
    assert validate(build_schema(GATEWAY_SCHEMA.read_text()), parse(query)) == []


def test_the_file_for_mocks_is_the_schema_without_defer() -> None:
    """It declares no experimental directive, which graphql 17 refuses to run, and is else the same."""
    with_defer, without = build_schema(GATEWAY_SCHEMA.read_text()), build_schema(MOCK_SCHEMA.read_text())
    assert {d.name for d in with_defer.directives} - {d.name for d in without.directives} == {"defer"}
    assert find_schema_changes(without, with_defer)[0].description == "Directive @defer was added."
    assert len(find_schema_changes(without, with_defer)) == 1


async def test_the_file_for_mocks_runs_in_graphql_17() -> None:
    """`graphql` 17.1.0 mocks every operation over it, and refuses the other file, as the README says."""
    folder = installed("defer-clients")
    code, out, errors = await run_node(folder, "mock.mjs", str(MOCK_SCHEMA), str(GATEWAY_SCHEMA))
    assert (code, errors) == (0, "")
    assert json.loads(out) == [
        {"data": {"me": {"__typename": "StaffMember", "name": "Ada"}}},
        "experimental directives",
        {"data": {"me": {"__typename": "StaffMember", "name": "Ada"}}},
    ]
