"""Where objects come from: they stay with the subgraph that told what they belong to, whatever is asked of them.

Two subgraphs may have other items in a field that both of them resolve: a fragment must not decide which ones are seen.
"""

from typing import Any

import pytest

from tests.support.composed import Federation, federation2
from tests.support.memory_subgraphs import MemorySubgraph


def animals(name: str) -> list[dict[str, str]]:
    """Return a list that tells whose it is."""
    return [{"__typename": "Cat", "id": "c1", "name": name}, {"__typename": "Dog", "id": "d1", "name": name}]


ITEMS = {"actions": [{"__typename": "OnlyA", "id": "1", "a": 1}, {"__typename": "Both", "id": "2"}],
         "one": {"__typename": "Both", "id": "2"}, "things": [{"__typename": "Known", "id": "9"}]}  # fmt: skip
OTHERS = {"id": "c", "actions": [{"__typename": "OnlyB", "id": "1", "b": 1}],
          "one": {"__typename": "OnlyB", "id": "1", "b": 1}, "things": [{"__typename": "Other", "id": "9"}],
          "only": 5}  # fmt: skip
LISTS = Federation(
    "staying",
    MemorySubgraph(
        "a",
        federation2("""
        type Query { box: Box boxes: [[Box]] media: Media @shareable }
        type Box @key(fields: "id") { id: ID! actions: [Act] @shareable one: Act @shareable things: [Thing] @shareable }
        union Act = OnlyA | Both
        type OnlyA @key(fields: "id") { id: ID! a: Int }
        type Both @key(fields: "id") { id: ID! }
        interface Thing { id: ID! }
        type Known implements Thing @key(fields: "id") { id: ID! }
        interface Media { id: ID! }
        type Book implements Media @key(fields: "id") { id: ID! }
        """),
        {},
        {
            "Query.box": {"id": "c", **ITEMS},
            "Query.boxes": [[{"id": "c", **ITEMS}], None],
            "Query.media": {"__typename": "Book", "id": "m1"},
        },
    ),
    MemorySubgraph(
        "b",
        federation2("""
        type Query { media: Media @shareable @provides(fields: "animals { id name }") }
        type Box @key(fields: "id") {
          id: ID! only: Int actions: [Act] @shareable one: Act @shareable things: [Thing] @shareable
        }
        union Act = OnlyB | Both
        type OnlyB @key(fields: "id") { id: ID! b: Int }
        type Both @key(fields: "id") { id: ID! y: Int }
        interface Thing { id: ID! }
        type Known implements Thing @key(fields: "id") { id: ID! n: Int }
        type Other implements Thing @key(fields: "id") { id: ID! m: Int }
        interface Media { id: ID! animals: [Animal] }
        interface Animal { id: ID! name: String }
        type Book implements Media @key(fields: "id") { id: ID! animals: [Animal] @external }
        type Cat implements Animal @key(fields: "id") { id: ID! name: String @external }
        type Dog implements Animal @key(fields: "id") { id: ID! name: String @external }
        """),
        {"Box": [OTHERS], "Both": [{"id": "2", "y": 3}], "Known": [{"id": "9", "n": 7}]},
        {"Query.media": {"__typename": "Book", "id": "m1", "animals": animals("b")}},
    ),
    MemorySubgraph(
        "c",
        federation2("""
        interface Media { id: ID! animals: [Animal] }
        interface Animal { id: ID! name: String }
        type Book implements Media @key(fields: "id") { id: ID! animals: [Animal] }
        type Cat implements Animal @key(fields: "id") { id: ID! name: String age: Int }
        type Dog implements Animal @key(fields: "id") { id: ID! name: String age: Int }
        """),
        {
            "Book": [{"id": "m1", "animals": animals("c")}],
            "Cat": [{"id": "c1", "age": 3, "name": "c"}],
            "Dog": [{"id": "d1", "age": 4, "name": "c"}],
        },
    ),
)


@pytest.mark.parametrize(
    ("selected", "data", "asked"),
    [
        ("actions { __typename ... on OnlyB { b } }",
         {"actions": [{"__typename": "OnlyA"}, {"__typename": "Both"}]}, ["a"]),
        ("one { ... on OnlyB { b } }", {"one": {}}, ["a"]),
        ("actions { ... on OnlyB { b } ... on OnlyA { a } ... on Both { y } }",
         {"actions": [{"a": 1}, {"y": 3}]}, ["a", "b"]),
        ("only actions { __typename ... on OnlyB { b } }",
         {"only": 5, "actions": [{"__typename": "OnlyA"}, {"__typename": "Both"}]}, ["a", "b"]),
        ("only actions { ... on Both { y } }", {"only": 5, "actions": [{}, {"y": 3}]}, ["a", "b"]),
        ("things { id ... on Other { m } ... on Known { n } }", {"things": [{"id": "9", "n": 7}]}, ["a", "b"]),
        ("t: things { ... { ... on Other { x: m } } ... on Other { m } }", {"t": [{}]}, ["a"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["box", "boxes"])
async def test_a_fragment_never_exchanges_the_objects(around: str, selected: str, data: Any, asked: list[str]) -> None:
    """A type that the parent's subgraph does not know selects nothing; fields of others are fetched for its objects."""
    reply = await LISTS.run(f"{{ {around} {{ {selected} }} }}")
    assert (reply.data[around], reply.errors) == ({"box": data, "boxes": [[data], None]}[around], [])
    assert sorted(set(reply.asked)) == asked


@pytest.mark.parametrize(
    ("query", "data", "asked"),
    [
        ("{ media { id animals { id name } } }",
         [{"id": "c1", "name": "b"}, {"id": "d1", "name": "b"}], ["b"]),
        ("{ media { id animals { id name ... on Cat { age } } } }",
         [{"id": "c1", "name": "b", "age": 3}, {"id": "d1", "name": "b"}], ["b", "c"]),
        ("{ media { id animals { name ... on Cat { age } ... on Dog { age } } } }",
         [{"name": "b", "age": 3}, {"name": "b", "age": 4}], ["b", "c"]),
    ],
)  # fmt: skip
async def test_what_is_provided_on_the_way_is_taken(query: str, data: Any, asked: list[str]) -> None:
    """Of two ways of as many requests the one that has the list on the way is better."""
    reply = await LISTS.run(query)
    assert (reply.data["media"]["animals"], reply.errors, reply.asked) == (data, [], asked)
