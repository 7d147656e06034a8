"""A fetch goes out only where something in it is asked, with what it requires; numbers and mutations beside it."""

from itertools import product
from typing import Any

import orjson
import pytest

from gateway.executor.answer import InvalidVariables
from gateway.executor.ports import SubgraphUnavailable
from gateway.pipeline import Prepared
from gateway.plan import render
from tests.support.composed import Federation, federation2
from tests.support.memory_subgraphs import MemorySubgraph, refuse

ROWS = [{"id": "1", "price": 3}, {"id": "2", "price": refuse("no")}]
ONE, TWO = {"__typename": "P", "id": "1", "price": 3}, {"__typename": "P", "id": "2", "price": None}
LOG: list[str] = []
ECHO = {"data": {"scaled": 1.5, "many": 1}}


def effect(name: str, value: Any) -> Any:
    """Return a resolver that notes its turn."""
    return lambda _source, **given: LOG.append(f"{name}{given.get('n', '')}") or value


SHOP = Federation(
    "conditions",
    MemorySubgraph(
        "a",
        federation2("""
        type Query { one: P two: P all: [P] scaled(by: Float!): Float many(by: [By!]): Int }
        input By { by: Float }
        type Mutation { add(n: Int): Int! made: P }
        type P @key(fields: "id") { id: ID! price: Int f: Float fs: [Float] }
        """),
        {},
        {
            "Query.one": ROWS[0],
            "Query.two": {"id": "1"},
            "Query.all": ROWS,
            "Query.scaled": lambda _source, by: by,
            "Query.many": lambda _source, by: len(by),
            "Mutation.add": effect("a", 0),
            "Mutation.made": effect("made", {"id": "1"}),
        },
    ),
    MemorySubgraph(
        "b",
        federation2("""
        type Mutation { other: Int }
        type P @key(fields: "id") {
          id: ID! x: Int y: Int price: Int @external stock: Int @external count: Int! @external
          cost: Int @requires(fields: "price")
          soft: Int @requires(fields: "stock") must: Int! @requires(fields: "stock")
          counted: Int @requires(fields: "count")
        }
        """),
        {
            "P": [
                {"id": "1", "x": 1, "y": 2, "cost": 4, "soft": 5, "must": 6, "counted": 7},
                {"id": "2", "x": 8, "cost": 99},
            ]
        },
        {"Mutation.other": effect("b", 9)},
    ),
    MemorySubgraph("c", federation2('type P @key(fields: "id") { id: ID! stock: Int count: Int! }'), {"P": []}),
)


@pytest.mark.parametrize(
    ("selected", "wanted"),
    [
        ("one { id x @include(if: $a) y @include(if: $b) }", lambda a, b: a or b),
        ("one { id x @include(if: $a) y @skip(if: $b) }", lambda a, b: a or not b),
        ("one { id x @include(if: $a) y @skip(if: $a) z: x @include(if: $b) }", lambda a, b: True),
        ("one { id x @include(if: $a) y z: x @include(if: $b) }", lambda a, b: True),
        ("one { id ... @include(if: $a) { x @include(if: $b) } y @include(if: $b) }", lambda a, b: b),
        ("one { id ... @include(if: $a) { x @include(if: $b) cost @skip(if: $b) } }", lambda a, b: a),
        ("one { id x @include(if: $a) } all { y @include(if: $b) }", lambda a, b: a or b),
        ("one { id cost @include(if: $a) x @include(if: $b) }", lambda a, b: a or b),
        ("all { id ...F @include(if: $a) ...F @include(if: $b) } } fragment F on P { x", lambda a, b: a or b),
    ],
)
@pytest.mark.parametrize(("a", "b"), list(product((True, False), repeat=2)))
async def test_a_fetch_of_which_nothing_is_asked_is_not_sent(selected: str, wanted: Any, a: bool, b: bool) -> None:
    """Fields of one subgraph under several conditions: it is asked where one of them holds."""
    reply = await SHOP.run(f"query ($a: Boolean!, $b: Boolean!) {{ id: __typename {selected} }}", {"a": a, "b": b})
    assert ("b" in reply.asked) == bool(wanted(a, b))
    assert [error for error in reply.errors if "cost" not in error[0]] == []


async def test_root_fields_that_are_all_skipped_ask_nobody() -> None:
    """Neither for a query nor for a mutation."""
    for kind, fields in (("query", ("one", "two")), ("mutation", ("made", "m: made"))):
        selected = f"{fields[0]} @include(if: $a) {{ id }} {fields[1]} @skip(if: $b) {{ id }}"
        reply = await SHOP.run(f"{kind} ($a: Boolean!, $b: Boolean!) {{ {selected} }}", {"a": False, "b": True})
        assert (reply.data, reply.errors, reply.asked) == ({}, [], [])


def test_the_plan_says_when() -> None:
    """Opposite conditions are none."""
    query = "query ($a: Boolean!, $b: Boolean!) { one { x @include(if: $a) y @skip(if: $b) } }"
    prepared = SHOP.pipeline.prepare(query)
    assert isinstance(prepared, Prepared)
    assert "AnyOf($a or not $b) {" in render(prepared.plan)
    prepared = SHOP.pipeline.prepare(query.replace("$b)", "$a)").replace(", $b: Boolean!", ""))
    assert isinstance(prepared, Prepared)
    assert "AnyOf" not in render(prepared.plan)


@pytest.mark.parametrize(
    ("query", "data", "errors", "asked"),
    [
        ("{ all { cost } }", [{"cost": 4}, {"cost": None}], ["all.1.cost"], [ONE]),
        ("{ all { x cost } }", [{"x": 1, "cost": 4}, {"x": 8, "cost": None}], ["all.1.cost"], [ONE, TWO]),
        ("{ all { x c: cost d: cost } }", [{"x": 1, "c": 4, "d": 4}, {"x": 8, "c": None, "d": None}],
         ["all.1.c", "all.1.d"], [ONE, TWO]),
        ("{ all { price x cost } }", [{"price": 3, "x": 1, "cost": 4}, {"price": None, "x": 8, "cost": None}],
         ["all.1.cost", "all.1.price"], [ONE, TWO]),
    ],
)  # fmt: skip
async def test_what_requires_a_field_that_failed_has_failed(
    query: str, data: Any, errors: list[str], asked: list[Any]
) -> None:
    """Nobody computes with a value that could not be had, and nothing else is lost with it."""
    reply = await SHOP.run(query)
    assert reply.data == {"all": data}
    assert sorted(reply.errors) == [(path, "SUBGRAPH_ERROR") for path in errors]
    assert reply.transport.sent[-1].representations == asked


@pytest.mark.parametrize(
    ("query", "data", "sent"),
    [
        ("{ one { x soft } }", {"x": 1, "soft": 5}, {"stock": None}),
        ("{ one { must } }", {"must": 6}, {"stock": None}),
        ("{ one { counted } }", {"counted": 7}, {"count": None}),
    ],
)
async def test_what_an_unknown_entity_would_have_said_is_null(query: str, data: Any, sent: dict[str, None]) -> None:
    """The subgraph of a required field does not know the entity, and says no error: a null, which is sent."""
    reply = await SHOP.run(query)
    assert (reply.data, reply.errors) == ({"one": data}, [])
    assert reply.transport.sent[-1].representations == [{"__typename": "P", "id": "1", **sent}]


async def test_a_subgraph_that_is_gone_costs_what_requires_its_fields() -> None:
    """And nothing of the one that is there."""
    reply = await SHOP.run("{ one { x soft } }", c=SubgraphUnavailable("c", "gone"))
    assert reply.data == {"one": {"x": 1, "soft": None}}
    assert reply.errors == [("one.soft", "SUBGRAPH_UNAVAILABLE")]


async def test_a_required_null_is_a_value() -> None:
    """It is sent; only what could not be had is not."""
    answer = {"data": {"one": {"id": "1", "price": None}}}
    reply = await SHOP.run("{ one { cost } }", a=answer)
    assert reply.transport.sent[-1].representations == [{"__typename": "P", "id": "1", "price": None}]
    assert reply.data == {"one": {"cost": 4}}


@pytest.mark.parametrize("number", [1, 2**53 + 1, -(2**63) + 1, 2**64 - 1, 10**23])
async def test_a_float_may_be_a_whole_number_of_any_size(number: int) -> None:
    """In an answer, a literal and a variable."""
    read = orjson.loads(str(number))
    reply = await SHOP.run("{ one { f fs } }", a=b'{"data":{"one":{"f":%d,"fs":[%d,null]}}}' % (number, number))
    assert (reply.data, reply.errors) == ({"one": {"f": read, "fs": [read, None]}}, [])
    reply = await SHOP.run(f"{{ scaled(by: {number}) many(by: [{{by: {number}}}]) }}")
    assert (reply.data, reply.errors) == ({"scaled": float(number), "many": 1}, [])
    variables = {"by": read, "many": [{"by": read}]}
    reply = await SHOP.run("query ($by: Float!, $many: [By!]) { scaled(by: $by) many(by: $many) }", variables, a=ECHO)
    assert (reply.transport.sent[0].variables, reply.errors) == (variables, [])


async def test_a_whole_number_is_no_int_for_being_large() -> None:
    """What is taken for a Float is still refused for an Int, with the number that was given."""
    with pytest.raises(InvalidVariables, match="32-bit signed integer value: 9007199254740993"):
        await SHOP.run("mutation ($n: Int) { add(n: $n) }", {"n": 2**53 + 1})


async def test_mutations_run_one_after_the_other() -> None:
    """In the order written, also where what follows one of them comes from another subgraph."""
    LOG.clear()
    reply = await SHOP.run("mutation { a: add(n: 1) other made { x } b: add(n: 2) m: made { id x } c: add(n: 3) }")
    assert reply.errors == []
    assert LOG == ["a1", "b", "made", "a2", "made", "a3"]
    assert list(reply.data) == ["a", "other", "made", "b", "m", "c"]
