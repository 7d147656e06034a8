"""Interfaces and unions spread over subgraphs, with members and fields that only some of them know."""

from typing import Any

import pytest

from tests.support.composed import Federation, federation2
from tests.support.memory_subgraphs import MemorySubgraph

CAT = {"__typename": "Cat", "id": "c", "name": "Tom", "lives": 9}
DOG = {"__typename": "Dog", "id": "d", "name": "Rex", "friend": CAT}
BIRD = {"__typename": "Bird", "id": "b", "name": "Tweety"}
A = MemorySubgraph(
    "a",
    federation2("""
    type Query { pets: [Pet] named: [Named!] home: Home animal: Animal search: [Result!] }
    union Pet = Cat | Dog
    interface Named { name: String }
    interface Animal implements Named { id: ID! name: String }
    type Cat implements Named & Animal @key(fields: "id") { id: ID! name: String @shareable lives: Int }
    type Dog implements Named & Animal @key(fields: "id") { id: ID! name: String @shareable friend: Pet }
    type Home { owner: Named guests: [[Pet!]] }
    type Person implements Named { name: String home: Home }
    union Result = Cat | Home
    """),
    {"Cat": [CAT], "Dog": [DOG]},
    {
        "Query.pets": [DOG, CAT, None],
        "Query.named": [CAT, {"__typename": "Person", "name": "Ann", "home": {"guests": [[CAT]]}}],
        "Query.home": {"owner": DOG, "guests": [[CAT, DOG], None, []]},
        "Query.animal": DOG,
        "Query.search": [{"__typename": "Home", "owner": None}, CAT],
    },
)
B = MemorySubgraph(
    "b",
    federation2("""
    type Query { more: [Pet!] fed: [Eater!] }
    union Pet = Cat | Bird
    interface Eater { food: String }
    type Cat implements Eater @key(fields: "id") { id: ID! food: String likes: [Pet!] }
    type Dog implements Eater @key(fields: "id") { id: ID! food: String }
    type Bird implements Eater @key(fields: "id") { id: ID! name: String food: String wings: Int }
    """),
    {
        "Cat": [{"id": "c", "food": "fish", "likes": [{**BIRD, "wings": 2}]}],
        "Dog": [{"id": "d", "food": "bone"}],
        "Bird": [{**BIRD, "food": "seed", "wings": 2}],
    },
    {
        "Query.more": [{**BIRD, "food": "seed", "wings": 2}, {"__typename": "Cat", "id": "c"}],
        "Query.fed": [
            {"__typename": "Dog", "id": "d", "food": "bone"},
            {"__typename": "Cat", "id": "c", "food": "fish"},
        ],
    },
)  # fmt: skip
FEDERATION = Federation("abstract_types", A, B)

CASES: list[tuple[str, str, Any, list[str]]] = [
    ("members", "{ pets { ... on Cat { lives } ... on Dog { name } } }",
     {"pets": [{"name": "Rex"}, {"lives": 9}, None]}, ["a"]),
    ("members completed elsewhere", "{ pets { ... on Cat { food } ... on Dog { food } } }",
     {"pets": [{"food": "bone"}, {"food": "fish"}, None]}, ["a", "b"]),
    ("one member completed elsewhere", "{ pets { __typename ... on Cat { food } } }",
     {"pets": [{"__typename": "Dog"}, {"__typename": "Cat", "food": "fish"}, None]}, ["a", "b"]),
    ("a member that this subgraph does not know", "{ pets { ... on Bird { wings } __typename } }",
     {"pets": [{"__typename": "Dog"}, {"__typename": "Cat"}, None]}, ["a"]),
    ("a member that only the other one knows", "{ more { ... on Bird { wings } ... on Cat { lives } } }",
     {"more": [{"wings": 2}, {"lives": 9}]}, ["b", "a"]),
    ("a fragment on a member that cannot be", "{ more { ... on Dog { name } ... on Bird { name } } }",
     {"more": [{"name": "Tweety"}, {}]}, ["b"]),
    ("an interface that this subgraph does not know", "{ pets { ... on Eater { food } } }",
     {"pets": [{"food": "bone"}, {"food": "fish"}, None]}, ["a", "b"]),
    ("an interface from the other side", "{ fed { food ... on Named { name } } }",
     {"fed": [{"food": "bone", "name": "Rex"}, {"food": "fish", "name": "Tom"}]}, ["b", "a"]),
    ("an interface's fields", "{ named { name } }", {"named": [{"name": "Tom"}, {"name": "Ann"}]}, ["a"]),
    ("members of an interface without a key", "{ named { ... on Person { home { guests { __typename } } } } }",
     {"named": [{}, {"home": {"guests": [[{"__typename": "Cat"}]]}}]}, ["a"]),
    ("an interface of an interface", "{ animal { id ... on Named { name } ... on Dog { food } } }",
     {"animal": {"id": "d", "name": "Rex", "food": "bone"}}, ["a", "b"]),
    ("a union within a union", "{ pets { ... on Dog { friend { ... on Cat { lives food } } } } }",
     {"pets": [{"friend": {"lives": 9, "food": "fish"}}, {}, None]}, ["a", "b"]),
    ("a union within a union of the other side", "{ pets { ... on Cat { likes { ... on Bird { wings name } } } } }",
     {"pets": [{}, {"likes": [{"wings": 2, "name": "Tweety"}]}, None]}, ["a", "b"]),
    ("lists of lists", "{ home { guests { ... on Cat { food } ... on Dog { id } } } }",
     {"home": {"guests": [[{"food": "fish"}, {"id": "d"}], None, []]}}, ["a", "b"]),
    ("an interface in a value type", "{ home { owner { name __typename ... on Dog { food } } } }",
     {"home": {"owner": {"name": "Rex", "__typename": "Dog", "food": "bone"}}}, ["a", "b"]),
    ("values and entities in one union", "{ search { __typename ... on Cat { food } ... on Home { owner { name } } } }",
     {"search": [{"__typename": "Home", "owner": None}, {"__typename": "Cat", "food": "fish"}]}, ["a", "b"]),
    ("one key for different fields", "{ pets { ... on Cat { x: name } ... on Dog { x: food } } }",
     {"pets": [{"x": "bone"}, {"x": "Tom"}, None]}, ["a", "b"]),
    ("named fragments in named fragments",
     "{ pets { ...P } } fragment P on Pet { ...C } fragment C on Cat { ...E lives } fragment E on Eater { food }",
     {"pets": [{}, {"food": "fish", "lives": 9}, None]}, ["a", "b"]),
    ("a fragment on the type itself", "{ pets { ... on Pet { ... on Cat { name } } } }",
     {"pets": [{}, {"name": "Tom"}, None]}, ["a"]),
    ("only type names", "{ pets { t: __typename } more { __typename } }",
     {"pets": [{"t": "Dog"}, {"t": "Cat"}, None], "more": [{"__typename": "Bird"}, {"__typename": "Cat"}]}, ["a", "b"]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "data", "asked"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
async def test_abstract_types_are_completed_by_type(query: str, data: Any, asked: list[str]) -> None:
    """Each object has the fields of its type, wherever they are."""
    reply = await FEDERATION.run(query)
    assert (data, [], asked) == (reply.data, reply.errors, reply.asked)


@pytest.mark.parametrize("on", [True, False])
async def test_conditions_on_fragments_of_types(on: bool) -> None:
    """A condition on a member's fragment decides on the fetch for it too."""
    query = "query($on: Boolean!) { pets { __typename ... on Cat @include(if: $on) { food } } }"
    reply = await FEDERATION.run(query, {"on": on})
    assert (["a", "b"] if on else ["a"]) == reply.asked
    assert reply.data["pets"][1] == {"__typename": "Cat", **({"food": "fish"} if on else {})}


async def test_a_lost_subgraph_costs_its_fields_of_each_type() -> None:
    """Objects of every type keep what they have."""
    reply = await FEDERATION.run(
        "{ pets { ... on Cat { lives food } ... on Dog { name food } } }",
        b={"errors": [{"message": "no", "extensions": {"code": "X"}}]},
    )
    assert reply.data == {"pets": [{"name": "Rex", "food": None}, {"lives": 9, "food": None}, None]}
    assert reply.errors == [("pets.0.food", "X"), ("pets.1.food", "X")]
