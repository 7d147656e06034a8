"""In which order fetches go out, what waits for what, and what a request's end does to them."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from gateway.executor.ports import Forwarded, SubgraphUnavailable
from gateway.plan import Condition, Node, Parallel, Sequence
from tests.support.plans import entities, fetch, prepare, run, told
from tests.support.scripted_transport import ScriptedTransport

SCHEMA = """
type Query { a: String b: String c: String me: User }
type Mutation { a: String b: String c: String! }
type User { id: ID! x: String y: String }
"""


@dataclass
class HeldTransport:
    """Keeps every request open until the test answers it."""

    open: dict[str, "asyncio.Future[bytes]"] = field(default_factory=dict[str, Any])

    def post(self, subgraph: str, body: bytes, kind: str, forwarded: Forwarded) -> Awaitable[bytes]:
        """Return a future that the test settles."""
        self.open[subgraph] = asyncio.get_running_loop().create_future()
        return self.open[subgraph]

    def answer(self, subgraph: str, data: Any) -> None:
        """Answer a request."""
        self.open[subgraph].set_result(orjson.dumps({"data": data}))

    def subscribe(self, subgraph: str, payload: Any, forwarded: Forwarded) -> Any:
        """Never asked here."""
        raise NotImplementedError


def started(node: Node, query: str = "{ a b }") -> "tuple[HeldTransport, asyncio.Task[Any]]":
    """Start an operation whose fetches stay open."""
    transport = HeldTransport()
    task = asyncio.ensure_future(prepare(SCHEMA, node, query).execute(None, transport, Forwarded()))  # pyright: ignore
    return transport, task


async def turns(count: int = 5) -> None:
    """Let the loop run what is ready."""
    for _ in range(count):
        await asyncio.sleep(0)


A, B, C = fetch("a", "{ a }"), fetch("b", "{ b }"), fetch("c", "{ c }")


async def test_fetches_of_a_wave_are_written_before_any_is_awaited() -> None:
    """All requests of a wave are out before the first answer comes, without a task for each."""
    transport, task = started(Parallel((A, B)))
    before = len(asyncio.all_tasks())
    await turns()
    assert list(transport.open) == ["a", "b"]
    assert before == len(asyncio.all_tasks())
    transport.answer("b", {"b": "B"})
    transport.answer("a", {"a": "A"})
    assert (await task).data == {"a": "A", "b": "B"}


async def test_a_sequence_waits_for_each_step() -> None:
    """The next step is written when the one before is answered."""
    transport, task = started(Sequence((A, B)))
    await turns()
    assert list(transport.open) == ["a"]
    transport.answer("a", {"a": "A"})
    await turns()
    assert list(transport.open) == ["a", "b"]
    transport.answer("b", {"b": "B"})
    assert (await task).data == {"a": "A", "b": "B"}


async def test_branches_with_steps_do_not_wait_for_one_another() -> None:
    """A branch's second step goes out though another branch still waits."""
    transport, task = started(Parallel((Sequence((A, B)), C)), "{ a b c }")
    await turns()
    assert sorted(transport.open, reverse=True) == ["c", "a"]
    transport.answer("a", {"a": "A"})
    await turns()
    assert "b" in transport.open
    transport.answer("b", {"b": "B"})
    transport.answer("c", {"c": "C"})
    assert (await task).data == {"a": "A", "b": "B", "c": "C"}


async def test_a_cancelled_request_gives_up_all_its_fetches() -> None:
    """When the client goes away every open fetch of the wave is cancelled."""
    transport, task = started(Parallel((A, B)))
    await turns()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [one.cancelled() for one in transport.open.values()] == [True, True]


async def test_a_cancelled_request_gives_up_its_only_fetch() -> None:
    """Without a wave it is the same."""
    transport, task = started(A, "{ a }")
    await turns()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert transport.open["a"].cancelled()


async def test_a_failed_fetch_does_not_end_the_others() -> None:
    """The wave goes on without the one that failed."""
    transport, task = started(Parallel((A, B)))
    await turns()
    transport.open["a"].set_exception(SubgraphUnavailable("a", "gone"))
    transport.answer("b", {"b": "B"})
    assert (await task).data == {"a": None, "b": "B"}


async def test_a_transport_that_refuses_at_once_is_an_outage() -> None:
    """A request that cannot even be written costs its fields only."""

    class Full(ScriptedTransport):
        def post(self, subgraph: str, body: bytes, kind: str, forwarded: Forwarded) -> "asyncio.Future[bytes]":
            if subgraph == "a":
                raise SubgraphUnavailable("a", "the queue is full")
            return super().post(subgraph, body, kind, forwarded)

    result = await run(SCHEMA, Parallel((A, B)), "{ a b }", Full({"b": {"data": {"b": "B"}}}))
    assert (result.data, told(result)) == ({"a": None, "b": "B"}, [("a", "SUBGRAPH_UNAVAILABLE")])


async def test_mutations_run_one_after_the_other_also_after_a_failure() -> None:
    """Each mutation is sent once, in the client's order, as a mutation."""
    kinds: list[str] = []

    class Watching(ScriptedTransport):
        def post(self, subgraph: str, body: bytes, kind: str, forwarded: Forwarded) -> "asyncio.Future[bytes]":
            kinds.append(kind)
            return super().post(subgraph, body, kind, forwarded)

    node = Sequence(tuple(fetch(one, f"mutation {{ {one} }}", kind="mutation") for one in "bac"))
    answers = {"a": SubgraphUnavailable("a", ""), "b": {"data": {"b": "B"}}, "c": {"data": {"c": "C"}}}
    transport = Watching(answers)
    result = await run(SCHEMA, node, "mutation { b a c }", transport)
    assert (transport.asked, kinds) == (["b", "a", "c"], ["mutation"] * 3)
    assert result.data == {"b": "B", "a": None, "c": "C"}


@pytest.mark.parametrize(("value", "asked"), [(True, ["a", "b"]), (False, ["a", "c"])])
async def test_a_condition_chooses_the_branch(value: bool, asked: list[str]) -> None:
    """By the value of the variable one of two branches runs."""
    node = Sequence((A, Condition("v", B, C)))
    query = "query($v: Boolean!) { a b @include(if: $v) c @skip(if: $v) }"
    transport = ScriptedTransport({one: {"data": {one: one}} for one in "abc"})
    result = await run(SCHEMA, node, query, transport, {"v": value})
    assert (asked, {one: one for one in asked}) == (transport.asked, result.data)


@pytest.mark.parametrize("value", [True, False])
async def test_a_condition_without_a_branch_asks_nobody(value: bool) -> None:
    """The missing branch is nothing to do, at the top, in a wave and around several steps."""
    query = "query($v: Boolean!) { a @include(if: $v) b @include(if: $v) }"
    for node in (
        Condition("v", Sequence((A, B))),
        Parallel((Condition("v", A), Condition("v", B))),
        Condition("v", None, Sequence((A, B))),
        Parallel((Condition("v", Sequence((A, B))), Condition("v", None, A))),
    ):
        transport = ScriptedTransport({one: {"data": {one: one}} for one in "ab"})
        await run(SCHEMA, node, query, transport, {"v": value})
        wanted = value if not (isinstance(node, Condition) and node.if_true is None) else not value
        assert len(transport.asked) == (2 if wanted else 1 if node is not None and _has_else(node) else 0)


def _has_else(node: Node) -> bool:
    return isinstance(node, Parallel) and any(isinstance(one, Condition) and one.if_false for one in node.nodes)


async def test_conditions_within_conditions() -> None:
    """Both variables decide."""
    node = Condition("v", Condition("w", A, B), C)
    query = """query($v: Boolean!, $w: Boolean!) {
      ... @include(if: $v) { a @include(if: $w) b @skip(if: $w) } c @skip(if: $v)
    }"""
    asked: list[str] = []
    for v in (True, False):
        for w in (True, False):
            transport = ScriptedTransport({one: {"data": {one: one}} for one in "abc"})
            await run(SCHEMA, node, query, transport, {"v": v, "w": w})
            asked += transport.asked
    assert asked == ["a", "b", "c", "c"]


async def test_a_plan_without_fetches_asks_nobody() -> None:
    """Only `__typename` needs no subgraph."""
    transport = ScriptedTransport({})
    result = await run(SCHEMA, None, "{ __typename }", transport)
    assert (result.data, transport.asked) == ({"__typename": "Query"}, [])


async def test_what_travels_with_the_request_reaches_every_fetch() -> None:
    """The client's headers go to each subgraph as they are."""
    node = Sequence((fetch("a", "{ me { __typename id } }"), entities("b", "me", "... on User { x }")))
    transport = ScriptedTransport(
        {
            "a": {"data": {"me": {"__typename": "User", "id": "1"}}},
            "b": {"data": {"_entities": [{"x": "X"}]}},
        }
    )
    forwarded = Forwarded(head=b"authorization: x\r\n", credentials=b"x")
    await prepare(SCHEMA, node, "{ me { x } }").execute(None, transport, forwarded)
    assert [forwarded, forwarded] == transport.forwarded


async def test_many_requests_share_one_operation() -> None:
    """Requests that run at once never see one another's answers."""
    operation = prepare(SCHEMA, fetch("a", "{ a }"), "{ a }")
    transports = [HeldTransport() for _ in range(20)]
    tasks = [asyncio.ensure_future(operation.execute(None, one, Forwarded())) for one in transports]
    await turns()
    for at, one in enumerate(transports):
        one.answer("a", {"a": str(at)})
    assert [{"a": str(at)} for at in range(20)] == [(await task).data for task in tasks]


async def test_the_body_is_the_answer_as_json() -> None:
    """The bytes are `data`, then `errors` if there are any."""
    good = prepare(SCHEMA, fetch("a", "{ a }"), "{ a }")
    transport = ScriptedTransport({"a": [{"data": {"a": "é"}}, {"data": {"a": 1}}]})
    assert '{"data":{"a":"é"}}'.encode() == await good.execute_body(None, transport, Forwarded())
    bad = orjson.loads(await good.execute_body(None, transport, Forwarded()))
    assert (list(bad), bad["data"]) == (["data", "errors"], {"a": None})
