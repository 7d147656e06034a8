"""The circuit breaker: what opens it, what goes out while it is open, and what closes it."""

import asyncio

import pytest

from gateway.executor.ports import Forwarded, SubgraphUnavailable
from gateway.subgraphs.breaker import OPEN, OPENED, Breaker, CircuitOpen
from gateway.subgraphs.target import TransportOptions
from tests.gateway.transport.nasty import ANSWER, Exchange, answer_well

BAD, LATE = SubgraphUnavailable("shop", "no"), 100.0


class Clock:
    """A clock that stands until it is told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


async def fetch(breaker: Breaker, ends: str = "well") -> bool:
    """Let one fetch go out and end; return whether it went out."""
    if breaker.refusal():
        return False
    future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
    breaker.watch(future)
    {"well": lambda: future.set_result(b""), "badly": lambda: future.set_exception(BAD), "given up": future.cancel}[
        ends
    ]()
    await asyncio.wait([future])
    future.cancelled() or future.exception()
    await asyncio.sleep(0)
    return True


def breaker(clock: Clock) -> Breaker:
    """Return a breaker that opens when half of four fetches fail."""
    options = TransportOptions(breaker_percent=50, breaker_fetches=4, breaker_pause=5)
    return Breaker("shop", options, clock)


async def test_it_opens_when_enough_of_enough_fetches_fail() -> None:
    """Not by few fetches, not by those that clients gave up, and not by failures of an earlier window."""
    clock = Clock()
    one = breaker(clock)
    for ends in ("badly", "badly", "badly", "given up", "given up"):
        assert await fetch(one, ends)
    clock.now = 11
    for ends in ("badly", "well", "well", "badly"):
        assert await fetch(one, ends)
    assert not await fetch(one)
    assert isinstance(one.refusal(), CircuitOpen)


async def test_one_fetch_at_a_time_tries_it_again() -> None:
    """One that fails gives it another pause, one that is given up tells nothing, one that is answered closes it."""
    clock = Clock()
    one = breaker(clock)
    opened = OPENED.labels("shop")._value.get()
    for _ in range(4):
        await fetch(one, "badly")
    assert OPENED.labels("shop")._value.get() == opened + 1
    assert not await fetch(one)
    clock.now = 5
    probe: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
    assert one.refusal() is None
    one.watch(probe)
    assert one.refusal() is not None
    assert OPEN.labels("shop")._value.get() == 0.5
    probe.cancel()
    await asyncio.sleep(0)
    assert await fetch(one, "badly")
    assert not await fetch(one)
    clock.now = 10
    assert await fetch(one, "well")
    assert OPEN.labels("shop")._value.get() == 0
    for ends in ("badly", "badly", "badly"):
        assert await fetch(one, ends)
    assert one.refusal() is None


async def test_an_open_circuit_sends_nothing(connect, server) -> None:
    """Both transports: fetches fail at once by their own code, mutations too; those of good subgraphs never."""

    async def fail(exchange: Exchange) -> None:
        await exchange.send(b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n")

    server.scripts = [fail, fail, answer_well]
    transport = connect(server.url, query_retries=0, breaker_percent=100, breaker_fetches=2, breaker_pause=LATE)
    codes: list[str] = []
    for kind in ("query", "mutation", "query", "mutation"):
        try:
            await transport.post("shop", b"{}", kind, Forwarded())
        except SubgraphUnavailable as error:
            codes.append(error.code)
    assert codes == ["SUBGRAPH_UNAVAILABLE"] * 2 + ["SUBGRAPH_CIRCUIT_OPEN"] * 2
    assert len(server.requests) == 2
    calm = connect(server.url, query_retries=0, breaker_percent=100, breaker_fetches=2, breaker_pause=LATE)
    assert [await calm.post("shop", b"{}", "query", Forwarded()) for _ in range(5)] == [ANSWER] * 5


async def test_subscriptions_have_the_same_circuit(connect, server) -> None:
    """Both transports: one that cannot begin counts as a fetch that failed, and none is begun while it is open."""

    async def fail(exchange: Exchange) -> None:
        await exchange.send(b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n")

    async def begin() -> str:
        try:
            async for _ in transport.subscribe("shop", {"query": "subscription { a }"}, Forwarded()):
                pass
        except SubgraphUnavailable as error:
            await asyncio.sleep(0)  # as the breaker is told
            return error.code
        return "begun"

    server.scripts = [fail, fail, answer_well]
    options = {"breaker_percent": 100, "breaker_fetches": 2, "breaker_pause": LATE, "protocols": {"shop": "sse"}}
    transport = connect(server.url, query_retries=0, **options)
    assert [await begin() for _ in range(3)] == ["SUBGRAPH_UNAVAILABLE"] * 2 + ["SUBGRAPH_CIRCUIT_OPEN"]
    with pytest.raises(CircuitOpen):
        await transport.post("shop", b"{}", "query", Forwarded())
    assert len(server.requests) == 2
