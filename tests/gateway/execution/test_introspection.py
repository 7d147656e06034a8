"""Introspection is answered from the API schema, beside whatever the subgraphs answer."""

import pytest
from graphql import build_client_schema, build_schema, get_introspection_query, print_schema

from tests.support.plans import fetch, run
from tests.support.scripted_transport import ScriptedTransport

SCHEMA = '''
"""Somebody."""
type User { id: ID! old: String @deprecated(reason: "Use id") }
type Query { me(x: Int = 3): User text: String }
'''
NOBODY = ScriptedTransport({})


async def test_the_whole_schema_can_be_read() -> None:
    """A client rebuilds the API schema from the standard query, and no subgraph was asked."""
    answer = await run(SCHEMA, None, get_introspection_query(), NOBODY)
    assert answer.data is not None
    assert print_schema(build_schema(SCHEMA)) == print_schema(build_client_schema(answer.data))  # pyright: ignore
    assert NOBODY.asked == []


# (query, variables, data)
QUERIES = [
    ('{ __type(name: "User") { name kind description } }', None,
     {"__type": {"name": "User", "kind": "OBJECT", "description": "Somebody."}}),
    ('{ a: __type(name: "User") { n: name } b: __type(name: "Nope") { name } }', None, {"a": {"n": "User"}, "b": None}),
    ("query($n: String!) { __type(name: $n) { name } }", {"n": "Query"}, {"__type": {"name": "Query"}}),
    ('{ __type(name: "User") { fields { name } } }', None, {"__type": {"fields": [{"name": "id"}]}}),
    ('{ __type(name: "User") { fields(includeDeprecated: true) { name deprecationReason } } }', None,
     {"__type": {"fields": [{"name": "id", "deprecationReason": None},
                            {"name": "old", "deprecationReason": "Use id"}]}}),
    ("{ __schema { __typename queryType { name } } __typename }", None,
     {"__schema": {"__typename": "__Schema", "queryType": {"name": "Query"}}, "__typename": "Query"}),
    ("{ ...F } fragment F on Query { __schema { ...S } } fragment S on __Schema { queryType { name } }", None,
     {"__schema": {"queryType": {"name": "Query"}}}),
    ("query($on: Boolean!) { __schema @include(if: $on) { queryType { name } } __typename }", {"on": False},
     {"__typename": "Query"}),
    ('query($on: Boolean!) { __type(name: "User") { name @include(if: $on) kind } }', {"on": False},
     {"__type": {"kind": "OBJECT"}}),
]  # fmt: skip


@pytest.mark.parametrize(("query", "variables", "data"), QUERIES)
async def test_introspection_fields(query: str, variables: dict[str, object] | None, data: object) -> None:
    """Aliases, fragments, variables and conditions hold within introspection as anywhere."""
    answer = await run(SCHEMA, None, query, NOBODY, variables)
    assert (data, []) == (answer.data, answer.errors)


async def test_introspection_beside_data() -> None:
    """Both stand in the client's order."""
    query = '{ text __type(name: "User") { name } more: text }'
    transport = ScriptedTransport({"a": {"data": {"text": "x", "more": "y"}}})
    answer = await run(SCHEMA, fetch("a", "{ text more: text }"), query, transport)
    assert answer.data is not None
    assert list(answer.data.items()) == [("text", "x"), ("__type", {"name": "User"}), ("more", "y")]


async def test_introspection_beside_failed_data() -> None:
    """It is there when the subgraph's fields are null."""
    query = '{ text __type(name: "User") { name } }'
    transport = ScriptedTransport({"a": {"data": None, "errors": [{"message": "no"}]}})
    answer = await run(SCHEMA, fetch("a", "{ text }"), query, transport)
    assert answer.data == {"text": None, "__type": {"name": "User"}}
