"""Arguments, enums and inputs that differ between subgraphs, and everything that goes in by variables."""

from typing import Any

import pytest

from gateway.executor.answer import InvalidVariables
from tests.support.composed import Federation, federation2
from tests.support.memory_subgraphs import MemorySubgraph


def echo(source: Any, **arguments: Any) -> str:
    """Return the arguments as text."""
    return ", ".join(f"{name}={value}" for name, value in sorted(arguments.items()))


A = MemorySubgraph(
    "a",
    federation2("""
    scalar Date
    enum Sort { UP DOWN OLD }
    input Range { from: Int! to: Int = 9 sort: Sort days: [Date!] }
    type Query { me: User echo(n: Int = 3, text: String, range: Range, sorts: [Sort!], day: Date): String
      shared(only: Int, both: Int): String @shareable }
    type User @key(fields: "id") { id: ID! name(short: Boolean): String }
    """),
    {"User": [{"id": "1"}]},
    {"Query.me": {"id": "1"}, "Query.echo": echo, "Query.shared": echo, "User.name": echo},
)
B = MemorySubgraph(
    "b",
    federation2("""
    scalar Date
    enum Sort { UP DOWN NEW }
    input Range { from: Int! to: Int = 9 sort: Sort step: Int }
    type Query { shared(both: Int): String @shareable }
    type User @key(fields: "id") { id: ID! list(first: Int = 2, range: Range, sort: Sort): String }
    """),
    {"User": [{"id": "1"}]},
    {"Query.shared": echo, "User.list": echo},
)
FEDERATION = Federation("inputs", A, B)

CASES: list[tuple[str, str, dict[str, Any], Any]] = [
    ("a literal", '{ echo(n: 1, text: "x\\"y") }', {}, {"echo": 'n=1, text=x"y'}),
    ("a default of the subgraph", "{ echo }", {}, {"echo": "n=3"}),
    ("null instead of the default", "{ echo(n: null) }", {}, {"echo": "n=None"}),
    ("a variable", "query($n: Int) { echo(n: $n) }", {"n": 7}, {"echo": "n=7"}),
    ("a missing variable leaves the default", "query($n: Int) { echo(n: $n) }", {}, {"echo": "n=3"}),
    ("a variable's own default", "query($n: Int = 8) { echo(n: $n) }", {}, {"echo": "n=8"}),
    ("a variable that is null", "query($n: Int = 8) { echo(n: $n) }", {"n": None}, {"echo": "n=None"}),
    ("an input object", "query($r: Range) { echo(range: $r) }", {"r": {"from": 1, "sort": "UP"}},
     {"echo": "n=3, range={'from': 1, 'to': 9, 'sort': 'UP'}"}),
    ("a variable within a literal", "query($f: Int!, $s: Sort) { echo(range: {from: $f, sort: $s}) }",
     {"f": 4, "s": "DOWN"}, {"echo": "n=3, range={'from': 4, 'to': 9, 'sort': 'DOWN'}"}),
    ("a list of enums", "query($s: [Sort!]) { echo(sorts: $s) }", {"s": ["UP", "DOWN"]},
     {"echo": "n=3, sorts=['UP', 'DOWN']"}),
    ("a custom scalar", "query($d: Date) { echo(day: $d) }", {"d": "2026-01-01"}, {"echo": "day=2026-01-01, n=3"}),
    ("a custom scalar as literal", '{ echo(day: "2026-01-01") }', {}, {"echo": "day=2026-01-01, n=3"}),
    ("an argument both subgraphs know", "{ shared(both: 1) }", {}, {"shared": "both=1"}),
    ("an entity's argument", "{ me { list(first: 5) } }", {}, {"me": {"list": "first=5"}}),
    ("an entity's argument by variable", "query($r: Range, $s: Sort = UP) { me { list(range: $r, sort: $s) } }",
     {"r": {"from": 2}}, {"me": {"list": "first=2, range={'from': 2, 'to': 9}, sort=UP"}}),
    ("one variable in two subgraphs", "query($r: Range) { echo(range: $r) me { list(range: $r) } }",
     {"r": {"from": 1}},
     {"echo": "n=3, range={'from': 1, 'to': 9}", "me": {"list": "first=2, range={'from': 1, 'to': 9}"}}),
    ("one field with different arguments", "{ a: echo(n: 1) b: echo(n: 2) me { c: list(first: 1) d: list(first: 2) } }",
     {}, {"a": "n=1", "b": "n=2", "me": {"c": "first=1", "d": "first=2"}}),
    ("a boolean for argument and condition",
     "query($b: Boolean!) { me { name(short: $b) list @include(if: $b) } }", {"b": True},
     {"me": {"name": "short=True", "list": "first=2"}}),
]  # fmt: skip


@pytest.mark.parametrize(("query", "variables", "data"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
async def test_values_reach_their_subgraph(query: str, variables: dict[str, Any], data: Any) -> None:
    """Each subgraph gets the values of its own arguments, as the client wrote them."""
    reply = await FEDERATION.run(query, variables)
    assert (data, []) == (reply.data, reply.errors)


UNKNOWN = ["{ shared(only: 1) }", "{ echo(sorts: [OLD]) }", "{ echo(range: {from: 1, days: []}) }",
           "{ me { list(range: {from: 1, step: 1}) } }", "{ me { list(sort: NEW) } }"]  # fmt: skip


@pytest.mark.parametrize("query", UNKNOWN)
async def test_what_not_all_subgraphs_know_cannot_be_asked(query: str) -> None:
    """Arguments, input fields and enum values of only some subgraphs are not in the schema."""
    assert isinstance(FEDERATION.pipeline.prepare(query), list)


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query($s: Sort) { me { list(sort: $s) } }", {"s": "NEW"}),
        ("query($r: Range) { echo(range: $r) }", {"r": {"from": 1, "days": []}}),
        ("query($r: Range) { echo(range: $r) }", {"r": {}}),
    ],
)
async def test_variables_are_checked_against_what_all_know(query: str, variables: dict[str, Any]) -> None:
    """A value that one subgraph would take is refused where the schema does not have it."""
    with pytest.raises(InvalidVariables):
        await FEDERATION.run(query, variables)
