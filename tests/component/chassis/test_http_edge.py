"""Issue 15, point 8: what a connection may send, in every process that answers HTTP."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import pytest
import uvicorn
from starlette.types import Message, Receive, Scope, Send

from chassis.http_edge import EdgeLimits, edge
from tests.support.waiting import LIMIT, eventually

BRISK = EdgeLimits(head_seconds=0.2, body_seconds=0.2, write_seconds=0.2, linger_seconds=0.2, unsure_seconds=0.05)
PATIENT = EdgeLimits()


class Echo:
    """Answers with the header names that came; counts what it saw."""

    def __init__(self) -> None:
        self.seen: list[Scope] = []
        self.ends: list[Message] = []
        self.draining = False
        self.may_answer = asyncio.Event()
        self.connections: set[Any] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read to the end, then answer; `/early` before it has come, `/slow` when it is time to."""
        self.seen.append(scope)
        if scope["path"] != "/early":
            while (message := await receive()).get("more_body"):
                pass
            self.ends.append(message)
        for _turn in range(20):  # until the loop has seen an end that came right after the request
            await asyncio.sleep(0)
        if scope["path"] == "/slow":
            await self.may_answer.wait()
        if scope["path"] == "/stream":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"first", "more_body": True})
            await self.may_answer.wait()
            await send({"type": "http.response.body", "body": b"last"})
            return
        size = 50_000_000 if scope["path"] == "/large" else 2
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % size)]})
        await send({"type": "http.response.body", "body": b"x" * size})


@contextlib.asynccontextmanager
async def served(limits: EdgeLimits) -> AsyncIterator[tuple[Echo, int]]:
    """Serve an `Echo` behind these limits."""
    echo = Echo()
    http = edge(limits, lambda: echo.draining)
    server = uvicorn.Server(uvicorn.Config(echo, port=0, log_config=None, lifespan="off", http=http))  # pyright: ignore[reportArgumentType]
    running = asyncio.ensure_future(server._serve())
    while not server.started:
        await asyncio.sleep(0.005)
    echo.connections = server.server_state.connections
    yield echo, server.servers[0].sockets[0].getsockname()[1]
    echo.may_answer.set()
    server.should_exit = True
    await running


@pytest.fixture
async def brisk() -> AsyncGenerator[tuple[Echo, int]]:
    """A server that waits briefly."""
    async with served(BRISK) as (echo, port):
        yield echo, port


@pytest.fixture
async def patient() -> AsyncGenerator[tuple[Echo, int]]:
    """A server with the limits as they are served."""
    async with served(PATIENT) as (echo, port):
        yield echo, port


async def whole(port: int, *pieces: bytes) -> bytes:
    """Send pieces and return everything that came until the server hung up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        async with asyncio.timeout(LIMIT):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def drip(port: int, start: bytes, drop: bytes) -> bytes:
    """Send `start`, then drop after drop until the server hangs up; return what it said."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(start)
    said = asyncio.ensure_future(reader.read())
    async with asyncio.timeout(LIMIT):
        while not said.done():
            with contextlib.suppress(ConnectionError):
                writer.write(drop)
            await asyncio.sleep(0.01)
    writer.close()
    return b"" if said.exception() else said.result()


DRIPS = {
    "nothing": (b"", b""),
    "a target": (b"GET /", b"a"),
    "a header": (b"GET / HTTP/1.1\r\nhost: x\r\nx: ", b"a"),
    "headers": (b"GET / HTTP/1.1\r\nhost: x\r\n", b"a: b\r\n"),
    "a body": (b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 900000\r\n\r\n", b"a"),
    "chunks": (b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    "an extension of a chunk": (b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n1;", b"a"),
    "trailers": (b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n", b"a: b\r\n"),
    "line ends": (b"GET / HTTP/1.1\r\nhost: x\r\n\r\n", b"\r\n"),
}


@pytest.mark.parametrize("name", sorted(DRIPS))
async def test_what_drips_is_ended(brisk: tuple[Echo, int], name: str) -> None:
    """However a request drips in, its connection ends, and no application takes a part for the whole."""
    echo, port = brisk

    said = await drip(port, *DRIPS[name])

    assert b" 200 " not in said or name == "line ends"
    assert all(end["type"] == "http.disconnect" for end in echo.ends) or name == "line ends"


async def test_late_requests_are_told_so(brisk: tuple[Echo, int]) -> None:
    """A head or a body that does not come gets status 408 before the connection ends."""
    _, port = brisk

    said = [await whole(port, b"GET / HTTP/1.1\r\n"), await whole(port, DRIPS["a body"][0])]

    assert [answer[:12] for answer in said] == [b"HTTP/1.1 408"] * 2


async def test_who_does_not_read_is_hung_up_on(brisk: tuple[Echo, int]) -> None:
    """An answer that nobody reads does not keep its connection."""
    echo, port = brisk
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    writer.write(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n")

    await eventually(lambda: echo.seen and not echo.connections, "the end of the connection")

    assert len(await _rest(reader)) < 50_000_000
    writer.close()


async def _rest(reader: asyncio.StreamReader) -> bytes:
    rest = bytearray()
    with contextlib.suppress(ConnectionError):
        while piece := await reader.read(1_000_000):
            rest += piece
    return bytes(rest)


REFUSED = {
    "101 headers": (b"GET / HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * 100 + b"\r\n", 431),
    "5,000 headers": (b"GET / HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * 5_000 + b"\r\n", 431),
    "headers of 200 kB": (b"GET / HTTP/1.1\r\nhost: x\r\na: " + b"b" * 200_000 + b"\r\n\r\n", 431),
    "a name of 200 kB": (b"GET / HTTP/1.1\r\nhost: x\r\n" + b"b" * 200_000 + b": a\r\n\r\n", 431),
    "17 headers of 1 kB": (b"GET / HTTP/1.1\r\nhost: x\r\n" + (b"a: " + b"b" * 1000 + b"\r\n") * 17 + b"\r\n", 431),
    "a long target": (b"GET /" + b"a" * 17_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n", 414),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "an empty host": (b"GET / HTTP/1.1\r\nhost:\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n", 400),
    "a host with a path": (b"GET / HTTP/1.1\r\nhost: x/y\r\n\r\n", 400),
    "no host, a WebSocket": (b"GET / HTTP/1.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n", 400),
    "two lengths": (b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab", 400),
    "a length and chunks": (
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
async def test_heads_beyond_reason_are_refused(patient: tuple[Echo, int], name: str) -> None:
    """A head that is too large, or does not say for whom it is, is answered with its status and never served."""
    echo, port = patient
    request, status = REFUSED[name]

    said = await whole(port, request)

    assert said == b"" or int(said[9:12]) == status
    assert (b"connection: close" in said, echo.seen) == (bool(said), [])


ACCEPTED = {
    "99 headers": b"GET / HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * 98 + b"connection: close\r\n\r\n",
    "16 kB of headers": b"GET / HTTP/1.1\r\nhost: x\r\na: " + b"b" * 16_000 + b"\r\nconnection: close\r\n\r\n",
    "an address as host": b"GET / HTTP/1.1\r\nhost: [::1]:8080\r\nconnection: close\r\n\r\n",
    "a name as host": b"GET / HTTP/1.1\r\nHost: portal.example:443\r\nconnection: close\r\n\r\n",
    "HTTP/1.0": b"GET / HTTP/1.0\r\n\r\n",
}


@pytest.mark.parametrize("name", sorted(ACCEPTED))
async def test_heads_within_reason_are_served(patient: tuple[Echo, int], name: str) -> None:
    """What keeps the limits is answered."""
    _, port = patient

    assert (await whole(port, ACCEPTED[name]))[:12] == b"HTTP/1.1 200"


async def test_trailers_never_become_headers(patient: tuple[Echo, int]) -> None:
    """A field that is sent after the body is not among the headers that the application sees."""
    echo, port = patient
    body = b"1\r\na\r\n0\r\nx-portal-gateway-key: stolen\r\n\r\n"
    head = b"POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"

    assert (await whole(port, head, body))[:12] == b"HTTP/1.1 200"
    assert [name for name, _ in echo.seen[0]["headers"]] == [b"host", b"connection", b"transfer-encoding"]


async def test_connections_end_with_their_answer_while_draining(patient: tuple[Echo, int]) -> None:
    """A process that drains says `connection: close` on connections that were kept, and closes them."""
    echo, port = patient
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    asked = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
    writer.write(asked)
    kept = await reader.readuntil(b"xx")
    echo.draining = True
    writer.write(asked)

    async with asyncio.timeout(LIMIT):
        ended = await reader.read()
    writer.close()
    assert (b"connection: close" in kept, b"connection: close" in ended) == (False, True)


async def test_what_is_under_way_when_a_process_leaves_is_the_last_answer(patient: tuple[Echo, int]) -> None:
    """A request that began before is answered, and its answer says that the connection ends; so does the connection."""
    echo, port = patient
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n")
    await eventually(lambda: echo.seen, "the request")
    for connection in echo.connections:
        connection.leave()
    writer.write(b"ab")
    async with asyncio.timeout(LIMIT):
        said = await reader.read()
    writer.close()
    assert said.startswith(b"HTTP/1.1 200 OK")
    assert b"\r\nconnection: close\r\n" in said


HALF_CLOSED = {
    "HTTP/1.1": b"GET / HTTP/1.1\r\nhost: x\r\n\r\n",
    "HTTP/1.0": b"GET / HTTP/1.0\r\n\r\n",
    "a body": b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\nab",
    "chunks": b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
    "a long answer": b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n",
    "two requests": b"GET / HTTP/1.1\r\nhost: x\r\n\r\n" * 2,
    "a part of a second one": b"GET / HTTP/1.1\r\nhost: x\r\n\r\nGET / HT",
}


@pytest.mark.parametrize("name", sorted(HALF_CLOSED))
async def test_who_sends_no_more_gets_the_answer(patient: tuple[Echo, int], name: str) -> None:
    """A client that shuts its sending side after it asked is answered whole, and then hung up on."""
    echo, port = patient

    said = await half_closed(port, HALF_CLOSED[name])

    whole_ones = said.count(b"HTTP/1.1 200 OK")
    assert whole_ones == (2 if name == "two requests" else 1)
    assert len(said) > 50_000_000 or name != "a long answer"
    assert [end["type"] for end in echo.ends] == ["http.request"] * whole_ones


async def half_closed(port: int, request: bytes) -> bytes:
    """Send a request, shut the sending side, and return what came until the server hung up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    writer.write_eof()
    async with asyncio.timeout(LIMIT):
        said = await reader.read()
    writer.close()
    return said


@pytest.mark.parametrize("request_", [b"", b"GET / HT", DRIPS["a body"][0], DRIPS["chunks"][0]])
async def test_what_was_asked_in_part_is_not_run(patient: tuple[Echo, int], request_: bytes) -> None:
    """An end within a request ends the connection, and no application takes a part for the whole."""
    echo, port = patient

    assert await half_closed(port, request_) == b""
    assert all(end["type"] == "http.disconnect" for end in echo.ends)


async def test_who_waits_without_sending_is_told_that_it_takes_a_while(brisk: tuple[Echo, int]) -> None:
    """A slow answer comes after interim ones, which every client of HTTP/1.1 understands; one of HTTP/1.0 gets none."""
    echo, port = brisk
    older = asyncio.ensure_future(half_closed(port, b"GET /slow HTTP/1.0\r\n\r\n"))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n")
    writer.write_eof()
    async with asyncio.timeout(LIMIT):
        for _ in range(3):
            assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"

        echo.may_answer.set()

        final = (await reader.read()).rpartition(b"100 Continue\r\n\r\n")[2]
    assert (final[:15], (await older)[:15]) == (b"HTTP/1.1 200 OK", b"HTTP/1.1 200 OK")
    writer.close()


async def test_who_left_is_noticed_while_its_answer_is_made(brisk: tuple[Echo, int]) -> None:
    """A connection that was closed looks like one whose client reads on, until it is written to."""
    echo, port = brisk
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n")
    await eventually(lambda: echo.ends, "the request")

    writer.close()

    await eventually(lambda: not echo.connections, "the end of the connection")


async def test_a_stream_goes_on_for_who_asked_and_sent_no_more(patient: tuple[Echo, int]) -> None:
    """An end of sending that came with the request does not end the stream; one that comes later does."""
    echo, port = patient
    asked = b"GET /stream HTTP/1.1\r\nhost: x\r\n\r\n"
    streams = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
    (one, its_end), (other, others_end) = streams
    its_end.write(asked)
    its_end.write_eof()
    others_end.write(asked)
    async with asyncio.timeout(LIMIT):
        await one.readuntil(b"first")
        await other.readuntil(b"first")
        others_end.write_eof()
        assert b"last" not in await other.read()

        echo.may_answer.set()

        assert b"last" in await one.read()
    for _, writer in streams:
        writer.close()


LARGE = b"POST /early HTTP/1.1\r\nhost: x\r\ncontent-length: 3000000\r\n"


@pytest.mark.parametrize("head", [LARGE + b"connection: close\r\n\r\n", LARGE.replace(b"1.1", b"1.0") + b"\r\n"])
async def test_a_refusal_reaches_who_still_sends(patient: tuple[Echo, int], head: bytes) -> None:
    """A last answer that comes before the body has is not lost in the reset of a connection that was closed at once."""
    _, port = patient
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head + b"x" * 1_000_000)
    async with asyncio.timeout(LIMIT):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"x" * 2_000_000)
        await writer.drain()
        assert await reader.read() == b"xx"
    writer.close()


async def test_who_is_refused_and_sends_on_is_hung_up_on(brisk: tuple[Echo, int]) -> None:
    """What is read after a refusal has a time."""
    echo, port = brisk
    _, writer = await asyncio.open_connection("127.0.0.1", port)

    writer.write(LARGE + b"connection: close\r\n\r\n")

    await eventually(lambda: echo.seen and not echo.connections, "the end of the connection")
    writer.close()


async def test_what_comes_after_its_answer_is_no_head(patient: tuple[Echo, int]) -> None:
    """A large body that was answered before it came does not count against the head of the next request."""
    _, port = patient
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(LARGE + b"\r\n")
    async with asyncio.timeout(LIMIT):
        await reader.readuntil(b"xx")
        writer.write(b"x" * 3_000_000)
        await writer.drain()
        writer.write(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        assert (await reader.read())[:12] == b"HTTP/1.1 200"
    writer.close()
