"""Sharing of identical fetches in flight: same subgraph, same body, same credentials, queries only."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Protocol

from gateway.executor.ports import Forwarded
from gateway.plan import OperationKind

_Key = tuple[str, bytes, bytes]


class _Transport(Protocol):
    def post(self, subgraph: str, body: bytes, kind: OperationKind, forwarded: Forwarded) -> asyncio.Future[bytes]: ...

    def subscribe(
        self, subgraph: str, payload: dict[str, Any], forwarded: Forwarded
    ) -> AsyncIterator[dict[str, Any]]: ...

    async def aclose(self) -> None: ...


class _Shared:
    """One fetch in flight, and everybody who waits for it."""

    __slots__ = ("returned", "waiters")

    def __init__(self) -> None:
        self.returned: list[tuple[bytes, bytes]] = []
        self.waiters: list[tuple[asyncio.Future[bytes], Forwarded]] = []

    def finish(self, source: asyncio.Future[bytes]) -> None:
        error = asyncio.CancelledError() if source.cancelled() else source.exception()
        for future, forwarded in self.waiters:
            if future.done():
                continue
            if isinstance(error, asyncio.CancelledError):
                future.cancel()
            elif error is not None:
                future.set_exception(error)
            else:
                if forwarded.returned is not None:
                    forwarded.returned.extend(self.returned)
                future.set_result(source.result())


class SharedFetches:
    """A layer over a transport; one caller's cancellation does not touch the others.

    Once a mutation has ended, however it did, or an event has come, nobody joins a query that was sent before: its
    answer may not know of them.
    """

    def __init__(self, transport: _Transport) -> None:
        self._transport = transport
        self._in_flight: dict[_Key, _Shared] = {}

    def post(self, subgraph: str, body: bytes, kind: OperationKind, forwarded: Forwarded) -> asyncio.Future[bytes]:
        """See `SubgraphTransport.post`; a query that is already on its way is not sent again."""
        if kind != "query":
            sent = self._transport.post(subgraph, body, kind, forwarded)
            sent.add_done_callback(lambda _: self._in_flight.clear())
            return sent
        key = (subgraph, body, forwarded.credentials)
        shared = self._in_flight.get(key)
        if shared is None:
            shared = self._in_flight[key] = _Shared()
            source = self._transport.post(subgraph, body, kind, replace(forwarded, returned=shared.returned))
            source.add_done_callback(lambda done: self._finish(key, shared, done))
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        shared.waiters.append((future, forwarded))
        return future

    def _finish(self, key: _Key, shared: _Shared, source: asyncio.Future[bytes]) -> None:
        if self._in_flight.get(key) is shared:
            del self._in_flight[key]
        shared.finish(source)

    async def subscribe(
        self, subgraph: str, payload: dict[str, Any], forwarded: Forwarded
    ) -> AsyncGenerator[dict[str, Any], None]:
        """See `SubgraphTransport.subscribe`; never shared."""
        events: Any = self._transport.subscribe(subgraph, payload, forwarded)
        async with aclosing(events):
            async for event in events:
                self._in_flight.clear()
                yield event

    async def aclose(self) -> None:
        """Close the transport below."""
        await self._transport.aclose()
