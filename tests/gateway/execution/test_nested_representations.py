"""Objects inside representations: names of the field set, and the type of what is abstract or an entity."""

from typing import Any

import pytest

from tests.support.composed import Federation, federation2
from tests.support.memory_subgraphs import MemorySubgraph

OWNER = {"id": "o", "n": 4}
ROW = {
    "id": "1",
    "owner": OWNER,
    "owners": [OWNER, None],
    "grid": [[{"id": "g"}], None],
    "value": {"x": 2, "o": {"id": "vo"}},
    "named": {"__typename": "P", "id": "p", "o": {"id": "po"}},
    "any": {"__typename": "Value", "x": 3, "o": {"id": "uo"}},
    "deep": {"o": {"id": "do"}},
    "node": {"id": "nn"},
}
FIELDS = ["typed", "plain", "list", "valued", "interface", "union", "nested_lists", "value_type", "both", "noded"]
REPRESENTED = Federation(
    "nested_representations",
    MemorySubgraph(
        "a",
        federation2("""
        type Query { thing: Thing }
        type Thing @key(fields: "id") {
          id: ID! owner: Owner owners: [Owner] grid: [[Owner!]] value: Value named: Named any: Any deep: Deep
        }
        type Owner @key(fields: "id") { id: ID! n: Int }
        type Value { o: Owner x: Int }
        interface Named { id: ID! }
        type P implements Named @key(fields: "id") { id: ID! o: Owner }
        union Any = P | Value
        type Deep @key(fields: "o { id }") { o: Owner! }
        """),
        {"Thing": [ROW]},
        {"Query.thing": ROW},
    ),
    MemorySubgraph(
        "b",
        federation2("""
        type Thing @key(fields: "id") {
          id: ID! owner: Owner @external owners: [Owner] @external grid: [[Owner!]] @external value: Value @external
          named: Named @external any: Any @external node: Node @external
          typed: String @requires(fields: "owner { __typename id n }")
          plain: String @requires(fields: "owner { id }")
          list: String @requires(fields: "owners { n }")
          valued: String @requires(fields: "value { x o { id } }")
          interface: String @requires(fields: "named { id ... on P { o { id } } }")
          union: String @requires(fields: "any { ... on Value { o { id } } ... on P { id } }")
          nested_lists: String @requires(fields: "grid { id }")
          value_type: String @requires(fields: "value { __typename x }")
          both: String @requires(fields: "owner { ... on Owner { n } } owners { id }")
          noded: String @requires(fields: "node { id }")
        }
        type Owner @key(fields: "id") { id: ID! n: Int @external }
        type Value { o: Owner @external x: Int @external }
        interface Named { id: ID! }
        type P implements Named @key(fields: "id") { id: ID! o: Owner @external }
        union Any = P | Value
        type Deep @key(fields: "o { id }") { o: Owner! d: Int }
        interface Node @key(fields: "id") { id: ID! }
        type Leaf implements Node @key(fields: "id") { id: ID! }
        """),
        {"Deep": [{"o": {"id": "do"}, "d": 1}], "Leaf": [{"id": "nn"}]},
        {
            "Thing.__resolve": lambda _: {"__typename": "Thing", **dict.fromkeys(FIELDS, "x")},
            "Node.__resolve": lambda one: {"__typename": "Leaf", "id": one["id"]},
        },
    ),
    MemorySubgraph(
        "c",
        federation2("""
        type Thing @key(fields: "id") { id: ID! node: Node }
        type Node @key(fields: "id") @interfaceObject { id: ID! }
        """),
        {"Thing": [ROW]},
    ),
)
OWN, OTHER = {"__typename": "Owner", "id": "o"}, {"__typename": "Owner", "id": "po"}


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("typed", {"owner": {**OWN, "n": 4}}),
        ("plain", {"owner": OWN}),
        ("list", {"owners": [{"__typename": "Owner", "n": 4}, None]}),
        ("valued", {"value": {"x": 2, "o": {"__typename": "Owner", "id": "vo"}}}),
        ("interface", {"named": {"__typename": "P", "id": "p", "o": OTHER}}),
        ("union", {"any": {"__typename": "Value", "o": {"__typename": "Owner", "id": "uo"}}}),
        ("nested_lists", {"grid": [[{"__typename": "Owner", "id": "g"}], None]}),
        ("value_type", {"value": {"__typename": "Value", "x": 2}}),
        ("both", {"owner": {"__typename": "Owner", "n": 4}, "owners": [OWN, None]}),
        ("noded", {"node": {"__typename": "Leaf", "id": "nn"}}),
    ],
)
@pytest.mark.parametrize("beside", ["", " owner { id: n } named { id: __typename } value { x: o { id } } "])
async def test_what_a_requirement_sends(field: str, given: dict[str, Any], beside: str) -> None:
    """Whatever keys the client gives to other fields, the required ones have their own names."""
    reply = await REPRESENTED.run(f"{{ thing {{ {field} {beside} }} }}")
    assert (reply.data["thing"][field], reply.errors) == ("x", [])
    sent = [one.representations for one in reply.transport.sent if f"{{{field}}}" in one.query]
    assert sent == [[{"__typename": "Thing", "id": "1", **given}]]


@pytest.mark.parametrize("beside", ["", " o { id: n } "])
async def test_what_a_key_of_objects_sends(beside: str) -> None:
    """An entity inside a key has its type too."""
    reply = await REPRESENTED.run(f"{{ thing {{ deep {{ {beside} d }} }} }}")
    assert (reply.data["thing"]["deep"]["d"], reply.errors) == (1, [])
    assert reply.transport.sent[-1].representations == [
        {"__typename": "Deep", "o": {"__typename": "Owner", "id": "do"}}
    ]
