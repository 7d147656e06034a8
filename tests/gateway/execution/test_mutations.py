"""Mutations over several subgraphs: in order, each once, completed like queries."""

from typing import Any

import pytest

from gateway.executor.ports import SubgraphTimeout
from tests.support.composed import Federation, federation2
from tests.support.memory_subgraphs import MemorySubgraph

LOG: list[str] = []


def logged(name: str, value: Any) -> Any:
    """Return a resolver that leaves a line."""

    def resolve(source: Any, **arguments: Any) -> Any:
        LOG.append(f"{name}({arguments.get('n', '')})")
        return value

    return resolve


A = MemorySubgraph(
    "a",
    federation2("""
    type Query { ping: String }
    type Mutation { one(n: Int): Int two: User strict: Int! }
    type User @key(fields: "id") { id: ID! name: String }
    """),
    {"User": [{"id": "1", "name": "Ann"}]},
    {
        "Mutation.one": logged("one", 1),
        "Mutation.two": logged("two", {"id": "1", "name": "Ann"}),
        "Mutation.strict": logged("strict", RuntimeError("no")),
    },
)
B = MemorySubgraph(
    "b",
    federation2("""
    type Mutation { three(n: Int): Payload four: Int }
    type Payload { user: User }
    type User @key(fields: "id") { id: ID! age: Int }
    """),
    {"User": [{"id": "1", "age": 5}]},
    {"Mutation.three": logged("three", {"user": {"id": "1", "age": 5}}), "Mutation.four": logged("four", 4)},
)
FEDERATION = Federation("mutations", A, B)

CASES: list[tuple[str, str, Any, list[str], list[str]]] = [
    ("one", "mutation { one(n: 1) }", {"one": 1}, ["one(1)"], ["a"]),
    ("the same twice", "mutation { x: one(n: 1) y: one(n: 2) }", {"x": 1, "y": 1}, ["one(1)", "one(2)"], ["a"]),
    ("over two subgraphs", "mutation { four one }", {"four": 4, "one": 1}, ["four()", "one()"], ["b", "a"]),
    ("there and back", "mutation { one(n: 1) four again: one(n: 2) }", {"one": 1, "four": 4, "again": 1},
     ["one(1)", "four()", "one(2)"], ["a", "b", "a"]),
    ("completed", "mutation { two { name age } }", {"two": {"name": "Ann", "age": 5}}, ["two()"], ["a", "b"]),
    ("completed, then the next", "mutation { two { age } four }", {"two": {"age": 5}, "four": 4},
     ["two()", "four()"], ["a", "b", "b"]),
    ("a payload", "mutation { three(n: 3) { user { name age } } one }", {"three": {"user": {"name": "Ann", "age": 5}},
     "one": 1}, ["three(3)", "one()"], ["b", "a", "a"]),
    ("in fragments", "mutation { ...F four } fragment F on Mutation { one }", {"one": 1, "four": 4},
     ["one()", "four()"], ["a", "b"]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "data", "log", "asked"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
async def test_mutations_happen_in_order(query: str, data: Any, log: list[str], asked: list[str]) -> None:
    """Each runs once, in the client's order, and its payload is complete."""
    LOG.clear()
    reply = await FEDERATION.run(query)
    assert (data, [], log) == (reply.data, reply.errors, LOG)
    assert sorted(asked) == sorted(reply.asked)


async def test_only_mutations_are_sent_as_mutations() -> None:
    """What completes a payload is a query."""
    reply = await FEDERATION.run("mutation { two { age } }")
    assert [one.kind for one in reply.transport.sent] == ["mutation", "query"]


@pytest.mark.parametrize("on", [True, False])
async def test_a_skipped_mutation_does_not_happen(on: bool) -> None:
    """Neither in the gateway nor in the subgraph."""
    LOG.clear()
    await FEDERATION.run("mutation($on: Boolean!) { one @include(if: $on) four @skip(if: $on) }", {"on": on})
    assert [("one()" if on else "four()")] == LOG


async def test_a_mutation_whose_answer_is_lost_is_not_sent_again() -> None:
    """A time-out is told, the next mutation still runs."""
    LOG.clear()
    reply = await FEDERATION.run("mutation { one four }", a=SubgraphTimeout("a", "5 s"))
    assert (reply.data, reply.errors) == ({"one": None, "four": 4}, [("one", "SUBGRAPH_TIMEOUT")])
    assert reply.asked == ["a", "b"]


async def test_a_mutation_that_fails_where_null_may_not_be() -> None:
    """The whole data is null, with the one error."""
    reply = await FEDERATION.run("mutation { strict }")
    assert (reply.data, reply.errors) == (None, [("strict", "SUBGRAPH_ERROR")])
