"""Subscriptions to subgraphs, over graphql-transport-ws (default) or Server-Sent Events.

One socket for each subscription: a slow one holds up no other, and its end ends the subscription. The protocol is
https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md; the event stream is graphql-sse's "distinct
connections mode".
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import suppress
from typing import Any, cast

import aiohttp
import orjson

from gateway.executor.ports import Forwarded, SubgraphUnavailable, SubscriptionBroken
from gateway.subgraphs.answers import header_pairs, is_safe_head
from gateway.subgraphs.breaker import Breaker
from gateway.subgraphs.target import Target, TransportOptions

_PROTOCOL = "graphql-transport-ws"
_BROKEN = (aiohttp.ClientError, OSError, TimeoutError)


class SubgraphSubscriptions:
    """Opens subscriptions; closing an iterator says `complete` to the subgraph and closes its socket."""

    def __init__(self, options: TransportOptions, breaker_of: Callable[[str], Breaker | None] = lambda _: None) -> None:
        """`breaker_of` returns the circuit breaker that fetches of a subgraph have: beginning is one of them."""
        self._breaker_of = breaker_of
        self._urls: Mapping[str, str] = {}
        self._options = options
        self._session: aiohttp.ClientSession | None = None

    def use(self, targets: Mapping[str, Target]) -> None:
        """Set the addresses; subscriptions that run are not touched."""
        self._urls = {name: target.url for name, target in targets.items()}

    async def subscribe(
        self, subgraph: str, payload: dict[str, Any], forwarded: Forwarded
    ) -> AsyncGenerator[dict[str, Any], None]:
        """Yield the subscription's responses; see `SubgraphTransport.subscribe`."""
        url = self._urls.get(subgraph)
        head = forwarded.head_for(subgraph)
        if url is None or not is_safe_head(head):
            raise SubgraphUnavailable(subgraph, "no address is known" if url is None else "unsafe header block")
        stream = self._over_events if self._options.protocols.get(subgraph) == "sse" else self._over_socket
        runs = self._admitted(subgraph)
        try:
            async for answer in stream(subgraph, url, payload, header_pairs(head), runs):
                yield answer
        except (*_BROKEN, SubgraphUnavailable) as error:
            reason = error.reason if isinstance(error, SubgraphUnavailable) else type(error).__name__
            reason = f"subscription broke: {reason}"
            if runs.done():
                raise SubscriptionBroken(subgraph, reason) from error
            failure = SubgraphUnavailable(subgraph, reason)
            runs.set_exception(failure)
            runs.exception()  # whoever subscribes is told; nobody else has to ask
            raise failure from error
        finally:
            runs.cancel()

    def _admitted(self, subgraph: str) -> "asyncio.Future[bytes]":
        """Return what is done once the subscription runs.

        Raises:
            CircuitOpen: the subgraph is given a pause.
        """
        runs: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        breaker = self._breaker_of(subgraph)
        if breaker is not None:
            if refusal := breaker.refusal():
                raise refusal
            breaker.watch(runs)
        return runs

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            tls = self._options.tls
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, ssl=True if tls is None else tls),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._options.connect_timeout),
            )
        return self._session

    # --- graphql-transport-ws

    async def _over_socket(
        self,
        subgraph: str,
        url: str,
        payload: dict[str, Any],
        headers: list[tuple[str, str]],
        runs: "asyncio.Future[bytes]",
    ) -> AsyncGenerator[dict[str, Any], None]:
        async with self._client().ws_connect(
            url.replace("http", "ws", 1),
            protocols=(_PROTOCOL,),
            headers=headers,
            heartbeat=30,
            max_msg_size=self._options.answer_bytes,
        ) as socket:
            await self._begin(subgraph, socket, payload)
            runs.set_result(b"")
            done = False
            try:
                while not done:
                    message = await _receive(subgraph, socket)
                    kind = message.get("type")
                    done = kind in ("complete", "error")
                    if kind == "next":
                        yield _response(subgraph, message.get("payload"))
                    elif kind == "error":
                        yield {"errors": message.get("payload")}
                    elif kind == "ping":
                        await socket.send_str('{"type":"pong"}')
            finally:
                if not done and not socket.closed:
                    with suppress(*_BROKEN):
                        await socket.send_str('{"id":"1","type":"complete"}')

    async def _begin(self, subgraph: str, socket: aiohttp.ClientWebSocketResponse, payload: dict[str, Any]) -> None:
        if socket.protocol != _PROTOCOL:
            raise SubgraphUnavailable(subgraph, "it does not speak graphql-transport-ws")
        async with asyncio.timeout(self._options.timeout):
            await socket.send_str('{"type":"connection_init"}')
            while (message := await _receive(subgraph, socket)).get("type") != "connection_ack":
                if message.get("type") == "ping":
                    await socket.send_str('{"type":"pong"}')
            await socket.send_str(orjson.dumps({"id": "1", "type": "subscribe", "payload": payload}).decode())

    # --- Server-Sent Events

    async def _over_events(
        self,
        subgraph: str,
        url: str,
        payload: dict[str, Any],
        headers: list[tuple[str, str]],
        runs: "asyncio.Future[bytes]",
    ) -> AsyncGenerator[dict[str, Any], None]:
        async with self._client().post(
            url,
            data=orjson.dumps(payload),
            headers=[*headers, ("content-type", "application/json"), ("accept", "text/event-stream")],
            allow_redirects=False,
        ) as answer:
            if answer.status != 200 or answer.content_type != "text/event-stream":
                raise SubgraphUnavailable(subgraph, f"status {answer.status}, {answer.content_type}")
            runs.set_result(b"")
            async for event, data in _events(subgraph, answer.content, self._options.answer_bytes):
                if event == b"complete":
                    return
                if event == b"next":
                    yield _response(subgraph, _json(subgraph, data))
        raise SubgraphUnavailable(subgraph, "the event stream ended without `complete`")

    async def aclose(self) -> None:
        """Close what is open."""
        if self._session is not None:
            await self._session.close()


async def _receive(subgraph: str, socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    message = await socket.receive()
    if message.type is not aiohttp.WSMsgType.TEXT:
        raise SubgraphUnavailable(subgraph, f"socket closed ({socket.close_code})")
    return _response(subgraph, _json(subgraph, message.data))


def _json(subgraph: str, text: str | bytes) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise SubgraphUnavailable(subgraph, "a message is not JSON") from error


def _response(subgraph: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise SubgraphUnavailable(subgraph, "a message is no JSON object")
    return cast(dict[str, Any], value)


async def _events(subgraph: str, lines: aiohttp.StreamReader, limit: int) -> AsyncIterator[tuple[bytes, bytes]]:
    """Yield (event, data) of an event stream; an event larger than `limit` breaks it."""
    event, data, size = b"message", list[bytes](), 0
    buffer = b""
    async for chunk in lines.iter_any():
        *complete, buffer = (buffer + chunk).split(b"\n")
        for raw in complete:
            line = raw.rstrip(b"\r")
            if not line:
                if data:
                    yield event, b"\n".join(data)
                event, data, size = b"message", [], 0
                continue
            name, _, value = line.partition(b":")
            value = value.removeprefix(b" ")
            if name == b"event":
                event = value
            elif name == b"data":
                data.append(value)
                size += len(value)
        if size + len(buffer) > limit:
            raise SubgraphUnavailable(subgraph, "an event is too large")
