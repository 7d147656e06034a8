"""The executor's port on aiohttp's client: ten times the cost of `http`, and twenty years of other people's care."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from types import SimpleNamespace
from typing import Any

import aiohttp
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.connector import Connection

from gateway.executor.ports import Forwarded, SubgraphError, SubgraphTimeout, SubgraphUnavailable
from gateway.plan import OperationKind
from gateway.subgraphs.answers import decoded, header_pairs, is_safe_head, unusable
from gateway.subgraphs.breaker import Breaker, breaker_for
from gateway.subgraphs.retry import RetryBudget, pause
from gateway.subgraphs.subscriptions import SubgraphSubscriptions
from gateway.subgraphs.target import CACHING, Target, TransportOptions, with_age

_OWN_HEADERS = [("content-type", "application/json"), ("accept", "application/json"), ("accept-encoding", "gzip")]
_UNWANTED = ("user-agent", "accept-encoding", "accept", "content-type")


class _Untouched(Exception):
    """A kept connection was closed before a byte came back."""


class _Connector(aiohttp.TCPConnector):
    """Does not reuse a connection on which bytes came that nobody asked for: they would answer the next request."""

    async def _get(self, key: ConnectionKey, traces: list[Any]) -> Connection | None:
        while (connection := await super()._get(key, traces)) is not None:
            if connection.protocol is not None and not connection.protocol.should_close:
                break
            connection.close()
        return connection


def _noting_kept_connections() -> aiohttp.TraceConfig:
    async def note(session: object, context: SimpleNamespace, params: object) -> None:
        context.trace_request_ctx.append(True)

    config = aiohttp.TraceConfig()
    config.on_connection_reuseconn.append(note)
    return config


class _Upstream:
    """One subgraph: its session (renewed when it is too old), its cap, its queue, its retry budget."""

    def __init__(self, subgraph: str, target: Target, options: TransportOptions) -> None:
        self._subgraph, self.target = subgraph, target
        self._options = options = options.of(subgraph)
        self._budget = RetryBudget()
        self.breaker = breaker_for(subgraph, options, asyncio.get_running_loop().time)
        self._slots = asyncio.Semaphore(options.connections)
        self._waiting = 0
        self._session: aiohttp.ClientSession | None = None
        self._born = 0.0
        self._users: dict[aiohttp.ClientSession, int] = {}
        self._watched = options.watched(subgraph)

    async def fetch(self, body: bytes, kind: OperationKind, forwarded: Forwarded) -> bytes:
        """Send one body and return the answer's, within the time-out."""
        head = forwarded.head_for(self._subgraph)
        if not is_safe_head(head):
            raise self._unavailable("unsafe header block")
        if self._slots.locked() and self._waiting >= self._options.queue:
            raise self._unavailable("the queue is full")
        try:
            deadline = self._deadline(kind, forwarded)
            left = max(0, int((deadline - asyncio.get_running_loop().time()) * 1000))
            headers = [*header_pairs(head), ("x-portal-deadline-ms", str(left))]
            async with asyncio.timeout_at(deadline):
                self._waiting += 1
                try:
                    await self._slots.acquire()
                finally:
                    self._waiting -= 1
                try:
                    return await self._attempts(body, kind, headers, forwarded)
                finally:
                    self._slots.release()
        except TimeoutError as error:
            raise SubgraphTimeout(self._subgraph, "no answer in time") from error

    def _deadline(self, kind: OperationKind, forwarded: Forwarded) -> float:
        deadline = asyncio.get_running_loop().time() + self._options.timeout_of(kind)
        return deadline if forwarded.deadline is None else min(deadline, forwarded.deadline)

    async def _attempts(
        self, body: bytes, kind: OperationKind, headers: list[tuple[str, str]], forwarded: Forwarded
    ) -> bytes:
        attempt = 1
        while True:
            try:
                return await self._once(body, headers, forwarded)
            except _Untouched:
                if kind != "query" or attempt > 1:
                    raise self._unavailable("connection lost") from None
            except SubgraphError:
                if not self._budget.allows(kind, attempt, self._options.query_retries):
                    raise
                await asyncio.sleep(pause(attempt))
            attempt += 1

    async def _once(self, body: bytes, headers: list[tuple[str, str]], forwarded: Forwarded) -> bytes:
        session, kept = self._take_session(), list[bool]()
        try:
            async with session.post(
                self.target.url,
                data=body,
                headers=[*_OWN_HEADERS, *headers],
                allow_redirects=False,
                trace_request_ctx=kept,
            ) as answer:
                content = await self._read(answer)
                returned = [
                    (name.lower(), value) for name, value in answer.raw_headers if name.lower() in self._watched
                ]
        except (aiohttp.ClientError, ValueError, OSError) as error:
            if kept and isinstance(error, aiohttp.ServerDisconnectedError):
                raise _Untouched from error
            raise self._unavailable(f"no answer: {type(error).__name__}") from error
        finally:
            await self._give_back(session)
        if codings := answer.headers.getall("content-encoding", ()):
            content = decoded(self._subgraph, content, ", ".join(codings).encode("latin-1"), self._options.answer_bytes)
        error = unusable(self._subgraph, answer.status, content)
        if error is not None:
            raise error
        self._budget.earned()
        if CACHING in self._watched:
            returned = with_age(returned)
        if returned and forwarded.returned is not None:
            forwarded.returned.extend(returned)
        return content

    async def _read(self, answer: aiohttp.ClientResponse) -> bytes:
        chunks, size = list[bytes](), 0
        async for chunk in answer.content.iter_any():
            size += len(chunk)
            if size > self._options.answer_bytes:
                answer.close()
                raise self._unavailable("answer too large")
            chunks.append(chunk)
        return b"".join(chunks)

    def _take_session(self) -> aiohttp.ClientSession:
        now = asyncio.get_running_loop().time()
        if self._session is None or now - self._born > self._options.age:
            old, self._session = self._session, self._new_session()
            self._born = now
            self._users[self._session] = 1
            if old is not None:
                self._users[old] -= 1
        self._users[self._session] += 1
        return self._session

    def _new_session(self) -> aiohttp.ClientSession:
        tls = self._options.tls_for(self.target)
        return aiohttp.ClientSession(
            connector=_Connector(limit=0, keepalive_timeout=self._options.idle, ssl=True if tls is None else tls),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=_UNWANTED,
            timeout=aiohttp.ClientTimeout(total=None, connect=self._options.connect_timeout),
            trace_configs=[_noting_kept_connections()],
        )

    async def _give_back(self, session: aiohttp.ClientSession) -> None:
        self._users[session] -= 1
        await self._close_unused()

    async def _close_unused(self) -> None:
        for session in [session for session, users in self._users.items() if users == 0]:
            del self._users[session]
            await session.close()

    def _unavailable(self, reason: str) -> SubgraphUnavailable:
        return SubgraphUnavailable(self._subgraph, reason)

    async def aclose(self) -> None:
        for session in self._users:
            await session.close()


class AiohttpTransport:
    """Implements the executor's `SubgraphTransport`; make it inside the running event loop."""

    def __init__(self, urls: Mapping[str, str], options: TransportOptions | None = None) -> None:
        """`urls` maps every subgraph's name to its address.

        Raises:
            ValueError: an address is not usable.
        """
        self._options = options or TransportOptions()
        self._upstreams: dict[str, _Upstream] = {}
        self._retired: list[_Upstream] = []
        self._subscriptions = SubgraphSubscriptions(self._options, self._breaker_of)
        self._tasks = set[asyncio.Task[bytes]]()
        self.use(urls)

    def use(self, urls: Mapping[str, str]) -> None:
        """Set the addresses; what runs on an address that is gone is answered.

        Raises:
            ValueError: an address is not usable; nothing has changed.
        """
        targets = {name: Target.parse(url) for name, url in urls.items()}
        for name, upstream in list(self._upstreams.items()):
            if targets.get(name) != upstream.target:
                self._retired.append(self._upstreams.pop(name))
        for name, target in targets.items():
            if name not in self._upstreams:
                self._upstreams[name] = _Upstream(name, target, self._options)
        self._subscriptions.use(targets)

    def post(self, subgraph: str, body: bytes, kind: OperationKind, forwarded: Forwarded) -> asyncio.Future[bytes]:
        """See `SubgraphTransport.post`; here it is a task."""
        upstream = self._upstreams.get(subgraph)
        breaker = upstream.breaker if upstream else None
        if breaker is not None and (refusal := breaker.refusal()):
            refused: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
            refused.set_exception(refusal)
            return refused
        task = asyncio.ensure_future(self._fetch(subgraph, body, kind, forwarded))
        if breaker is not None:
            breaker.watch(task)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _fetch(self, subgraph: str, body: bytes, kind: OperationKind, forwarded: Forwarded) -> bytes:
        upstream = self._upstreams.get(subgraph)
        if upstream is None:
            raise SubgraphUnavailable(subgraph, "no address is known")
        return await upstream.fetch(body, kind, forwarded)

    def subscribe(self, subgraph: str, payload: dict[str, Any], forwarded: Forwarded) -> AsyncIterator[dict[str, Any]]:
        """See `SubgraphTransport.subscribe`."""
        return self._subscriptions.subscribe(subgraph, payload, forwarded)

    def _breaker_of(self, subgraph: str) -> Breaker | None:
        upstream = self._upstreams.get(subgraph)
        return upstream.breaker if upstream else None

    async def aclose(self) -> None:
        """Close every connection; fetches in flight are cancelled."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._subscriptions.aclose()
        for upstream in (*self._upstreams.values(), *self._retired):
            await upstream.aclose()
