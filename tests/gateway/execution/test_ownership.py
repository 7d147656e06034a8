"""Who answers a field: `@shareable`, `@override` with and without label, `@inaccessible`, `@tag`."""

from typing import Any

import pytest
from graphql import GraphQLError

from tests.support.composed import Federation, federation2
from tests.support.memory_subgraphs import MemorySubgraph

OLD = RuntimeError("the old owner was asked")
LINK_27 = federation2("").replace("v2.3", "v2.7")
A = MemorySubgraph(
    "a",
    LINK_27
    + """
    type Query { user: User mood: Mood moods: [Mood!] stats: Stats @shareable place: Place animal: Animal }
    type User @key(fields: "id") { id: ID! moved: String slow: String both: String @shareable
      secret: String @inaccessible noted: String @tag(name: "x") }
    enum Mood { HAPPY SAD SECRET @inaccessible }
    type Stats @shareable { seen: Int }
    type Place @shareable { city: String }
    union Animal = Cat | Ghost
    type Cat { name: String }
    type Ghost @inaccessible { name: String }
    """,
    {"User": [{"id": "1", "moved": OLD, "slow": "of a", "both": "B", "secret": "S", "noted": "N"}]},
    {
        "Query.user": {"id": "1", "moved": OLD, "slow": "of a", "both": "B", "secret": "S", "noted": "N"},
        "Query.mood": "SECRET",
        "Query.moods": ["HAPPY", "SAD"],
        "Query.stats": {"seen": 3},
        "Query.place": {"city": "C"},
        "Query.animal": {"__typename": "Ghost", "name": "Boo"},
    },
)
B = MemorySubgraph(
    "b",
    LINK_27
    + """
    type Query { other: User stats: Stats @shareable }
    type User @key(fields: "id") { id: ID! moved: String @override(from: "a")
      slow: String @override(from: "a", label: "percent(50)") both: String @shareable
      secret: String @external computed: String @requires(fields: "secret") place: Place }
    type Stats @shareable { sold: Int }
    type Place @shareable { city: String }
    """,
    {"User": [{"id": "1", "moved": "of b", "slow": "of b", "both": "B", "place": {"city": "D"}}]},
    {
        "Query.other": {"id": "1", "moved": "of b", "slow": "of b", "both": "B", "place": {"city": "D"}},
        "Query.stats": {"sold": 4},
        "User.computed": lambda source: f"from {source['secret']}",
    },
)
FEDERATION = Federation("ownership", A, B)

CASES: list[tuple[str, str, Any, list[str]]] = [
    ("a moved field", "{ user { moved } }", {"user": {"moved": "of b"}}, ["a", "b"]),
    ("a moved field where its new owner is", "{ other { moved } }", {"other": {"moved": "of b"}}, ["b"]),
    ("a shared field stays where it is", "{ user { both } }", {"user": {"both": "B"}}, ["a"]),
    ("a shared field, from the other side", "{ other { both } }", {"other": {"both": "B"}}, ["b"]),
    ("a shared type whose fields differ", "{ stats { seen sold } }", {"stats": {"seen": 3, "sold": 4}}, ["a", "b"]),
    ("a part of that type", "{ stats { sold } }", {"stats": {"sold": 4}}, ["b"]),
    ("the other part of that type", "{ stats { s: seen } }", {"stats": {"s": 3}}, ["a"]),
    ("a shared value type", "{ place { city } other { place { city } } }",
     {"place": {"city": "C"}, "other": {"place": {"city": "D"}}}, ["a", "b"]),
    ("a hidden field as requirement", "{ user { computed } }", {"user": {"computed": "from S"}}, ["a", "b"]),
    ("a tagged field", "{ user { noted } }", {"user": {"noted": "N"}}, ["a"]),
    ("visible values of an enum with hidden ones", "{ moods }", {"moods": ["HAPPY", "SAD"]}, ["a"]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "data", "asked"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
async def test_the_owner_answers(query: str, data: Any, asked: list[str]) -> None:
    """Each field comes from a subgraph that may answer it, and from as few as possible."""
    reply = await FEDERATION.run(query)
    assert (data, [], asked) == (reply.data, reply.errors, reply.asked)


@pytest.mark.parametrize(("labels", "owner"), [(frozenset[str](), "a"), (frozenset({"percent(50)"}), "b")])
async def test_a_label_decides_on_a_progressive_override(labels: frozenset[str], owner: str) -> None:
    """With the label the new owner answers, without it the old one, on both ways."""
    reply = await FEDERATION.run("{ user { slow } other { slow } }", labels=labels)
    assert reply.data == {"user": {"slow": f"of {owner}"}, "other": {"slow": f"of {owner}"}}


async def test_a_hidden_enum_value_is_null_with_an_error() -> None:
    """A value that only subgraphs know does not reach the client, by name or otherwise."""
    reply = await FEDERATION.run("{ mood }")
    assert (reply.data, reply.errors) == ({"mood": None}, [("mood", "SUBGRAPH_INVALID_VALUE")])


async def test_an_object_of_a_hidden_type_is_null_with_an_error() -> None:
    """A union's hidden member does not reach the client, not even its name."""
    reply = await FEDERATION.run("{ animal { __typename ... on Cat { name } } }")
    assert (reply.data, reply.errors) == ({"animal": None}, [("animal", "SUBGRAPH_INVALID_VALUE")])


@pytest.mark.parametrize("query", ["{ user { secret } }", "{ animal { ... on Ghost { name } } }"])
async def test_hidden_things_cannot_be_asked_for(query: str) -> None:
    """A hidden field or type is unknown."""
    refused = FEDERATION.pipeline.prepare(query)
    assert isinstance(refused, list)
    assert isinstance(refused[0], GraphQLError)


async def test_hidden_things_are_not_in_introspection() -> None:
    """Neither the enum value, nor the field, nor the type, nor anything of the federation's own."""
    reply = await FEDERATION.run('{ __schema { types { name } } __type(name: "User") { fields { name } } }')
    names = {one["name"] for one in reply.data["__schema"]["types"]}
    assert not {"Ghost", "_Any", "_Entity", "_Service", "join__Graph", "link__Import"} & names
    assert "secret" not in {one["name"] for one in reply.data["__type"]["fields"]}
    values = await FEDERATION.run('{ __type(name: "Mood") { enumValues { name } } }')
    assert values.data == {"__type": {"enumValues": [{"name": "HAPPY"}, {"name": "SAD"}]}}
