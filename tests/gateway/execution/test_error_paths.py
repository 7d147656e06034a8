"""Error paths name what the client asked for: never a field that only the planner needs, wherever the null is."""

from typing import Any

import pytest

from gateway.executor.ports import Forwarded
from gateway.pipeline import Prepared
from tests.support.composed import Federation, federation2
from tests.support.memory_subgraphs import MemorySubgraph, MemoryTransport, refuse

NO = refuse("no")
GOOD = {"id": "1", "foo": "f", "bar": "b", "obj": {"x": 1, "y": 2}, "list": [{"x": 1, "y": 2}], "sub": {"k": "1"}}
BAD = {"id": "2", "foo": NO, "bar": "b", "obj": {"x": NO, "y": 2}, "list": [{"x": 1, "y": 2}, {"x": NO, "y": 2}],
       "sub": {"k": NO, "z": 1}}  # fmt: skip
THINGS = Federation(
    "error_paths",
    MemorySubgraph(
        "a",
        federation2("""
        type Query { things: [Thing] one: Thing nested: [[Thing!]] named: Named }
        interface Named { id: ID! }
        type Thing implements Named @key(fields: "id") {
          id: ID! foo: String! bar: String obj: Obj! list: [Obj!]! sub: Sub
        }
        type Obj { x: Int! y: Int! }
        type Sub @key(fields: "k") { k: ID! z: Int }
        """),
        {},
        {
            "Query.things": [GOOD, BAD],
            "Query.one": BAD,
            "Query.nested": [[GOOD], [BAD]],
            "Query.named": {"__typename": "Thing", **BAD},
        },
    ),
    MemorySubgraph(
        "b",
        federation2("""
        type Thing @key(fields: "id") {
          id: ID! foo: String! @external obj: Obj! @external list: [Obj!]! @external
          b: String @requires(fields: "foo") c: String @requires(fields: "obj { x }")
          d: String @requires(fields: "list { x }") part: Part parts: [Part]
        }
        type Obj { x: Int! @external }
        type Sub @key(fields: "k") { k: ID! q: Int }
        type Part @key(fields: "id") { id: ID! foo: String! }
        """),
        {
            "Sub": [{"k": "1", "q": 5}],
            "Thing": [
                {"id": "1", "b": "B", "c": "C", "d": "D", "part": {"id": "1", "foo": "x"}, "parts": []},
                {"id": "2", "part": {"id": "2", "foo": NO}, "parts": [{"id": "1", "foo": "x"}, {"id": "2", "foo": NO}]},
            ],
        },
    ),
    MemorySubgraph(
        "c",
        federation2("""
        type Part @key(fields: "id") { id: ID! foo: String! @external e: Int @requires(fields: "foo") }
        """),
        {"Part": [{"id": "1", "e": 1}]},
    ),
)


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("{ things { id mine: foo b } }", "things.1"),
        ("{ things { id foo: bar b } }", "things.1"),
        ("{ things { b } }", "things.1"),
        ("{ th: things { i: id mine: foo foo: bar b } }", "th.1"),
        ("{ things { id foo b } }", "things.1.foo"),
        ("{ one { o: obj { y } c } }", "one"),
        ("{ things { obj { y } c } }", "things.1.obj"),
        ("{ things { list { y } d } }", "things.1.list.1"),
        ("{ things { list { x: y } d } }", "things.1.list.1"),
        ("{ things { l: list { x: y } d } }", "things.1"),
        ("{ things { s: sub { q } } }", "things.1.s"),
        ("{ things { sub { k: z q } } }", "things.1.sub"),
        ("{ nested { foo: bar b } }", "nested.1.0"),
        ("{ one { p: part { e } } }", "one.p"),
        ("{ things { p: parts { foo: id e } } }", "things.1.p.1"),
        ("{ things { ...F } } fragment F on Thing { ... { parts { m: foo e } } }", "things.1.parts.1"),
        ("{ named { ... on Thing { mine: foo b } } }", "named"),
    ],
)
async def test_a_field_of_the_planner_s_ends_the_path_before_it(query: str, path: str) -> None:
    """The error stands at the null, or at the field below it that was asked for; it is one error."""
    reply = await THINGS.run(query)
    assert [(path, "SUBGRAPH_ERROR")] == reply.errors
    null: Any = reply.data
    for step in path.split("."):
        null = None if null is None else null[int(step) if isinstance(null, list) else step]
    assert null is None


@pytest.mark.parametrize("on", [True, False])
async def test_a_field_that_was_skipped_is_no_field_of_the_client_s(on: bool) -> None:
    """Whether the field that failed is in the path depends on whether this request asked for it."""
    query = "query ($on: Boolean!) { one { foo @include(if: $on) b } }"
    reply = await THINGS.run(query, {"on": on})
    assert reply.errors == [("one.foo" if on else "one", "SUBGRAPH_ERROR")]


async def test_an_error_that_cost_nothing_is_cut_too() -> None:
    """A path through fields that nobody asked for ends before them, also where the value is there."""
    answer = {"data": {"one": {"id": "2", "foo": "f"}},
              "errors": [{"message": "old", "path": ["one", "foo"]}]}  # fmt: skip
    reply = await THINGS.run("{ one { b } }", a=answer)
    assert ("one", "SUBGRAPH_ERROR") in reply.errors
    assert not [path for path, _ in reply.errors if path.startswith("one.foo")]


async def test_paths_of_deferred_parts() -> None:
    """What was asked for in a part, or in the first answer, is known to both."""
    query = "{ things { id ... @defer { parts { m: foo e } } } one { ... @defer { p: part { e } } } }"
    prepared = THINGS.pipeline.prepare(query)
    assert isinstance(prepared, Prepared), prepared
    result: Any = await prepared.execute_incrementally({}, MemoryTransport.of(*THINGS.subgraphs), Forwarded())
    first = result.initial_result
    errors = [*(first.errors or ())]
    async for part in result.subsequent_results:
        errors += [error for one in part.incremental or () for error in one.errors or ()]
    assert sorted([str(step) for step in error.path] for error in errors) == [
        ["one", "p"],
        ["things", "1", "parts", "1"],
    ]
