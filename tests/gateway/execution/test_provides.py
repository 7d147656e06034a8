"""`@provides`: on some ways a subgraph gives fields of others, on all other ways they are asked for."""

from typing import Any

import pytest

from tests.support.composed import Federation, federation2
from tests.support.memory_subgraphs import MemorySubgraph

ANN = {"__typename": "User", "id": "1", "name": "Ann", "age": 5}
ROBOT = {"__typename": "Robot", "id": "r", "model": "R2"}
USERS = MemorySubgraph(
    "users",
    federation2("""
    type Query { users: [User!]! }
    type User @key(fields: "id") { id: ID! name: String @shareable age: Int @shareable email: String }
    type Robot @key(fields: "id") { id: ID! model: String @shareable power: Int }
    """),
    {
        "User": [{"id": "1", "name": "Ann", "age": 5, "email": "ann@x"}],
        "Robot": [{"id": "r", "model": "R2", "power": 9}],
    },
    {"Query.users": [{"id": "1", "name": "Ann", "age": 5, "email": "ann@x"}]},
)
REVIEWS = MemorySubgraph(
    "reviews",
    federation2("""
    type Query {
      reviews: [Review!]! @provides(fields: "author { name }")
      plain: Review
      maker: Maker @provides(fields: "... on User { name } ... on Robot { model }")
      being: Being @provides(fields: "... on User { name }")
    }
    type Review { body: String author: User @provides(fields: "age") critic: User }
    type User implements Being @key(fields: "id") { id: ID! name: String @external age: Int @external }
    type Robot implements Being @key(fields: "id") { id: ID! model: String @external }
    interface Being { id: ID! }
    union Maker = User | Robot
    """),
    {},
    {
        "Query.reviews": [{"body": "B", "author": ANN, "critic": {"id": "1"}}],
        "Query.plain": {"body": "B", "author": {**ANN, "name": RuntimeError("not here")}, "critic": {"id": "1"}},
        "Query.maker": ROBOT,
        "Query.being": ANN,
    },
)  # fmt: skip
FEDERATION = Federation("provides", USERS, REVIEWS)
R, U = "reviews", "users"

CASES: list[tuple[str, str, Any, list[str]]] = [
    ("a provided field", "{ plain { author { age } } }", {"plain": {"author": {"age": 5}}}, [R]),
    ("a field that this way does not provide", "{ plain { author { name } } }",
     {"plain": {"author": {"name": "Ann"}}}, [R, U]),
    ("a field of a way that provides nothing", "{ plain { critic { age } } }",
     {"plain": {"critic": {"age": 5}}}, [R, U]),
    ("a nested provision", "{ reviews { author { name } } }", {"reviews": [{"author": {"name": "Ann"}}]}, [R]),
    ("provisions of two levels", "{ reviews { author { name age } } }",
     {"reviews": [{"author": {"name": "Ann", "age": 5}}]}, [R]),
    ("a provided field beside one that is not", "{ reviews { author { name email } } }",
     {"reviews": [{"author": {"name": "Ann", "email": "ann@x"}}]}, [R, U]),
    ("the same entity on both ways", "{ reviews { author { name } critic { name } } }",
     {"reviews": [{"author": {"name": "Ann"}, "critic": {"name": "Ann"}}]}, [R, U]),
    ("on a union", "{ maker { ... on Robot { model } ... on User { name } } }", {"maker": {"model": "R2"}}, [R]),
    ("on a union, and more", "{ maker { ... on Robot { model power } ... on User { email } } }",
     {"maker": {"model": "R2", "power": 9}}, [R, U]),
    ("on an interface", "{ being { id ... on User { name } } }", {"being": {"id": "1", "name": "Ann"}}, [R]),
    ("on an interface, and more", "{ being { __typename ... on User { name email } } }",
     {"being": {"__typename": "User", "name": "Ann", "email": "ann@x"}}, [R, U]),
    ("under aliases", "{ reviews { a: author { n: name } } }", {"reviews": [{"a": {"n": "Ann"}}]}, [R]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "data", "asked"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
async def test_provided_fields_come_with_the_entity(query: str, data: Any, asked: list[str]) -> None:
    """What is provided is taken where it is provided, everything else from its owner."""
    reply = await FEDERATION.run(query)
    assert (data, [], asked) == (reply.data, reply.errors, reply.asked)
