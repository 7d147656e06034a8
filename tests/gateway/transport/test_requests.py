"""What a transport sends, on which connection, and what it never sends; one suite for both implementations."""

import asyncio

import pytest

from gateway.executor.ports import Forwarded, SubgraphTimeout, SubgraphUnavailable
from gateway.subgraphs.http import HttpTransport
from portal_cli.ports import free_ports
from tests.gateway.transport.nasty import ANSWER, OK, Exchange, NastyServer, answer_well
from tests.gateway.transport.test_answers import BODY, NOBODY, ask, sends
from tests.support.waiting import LIMIT, eventually


async def test_sends_the_body_and_the_forwarded_headers(server, connect):
    """A request is a POST of exactly the body, with the forwarded header lines and those for this subgraph only."""
    forwarded = Forwarded(
        head=b"authorization: Bearer t\r\nx-empty:\r\n",
        private={"shop": b"cookie: a=1\r\n", "other": b"cookie: secret=1\r\n"},
    )
    await ask(connect(server.url), forwarded=forwarded)
    request = server.requests[0]
    lines = [line.lower() for line in request.head.split(b"\r\n")]
    assert request.body == BODY
    assert lines[0] == b"post /graphql http/1.1"
    assert {b"content-type: application/json", b"authorization: bearer t", b"cookie: a=1"} <= set(lines)
    assert [line for line in lines if line.startswith(b"accept-encoding")] == [b"accept-encoding: gzip"]
    assert not [line for line in lines if b"secret" in line or line.startswith(b"user-agent")]
    assert len([line for line in lines if line.startswith(b"host:")]) == 1


@pytest.mark.parametrize(
    "head",
    [
        b"x: a\r\n\r\nGET /admin HTTP/1.1\r\nhost: b\r\n\r\n",
        b"x: a\nb: c\r\n",
        b"x: a\rb: c\r\n",
        b"x: a\x00\r\n",
        b"x: a",
        b"x y: a\r\n",
        b" x: a\r\n",
        b"content-length: 1\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"a: b\r\nhOst: evil\r\n",
    ],
)
async def test_unsafe_headers_are_not_sent(server, connect, head):
    """A header block that would say more than its headers ends the fetch before a byte is written."""
    transport = connect(server.url)
    with pytest.raises(SubgraphUnavailable):
        await ask(transport, forwarded=Forwarded(head=head))
    with pytest.raises(SubgraphUnavailable):
        await ask(transport, forwarded=Forwarded(private={"shop": head}))
    assert server.requests == []
    assert await ask(transport) == ANSWER


async def test_one_connection_serves_one_after_the_other(server, connect):
    """Connections are kept and used again."""
    transport = connect(server.url)
    for _ in range(20):
        assert await ask(transport) == ANSWER
    assert server.connections == 1


async def test_many_at_once_share_the_cap(server, connect):
    """With a cap of three, thirty fetches at once use three connections and all are answered."""
    transport = connect(server.url, connections=3)
    answers = await asyncio.gather(*(transport.post("shop", BODY, "query", NOBODY) for _ in range(30)))
    assert answers == [ANSWER] * 30
    assert server.connections == 3


async def test_a_full_queue_refuses_at_once(server, connect):
    """Beyond the cap and the queue a fetch fails without waiting, and those before it are answered."""
    go_on = asyncio.Event()

    async def wait(exchange: Exchange) -> None:
        await go_on.wait()
        await exchange.send(OK)

    server.then(wait)
    transport = connect(server.url, connections=2, queue=3)
    first = [transport.post("shop", BODY, "query", NOBODY) for _ in range(5)]
    await server.has_requests(2)
    with pytest.raises(SubgraphUnavailable):
        await ask(transport)
    go_on.set()
    assert await asyncio.gather(*first) == [ANSWER] * 5


async def test_a_connection_that_was_just_made_counts_once(server, connect):
    """Who asks in the turn of the loop in which it was made gets a second one, instead of waiting for the first."""

    async def silence(exchange: Exchange) -> None:
        await exchange.reader.read()

    server.then(silence)
    transport = connect(server.url, connections=2)
    pending = [transport.post("shop", BODY, "query", NOBODY)]
    if isinstance(transport, HttpTransport):
        while not transport._pools["shop"]._open:  # pyright: ignore[reportPrivateUsage]
            await asyncio.sleep(0)
    pending.append(transport.post("shop", BODY, "query", NOBODY))
    await server.has_requests(2)
    await transport.aclose()
    await asyncio.gather(*pending, return_exceptions=True)


async def test_waiting_in_the_queue_counts_as_time(server, connect):
    """A fetch that gets no connection in time ends like one that gets no answer."""

    async def silence(exchange: Exchange) -> None:
        await exchange.reader.read()

    server.then(silence)
    transport = connect(server.url, connections=1, timeout=0.3)
    results = await asyncio.gather(
        *(transport.post("shop", BODY, "query", NOBODY) for _ in range(3)), return_exceptions=True
    )
    assert [type(result) for result in results] == [SubgraphTimeout] * 3


@pytest.mark.parametrize(("kind", "expected"), [("query", ANSWER), ("mutation", SubgraphUnavailable)])
async def test_a_kept_connection_that_dies_under_a_request(server, connect, kind, expected):
    """A query goes out once more on a new connection when not a byte came back; a mutation never does."""

    async def drop(exchange: Exchange) -> None:
        exchange.hang_up()

    server.then(answer_well, drop, answer_well)
    transport = connect(server.url, query_retries=0)
    await ask(transport)
    result = (await asyncio.gather(ask(transport, kind), return_exceptions=True))[0]
    assert result == expected or type(result) is expected
    assert len(server.requests) == (3 if kind == "query" else 2)


async def test_a_kept_connection_that_dies_again_ends_the_query(server, connect):
    """The second sending is the last one."""

    async def drop(exchange: Exchange) -> None:
        exchange.hang_up()

    server.then(answer_well, drop)
    transport = connect(server.url, query_retries=0)
    await ask(transport)
    with pytest.raises(SubgraphUnavailable):
        await ask(transport)
    assert len(server.requests) == 3


@pytest.mark.parametrize("kind", ["query", "mutation"])
async def test_a_connection_closed_while_idle_is_not_used(server, connect, kind):
    """When the subgraph closed an idle connection, the next request, even a mutation, takes a new one."""
    server.then(sends(OK, close=True), answer_well)
    transport = connect(server.url)
    await ask(transport)
    await eventually(lambda: not server.open_now, "the end of the connection")
    await asyncio.sleep(0.05)  # one turn of the loop is enough to notice what has happened
    assert await ask(transport, kind) == ANSWER


async def test_an_idle_connection_is_not_kept_for_long(server, connect):
    """A connection idle beyond `idle` is not trusted with another request."""
    transport = connect(server.url, idle=0.05)
    await ask(transport)
    await asyncio.sleep(0.1)
    await ask(transport, "mutation")
    assert server.connections == 2


async def test_an_old_connection_is_replaced(server, connect):
    """However busy, a connection is given up at its maximum age, so that new pods get their share."""
    transport = connect(server.url, age=0.1)
    async with asyncio.timeout(LIMIT):
        while server.connections < 3:
            assert await ask(transport) == ANSWER


async def test_cancelling_one_fetch_harms_no_other(server, connect):
    """A cancelled fetch never gets its answer delivered to somebody else, and its place is free again."""
    go_on = asyncio.Event()

    async def wait(exchange: Exchange) -> None:
        await go_on.wait()
        await exchange.send(b"HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n" + exchange.body)

    server.then(wait)
    transport = connect(server.url, connections=2)
    bodies = [b'{"query":"{%03d}"}' % number for number in range(6)]
    bodies = [body[:16] for body in (b'{"q":"{a%03d}"}  ' % number for number in range(6))]
    fetches = [asyncio.ensure_future(transport.post("shop", body, "query", NOBODY)) for body in bodies]
    await server.has_requests(2)
    fetches[0].cancel()
    fetches[3].cancel()
    go_on.set()
    results = await asyncio.gather(*fetches, return_exceptions=True)
    assert [type(results[0]), type(results[3])] == [asyncio.CancelledError] * 2
    assert [results[i] for i in (1, 2, 4, 5)] == [bodies[i] for i in (1, 2, 4, 5)]
    assert bodies[3] not in [request.body for request in server.requests]


async def test_a_cancelled_fetch_leaves_a_usable_connection(server, connect):
    """The lean transport reads and drops the answer and keeps the connection; aiohttp closes it; the cap stays free."""
    go_on = asyncio.Event()

    async def wait(exchange: Exchange) -> None:
        await go_on.wait()
        await exchange.send(b"HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n", b'{"data":{"a":0}}')

    server.then(wait, answer_well)
    transport = connect(server.url, connections=1)
    given_up = asyncio.ensure_future(transport.post("shop", BODY, "mutation", NOBODY))
    await server.has_requests(1)
    given_up.cancel()
    next_one = asyncio.ensure_future(transport.post("shop", BODY, "mutation", NOBODY))
    go_on.set()
    assert await next_one == ANSWER
    assert [await ask(transport, "mutation") for _ in range(3)] == [ANSWER] * 3
    assert server.connections == (1 if isinstance(transport, HttpTransport) else 2)


async def test_a_cancelled_fetch_that_is_never_answered_frees_its_place(server, connect):
    """The answer of a cancelled fetch is waited for until its deadline, no longer; then the connection is closed."""

    async def silence(exchange: Exchange) -> None:
        await exchange.reader.read()

    server.then(silence, answer_well)
    transport = connect(server.url, connections=1)
    soon = Forwarded(deadline=asyncio.get_running_loop().time() + 2)
    given_up = asyncio.ensure_future(transport.post("shop", BODY, "query", soon))
    await server.has_requests(1)
    given_up.cancel()
    assert await ask(transport) == ANSWER
    assert server.connections == 2


@pytest.mark.parametrize("kind", ["query", "mutation"])
async def test_nobody_listens(connect, kind):
    """A closed port is `SubgraphUnavailable`, at once."""
    (port,) = free_ports(1)
    with pytest.raises(SubgraphUnavailable):
        await ask(connect(f"http://localhost:{port}/graphql"), kind)


async def test_those_who_wait_behind_a_dead_connection_are_served(server, connect):
    """When the only connection dies, the queue moves on over new ones."""

    async def drop(exchange: Exchange) -> None:
        exchange.reset()

    server.then(drop, drop, answer_well)
    transport = connect(server.url, connections=1, query_retries=0)
    results = await asyncio.gather(*(ask(transport, "mutation") for _ in range(4)), return_exceptions=True)
    assert [type(result) for result in results].count(SubgraphUnavailable) == 2
    assert results.count(ANSWER) == 2


async def test_an_unknown_subgraph_is_unavailable(connect, server):
    """A subgraph without an address fails alone."""
    with pytest.raises(SubgraphUnavailable):
        await connect(server.url).post("nobody", BODY, "query", NOBODY)


async def test_a_subgraph_that_is_down_gets_no_storm(server, connect):
    """Of a hundred queries that fail, few are repeated."""

    async def drop(exchange: Exchange) -> None:
        exchange.reset()

    server.then(drop)
    transport = connect(server.url, query_retries=5, connections=100)
    await asyncio.gather(*(transport.post("shop", BODY, "query", NOBODY) for _ in range(100)), return_exceptions=True)
    assert 100 <= len(server.requests) <= 111


async def test_closing_ends_what_is_open(server, connect):
    """After `aclose` no connection is left and fetches in flight have ended."""

    async def silence(exchange: Exchange) -> None:
        await exchange.reader.read()

    server.then(answer_well, silence)
    transport = connect(server.url)
    await ask(transport)
    pending = transport.post("shop", BODY, "query", NOBODY)
    await server.has_requests(2)
    await transport.aclose()
    with pytest.raises((SubgraphUnavailable, asyncio.CancelledError)):
        await pending
    await eventually(lambda: not server.open_now, "the end of every connection")


@pytest.mark.parametrize(
    "url", ["ftp://x/", "http://", "http://a b/", "http://u:p@h/", "http://h/\r\nx: y", "nonsense"]
)
async def test_refuses_addresses_that_are_none(connect, url):
    """A wrong address is noticed at start."""
    with pytest.raises(ValueError, match="address"):
        connect(url)


async def test_new_addresses_take_over_without_losing_a_fetch(server, connect):
    """After `use`, new fetches go to the new address, and one in flight on the old is still answered."""
    go_on = asyncio.Event()

    async def wait(exchange: Exchange) -> None:
        await go_on.wait()
        await exchange.send(OK)

    server.then(wait)
    transport = connect(server.url)
    pending = asyncio.ensure_future(transport.post("shop", BODY, "mutation", NOBODY))
    await server.has_requests(1)
    other = await NastyServer().start()
    transport.use({"shop": other.url})
    assert await ask(transport) == ANSWER
    go_on.set()
    assert await pending == ANSWER
    assert (len(server.requests), len(other.requests)) == (1, 1)
    await other.stop()


async def test_a_wrong_new_address_changes_nothing(server, connect):
    """`use` refuses as a whole."""
    transport = connect(server.url)
    with pytest.raises(ValueError, match="address"):
        transport.use({"shop": "nonsense"})
    assert await ask(transport) == ANSWER
