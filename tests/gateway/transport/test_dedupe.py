"""Sharing of identical fetches in flight."""

import asyncio

import pytest

from gateway.executor.ports import Forwarded, SubgraphUnavailable
from gateway.subgraphs.dedupe import SharedFetches
from tests.gateway.transport.nasty import ANSWER, OK, Exchange
from tests.gateway.transport.test_answers import BODY

ALICE, BOB = Forwarded(credentials=b"alice"), Forwarded(credentials=b"bob")


@pytest.fixture
def gate(server):
    """Holds every answer back until it is set."""
    event = asyncio.Event()

    async def wait(exchange: Exchange) -> None:
        await event.wait()
        await exchange.send(OK.replace(b"\r\n\r\n", b"\r\nset-cookie: a=1\r\n\r\n", 1))

    server.then(wait)
    return event


@pytest.fixture
async def shared(server, connect):
    """A sharing transport over each implementation."""
    return SharedFetches(connect(server.url, returned={"shop": frozenset({b"set-cookie"})}))


async def settle(server, gate, *fetches):
    """Let every fetch be answered."""
    await server.has_requests(1)
    gate.set()
    return await asyncio.gather(*fetches, return_exceptions=True)


async def test_identical_queries_of_one_caller_are_one_fetch(server, gate, shared):
    """Ten equal queries at once are one request, and ten answers."""
    fetches = [shared.post("shop", BODY, "query", ALICE) for _ in range(10)]
    assert await settle(server, gate, *fetches) == [ANSWER] * 10
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("body", "kind", "forwarded"), [(BODY + b" ", "query", ALICE), (BODY, "query", BOB), (BODY, "mutation", ALICE)]
)
async def test_anything_else_is_not_shared(server, gate, shared, body, kind, forwarded):
    """Another body, another caller or a mutation is a request of its own."""
    fetches = [shared.post("shop", BODY, "query", ALICE), shared.post("shop", body, kind, forwarded)]
    assert await settle(server, gate, *fetches) == [ANSWER] * 2
    assert len(server.requests) == 2


async def test_equal_mutations_are_all_sent(server, gate, shared):
    """Mutations are never shared."""
    fetches = [shared.post("shop", BODY, "mutation", ALICE) for _ in range(3)]
    await settle(server, gate, *fetches)
    assert len(server.requests) == 3


async def test_cancelling_one_leaves_the_others(server, gate, shared):
    """The first caller's cancellation does not take the answer from the second."""
    first, second = (shared.post("shop", BODY, "query", ALICE) for _ in range(2))
    first.cancel()
    assert (await settle(server, gate, first, second))[1] == ANSWER


async def test_everybody_gets_the_returned_headers(server, gate, shared):
    """A cookie of the shared answer reaches each client."""
    returned = [[], []]
    fetches = [shared.post("shop", BODY, "query", Forwarded(credentials=b"a", returned=r)) for r in returned]
    await settle(server, gate, *fetches)
    assert returned == [[(b"set-cookie", b"a=1")]] * 2


async def test_everybody_gets_the_error(server, shared):
    """When the shared fetch fails, every caller learns it; the next query is sent again."""

    async def drop(exchange: Exchange) -> None:
        exchange.hang_up()

    server.then(drop)
    fetches = [shared.post("shop", BODY, "query", ALICE) for _ in range(3)]
    results = await asyncio.gather(*fetches, return_exceptions=True)
    assert [type(result) for result in results] == [SubgraphUnavailable] * 3
    before = len(server.requests)
    await asyncio.gather(shared.post("shop", BODY, "query", ALICE), return_exceptions=True)
    assert len(server.requests) > before


class Slow:
    """A transport whose fetches end when they are told to."""

    def __init__(self) -> None:
        self.sent: list[asyncio.Future[bytes]] = []
        self.events: asyncio.Queue[dict[str, object]] = asyncio.Queue()

    def post(self, *_: object) -> asyncio.Future[bytes]:
        self.sent.append(asyncio.get_running_loop().create_future())
        return self.sent[-1]

    async def subscribe(self, *_: object):
        while True:
            yield await self.events.get()


@pytest.mark.parametrize("fails", [False, True])
async def test_after_a_mutation_nobody_gets_what_was_asked_before_it(fails):
    """A query that was under way cannot know of it, nor one that began while it ran, and however it ended."""
    slow = Slow()
    shared: SharedFetches = SharedFetches(slow)  # pyright: ignore[reportArgumentType]
    before = shared.post("shop", BODY, "query", ALICE)
    mutation = shared.post("shop", b"m", "mutation", ALICE)
    assert len(slow.sent) == 2
    slow.sent[1].set_exception(SubgraphUnavailable("shop", "gone")) if fails else slow.sent[1].set_result(b"done")
    await asyncio.wait([mutation])
    after, again = (shared.post("shop", BODY, "query", ALICE) for _ in range(2))
    assert len(slow.sent) == 3
    slow.sent[0].set_result(b"old")
    slow.sent[2].set_result(b"new")
    assert await asyncio.gather(before, after, again) == [b"old", b"new", b"new"]


async def test_after_an_event_nobody_gets_what_was_asked_before_it():
    """Who hears of a change and asks is answered by what knows of it."""
    slow = Slow()
    shared: SharedFetches = SharedFetches(slow)  # pyright: ignore[reportArgumentType]
    shared.post("shop", BODY, "query", ALICE)
    slow.events.put_nowait({"data": {}})
    assert await anext(shared.subscribe("shop", {}, ALICE)) == {"data": {}}
    shared.post("shop", BODY, "query", ALICE)
    assert len(slow.sent) == 2
