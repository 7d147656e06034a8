"""What a transport makes of answers, good and bad; one suite for both implementations."""

import asyncio
import contextlib
import gzip
import zlib

import pytest

from gateway.executor.ports import Forwarded, SubgraphTimeout, SubgraphUnavailable
from tests.gateway.transport.conftest import PATIENT
from tests.gateway.transport.nasty import ANSWER, OK, Exchange

NOBODY = Forwarded()
BODY = b'{"query":"{ok}"}'


async def ask(transport, kind="query", forwarded=NOBODY, body=BODY):
    """Send one fetch."""
    return await transport.post("shop", body, kind, forwarded)


def sends(*parts: bytes, close: bool = False):
    """Return a script that writes these parts, and closes then if told so."""

    async def script(exchange: Exchange) -> None:
        await exchange.send(*parts)
        if close:
            exchange.hang_up()

    return script


def plain(body: bytes, *, length: int | None = None, status: bytes = b"200 OK", more: bytes = b"") -> bytes:
    """Return a plain answer that claims `length` bytes."""
    length = len(body) if length is None else length
    return b"HTTP/1.1 %b\r\ncontent-type: application/json\r\n%bcontent-length: %d\r\n\r\n%b" % (
        status,
        more,
        length,
        body,
    )


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    """Return a chunked answer."""
    framed = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n" + framed + end


def coded(coding: bytes, body: bytes) -> bytes:
    """Return an answer with a content coding."""
    return plain(body, more=b"content-encoding: " + coding + b"\r\n")


ZIPPED = gzip.compress(ANSWER)
GOOD = {
    "gzip": [coded(b"gzip", ZIPPED)],
    "GZip by its other name": [coded(b"X-GZip", ZIPPED)],
    "gzip in two members": [coded(b"gzip", gzip.compress(ANSWER[:7]) + gzip.compress(ANSWER[7:]))],
    "gzip, byte by byte": [bytes([byte]) for byte in coded(b"gzip", ZIPPED)],
    "no coding, said": [coded(b"identity", ANSWER)],
    "plain": [OK],
    "byte by byte": [bytes([byte]) for byte in OK],
    "chunked": [chunked(ANSWER)],
    "chunked small": [chunked(*(bytes([byte]) for byte in ANSWER))],
    "chunked, cut anywhere": [chunked(ANSWER[:7], ANSWER[7:])[i : i + 5] for i in range(0, 200, 5)],
    "chunked with trailers": [chunked(ANSWER, end=b"0\r\nx-trailer: 1\r\n\r\n")],
    "100 first": [b"HTTP/1.1 100 Continue\r\n\r\n" + OK],
    "103 first": [b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n", OK],
    "error status": [plain(ANSWER, status=b"500 Internal Server Error")],
    "bad request": [plain(ANSWER, status=b"400 Bad Request")],
    "leading space": [plain(b"\n " + ANSWER)],
}


@pytest.mark.parametrize("parts", GOOD.values(), ids=GOOD.keys())
async def test_brings_every_kind_of_complete_answer(server, connect, parts):
    """A complete answer arrives however it is framed or cut, and the connection stays usable."""
    server.then(sends(*parts))
    transport = connect(server.url)
    assert (await ask(transport)).strip() == ANSWER
    assert (await ask(transport)).strip() == ANSWER
    assert server.connections == 1


async def test_an_answer_may_end_with_its_connection(server, connect):
    """Without length or chunks the body ends where the connection ends (RFC 9112, 6.3)."""
    server.then(sends(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n", ANSWER, close=True))
    assert await ask(connect(server.url)) == ANSWER


async def test_connection_close_is_respected(server, connect):
    """An answer with `connection: close` is good, and the next request takes a new connection."""
    server.then(sends(plain(ANSWER, more=b"connection: close\r\n")), sends(OK))
    transport = connect(server.url)
    assert await ask(transport) == ANSWER
    assert await ask(transport) == ANSWER
    assert server.connections == 2


BAD = {
    "brotli": [coded(b"br", b"\x0b\x02\x80")],
    "deflate": [coded(b"deflate", zlib.compress(ANSWER))],
    "gzip twice": [coded(b"gzip, gzip", gzip.compress(ZIPPED))],
    "gzip that is none": [coded(b"gzip", ANSWER)],
    "gzip cut": [coded(b"gzip", ZIPPED[:-3])],
    "gzip with bytes after it": [coded(b"gzip", ZIPPED + b"more")],
    "gzip of nothing": [coded(b"gzip", b"")],
    "truncated": [plain(ANSWER, length=50)],
    "truncated headers": [b"HTTP/1.1 200 OK\r\ncontent-le"],
    "truncated chunk": [chunked(ANSWER, end=b"")],
    "no last chunk": [b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"],
    "nothing": [],
    "only 100": [b"HTTP/1.1 100 Continue\r\n\r\n"],
    "not HTTP": [b"SSH-2.0-OpenSSH_9.2\r\n"],
    "bad length": [b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n{}"],
    "two lengths": [b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}"],
    "bad chunk size": [b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"],
    "HTML": [plain(b"<html>Bad Gateway</html>", status=b"502 Bad Gateway")],
    "HTML and 200": [plain(b"<html>Hello</html>")],
    "503": [plain(ANSWER, status=b"503 Service Unavailable")],
    "empty": [plain(b"")],
    "204": [b"HTTP/1.1 204 No Content\r\n\r\n"],
    "list": [plain(b"[]")],
    "redirect": [b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"],
    "switching protocols": [b"HTTP/1.1 101 Switching\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n"],
}


@pytest.mark.parametrize("kind", ["query", "mutation"])
@pytest.mark.parametrize("parts", BAD.values(), ids=BAD.keys())
async def test_refuses_what_is_no_answer(server, connect, parts, kind):
    """Truncated, lying and foreign answers are `SubgraphUnavailable`; a query is tried twice, a mutation once."""
    server.then(sends(*parts, close=True))
    with pytest.raises(SubgraphUnavailable):
        await ask(connect(server.url), kind)
    assert len(server.requests) == (2 if kind == "query" else 1)


async def test_a_query_recovers_on_its_second_try(server, connect):
    """One bad answer is not seen by the client of a query."""
    server.then(sends(plain(ANSWER, length=50), close=True), sends(OK))
    assert await ask(connect(server.url)) == ANSWER


@pytest.mark.parametrize(
    "many",
    [
        plain(b"{" + b" " * 1_100_000),
        chunked(*[b"{" + b" " * 50_000] * 23),
        coded(b"gzip", gzip.compress(b"{" + b" " * 1_100_000)),
        coded(b"gzip", gzip.compress(b"{" + b" " * 600_000) + gzip.compress(b" " * 600_000)),
    ],
    ids=["plain", "chunked", "gzip", "gzip in two members"],
)
async def test_refuses_answers_that_are_too_large(server, connect, many):
    """An answer beyond `answer_bytes` is dropped while it comes in."""
    server.then(sends(many))
    with pytest.raises(SubgraphUnavailable):
        await ask(connect(server.url, query_retries=0))


async def test_endless_headers_are_too_large(server, connect):
    """Headers count too: an answer cannot fill the memory before its body."""

    async def flood(exchange: Exchange) -> None:
        await exchange.send(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            await exchange.send(b"x-%d: %b\r\n" % (number, b"a" * 1000))

    server.then(flood)
    with pytest.raises(SubgraphUnavailable):
        await ask(connect(server.url, query_retries=0))


async def test_bytes_after_an_answer_never_reach_the_next_request(server, connect):
    """An answer longer than its length cannot become the answer to somebody else's request."""
    poison = plain(b'{"data":{"ok":"poison"}}')
    server.then(sends(OK + poison), sends(OK))
    transport = connect(server.url, query_retries=0)
    for _ in range(5):
        with contextlib.suppress(SubgraphUnavailable):
            assert await ask(transport) == ANSWER


async def test_an_unasked_answer_ends_the_connection(server, connect):
    """Bytes that come on an idle connection are not kept for the next request."""
    poison = plain(b'{"data":{"ok":"poison"}}')
    answered, poisoned = asyncio.Event(), asyncio.Event()

    async def later(exchange: Exchange) -> None:
        await exchange.send(OK)
        await answered.wait()
        await exchange.send(poison)
        poisoned.set()

    server.then(later, sends(OK))
    transport = connect(server.url)
    assert await ask(transport) == ANSWER
    answered.set()
    await poisoned.wait()
    await asyncio.sleep(0.05)  # one turn of the loop is enough to receive what was sent
    assert await ask(transport) == ANSWER
    assert server.connections == 2


async def test_a_slow_answer_is_given_up_in_time(server, connect):
    """An answer that trickles, never silent for as long as the time-out, is cut by it: it counts from `post`."""

    async def trickle(exchange: Exchange) -> None:
        for byte in OK:
            await exchange.send(bytes([byte]))
            await asyncio.sleep(0.1)

    server.then(trickle)
    with pytest.raises(SubgraphTimeout):
        await ask(connect(server.url, timeout=0.3))


@pytest.mark.parametrize("kind", ["query", "mutation"])
async def test_a_timeout_is_never_repeated(server, connect, kind):
    """A subgraph that is slow already does not get the same work twice."""

    async def silence(exchange: Exchange) -> None:
        await exchange.reader.read()

    server.then(silence)
    with pytest.raises(SubgraphTimeout):
        await ask(connect(server.url, timeout=0.2), kind)
    assert len(server.requests) <= 1


async def test_collects_the_allowed_headers_of_answers(server, connect):
    """Only headers on the subgraph's list come back for the client, each as often as it was sent."""
    more = b"Set-Cookie: a=1\r\nset-cookie: b=2\r\nx-secret: 3\r\n"
    server.then(sends(plain(ANSWER, more=more)))
    returned: list[tuple[bytes, bytes]] = []
    await ask(
        connect(server.url, returned={"shop": frozenset({b"set-cookie"})}), forwarded=Forwarded(returned=returned)
    )
    assert returned == [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]


async def test_returns_no_headers_unless_told(server, connect):
    """Without a list nothing comes back."""
    server.then(sends(plain(ANSWER, more=b"set-cookie: a=1\r\n")))
    returned: list[tuple[bytes, bytes]] = []
    await ask(connect(server.url), forwarded=Forwarded(returned=returned))
    assert returned == []


async def test_the_operations_deadline_bounds_every_fetch(server, connect):
    """A fetch ends at the operation's deadline when that is sooner; after it nothing is sent at all."""

    async def silence(exchange: Exchange) -> None:
        await exchange.reader.read()

    server.then(sends(OK), silence)
    transport, loop = connect(server.url), asyncio.get_running_loop()
    await ask(transport)
    began = loop.time()
    late = Forwarded(deadline=began + 1)
    with pytest.raises(SubgraphTimeout):
        await ask(transport, "mutation", late)
    sent = len(server.requests)
    with pytest.raises(SubgraphTimeout):
        await ask(transport, "mutation", late)
    assert loop.time() - began < PATIENT.timeout
    assert len(server.requests) == sent <= 2


async def test_says_which_coding_cannot_be_read(server, connect):
    """The request says that gzip may come; another coding is named in the reason, for the log."""
    server.scripts = [sends(coded(b"zstd", b"\x28\xb5\x2f\xfd"))]
    with pytest.raises(SubgraphUnavailable) as refused:
        await ask(connect(server.url), "mutation")
    assert refused.value.reason == "content-encoding 'zstd' cannot be read"
    assert b"accept-encoding: gzip" in server.requests[0].head.lower()


async def test_one_subgraph_may_have_options_of_its_own(server, connect):
    """A size limit of this subgraph holds for it, one of another does not."""
    server.scripts = [sends(plain(b"{" + b" " * 100_000 + b"}"))]
    other = connect(server.url, differing={"other": {"answer_bytes": 1_000}})
    assert len(await ask(other)) == 100_002
    own = connect(server.url, differing={"shop": {"answer_bytes": 1_000, "query_retries": 0}})
    with pytest.raises(SubgraphUnavailable):
        await ask(own)
