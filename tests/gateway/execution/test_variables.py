"""Variables: checked once against the API schema, then sent on as the client wrote them to those who use them."""

from typing import Any

import pytest

from gateway.executor.answer import InvalidVariables
from gateway.plan import Parallel, Sequence
from tests.support.plans import entities, fetch, run
from tests.support.scripted_transport import ScriptedTransport

SCHEMA = """
scalar JSON
scalar Date
enum Color { RED GREEN }
input Range { from: Int! to: Int = 9 inner: Range tags: [String!] color: Color }
type Query {
  int(v: Int): String must(v: Int!): String float(v: Float): String text(v: String): String flag(v: Boolean): String
  id(v: ID): String json(v: JSON): String color(v: Color): String range(v: Range): String ranges(v: [Range!]): String
  ints(v: [Int!]): String date(v: Date): String me: User
}
type User { id: ID! name(v: String): String }
"""

# (name, type, field, value)
FITTING: list[tuple[str, str, str, Any]] = [
    ("a whole number", "Int", "int", 3),
    ("a required number", "Int!", "must", 0),
    ("null", "Int", "int", None),
    ("an integral float for Int", "Int", "int", 3.0),
    ("a float", "Float", "float", 1.5),
    ("a whole number for Float", "Float", "float", 1),
    ("a string", "String", "text", 'a"\\é\u2028'),
    ("a boolean", "Boolean", "flag", False),
    ("an id", "ID!", "id", "7"),
    ("a numeric id", "ID!", "id", 7),
    ("an enum", "Color", "color", "RED"),
    ("an object of a custom scalar", "JSON", "json", {"a": [1, {"b": None}]}),
    ("a number of a custom scalar", "JSON!", "json", 1.25),
    ("a string of a custom scalar", "Date", "date", "2026-01-01"),
    ("an input object", "Range", "range", {"from": 1}),
    ("a nested input object", "Range", "range", {"from": 1, "inner": {"from": 2, "tags": ["a"], "color": "GREEN"}}),
    ("a list", "[Int!]", "ints", [1, 2]),
    ("one value for a list", "[Int!]", "ints", 1),
    ("a list of input objects", "[Range!]", "ranges", [{"from": 1}, {"from": 2, "to": None}]),
]
MISFITS: list[tuple[str, str, str, Any]] = [
    ("a string for Int", "Int", "int", "3"),
    ("a fraction for Int", "Int", "int", 1.5),
    ("too big a number", "Int", "int", 2147483648),
    ("true for Int", "Int", "int", True),
    ("null for a required value", "Int!", "must", None),
    ("a string for Float", "Float", "float", "x"),
    ("a number for String", "String", "text", 1),
    ("a string for Boolean", "Boolean!", "flag", "true"),
    ("a fraction for ID", "ID", "id", 1.5),
    ("an unknown enum value", "Color", "color", "BLUE"),
    ("a number for an enum", "Color", "color", 1),
    ("an input object without a required field", "Range", "range", {}),
    ("an input object with an unknown field", "Range", "range", {"from": 1, "more": 1}),
    ("a wrong value deep inside", "Range", "range", {"from": 1, "inner": {"from": "x"}}),
    ("null in a list", "[Int!]", "ints", [1, None]),
    ("a list for a string", "String", "text", ["x"]),
]


async def sent(query: str, names: tuple[str, ...], variables: dict[str, Any] | None) -> dict[str, Any]:
    """Return the variables that the subgraph got."""
    transport = ScriptedTransport({"a": {"data": {}}})
    await run(SCHEMA, fetch("a", query, *names), query, transport, variables)
    return transport.sent[0][1]["variables"]


@pytest.mark.parametrize(("type_", "field", "value"), [c[1:] for c in FITTING], ids=[c[0] for c in FITTING])
async def test_a_fitting_value_passes_as_it_is(type_: str, field: str, value: Any) -> None:
    """The subgraph gets the value that the client sent."""
    assert {"v": value} == await sent(f"query($v: {type_}) {{ {field}(v: $v) }}", ("v",), {"v": value})


@pytest.mark.parametrize(("type_", "field", "value"), [c[1:] for c in MISFITS], ids=[c[0] for c in MISFITS])
async def test_a_misfit_is_refused_before_any_fetch(type_: str, field: str, value: Any) -> None:
    """The error says which variable it is, has a code, and nobody was asked."""
    query = f"query($v: {type_}) {{ {field}(v: $v) }}"
    transport = ScriptedTransport({"a": {"data": {}}})
    with pytest.raises(InvalidVariables) as refused:
        await run(SCHEMA, fetch("a", query, "v"), query, transport, {"v": value})
    assert transport.asked == []
    assert {"BAD_USER_INPUT"} == {(error.extensions or {})["code"] for error in refused.value.errors}
    assert "$v" in refused.value.errors[0].message


async def test_a_required_variable_may_not_be_missing() -> None:
    """With no variables at all the error names the variable."""
    with pytest.raises(InvalidVariables, match=r"\$v"):
        await sent("query($v: Int!) { must(v: $v) }", ("v",), None)


async def test_all_misfits_are_told_at_once() -> None:
    """Two wrong variables are two errors."""
    with pytest.raises(InvalidVariables) as refused:
        await sent("query($v: Int, $w: String) { int(v: $v) text(v: $w) }", ("v", "w"), {"v": "x", "w": 1})
    assert len(refused.value.errors) == 2


DEFAULTS: list[tuple[str, str, str, Any]] = [
    ("a number", "Int = 5", "int", 5),
    ("a negative number", "Int = -5", "int", -5),
    ("a fraction", "Float = 1.5", "float", 1.5),
    ("a string", 'String = "x"', "text", "x"),
    ("true", "Boolean = true", "flag", True),
    ("null", "Int = null", "int", None),
    ("an enum value", "Color = RED", "color", "RED"),
    ("a list", "[Int!] = [1, 2]", "ints", [1, 2]),
    ("an input object", "Range = {from: 1, color: RED}", "range", {"from": 1, "color": "RED"}),
    ("a custom scalar's object", "JSON = {a: [1]}", "json", {"a": [1]}),
]


@pytest.mark.parametrize(("type_", "field", "value"), [c[1:] for c in DEFAULTS], ids=[c[0] for c in DEFAULTS])
async def test_a_default_stands_in_for_a_missing_value(type_: str, field: str, value: Any) -> None:
    """A variable that the client left out has its default."""
    assert {"v": value} == await sent(f"query($v: {type_}) {{ {field}(v: $v) }}", ("v",), {})


async def test_null_is_not_a_missing_value() -> None:
    """An explicit null passes, default or not."""
    assert await sent("query($v: Int = 5) { int(v: $v) }", ("v",), {"v": None}) == {"v": None}


async def test_a_missing_optional_value_is_not_sent() -> None:
    """A variable without value and default stays missing, so that the subgraph's own default counts."""
    assert await sent("query($v: Int) { int(v: $v) }", ("v",), {}) == {}


async def test_variables_that_nobody_declared_are_not_sent() -> None:
    """What the client sends beyond the operation's variables goes nowhere."""
    assert await sent("query($v: Int) { int(v: $v) }", ("v",), {"v": 1, "admin": True}) == {"v": 1}


async def test_an_operation_without_variables_sends_none() -> None:
    """Whatever the client sends."""
    assert await sent("{ int }", (), {"v": 1}) == {}


async def test_each_subgraph_gets_only_what_it_uses() -> None:
    """Variables are sent to the fetches that use them."""
    query = "query($v: Int, $w: String) { int(v: $v) text(v: $w) }"
    node = Parallel((fetch("a", "{ int }", "v"), fetch("b", "{ text }", "w")))
    transport = ScriptedTransport({"a": {"data": {}}, "b": {"data": {}}})
    await run(SCHEMA, node, query, transport, {"v": 1, "w": "x"})
    assert [body["variables"] for _, body in transport.sent] == [{"v": 1}, {"w": "x"}]


async def test_an_entity_fetch_has_variables_beside_its_representations() -> None:
    """Both are in the request."""
    query = "query($w: String) { me { name(v: $w) } }"
    node = Sequence(
        (fetch("a", "{ me { __typename id } }"), entities("b", "me", "... on User { name(v: $w) }", variables=("w",)))
    )
    transport = ScriptedTransport(
        {
            "a": {"data": {"me": {"__typename": "User", "id": "1"}}},
            "b": {"data": {"_entities": [{"name": "A"}]}},
        }
    )
    await run(SCHEMA, node, query, transport, {"w": "x"})
    assert transport.sent[1][1]["variables"] == {"representations": [{"__typename": "User", "id": "1"}], "w": "x"}


async def test_what_json_cannot_carry_is_refused() -> None:
    """A number beyond what JSON writers take is the client's error, not ours."""
    with pytest.raises(InvalidVariables, match="JSON"):
        await sent("query($v: JSON) { json(v: $v) }", ("v",), {"v": 10**30})


async def test_conditions_take_defaults() -> None:
    """A condition's variable that is missing has its default."""
    query = "query($v: Boolean = true) { int @include(if: $v) text @skip(if: $v) }"
    answer = await run(SCHEMA, fetch("a", query, "v"), query, ScriptedTransport({"a": {"data": {"int": "x"}}}))
    assert answer.data == {"int": "x"}
