"""All connections to one subgraph: who gets one, who waits, who is too late, who is sent again."""

import asyncio
from collections import deque
from typing import cast

from gateway.executor.ports import Forwarded, SubgraphError, SubgraphTimeout, SubgraphUnavailable
from gateway.plan import OperationKind
from gateway.subgraphs.answers import decoded, is_safe_head, unusable
from gateway.subgraphs.breaker import breaker_for
from gateway.subgraphs.connection import Call, Connection
from gateway.subgraphs.retry import RetryBudget, pause
from gateway.subgraphs.target import CACHING, Target, TransportOptions, with_age

_HEADERS_ALLOWED = 64 * 1024
_SWEEPS_PER_TIMEOUT = 50


class Pool:
    """Connections to one subgraph, at most `options.connections`, and a queue of at most `options.queue` calls."""

    def __init__(self, subgraph: str, target: Target, options: TransportOptions) -> None:
        self.loop = asyncio.get_running_loop()
        self.waiting: deque[Call] = deque()
        self._subgraph, self.target = subgraph, target
        self._options = options = options.of(subgraph)
        self._tls = options.tls_for(target)
        self._idle: list[Connection] = []
        self._open: set[Connection] = set()
        self._connecting: dict[asyncio.Task[None], Call] = {}
        self._budget = RetryBudget()
        self.breaker = breaker_for(subgraph, options, self.loop.time)
        self._sweep: asyncio.TimerHandle | None = None
        self._sweep_every = options.timeout / _SWEEPS_PER_TIMEOUT
        self._closed = self._retiring = False
        self._watched = options.watched(subgraph)
        self._tells_age = CACHING in self._watched
        self._limit = options.answer_bytes + _HEADERS_ALLOWED
        self._start_line = (
            f"POST {target.path} HTTP/1.1\r\nhost: {target.authority}\r\n"
            "content-type: application/json\r\naccept: application/json\r\naccept-encoding: gzip\r\ncontent-length: "
        ).encode("ascii")

    # --- requests in

    def post(self, body: bytes, kind: OperationKind, forwarded: Forwarded) -> asyncio.Future[bytes]:
        """Send one body; written before this returns where a connection is free."""
        future: asyncio.Future[bytes] = self.loop.create_future()
        head = forwarded.head
        if forwarded.private or forwarded.replaced:
            head = forwarded.head_for(self._subgraph)
        if not is_safe_head(head):
            future.set_exception(self.unavailable("unsafe header block"))
            return future
        now = self.loop.time()
        deadline = now + self._options.timeout_of(kind)
        if forwarded.deadline is not None and forwarded.deadline < deadline:
            deadline = forwarded.deadline
            if deadline <= now:
                future.set_exception(SubgraphTimeout(self._subgraph, "the operation's time is over"))
                return future
        if self.breaker is not None:
            if refusal := self.breaker.refusal():
                future.set_exception(refusal)
                return future
            self.breaker.watch(future)
        left = (deadline - now) * 1000
        request = b"%b%d\r\nx-portal-deadline-ms: %d\r\n%b\r\n%b" % (self._start_line, len(body), left, head, body)
        if self._sweep is None:
            self._sweep = self.loop.call_later(self._sweep_every, self._sweep_out)
        self._start(Call(request, kind, forwarded, future, deadline))
        return future

    def _start(self, call: Call) -> None:
        if self._closed:
            call.future.set_exception(self.unavailable("the transport is closed"))
        elif connection := self._take_idle():
            connection.send(call)
        elif len(self._open) + len(self._connecting) < self._options.connections:
            self._connect(call)
        elif len(self.waiting) < self._options.queue:
            self.waiting.append(call)
        else:
            call.future.set_exception(self.unavailable("the queue is full"))

    def _take_idle(self) -> Connection | None:
        now = self.loop.time()
        while self._idle:
            connection = self._idle.pop()
            if not connection.closed and now - connection.used < self._options.idle and not self._too_old(connection):
                return connection
            if not connection.closed:
                connection.close()
        return None

    def _too_old(self, connection: Connection) -> bool:
        return self.loop.time() - connection.opened > self._options.age

    # --- connecting

    def _connect(self, call: Call) -> None:
        task = self.loop.create_task(self._connect_for(call))
        self._connecting[task] = call
        task.add_done_callback(lambda done: self._connecting.pop(done, None))

    async def _connect_for(self, call: Call) -> None:
        try:
            async with asyncio.timeout(self._options.connect_timeout):
                _, connection = await self.loop.create_connection(
                    lambda: Connection(self, self._watched, self._limit),
                    self.target.host,
                    self.target.port,
                    ssl=self._tls,
                )
        except (OSError, TimeoutError) as error:
            self.failed(call, self.unavailable(f"no connection: {type(error).__name__}"))
            self._connect_next()
            return
        if connection.closed:
            self.failed(call, self.unavailable("connection lost"))
            self._connect_next()
            return
        # At once, not when the task's callback runs: a connection that counts twice leaves room that nobody uses.
        self._connecting.pop(cast("asyncio.Task[None]", asyncio.current_task()), None)
        self._open.add(connection)
        if call.future.done():
            self.release(connection)
        else:
            connection.send(call)

    def _connect_next(self) -> None:
        while self.waiting and not self._closed:
            call = self.waiting.popleft()
            if not call.future.done():
                self._connect(call)
                return

    # --- what connections tell

    def answered(
        self, call: Call, status: int, body: bytes, returned: list[tuple[bytes, bytes]] | None, coding: bytes = b""
    ) -> None:
        """Give a complete answer to the one who waits, unless it is no GraphQL answer."""
        if coding:
            try:
                body = decoded(self._subgraph, body, coding, self._options.answer_bytes)
            except SubgraphUnavailable as unread:
                self.failed(call, unread)
                return
        error = unusable(self._subgraph, status, body)
        if error is not None:
            self.failed(call, error)
        elif not call.future.done():
            self._budget.earned()
            if self._tells_age:
                returned = with_age(returned)
            if returned and call.forwarded.returned is not None:
                call.forwarded.returned.extend(returned)
            call.future.set_result(body)

    def failed(self, call: Call, error: SubgraphError, *, untouched: bool = False) -> None:
        """Send a query again where that is allowed, else end the call.

        `untouched` says that a kept connection was closed before a byte came back: such a query goes out again at
        once, on a new connection, and the budget is not asked; once only.
        """
        if call.future.done():
            return
        if untouched and call.kind == "query" and call.attempt == 1:
            call.attempt += 1
            self._connect(call)
        elif not self._closed and self._budget.allows(call.kind, call.attempt, self._options.query_retries):
            call.attempt += 1
            self.loop.call_later(pause(call.attempt - 1), self._again, call)
        else:
            call.future.set_exception(error)

    def _again(self, call: Call) -> None:
        if not call.future.done():
            self._start(call)

    def release(self, connection: Connection) -> None:
        """Give a connection that has nothing to do to the next call, or keep it."""
        if connection.closed:
            return
        if self._closed or self._too_old(connection):
            connection.close()
            return
        while self.waiting:
            call = self.waiting.popleft()
            if not call.future.done():
                connection.send(call)
                return
        if self._retiring:
            connection.close()
            return
        connection.used = self.loop.time()
        self._idle.append(connection)

    def lost(self, connection: Connection) -> None:
        """Forget a connection; somebody who waits gets a new one."""
        self._open.discard(connection)
        self._connect_next()

    def unavailable(self, reason: str) -> SubgraphUnavailable:
        """Return the error for one fetch."""
        return SubgraphUnavailable(self._subgraph, reason)

    # --- time

    def _sweep_out(self) -> None:
        """End every call whose time is over, and every query that nobody awaits any more, with its connection, so that
        the subgraph ends it too: one timer for all of them, instead of one for each."""
        now = self.loop.time()
        late = SubgraphTimeout(self._subgraph, "no answer in time")
        for connection in tuple(self._open):
            call = connection.call
            if call is not None and (call.deadline <= now or (call.future.done() and call.kind == "query")):
                connection.give_up(late)
        for call in (*self.waiting, *self._connecting.values()):
            if call.deadline <= now and not call.future.done():
                call.future.set_exception(late)
        self.waiting = deque(call for call in self.waiting if not call.future.done())
        busy = self.waiting or self._connecting or any(connection.call for connection in self._open)
        self._sweep = self.loop.call_later(self._sweep_every, self._sweep_out) if busy else None

    def retire(self) -> bool:
        """Close what is idle now and the rest when it is answered; return whether nothing is left."""
        self._retiring = True
        while self._idle:
            self._idle.pop().close()
        return not self._open and not self._connecting and not self.waiting

    async def aclose(self) -> None:
        """End everything; calls in flight fail."""
        self._closed = True
        if self._sweep is not None:
            self._sweep.cancel()
        tasks = list(self._connecting)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for call in self.waiting:
            if not call.future.done():
                call.future.set_exception(self.unavailable("the transport is closed"))
        for connection in tuple(self._open):
            connection.give_up(self.unavailable("the transport is closed"))
