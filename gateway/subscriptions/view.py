"""The ASGI application for streams, and how they are written."""

from datetime import timedelta
from typing import Any, cast

import orjson
from graphql.execution import InitialIncrementalExecutionResult, SubsequentIncrementalExecutionResult
from starlette.requests import Request
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect
from strawberry.asgi import GraphQL
from strawberry.http.streaming import MultipartSubscriptionTransport, SSETransport
from strawberry.subscriptions import (
    GRAPHQL_SSE_PROTOCOL,
    GRAPHQL_TRANSPORT_WS_PROTOCOL,
    MULTIPART_SUBSCRIPTION_PROTOCOL,
)
from strawberry.types.execution import PreExecutionError
from strawberry.types.unset import UNSET

from gateway.increments import first_part, next_part
from gateway.observe import SOCKETS
from gateway.quotas import Visits
from gateway.quotas.visits import PER_SOCKET, VISIT
from gateway.requests import Reader, Refused
from gateway.requests.origins import Origins
from gateway.subgraphs.headers import HeaderRules, combined
from gateway.subscriptions.answering import FederatedSchema
from gateway.subscriptions.caller import Caller
from gateway.subscriptions.sockets import SocketHandler, turn_away

_PROTOCOLS = (GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL, MULTIPART_SUBSCRIPTION_PROTOCOL)


class Events(SSETransport):
    """Server-sent events with plain line feeds: `@urql/core` sees no end of an event in others, which WHATWG allows."""

    def encode_event(self, event: str, data: str | None = None) -> str:
        """Return one event."""
        return super().encode_event(event, data).replace("\r\n", "\n")

    def encode_comment(self, comment: str) -> str:
        """Return one comment."""
        return super().encode_comment(comment).replace("\r\n", "\n")


class Parts(MultipartSubscriptionTransport):
    """Multipart, with what ends a stream beside a payload of null, which Apollo's clients raise as an error.

    https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol
    """

    def encode_next(self, response: Any, encode_json: Any) -> str:
        """Return one part."""
        if "data" in response:
            return super().encode_next(response, encode_json)
        return self.encode_multipart_data({"payload": None, "errors": response["errors"]}, encode_json)


class Streams(GraphQL[Any, Any]):
    """The ASGI application for streams; plain requests never reach it."""

    stream_transport_classes_by_protocol = {
        **GraphQL.stream_transport_classes_by_protocol,
        GRAPHQL_SSE_PROTOCOL: Events,
        MULTIPART_SUBSCRIPTION_PROTOCOL: Parts,
    }
    graphql_transport_ws_handler_class = SocketHandler
    allow_queries_via_get = False

    def __init__(
        self,
        schema: FederatedSchema,
        reader: Reader,
        *,
        origins: Origins | None = None,
        init_timeout: timedelta = timedelta(seconds=10),
        operations_per_socket: int = 100,
        visits: Visits | None = None,
        headers: HeaderRules | None = None,
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            allow_queries_via_get=False,
            subscription_protocols=_PROTOCOLS,
            connection_init_wait_timeout=init_timeout,
            max_subscriptions_per_connection=operations_per_socket,
        )
        self.reader = reader
        self._origins = origins or Origins()
        self._visits, self._headers = visits or Visits(), headers or HeaderRules()

    def is_websocket_origin_allowed(self, request: Any, origin: str) -> bool:
        """Ask the rules that requests have, too."""
        return self._origins.allow(origin)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, and count sockets."""
        if scope["type"] != "websocket":
            await super().__call__(scope, receive, send)
            return
        headers, peer = combined(scope["headers"]), (scope.get("client") or ("",))[0]
        visit = await self._visits.visit(headers.get(b"authorization"), self._headers.client(headers, peer))
        try:
            visit.begin("sockets")
            visit.pay(PER_SOCKET)
            with SOCKETS.track_inprogress():
                await super().__call__({**scope, VISIT: visit}, receive, send)
        except Refused as refused:
            await turn_away(WebSocket(scope, receive, send), refused)
        except WebSocketDisconnect:
            return
        finally:
            visit.leave()

    async def get_context(self, request: Any, response: Any) -> Any:
        """Return who calls."""
        connection = cast(Request | WebSocket, request)
        client = connection.scope.get("client") or ("",)
        is_socket = connection.scope["type"] == "websocket"
        visit = connection.scope.get(VISIT) or await Visits().visit(None, client[0])
        return Caller(combined(connection.scope["headers"]), client[0], visit, reads_parts=not is_socket)

    async def _process_stream_result(self, request: Any, value: Any, all_pending: Any) -> tuple[Any, Any]:
        """Write parts by our own rules; the third argument is what the last call returned as its second."""
        if isinstance(value, PreExecutionError) and value.errors:
            return {"errors": [error.formatted for error in value.errors]}, all_pending
        if isinstance(value, InitialIncrementalExecutionResult):
            return first_part(value)
        if isinstance(value, SubsequentIncrementalExecutionResult):
            return next_part(value, all_pending, cast(Request, request).headers.get("accept", "").encode("latin-1"))
        return await super()._process_stream_result(request, value, all_pending)

    async def process_result(self, request: Any, result: Any) -> Any:
        """Write a request error without `data`."""
        written: dict[str, Any] = dict(await super().process_result(request, result))
        if isinstance(result, PreExecutionError):
            del written["data"]
        return written

    async def on_ws_connect(self, context: Any) -> Any:
        """Accept every well-formed first message: subgraphs decide who may do what."""
        return UNSET

    def encode_json(self, data: object) -> str:
        """Encode to text: bytes would become binary frames, which clients of the protocol refuse."""
        return orjson.dumps(data, default=str).decode()

    def decode_json(self, data: str | bytes) -> Any:
        """Decode; a message larger than a request body may be counts as malformed."""
        if len(data) > self.reader.limits.body_bytes:
            raise orjson.JSONDecodeError("too large", "", 0)
        return orjson.loads(data)
