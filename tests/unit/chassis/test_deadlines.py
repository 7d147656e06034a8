"""A service ends what nobody waits for, but never a mutation half-way."""

import asyncio
from dataclasses import dataclass
from typing import Any, cast

import orjson
import pytest
import strawberry

from chassis.deadlines import DEADLINE_HEADER, due_in, seconds_left
from chassis.graphql.schema import SubgraphSchema
from chassis.graphql.view import SubgraphView
from tests.support.waiting import LIMIT


class Held:
    """What the resolvers wait for, and what became of them."""

    def __init__(self) -> None:
        self.begun, self.released, self.cancelled = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def wait(self) -> bool:
        """Wait until released."""
        self.begun.set()
        try:
            await self.released.wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        return True


held: Held
made = 0


@strawberry.type
class Node:
    @strawberry.field
    def nodes(self) -> list["Node"]:
        """Make more of them, without ever coming back to the event loop."""
        global made
        made += 100
        return [Node()] * 100


@strawberry.type
class Query:
    @strawberry.field
    async def wait(self) -> bool:
        return await held.wait()

    @strawberry.field
    def node(self) -> Node:
        return Node()


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def wait(self) -> bool:
        return await held.wait()


async def nobody(_: str) -> Any:
    raise AssertionError


@dataclass
class Door:
    """The view, and one client's connection."""

    view: SubgraphView
    left: asyncio.Event

    async def ask(self, query: str, ms: int | None = None) -> dict[str, Any]:
        """Send one operation, with a deadline; return the body."""
        body = orjson.dumps({"query": query})
        headers = [(b"content-type", b"application/json"), (b"host", b"x")]
        headers += [(DEADLINE_HEADER.encode(), str(ms).encode())] if ms is not None else []
        scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}
        said, asked = [], iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive() -> Any:
            if message := next(asked, None):
                return message
            await self.left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            said.append(message.get("body", b""))

        async with asyncio.timeout(LIMIT):
            await self.view(cast(Any, scope), receive, send)
        return orjson.loads(b"".join(said))


@pytest.fixture
def door() -> Door:
    global held, made
    held, made = Held(), 0
    schema = SubgraphSchema(Query, Mutation, open_mutations=("wait",))
    return Door(SubgraphView(schema, None, nobody, cast(Any, None)), asyncio.Event())


def codes(body: dict[str, Any]) -> list[str]:
    return [error["extensions"]["code"] for error in body["errors"]]


async def test_a_query_ends_with_its_deadline(door: Door) -> None:
    """What it waited for is cancelled, and the answer says what happened."""
    body = await door.ask("{ wait }", 20)
    for longer in (200, 2_000, 20_000):
        if not held.begun.is_set():  # a busy machine let the time pass before the query began
            body = await door.ask("{ wait }", longer)

    assert (codes(body), body["data"], held.cancelled.is_set()) == (["SUBGRAPH_TIMEOUT"], None, True)


async def test_a_query_that_only_computes_ends_too(door: Door) -> None:
    """Ten thousand million objects are not made, though nothing ever waits."""
    inside = "{ nodes " * 5 + "{ __typename }" + " }" * 5

    body = await door.ask(f"{{ node {inside} }}", 50)

    assert codes(body) == ["SUBGRAPH_TIMEOUT"]
    assert made < 10_000_000


async def test_a_query_ends_when_its_caller_leaves(door: Door) -> None:
    """The gateway hung up, so nobody reads the answer."""
    asking = asyncio.ensure_future(door.ask("{ wait }"))
    await held.begun.wait()
    door.left.set()

    assert codes(await asking) == ["SUBGRAPH_TIMEOUT"]
    assert held.cancelled.is_set()


async def test_a_mutation_is_never_ended_half_way(door: Door) -> None:
    """Neither by its deadline nor by a caller who leaves."""
    asking = asyncio.ensure_future(door.ask("mutation { wait }", 20))
    await held.begun.wait()
    door.left.set()
    await asyncio.sleep(0.1)
    held.released.set()

    assert (await asking)["data"] == {"wait": True}


async def test_a_mutation_is_not_begun_too_late(door: Door) -> None:
    """With no time left, nothing is begun."""
    assert codes(await door.ask("mutation { wait }", 0)) == ["SUBGRAPH_TIMEOUT"]
    assert not held.begun.is_set()


@pytest.mark.parametrize("said", ["", "-1", "1e3", "²", "soon", "9" * 30])
def test_nonsense_is_no_deadline(said: str) -> None:
    """What is no number of milliseconds says nothing."""
    assert seconds_left(said) is None


async def test_the_driver_is_told_what_is_left(door: Door) -> None:
    """Commands of the work carry `maxTimeMS`, by the driver's own time-out."""
    from pymongo import _csot

    from chassis.mongo.client import within

    with within(2), due_in(2):
        assert 1 < (_csot.remaining() or 0) <= 2
