"""What other gateways were seen to get wrong, and this one answers right."""

from typing import Any

import pytest
from graphql import print_schema

from gateway.executor.ports import Forwarded
from gateway.pipeline import Pipeline, Prepared
from gateway.supergraph import Supergraph
from tests.support.memory_subgraphs import MemorySubgraph, MemoryTransport

ODD = "x-y.z 1/ü"
ROOT = {"id": "1", "constructor": "c", "then": "t", "valueOf": "v", "toString": "s"}
FIRST = MemorySubgraph(
    "first",
    """
    type Query { me: User users: [User] self: Query pick(by: By): String }
    type User @key(fields: "id") { id: ID! constructor: String then: String valueOf: String toString: String }
    input By @oneOf { id: ID name: String }
    """,
    {"User": [ROOT]},
    {
        "Query.me": ROOT,
        "Query.users": [ROOT, None],
        "Query.self": lambda _source: {"at": "root"},
        "Query.pick": lambda _source, by: next(f"{key}={value}" for key, value in by.items()),
    },
)
OTHER = MemorySubgraph(ODD, 'type User @key(fields: "id") { id: ID! more: Int }', {"User": [{"id": "1", "more": 7}]})
SDL = f"""
schema @l(url: "https://specs.apollo.dev/link/v1.0", as: "l")
  @l(url: "https://specs.apollo.dev/join/v0.3", as: "j", for: EXECUTION) {{ query: Root }}
enum j__Graph {{ A @j__graph(name: "first", url: "http://a") B @j__graph(name: "{ODD}", url: "http://b") }}
type Root @j__type(graph: A) @j__type(graph: B) {{
  me: User @j__field(graph: A)
  users: [User] @j__field(graph: A)
  self: Root @j__field(graph: A)
  pick(by: By): String @j__field(graph: A)
}}
type User @j__type(graph: A, key: "id") @j__type(graph: B, key: "id") {{
  id: ID!
  constructor: String @j__field(graph: A)
  then: String @j__field(graph: A)
  valueOf: String @j__field(graph: A)
  toString: String @j__field(graph: A)
  more: Int @j__field(graph: B)
}}
input By @oneOf @j__type(graph: A) {{ id: ID name: String }}
"""
# (what others get wrong, the operation, its variables, the data)
CASES: list[tuple[str, str, dict[str, Any], Any]] = [
    ("a root type of another name that is a field's type", "{ self { me { id } self { me { more } } } }", {}, {
        "self": {"me": {"id": "1"}, "self": {"me": {"more": 7}}}}),
    ("fields with names of JavaScript's objects", "{ me { constructor then valueOf toString more } }", {}, {
        "me": {"constructor": "c", "then": "t", "valueOf": "v", "toString": "s", "more": 7}}),
    ("aliases that take a key's name, in lists with nulls", "{ users { id: then more } }", {}, {
        "users": [{"id": "t", "more": 7}, None]}),
    ("an alias that takes the name of the type's name", "{ me { t: __typename id: constructor more } }", {}, {
        "me": {"t": "User", "id": "c", "more": 7}}),
    ("descriptions on operations and variables", '"What" query Q("Whose" $name: String!) { pick(by: {name: $name}) }',
        {"name": "n"}, {"pick": "name=n"}),
    ("@oneOf in a variable", "query ($by: By!) { pick(by: $by) }", {"by": {"id": "5"}}, {"pick": "id=5"}),
]  # fmt: skip


@pytest.mark.parametrize(("query", "variables", "data"), [one[1:] for one in CASES], ids=[one[0] for one in CASES])
async def test_it_is_right_here(query: str, variables: dict[str, Any], data: Any) -> None:
    """Over a file that names `join` and `link` otherwise, with a subgraph of an odd name."""
    supergraph = Supergraph.from_sdl(SDL)
    prepared = Pipeline.of(supergraph).prepare(query)
    assert isinstance(prepared, Prepared), prepared
    answer = await prepared.execute(variables, MemoryTransport.of(FIRST, OTHER), Forwarded())
    assert (answer.data, answer.errors) == (data, [])
    assert "input By @oneOf" in print_schema(supergraph.api_schema)
