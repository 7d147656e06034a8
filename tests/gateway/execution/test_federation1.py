"""Subgraphs of Federation 1: `extend type`, `@extends` and `@external` keys."""

from typing import Any

import pytest

from tests.support.composed import Federation
from tests.support.memory_subgraphs import MemorySubgraph

USERS = MemorySubgraph(
    "users",
    """
    type Query { me: User }
    type User @key(fields: "id") { id: ID! name: String }
    """,
    {"User": [{"id": "1", "name": "Ann"}]},
    {"Query.me": {"id": "1", "name": "Ann"}},
)
REVIEWS = MemorySubgraph(
    "reviews",
    """
    extend type Query { reviews: [Review] }
    type Review @key(fields: "id") { id: ID! body: String author: User @provides(fields: "name") }
    extend type User @key(fields: "id") { id: ID! @external name: String @external reviews: [Review]
      greeting: String @requires(fields: "name") }
    """,
    {"User": [{"id": "1", "reviews": [{"id": "7", "body": "B"}]}], "Review": [{"id": "7", "body": "B"}]},
    {
        "Query.reviews": [{"id": "7", "body": "B", "author": {"id": "1", "name": "Ann"}}],
        "User.greeting": lambda source: f"Hello {source['name']}",
    },
)
SCORES = MemorySubgraph(
    "scores",
    """
    type Review @key(fields: "id") @extends { id: ID! @external score: Int }
    extend type Query { best: Review }
    """,
    {"Review": [{"id": "7", "score": 4}]},
    {"Query.best": {"id": "7", "score": 4}},
)
FEDERATION = Federation("federation1", USERS, REVIEWS, SCORES)

CASES: list[tuple[str, str, Any, list[str]]] = [
    ("an extended type", "{ me { name reviews { body } } }",
     {"me": {"name": "Ann", "reviews": [{"body": "B"}]}}, ["users", "reviews"]),
    ("back from the extension", "{ best { body } }", {"best": {"body": "B"}}, ["scores", "reviews"]),
    ("two extensions", "{ me { reviews { score } } }", {"me": {"reviews": [{"score": 4}]}},
     ["users", "reviews", "scores"]),
    ("a provided field", "{ reviews { author { name } } }", {"reviews": [{"author": {"name": "Ann"}}]}, ["reviews"]),
    ("a required field", "{ me { greeting } }", {"me": {"greeting": "Hello Ann"}}, ["users", "reviews"]),
    ("an extended root", "{ me { id } reviews { id } best { id } }",
     {"me": {"id": "1"}, "reviews": [{"id": "7"}], "best": {"id": "7"}}, ["users", "reviews", "scores"]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "data", "asked"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
async def test_subgraphs_of_federation_1_work(query: str, data: Any, asked: list[str]) -> None:
    """Extensions answer like any entity."""
    reply = await FEDERATION.run(query)
    assert (data, []) == (reply.data, reply.errors)
    assert sorted(asked) == sorted(reply.asked)
