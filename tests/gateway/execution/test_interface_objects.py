"""Entity interfaces and `@interfaceObject`: subgraphs that know only the interface, in both directions."""

from typing import Any

import pytest

from tests.support.composed import Federation, federation2
from tests.support.memory_subgraphs import MemorySubgraph

BOOK = {"__typename": "Book", "id": "1", "title": "B", "pages": 9}
FILM = {"__typename": "Film", "id": "2", "title": "F", "length": 90}
MEDIA = MemorySubgraph(
    "media",
    federation2("""
    type Query { media: [Media!]! book: Book item: Media }
    interface Media @key(fields: "id") { id: ID! title: String }
    type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
    type Film implements Media @key(fields: "id") { id: ID! title: String length: Int }
    """),
    {"Media": [BOOK, FILM], "Book": [BOOK], "Film": [FILM]},
    {"Query.media": [BOOK, FILM], "Query.book": BOOK, "Query.item": FILM},
)
REVIEWS = MemorySubgraph(
    "reviews",
    federation2("""
    type Query { rated: [Media!]! top: Media }
    type Media @key(fields: "id") @interfaceObject { id: ID! score: Int reviews: [Review!]! }
    type Review { body: String of: Media }
    """),
    {"Media": [
        {"id": "1", "score": 4, "reviews": [{"body": "x", "of": {"id": "1"}}]},
        {"id": "2", "score": 2, "reviews": []},
    ]},
    {
        "Query.rated": [{"id": "2", "score": 2, "reviews": []}, {"id": "1", "score": 4, "reviews": []}],
        "Query.top": {"id": "1", "score": 4, "reviews": [{"body": "x", "of": {"id": "1"}}]},
    },
)  # fmt: skip
PRICES = MemorySubgraph(
    "prices",
    federation2("""
    type Media @key(fields: "id") @interfaceObject { id: ID! score: Int @external price: Int
      offer: String @requires(fields: "score") }
    type Book @shareable { _b: Int }
    """).replace("type Book @shareable { _b: Int }", ""),
    {"Media": [{"id": "1", "price": 10}, {"id": "2", "price": 20}]},
    {"Media.offer": lambda source: f"score {source['score']}"},
)
FEDERATION = Federation("interface_objects", MEDIA, REVIEWS, PRICES)
M, R, P = "media", "reviews", "prices"

CASES: list[tuple[str, str, Any, list[str]]] = [
    ("from the interface to the object", "{ media { title score } }",
     {"media": [{"title": "B", "score": 4}, {"title": "F", "score": 2}]}, [M, R]),
    ("from a member to the object", "{ book { pages score } }", {"book": {"pages": 9, "score": 4}}, [M, R]),
    ("from a fragment on a member", "{ media { ... on Film { length score } } }",
     {"media": [{}, {"length": 90, "score": 2}]}, [M, R]),
    ("from the object to the interface", "{ rated { title } }", {"rated": [{"title": "F"}, {"title": "B"}]}, [R, M]),
    ("the object alone", "{ rated { id score } }",
     {"rated": [{"id": "2", "score": 2}, {"id": "1", "score": 4}]}, [R]),
    ("the real type from the object", "{ rated { __typename score } }",
     {"rated": [{"__typename": "Film", "score": 2}, {"__typename": "Book", "score": 4}]}, [R, M]),
    ("a member's field from the object", "{ rated { ... on Book { pages } score } }",
     {"rated": [{"score": 2}, {"pages": 9, "score": 4}]}, [R, M]),
    ("the object's own field within a member's fragment", "{ rated { ... on Book { score } } }",
     {"rated": [{}, {"score": 4}]}, [R, M, R]),
    ("from one object to another", "{ rated { price } }", {"rated": [{"price": 20}, {"price": 10}]}, [R, P]),
    ("a requirement of an object, met by another", "{ media { offer } }",
     {"media": [{"offer": "score 4"}, {"offer": "score 2"}]}, [M, R, P]),
    ("a requirement of an object on the way", "{ top { offer } }", {"top": {"offer": "score 4"}}, [R, P]),
    ("deeper objects", "{ top { reviews { body of { title __typename } } } }",
     {"top": {"reviews": [{"body": "x", "of": {"title": "B", "__typename": "Book"}}]}}, [R, M]),
    ("aliases", "{ top { a: title b: title s: score t: __typename } }",
     {"top": {"a": "B", "b": "B", "s": 4, "t": "Book"}}, [R, M]),
    ("one interface from both sides", "{ item { title score } top { title score } }",
     {"item": {"title": "F", "score": 2}, "top": {"title": "B", "score": 4}}, [M, R, M, R]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "data", "asked"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
async def test_interfaces_and_interface_objects_complete_each_other(query: str, data: Any, asked: list[str]) -> None:
    """Fields of the interface come from where they are, types from who knows them."""
    reply = await FEDERATION.run(query)
    assert (data, []) == (reply.data, reply.errors)
    assert sorted(asked) == sorted(reply.asked)


async def test_an_object_whose_type_nobody_knows_is_null() -> None:
    """Where the real type is needed and the interface's owner does not find the entity, an error says so."""
    lost = {"data": {"rated": [{"__typename": "Media", "id": "404", "score": 1}]}}
    reply = await FEDERATION.run("{ rated { __typename score } }", reviews=lost)
    assert reply.data is None
    assert [path for path, _ in reply.errors] == ["rated.0"]
