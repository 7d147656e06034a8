"""A WebSocket's protocol, graphql-transport-ws: strict about messages, patient with operations.

One bad operation never closes a socket: only a breach of the protocol does
(https://github.com/enisdenjo/graphql-ws, PROTOCOL.md).
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, cast

from graphql import GraphQLError
from starlette.websockets import WebSocket
from strawberry.subscriptions import (
    GRAPHQL_TRANSPORT_WS_PROTOCOL,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler
from strawberry.types.execution import PreExecutionError

from chassis.farewell import COME_BACK, COME_BACK_REASON, Guest
from gateway.requests import Refused
from gateway.subscriptions.answering import FederatedSchema
from gateway.subscriptions.caller import Caller

TRY_AGAIN_LATER = 1013
"""The close code of who has too many sockets (IANA's registry): `graphql-ws` connects again, each time later."""


class SocketHandler(BaseGraphQLTransportWSHandler[Any, Any]):
    """Strawberry's protocol handler, strict about messages and patient with operations."""

    _guest: Guest

    async def handle(self) -> None:
        """Serve the socket until its client goes, or has to."""
        with cast(FederatedSchema, self.schema).farewell.guest() as self._guest:
            seeing_off = asyncio.ensure_future(self._see_off())
            try:
                await super().handle()
            finally:
                seeing_off.cancel()

    async def _see_off(self) -> None:
        """When its guest leaves, let what runs come to its end and tell the client to connect again."""
        await self._guest.leaves.wait()
        while running := self._running():
            await asyncio.wait(running)
        await self.websocket.close(code=COME_BACK, reason=COME_BACK_REASON)

    def _running(self) -> list[asyncio.Task[Any]]:
        tasks: list[Any] = [one.task for one in self.operations.values()]  # pyright: ignore[reportUnknownMemberType]
        return [task for task in tasks if task is not None and not task.done()]

    async def _send_result_stream(self, operation: Any, result_source: Any) -> None:
        """Send what ends a stream as `error`, whenever it comes: who gets `complete` takes all for told."""

        async def until_it_ends() -> AsyncGenerator[Any, None]:
            async for result in result_source:
                if isinstance(result, PreExecutionError) and result.errors:
                    await operation.send_initial_errors(result.errors)
                    return
                yield result

        async with aclosing(until_it_ends()) as results:
            await super()._send_result_stream(operation, results)

    async def handle_message(self, message: Any) -> None:
        """Close with 4400 on a malformed message instead of breaking on it; a payload of null is none."""
        members = cast(dict[str, Any], message) if isinstance(message, dict) else {}
        members = {name: value for name, value in members.items() if name != "payload" or value is not None}
        if _is_well_formed(members):
            await super().handle_message(cast(Any, members))
        else:
            await self.handle_invalid_message("Malformed message")

    async def handle_connection_init(self, message: Any) -> None:
        """Let the socket count for whom its first message says; who has too many is told to come again later."""
        payload = message.get("payload", {})
        if isinstance(payload, dict) and not self.connection_init_received:
            caller = cast(Caller, self.context)
            caller.connection_params = cast(dict[str, Any], payload)
            try:
                await caller.visit.identify(caller.authorization)
            except Refused as refused:
                await self.websocket.close(code=TRY_AGAIN_LATER, reason=_close_reason(refused))
                return
        await super().handle_connection_init(message)

    async def handle_ping(self, message: Any) -> None:
        """Answer with the ping's payload, as the protocol suggests."""
        payload = message.get("payload")
        await self.send_message(cast(Any, {"type": "pong"} | ({"payload": payload} if payload is not None else {})))

    async def handle_subscribe(self, message: Any) -> None:
        """Resolve persisted documents, which the base class does not know, and refuse what is too much, by `error`."""
        if self._guest.leaves.is_set():
            return  # clients send again what was not begun, once they are told to connect again
        payload = message["payload"]
        if self.connection_acknowledged and message["id"] not in self.operations:
            try:
                self._require_room()
                payload["query"] = cast(FederatedSchema, self.schema).reader.persisted.document(payload)
            except Refused as refused:
                errors = {"id": message["id"], "type": "error", "payload": [refused.error.formatted]}
                await self.send_message(cast(Any, errors))
                return
        payload.setdefault("query", "")
        await super().handle_subscribe(message)

    def _require_room(self) -> None:
        limit = self.max_subscriptions_per_connection
        if limit is not None and len(self.operations) >= limit:
            text = f"This WebSocket has reached its limit of {limit:,} running operations."
            raise Refused("TOO_MANY_SUBSCRIPTIONS", text)

    @staticmethod
    def _get_pre_execution_close_reason(error: GraphQLError) -> str | None:
        """Never close the socket because of one operation."""
        return None


def _close_reason(refused: Refused) -> str:
    """Return what fits a close frame: 123 bytes (RFC 6455, 5.5)."""
    return f"{refused.code}: {refused}"[:123]


def _is_well_formed(message: dict[str, Any]) -> bool:
    kind, payload = message.get("type"), message.get("payload")
    if not isinstance(kind, str):
        return False
    if kind in ("ping", "pong"):
        return payload is None or isinstance(payload, dict)
    if kind == "complete":
        return _is_id(message.get("id"))
    if kind == "subscribe":
        return _is_id(message.get("id")) and isinstance(payload, dict)
    return True


def _is_id(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 128


async def turn_away(socket: WebSocket, refused: Refused) -> None:
    """Accept a socket only to close it: a refused handshake would tell browsers nothing."""
    offered = socket.scope.get("subprotocols") or ()
    chosen = GRAPHQL_TRANSPORT_WS_PROTOCOL if GRAPHQL_TRANSPORT_WS_PROTOCOL in offered else None
    await socket.accept(chosen)
    await socket.close(TRY_AGAIN_LATER, _close_reason(refused))
