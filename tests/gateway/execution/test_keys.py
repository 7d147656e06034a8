"""Entities are found again in other subgraphs by every kind of key, over as many subgraphs as it takes."""

from typing import Any

import pytest

from gateway.executor.ports import SubgraphUnavailable
from tests.support.composed import Federation, federation2
from tests.support.memory_subgraphs import MemorySubgraph

ORG = {"id": "o1", "code": "x"}
CATALOG = MemorySubgraph(
    "catalog",
    federation2("""
    type Query { products: [Product!]! product: Product order: Order site: Site bundle: Bundle crate: Crate }
    type Product @key(fields: "id") @key(fields: "sku") { id: ID! sku: String! name: String }
    type Order @key(fields: "number region") { number: Int! region: String! }
    type Site @key(fields: "org { id code }") { org: Org! }
    type Org @shareable { id: ID! code: String! }
    type Bundle @key(fields: "tags") { tags: [String!]! }
    type Crate @key(fields: "items { id }") { items: [Item!]! }
    type Item @shareable { id: ID! }
    """),
    {"Product": [{"id": "1", "sku": "a", "name": "Table"}, {"id": "2", "sku": "b", "name": "Chair"}]},
    {
        "Query.products": [{"id": "1", "sku": "a", "name": "Table"}, {"id": "2", "sku": "b", "name": "Chair"}],
        "Query.product": {"id": "1", "sku": "a", "name": "Table"},
        "Query.order": {"number": 7, "region": "EU"},
        "Query.site": {"org": ORG},
        "Query.bundle": {"tags": ["x", "y"]},
        "Query.crate": {"items": [{"id": "1"}, {"id": "2"}]},
    },
)
STOCK = MemorySubgraph(
    "stock",
    federation2("""
    type Query { shelf: [Product!]! }
    type Product @key(fields: "sku") { sku: String! count: Int! }
    type Order @key(fields: "number region") { number: Int! region: String! total: Float }
    type Site @key(fields: "org { id code }") { org: Org! visits: Int }
    type Org @shareable { id: ID! code: String! }
    type Bundle @key(fields: "tags") { tags: [String!]! size: Int }
    type Crate @key(fields: "items { id }") { items: [Item!]! weight: Int }
    type Item @shareable { id: ID! }
    """),
    {
        "Product": [{"sku": "a", "count": 3}, {"sku": "b", "count": 0}],
        "Order": [{"number": 7, "region": "US", "total": 1.5}, {"number": 7, "region": "EU", "total": 2.5}],
        "Site": [{"org": ORG, "visits": 9}],
        "Bundle": [{"tags": ["x", "y"], "size": 2}],
        "Crate": [{"items": [{"id": "1"}, {"id": "2"}], "weight": 5}],
    },
    {"Query.shelf": [{"sku": "b", "count": 0}, {"sku": "a", "count": 3}]},
)
PRICES = MemorySubgraph(
    "prices",
    federation2("""
    type Query { cart: [Line!]! }
    type Line { product: Product! amount: Int! }
    type Product @key(fields: "id", resolvable: false) { id: ID! }
    """),
    {},
    {"Query.cart": [{"product": {"id": "2"}, "amount": 4}, {"product": {"id": "1"}, "amount": 1}]},
)
FEDERATION = Federation("keys", CATALOG, STOCK, PRICES)

# (name, query, data, subgraphs asked)
CASES: list[tuple[str, str, Any, list[str]]] = [
    ("one key", "{ product { name count } }", {"product": {"name": "Table", "count": 3}}, ["catalog", "stock"]),
    ("one key, a list", "{ products { id count } }",
     {"products": [{"id": "1", "count": 3}, {"id": "2", "count": 0}]}, ["catalog", "stock"]),
    ("nothing from elsewhere", "{ product { name sku } }", {"product": {"name": "Table", "sku": "a"}}, ["catalog"]),
    ("the key alone", "{ shelf { sku } }", {"shelf": [{"sku": "b"}, {"sku": "a"}]}, ["stock"]),
    ("another of several keys", "{ shelf { id count } }",
     {"shelf": [{"id": "2", "count": 0}, {"id": "1", "count": 3}]}, ["stock", "catalog"]),
    ("a compound key", "{ order { total } }", {"order": {"total": 2.5}}, ["catalog", "stock"]),
    ("a compound key that the client asks for too", "{ order { region number total } }",
     {"order": {"region": "EU", "number": 7, "total": 2.5}}, ["catalog", "stock"]),
    ("a nested key", "{ site { visits } }", {"site": {"visits": 9}}, ["catalog", "stock"]),
    ("a nested key, part of it asked for", "{ site { org { code } visits } }",
     {"site": {"org": {"code": "x"}, "visits": 9}}, ["catalog", "stock"]),
    ("a nested key under an alias", "{ site { o: org { c: code } visits } }",
     {"site": {"o": {"c": "x"}, "visits": 9}}, ["catalog", "stock"]),
    ("a list as key", "{ bundle { size } }", {"bundle": {"size": 2}}, ["catalog", "stock"]),
    ("a list of objects as key", "{ crate { weight } }", {"crate": {"weight": 5}}, ["catalog", "stock"]),
    ("a stub that cannot be resolved leads on", "{ cart { amount product { name } } }",
     {"cart": [{"amount": 4, "product": {"name": "Chair"}}, {"amount": 1, "product": {"name": "Table"}}]},
     ["prices", "catalog"]),
    ("two hops", "{ cart { product { count } } }",
     {"cart": [{"product": {"count": 0}}, {"product": {"count": 3}}]}, ["prices", "catalog", "stock"]),
    ("two hops with something on the way", "{ cart { product { id name count } } }",
     {"cart": [{"product": {"id": "2", "name": "Chair", "count": 0}},
               {"product": {"id": "1", "name": "Table", "count": 3}}]}, ["prices", "catalog", "stock"]),
    ("two roots at once", "{ order { total } site { visits } }",
     {"order": {"total": 2.5}, "site": {"visits": 9}}, ["catalog", "stock"]),
    ("aliases of one entity", "{ a: product { count } b: product { n: name c: count } }",
     {"a": {"count": 3}, "b": {"n": "Table", "c": 3}}, ["catalog", "stock"]),
    ("a key's field under an alias", "{ product { number: sku sku: name count } }",
     {"product": {"number": "a", "sku": "Table", "count": 3}}, ["catalog", "stock"]),
    ("the type's name beside the key", "{ product { __typename t: __typename count } }",
     {"product": {"__typename": "Product", "t": "Product", "count": 3}}, ["catalog", "stock"]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "data", "asked"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
async def test_entities_are_found_by_their_keys(query: str, data: Any, asked: list[str]) -> None:
    """The answer is complete, without errors, and only the subgraphs that are needed are asked."""
    reply = await FEDERATION.run(query)
    assert (data, [], asked) == (reply.data, reply.errors, reply.asked)


@pytest.mark.parametrize(("down", "expected"), [("catalog", 1), ("stock", 2)])
async def test_a_hop_that_fails_costs_what_lies_behind_it(down: str, expected: int) -> None:
    """Whichever subgraph of the way is lost, each line of the cart is there without its product."""
    reply = await FEDERATION.run(
        "{ cart { amount p: product { count } } }", **{down: SubgraphUnavailable(down, "gone")}
    )
    assert reply.data is None
    assert {"SUBGRAPH_UNAVAILABLE"} == {code for _, code in reply.errors}
    assert expected == len(reply.asked) - 1


async def test_a_compound_key_is_sent_whole() -> None:
    """Both fields of the key, with their types, and nothing else."""
    reply = await FEDERATION.run("{ order { total } }")
    assert reply.transport.sent[1].representations == [{"__typename": "Order", "number": 7, "region": "EU"}]


async def test_a_nested_key_is_sent_nested() -> None:
    """The object of the key keeps its form, without type names."""
    reply = await FEDERATION.run("{ site { visits } }")
    assert reply.transport.sent[1].representations == [{"__typename": "Site", "org": {"id": "o1", "code": "x"}}]
