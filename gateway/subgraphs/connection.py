"""One keep-alive HTTP/1.1 connection to a subgraph, with at most one request in flight (RFC 9112).

Written for speed: no task, no stream, no copy of what need not be copied. The callbacks named `on_…` are httptools'.
"""

import asyncio
from typing import Any, Protocol, cast

import httptools

from gateway.executor.ports import Forwarded, SubgraphError
from gateway.plan import OperationKind


class Call:
    """One fetch on its way: its request, its deadline, and the future that somebody awaits."""

    __slots__ = ("attempt", "deadline", "forwarded", "future", "kind", "request")

    def __init__(
        self, request: bytes, kind: OperationKind, forwarded: Forwarded, future: asyncio.Future[bytes], deadline: float
    ) -> None:
        self.request = request
        self.kind: OperationKind = kind
        self.forwarded = forwarded
        self.future = future
        self.deadline = deadline
        self.attempt = 1


class Owner(Protocol):
    """Who opened a connection, and decides what happens to calls."""

    loop: asyncio.AbstractEventLoop

    def answered(
        self, call: Call, status: int, body: bytes, returned: list[tuple[bytes, bytes]] | None, coding: bytes = b""
    ) -> None:
        """Take a complete answer; `coding` is what its body is compressed by, empty for nothing."""
        ...

    def failed(self, call: Call, error: SubgraphError, *, untouched: bool = False) -> None:
        """Take a call without an answer; `untouched` where not a byte of one came on a kept connection."""
        ...

    def release(self, connection: "Connection") -> None:
        """Take a connection that has nothing to do."""
        ...

    def lost(self, connection: "Connection") -> None:
        """Hear that a connection is gone."""
        ...

    def unavailable(self, reason: str) -> SubgraphError:
        """Return the error of a call."""
        ...


class Connection(asyncio.Protocol):
    """The protocol object; its pool decides what happens to calls."""

    def __init__(self, pool: Owner, watched: frozenset[bytes], limit: int) -> None:
        self.pool = pool
        self.call: Call | None = None
        self.opened = self.used = pool.loop.time()
        self.closed = False
        self._watched, self._limit = watched, limit
        self._transport: asyncio.Transport = cast(asyncio.Transport, None)
        self._parser: Any = httptools.HttpResponseParser(self)
        self._fresh = True
        self._start()

    def _start(self) -> None:
        self._chunks: list[bytes] = []
        self._received = 0
        self._framed = self._headers_done = self._complete = self._keep = self._broken = False
        self._returned: list[tuple[bytes, bytes]] | None = None
        self._coding = b""

    # --- what the pool does with it

    def send(self, call: Call) -> None:
        """Write a request at once; the connection must be free."""
        self.call = call
        self._transport.write(call.request)

    def close(self) -> None:
        """Close without a word; a call in flight must have been taken off before."""
        self.closed = True
        self._transport.abort()

    # --- what the event loop tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Parse; hand the answer over only when everything that came has been read."""
        self._received += len(data)
        if self.call is None or self._received > self._limit:
            self._fail("an answer nobody asked for" if self.call is None else "answer too large")
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail("answer is not HTTP")
            return
        if self._broken:
            self._fail("more than one answer")
        elif self._complete:
            self._deliver(self._keep)

    def eof_received(self) -> bool:
        """Close when the subgraph does."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """End a call in flight: with its answer when that was to end with the connection, else with an error."""
        self.closed = True
        if self.call and self._headers_done and not self._framed and exc is None:
            self._deliver(keep=False)
        elif self.call:
            self._fail("connection lost", untouched=not self._received and not self._fresh)
        self.pool.lost(self)

    # --- what the parser tells

    def on_message_begin(self) -> None:
        """Notice bytes that follow a complete answer: this connection cannot be trusted any more."""
        if self._complete:
            self._broken = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note how the body is framed, and keep the headers that the client is to see."""
        name = name.lower()
        if name in self._watched:
            self._returned = [*(self._returned or ()), (name, value)]
        elif name == b"content-length" or name == b"transfer-encoding":
            self._framed = True
        elif name == b"content-encoding":
            self._coding = self._coding + b", " + value if self._coding else value

    def on_headers_complete(self) -> None:
        """Note that only the body is missing."""
        self._headers_done = True

    def on_body(self, chunk: bytes) -> None:
        """Keep a piece of the body."""
        self._chunks.append(chunk)

    def on_message_complete(self) -> None:
        """Note that the answer is whole; an interim answer (1xx) is none."""
        if self._parser.get_status_code() < 200:
            received = self._received
            self._start()
            self._received = received
        else:
            self._complete = True
            self._keep = bool(self._parser.should_keep_alive())

    # --- ends of a call

    def _deliver(self, keep: bool) -> None:
        call, chunks, returned, coding = self.call, self._chunks, self._returned, self._coding
        status: int = self._parser.get_status_code()
        self.call, self._fresh = None, False
        self._start()
        if call is None:
            return
        if not keep and not self.closed:
            self.close()
        self.pool.answered(call, status, chunks[0] if len(chunks) == 1 else b"".join(chunks), returned, coding)
        self.pool.release(self)

    def _fail(self, reason: str, *, untouched: bool = False) -> None:
        call, self.call = self.call, None
        if not self.closed:
            self.close()
        if call is not None:
            self.pool.failed(call, self.pool.unavailable(reason), untouched=untouched)

    def give_up(self, error: SubgraphError) -> None:
        """End the call in flight with an error and the connection with it."""
        call, self.call = self.call, None
        self.close()
        if call is not None and not call.future.done():
            call.future.set_exception(error)
