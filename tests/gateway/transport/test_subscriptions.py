"""Subscriptions to subgraphs over graphql-transport-ws and Server-Sent Events."""

import asyncio
import json
from contextlib import aclosing

import pytest
from aiohttp import WSMsgType, web

from gateway.executor.ports import Forwarded, SubgraphUnavailable
from gateway.subgraphs.subscriptions import SubgraphSubscriptions
from gateway.subgraphs.target import Target, TransportOptions
from tests.support.waiting import LIMIT

PAYLOAD = {"query": "subscription { tick }", "variables": {"a": 1}}
HEAD = Forwarded(head=b"authorization: Bearer t\r\n", private={"shop": b"x-key: k\r\n"})


class Subgraph:
    """Speaks the socket protocol by a script: what to send after `subscribe`; records what it got."""

    def __init__(self, *messages, then="wait"):
        self.messages, self.then = messages, then
        self.got, self.headers, self.over = [], None, asyncio.Event()

    async def handle(self, request):
        self.headers = request.headers
        if request.method == "POST":
            return await self.events(request)
        socket = web.WebSocketResponse(protocols=("graphql-transport-ws",))
        await socket.prepare(request)
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            value = json.loads(message.data)
            self.got.append(value)
            if value["type"] == "connection_init":
                await socket.send_json({"type": "ping"})
                await socket.send_json({"type": "connection_ack"})
            elif value["type"] == "subscribe":
                for reply in self.messages:
                    await (socket.send_str(reply) if isinstance(reply, str) else socket.send_json(reply))
                if self.then == "close":
                    await socket.close()
                elif self.then == "abort":
                    request.transport.abort()
        self.over.set()
        return socket

    async def events(self, request):
        self.got.append(await request.json())
        answer = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await answer.prepare(request)
        for piece in self.messages:
            await answer.write(piece)
        return answer


@pytest.fixture
async def run():
    """Starts a subgraph and subscribes to it."""
    cleanup = []

    async def start(subgraph, protocol="graphql-transport-ws", **options):
        app = web.Application()
        app.router.add_route("*", "/graphql", subgraph.handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]
        subscriptions = SubgraphSubscriptions(
            TransportOptions(**{"timeout": LIMIT, "protocols": {"shop": protocol}, **options})
        )
        subscriptions.use({"shop": Target.parse(f"http://127.0.0.1:{port}/graphql")})
        cleanup.extend([subscriptions.aclose, runner.cleanup])
        return subscriptions.subscribe("shop", PAYLOAD, HEAD)

    yield start
    for close in cleanup:
        await close()


def following(number):
    """Return one event."""
    return {"id": "1", "type": "next", "payload": {"data": {"tick": number}}}


COMPLETE = {"id": "1", "type": "complete"}


async def test_yields_every_event_until_complete(run):
    """Events arrive in order and `complete` ends the iterator; headers travel with the handshake."""
    subgraph = Subgraph(following(1), {"type": "ping"}, following(2), COMPLETE)
    events = [event async for event in await run(subgraph)]
    assert events == [{"data": {"tick": 1}}, {"data": {"tick": 2}}]
    assert subgraph.headers["authorization"] == "Bearer t"
    assert subgraph.headers["x-key"] == "k"
    await subgraph.over.wait()
    assert [m["type"] for m in subgraph.got] == ["connection_init", "pong", "subscribe", "pong"]
    assert subgraph.got[2]["payload"] == PAYLOAD


async def test_closing_the_iterator_completes_the_subscription(run):
    """The subgraph is told when the client has gone."""
    subgraph = Subgraph(following(1))
    async with aclosing(await run(subgraph)) as events:
        assert await anext(events) == {"data": {"tick": 1}}
    await asyncio.wait_for(subgraph.over.wait(), LIMIT)
    assert subgraph.got[-1] == COMPLETE


async def test_cancelling_completes_the_subscription(run):
    """So it is when the task that waits for events is cancelled."""
    subgraph = Subgraph(following(1))
    events = await run(subgraph)
    await anext(events)
    task = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await events.aclose()
    await asyncio.wait_for(subgraph.over.wait(), LIMIT)
    assert subgraph.got[-1] == COMPLETE


async def test_an_error_message_is_the_last_answer(run):
    """`error` carries the errors of an operation that did not start."""
    subgraph = Subgraph({"id": "1", "type": "error", "payload": [{"message": "no"}]})
    assert [event async for event in await run(subgraph)] == [{"errors": [{"message": "no"}]}]


@pytest.mark.parametrize(
    "subgraph",
    [
        lambda: Subgraph(following(1), then="close"),
        lambda: Subgraph(following(1), then="abort"),
        lambda: Subgraph(following(1), "no JSON"),
        lambda: Subgraph(following(1), "[]"),
        lambda: Subgraph(following(1), {"id": "1", "type": "next", "payload": None}),
        lambda: Subgraph(following(1), '"' + "a" * 2_000 + '"'),
    ],
)
async def test_a_broken_subscription_says_so(run, subgraph):
    """A socket that closes, drops or talks nonsense is `SubgraphUnavailable` after the events that came."""
    events = await run(subgraph(), answer_bytes=1_000)
    assert await anext(events) == {"data": {"tick": 1}}
    with pytest.raises(SubgraphUnavailable):
        await anext(events)


async def test_no_acknowledgement_in_time(run):
    """A subgraph that accepts the socket and says nothing is given up at the time-out."""

    class Silent(Subgraph):
        async def handle(self, request):
            socket = web.WebSocketResponse(protocols=("graphql-transport-ws",))
            await socket.prepare(request)
            async for _ in socket:
                pass
            return socket

    with pytest.raises(SubgraphUnavailable):
        await anext(await run(Silent(), timeout=0.3))


async def test_another_protocol_is_refused(run):
    """A server that did not choose graphql-transport-ws is not talked to."""

    class Other(Subgraph):
        async def handle(self, request):
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            async for _ in socket:
                pass
            return socket

    with pytest.raises(SubgraphUnavailable):
        await anext(await run(Other()))


EVENTS = (
    b'event: next\ndata: {"data":\ndata: {"tick":1}}\n\n: ping\r\n\r\nevent:next\r\ndata:{"data":{"tick":2}}\r\n\r\n'
)


async def test_reads_an_event_stream(run):
    """Events arrive however lines end and wherever the stream is cut; comments are ignored."""
    pieces = [bytes([byte]) for byte in EVENTS + b"event: complete\ndata: \n\n"]
    subgraph = Subgraph(*pieces)
    assert [e async for e in await run(subgraph, "sse")] == [{"data": {"tick": 1}}, {"data": {"tick": 2}}]
    assert subgraph.got == [PAYLOAD]


@pytest.mark.parametrize("tail", [b"", b"event: next\ndata: {\n\n", b"data: " + b"a" * 2_000])
async def test_a_broken_event_stream_says_so(run, tail):
    """A stream that ends early, carries no JSON or an endless event is `SubgraphUnavailable`."""
    events = await run(Subgraph(EVENTS, tail), "sse", answer_bytes=1_000)
    assert [await anext(events), await anext(events)] == [{"data": {"tick": 1}}, {"data": {"tick": 2}}]
    with pytest.raises(SubgraphUnavailable):
        await anext(events)
