"""Abstract types of which clients know no object type: fields of them are null, or what an interface object says."""

from typing import Any

import pytest

from gateway.executor.ports import Forwarded
from gateway.pipeline import Prepared
from tests.gateway.differential.deferring import put_together
from tests.support.composed import Federation, federation2
from tests.support.memory_subgraphs import MemorySubgraph, MemoryTransport

OBJECT = {"id": "1", "field": "f", "kid": {"id": "2", "field": "k"}}
BARE = Federation(
    "types_without_objects",
    MemorySubgraph(
        "a",
        federation2("""
        type Query { none: Bare hidden: Hidden many: [Hidden] choice: Choice choices: [Choice!] x: Int node: Node }
        interface Bare { id: ID! }
        interface Hidden { id: ID }
        type Secret implements Hidden @inaccessible { id: ID }
        union Choice = Secret
        interface Node @key(fields: "id") { id: ID! }
        """),
        {},
        {
            "Query.x": 1,
            "Query.none": None,
            "Query.hidden": {"__typename": "Secret", "id": "1"},
            "Query.many": [{"__typename": "Secret", "id": "1"}, None],
            "Query.choice": {"__typename": "Secret", "id": "1"},
            "Query.choices": [{"__typename": "Secret", "id": "1"}],
        },
    ),
    MemorySubgraph(
        "b",
        federation2("""
        type Query { y: Int b: Node bs: [Node] }
        type Node @key(fields: "id") @interfaceObject { id: ID! field: String kid: Node }
        """),
        {},
        {"Query.y": 2, "Query.b": OBJECT, "Query.bs": [OBJECT, None]},
    ),
    MemorySubgraph(
        "c",
        federation2('type Node @key(fields: "id") @interfaceObject { id: ID! more: String }'),
        {"Node": [{"id": "1", "more": "m"}, {"id": "2", "more": "n"}]},
    ),
)


@pytest.mark.parametrize(
    "selected", ["id", "__typename", "... on Bare { id }", "i: id t: __typename", "id @skip(if: true)"]
)
async def test_a_null_of_such_a_type_costs_nothing_else(selected: str) -> None:
    """The rest of the operation is answered, also by other subgraphs."""
    reply = await BARE.run(f"{{ none {{ {selected} }} x y }}")
    assert (reply.data, reply.errors) == ({"none": None, "x": 1, "y": 2}, [])


async def test_an_object_of_a_type_that_nobody_knows_is_an_error_at_its_field() -> None:
    """Its subgraph says that there is none."""
    answer = {"data": {"none": {"__typename": "New", "id": "1"}, "x": 1}}
    reply = await BARE.run("{ none { id } x y }", a=answer)
    assert (reply.data, reply.errors) == ({"none": None, "x": 1, "y": 2}, [("none", "SUBGRAPH_INVALID_VALUE")])


@pytest.mark.parametrize(
    ("query", "data", "errors"),
    [
        ("{ hidden { id } x }", {"hidden": None, "x": 1}, ["hidden"]),
        ("{ many { id } x }", {"many": [None, None], "x": 1}, ["many.0"]),
        ("{ choice { __typename } x }", {"choice": None, "x": 1}, ["choice"]),
        ("{ choices { t: __typename } x }", {"choices": None, "x": 1}, ["choices.0"]),
        ("{ x ...F } fragment F on Query { hidden { ...G } } fragment G on Hidden { id }",
         {"x": 1, "hidden": None}, ["hidden"]),
    ],
)  # fmt: skip
async def test_objects_of_inaccessible_types_stay_hidden(query: str, data: Any, errors: list[str]) -> None:
    """Where all types of an interface or union are inaccessible, its objects are nulls with errors."""
    reply = await BARE.run(query)
    assert (reply.data, reply.errors) == (data, [(path, "SUBGRAPH_INVALID_VALUE") for path in errors])


async def test_introspection_tells_that_there_are_no_types() -> None:
    """The lists of possible types are empty, not null."""
    reply = await BARE.run('{ a: __type(name: "Bare") { kind possibleTypes { name } } b: __type(name: "Choice") '
                           "{ kind possibleTypes { name } } x }")  # fmt: skip
    assert reply.data["a"] == {"kind": "INTERFACE", "possibleTypes": []}
    assert reply.data["b"] == {"kind": "UNION", "possibleTypes": []}


@pytest.mark.parametrize(
    ("query", "data", "asked"),
    [
        ("{ b { id field } }", {"b": {"id": "1", "field": "f"}}, ["b"]),
        ("{ bs { field } x }", {"bs": [{"field": "f"}, None], "x": 1}, ["a", "b"]),
        ("{ b { ... on Node { f: field } kid { id field } } }",
         {"b": {"f": "f", "kid": {"id": "2", "field": "k"}}}, ["b"]),
        ("{ b { more kid { more } } }", {"b": {"more": "m", "kid": {"more": "n"}}}, ["b", "c"]),
        ("{ node { field more } }", {"node": None}, ["a"]),
    ],
)  # fmt: skip
async def test_interface_objects_stand_for_types_that_nobody_has(query: str, data: Any, asked: list[str]) -> None:
    """Fields of interface objects are answered though no object type of the interface is known."""
    reply = await BARE.run(query)
    assert (reply.data, reply.errors, sorted(reply.asked)) == (data, [], asked)


async def test_what_such_an_object_really_is_nobody_can_tell() -> None:
    """Its type is an error at the object, and the operation goes on."""
    reply = await BARE.run("{ b { __typename field } bs { field } x }")
    assert reply.data == {"b": None, "bs": [{"field": "f"}, None], "x": 1}
    assert reply.errors == [("b", "SUBGRAPH_INVALID_VALUE")]


async def test_deferred_parts_of_such_types() -> None:
    """The shape that comes in parts is made of the same types."""
    prepared = BARE.pipeline.prepare("{ x ... @defer { none { id } b { field } hidden { id } } }")
    assert isinstance(prepared, Prepared), prepared
    transport = MemoryTransport.of(*BARE.subgraphs)
    whole = await put_together(await prepared.execute_incrementally({}, transport, Forwarded()))
    assert whole.first == {"x": 1}
    assert whole.whole == {"x": 1, "none": None, "b": {"field": "f"}, "hidden": None}
