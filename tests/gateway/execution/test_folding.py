"""One entity at many places: fetched once, the same everywhere, and its errors told everywhere."""

from typing import Any

import pytest

from gateway.executor.ports import Forwarded, SubgraphUnavailable
from gateway.plan import Node, Parallel, Sequence
from tests.support.plans import entities, fetch, prepare, run, told
from tests.support.scripted_transport import ScriptedTransport

SCHEMA = """
scalar JSON
type Query { reviews: [Review!]! lists: [[Review]] }
type Review { id: ID! product: Product other: Product note: String }
type Product { upc: ID! name: String must: String! maker: Maker tags: [String] meta: JSON }
type Maker { id: ID! city: String }
"""


def reviews(*upcs: Any, **more: Any) -> dict[str, Any]:
    """Return reviews of products as a subgraph answers them."""
    return {"reviews": [{"product": None if upc is None else {"upc": upc, **more}} for upc in upcs]}


NAMES = "... on Product { name }"


def plan(*nodes: Node) -> Node:
    """Return a plan that starts with the reviews."""
    return Sequence((fetch("a", "{ reviews { product { upc } } }"), *nodes))


def products(subgraph: str, selection: str = NAMES, at: str = "reviews.@.product", *keys: str) -> Node:
    """Return an entity fetch for products."""
    return entities(subgraph, at, selection, *(keys or ("upc",)), on="", typename="Product")


async def answered(node: Node, query: str, **answers: Any) -> Any:
    """Return the answer and what was sent."""
    transport = ScriptedTransport(answers)
    return await run(SCHEMA, node, query, transport), transport


async def test_an_entity_is_the_same_at_all_places() -> None:
    """Three of five places hold one product: two representations, and each place has its name."""
    answer, transport = await answered(
        plan(products("b")),
        "{ reviews { product { upc name } } }",
        a={"data": reviews("1", "2", "1", None, "1")},
        b={"data": {"_entities": [{"name": "A"}, {"name": "B"}]}},
    )
    assert [one["upc"] for one in transport.representations(1)] == ["1", "2"]
    one, two = {"upc": "1", "name": "A"}, {"upc": "2", "name": "B"}
    assert answer.data == {"reviews": [{"product": each} for each in (one, two, one, None, one)]}


async def test_a_later_fetch_sees_each_entity_once() -> None:
    """What a first fetch brought is required by the second, once for each entity, and what lies below too."""
    answer, transport = await answered(
        plan(
            products("b", "... on Product { name maker { id } }"),
            Parallel(
                (
                    products("c", "... on Product { must }", "reviews.@.product", "upc", "name"),
                    entities("d", "reviews.@.product.maker", "... on Maker { city }", on="", typename="Maker"),
                )
            ),
        ),
        "{ reviews { product { must maker { city } } } }",
        a={"data": reviews("1", "2", "1")},
        b={"data": {"_entities": [{"name": "A", "maker": {"id": "m"}}, {"name": "B", "maker": {"id": "m"}}]}},
        c={"data": {"_entities": [{"must": "x"}, {"must": "y"}]}},
        d={"data": {"_entities": [{"city": "C"}]}},
    )
    assert [{key: one[key] for key in ("upc", "name")} for one in transport.representations(2)] == [
        {"upc": "1", "name": "A"},
        {"upc": "2", "name": "B"},
    ]
    assert len(transport.representations(3)) == 1
    maker = {"city": "C"}
    assert answer.data == {"reviews": [{"product": {"must": one, "maker": maker}} for one in "xyx"]}


@pytest.mark.parametrize("outcome", [SubgraphUnavailable("b", ""), b"<html>"])
async def test_an_outage_is_told_at_every_place(outcome: Any) -> None:
    """A shared entity that is lost is lost at each of its places."""
    answer, _ = await answered(
        plan(products("b")), "{ reviews { product { upc name } } }", a={"data": reviews("1", "1")}, b=outcome
    )
    assert (told(answer)) == [
        ("reviews.0.product.name", "SUBGRAPH_UNAVAILABLE"),
        ("reviews.1.product.name", "SUBGRAPH_UNAVAILABLE"),
    ]


async def test_an_entity_s_error_is_told_at_every_place() -> None:
    """So is an error of one of its fields, and null bubbles at each place."""
    answer, _ = await answered(
        plan(products("b", "... on Product { must name }")),
        "{ reviews { product { must name } } }",
        a={"data": reviews("1", "2", "1")},
        b={
            "data": {"_entities": [None, {"must": "x", "name": "B"}]},
            "errors": [{"message": "no", "path": ["_entities", 0, "must"]}],
        },
    )
    assert answer.data == {"reviews": [{"product": None}, {"product": {"must": "x", "name": "B"}}, {"product": None}]}
    assert [path for path, _ in told(answer)] == ["reviews.0.product.must", "reviews.2.product.must"]


async def test_a_warning_is_told_at_every_place() -> None:
    """An error that cost no value too."""
    answer, _ = await answered(
        plan(products("b")),
        "{ reviews { product { name } } }",
        a={"data": reviews("1", "1")},
        b={
            "data": {"_entities": [{"name": "A"}]},
            "errors": [{"message": "old", "path": ["_entities", 0, "name"]}],
        },
    )
    assert [path for path, _ in told(answer)] == ["reviews.0.product.name", "reviews.1.product.name"]


async def test_entities_that_differ_stay_apart() -> None:
    """Objects of one key that one subgraph answered differently keep their own values."""
    data = {"reviews": [{"product": {"upc": "1", "tags": ["x"]}}, {"product": {"upc": "1", "tags": ["y"]}}]}
    answer, transport = await answered(
        plan(products("b")),
        "{ reviews { product { tags name } } }",
        a={"data": data},
        b={"data": {"_entities": [{"name": "A"}]}},
    )
    assert len(transport.representations(1)) == 1
    assert answer.data == {"reviews": [{"product": {"tags": [one], "name": "A"}} for one in "xy"]}


async def test_places_with_different_fetches_stay_apart() -> None:
    """The same entity under two fields, of which only one is completed further, is two objects."""
    node = Sequence(
        (
            fetch("a", "{ reviews { product { upc } other { upc } } }"),
            Parallel((products("b"), products("c", "... on Product { name: tags }", "reviews.@.other"))),
        )
    )
    answer, _ = await answered(
        node,
        "{ reviews { product { name } other { name: tags } } }",
        a={"data": {"reviews": [{"product": {"upc": "1"}, "other": {"upc": "1"}}]}},
        b={"data": {"_entities": [{"name": "A"}]}},
        c={"data": {"_entities": [{"name": ["t"]}]}},
    )
    assert answer.data == {"reviews": [{"product": {"name": "A"}, "other": {"name": ["t"]}}]}


async def test_a_second_request_starts_afresh() -> None:
    """Nothing of one answer is left for the next."""
    operation = prepare(SCHEMA, plan(products("b")), "{ reviews { product { name } } }")
    names: list[Any] = []
    for name in ("A", "B"):
        transport = ScriptedTransport(
            {"a": {"data": reviews("1", "1")}, "b": {"data": {"_entities": [{"name": name}]}}}
        )
        answer = await operation.execute(None, transport, Forwarded())
        names += [one["product"]["name"] for one in (answer.data or {})["reviews"]]
    assert names == ["A", "A", "B", "B"]


async def test_lists_of_lists_fold_too() -> None:
    """The path to the places may go through nested lists and nulls."""
    node = Sequence((fetch("a", "{ lists { product { upc } } }"), products("b", NAMES, "lists.@.@.product")))
    answer, _ = await answered(
        node,
        "{ lists { product { name } } }",
        a={"data": {"lists": [[{"product": {"upc": "1"}}, None], None, [{"product": {"upc": "1"}}]]}},
        b={"data": {"_entities": [{"name": "A"}]}},
    )
    assert answer.data == {"lists": [[{"product": {"name": "A"}}, None], None, [{"product": {"name": "A"}}]]}
