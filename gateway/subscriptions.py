"""Streams: Strawberry's ASGI view (graphql-transport-ws, SSE, multipart) over a schema that plans and executes itself.

Strawberry's schema extensions do not run here; limits, errors and tracing are the gateway's own. One bad operation
never closes a socket: only a breach of the protocol does (https://github.com/enisdenjo/graphql-ws, PROTOCOL.md).

Longer than most files, because it overrides what Strawberry keeps in one view and its handlers.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import orjson
from graphql import GraphQLError
from graphql.execution import InitialIncrementalExecutionResult, SubsequentIncrementalExecutionResult
from starlette.requests import Request
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect
from strawberry.asgi import GraphQL
from strawberry.http.streaming import MultipartSubscriptionTransport, SSETransport
from strawberry.schema.base import BaseSchema
from strawberry.schema.config import StrawberryConfig
from strawberry.subscriptions import (
    GRAPHQL_SSE_PROTOCOL,
    GRAPHQL_TRANSPORT_WS_PROTOCOL,
    MULTIPART_SUBSCRIPTION_PROTOCOL,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.unset import UNSET

from chassis.farewell import COME_BACK, COME_BACK_REASON, Farewell, Guest, StreamCut
from gateway.executor.answer import Answer, InvalidVariables
from gateway.executor.incremental import Increments
from gateway.executor.ports import MISSED, SubscriptionBroken
from gateway.grants import Grants, NoGrants
from gateway.increments import Part, first_part, next_part, parts_of
from gateway.limits.hints import without_hint
from gateway.observe import SOCKETS, Observer, Record, Transport
from gateway.pipeline import Guarded, Labels, Pipeline, Prepared
from gateway.preparing import Preparing
from gateway.quotas import Visit, Visits
from gateway.quotas.visits import PER_CHARACTER, PER_REQUEST, PER_SOCKET, VISIT
from gateway.requests import GraphQLRequest, Reader, Refused
from gateway.requests.origins import Origins
from gateway.subgraphs.headers import HeaderRules, RawHeaders, Travelling

Current = Callable[[], tuple[Pipeline, Labels]]
TRY_AGAIN_LATER = 1013
"""The close code of who has too many sockets (IANA's registry): `graphql-ws` connects again, each time later."""
_PROTOCOLS = (GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL, MULTIPART_SUBSCRIPTION_PROTOCOL)


@dataclass(slots=True)
class Caller:
    """Who is at the other end: the headers of the request or the handshake, and a socket's first message.

    `reads_parts` tells whether deferred fragments may follow the first answer: on a socket the protocol has no words
    for that.
    """

    headers: RawHeaders
    address: str
    visit: Visit
    connection_params: dict[str, Any] | None = None
    reads_parts: bool = False

    @property
    def pays(self) -> bool:
        """Tell whether operations are still to be paid for; those of requests are, before they come here."""
        return not self.reads_parts

    @property
    def authorization(self) -> object:
        """The token's header as the first message has it, else as the handshake has it."""
        params = self.connection_params or {}
        return params.get("authorization", params.get("Authorization")) or self.headers.get(b"authorization")

    def heard(self, rules: HeaderRules) -> RawHeaders:
        """Return the headers, with the authorization of a socket's first message."""
        params = self.connection_params or {}
        return rules.with_authorization(self.headers, params.get("authorization", params.get("Authorization")))

    def travelling(self, rules: HeaderRules) -> Travelling:
        """Return what travels with one operation of this caller."""
        return rules.forward(self.heard(rules), self.address)


class FederatedSchema(BaseSchema):
    """What Strawberry's view asks of a schema: `stream`, from a query's text to its answers."""

    schema_converter: Any = None
    query: Any = None
    mutation: Any = None
    subscription: Any = None
    schema_directives: Any = ()
    exception_handlers: Any = ()

    def __init__(
        self,
        current: Current,
        transport: Transport,
        reader: Reader,
        headers: HeaderRules,
        observer: Observer,
        farewell: Farewell | None = None,
        preparing: Preparing | None = None,
        grants: Grants | None = None,
    ) -> None:
        self._grants = grants or NoGrants()
        self.config = StrawberryConfig()
        self._preparing = preparing or Preparing()
        self.farewell = farewell or Farewell()
        self._current, self._transport, self._reader = current, transport, reader
        self._headers, self._observer = headers, observer

    async def stream(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        operation_extensions: dict[str, Any] | None = None,
        allowed_operation_types: Any | None = None,
    ) -> AsyncGenerator[Any, None]:
        """Return the answers of one operation of any kind; a request error comes as `PreExecutionError`."""
        asked: dict[str, Any] = {"query": query, "variables": variable_values, "operationName": operation_name}
        if operation_extensions is not None:
            asked["extensions"] = operation_extensions
        return self._answers(asked, cast(Caller, context_value))

    async def _answers(self, asked: dict[str, Any], caller: Caller) -> AsyncGenerator[Any, None]:
        travelling = caller.travelling(self._headers)
        with self._observer.request(travelling) as record:
            try:
                request = self._reader.read(asked)
                async for answer in self._run(request, record, travelling, caller):
                    if isinstance(answer, Answer) and answer.ends_stream:
                        yield _interrupt(record, answer.errors)
                        return
                    is_whole = isinstance(answer, Answer)
                    yield ExecutionResult(data=answer.data, errors=answer.errors or None) if is_whole else answer
                record.status = 200
            except StreamCut:
                yield _interrupt(record, [GraphQLError(MISSED, extensions={"code": SubscriptionBroken.code})])
            except Refused as refused:
                yield _refuse(record, [refused.error])
            except InvalidVariables as invalid:
                yield _refuse(record, self._quiet(invalid.errors))
            except _NotPrepared as errors:
                yield _refuse(record, errors.errors)
            finally:
                if travelling.losses is not None:
                    record.lose(travelling.losses)

    async def _run(
        self, request: GraphQLRequest, record: Record, travelling: Travelling, caller: Caller
    ) -> AsyncGenerator[Answer | Part, None]:
        prepared = await self._prepared(request, caller)
        record.operation, record.kind = prepared.name or "", prepared.kind
        with _admitted(prepared, request, caller):
            async with aclosing(self._run_admitted(prepared, request, record, travelling, caller)) as answers:
                async for answer in answers:
                    yield answer

    async def _run_admitted(
        self, prepared: Prepared, request: GraphQLRequest, record: Record, travelling: Travelling, caller: Caller
    ) -> AsyncGenerator[Answer | Part, None]:
        transport = self._observer.fetches(self._transport, record, travelling)
        if prepared.kind != "subscription":
            execute = prepared.execute_incrementally if caller.reads_parts else prepared.execute
            async with aclosing(parts_of(await execute(request.variables, transport, travelling))) as parts:
                async for part in parts:
                    yield part
            return
        events = self.farewell.until(prepared.subscribe(request.variables, transport, travelling))
        async with aclosing(cast(AsyncGenerator[Answer, None], events)) as answers:
            async for answer in answers:
                yield answer

    async def _prepared(self, request: GraphQLRequest, caller: Caller) -> Prepared:
        pipeline, labels = self._current()
        asked = request.query, request.operation_name, labels
        prepared = pipeline.known(*asked)
        if prepared is None:
            if caller.pays:
                caller.visit.pay(PER_CHARACTER * len(request.query))
            prepared = await self._preparing.prepare(pipeline, *asked)
        if isinstance(prepared, Guarded):
            granted = await self._grants.of(caller.heard(self._headers))
            prepared = await self._preparing.for_caller(pipeline, prepared, *asked, granted)
        if not isinstance(prepared, Prepared):
            raise _NotPrepared(self._quiet(prepared))
        return prepared

    def _quiet(self, errors: Sequence[GraphQLError]) -> list[GraphQLError]:
        return list(errors) if self._reader.limits.introspection else [without_hint(error) for error in errors]

    async def execute(self, *args: Any, **kwargs: Any) -> Any:
        """Return the answer, or its first part with those to come: multipart responses that are no subscriptions."""
        answers = await self.stream(*args, **kwargs)
        first = await anext(answers)
        if isinstance(first, InitialIncrementalExecutionResult):
            return Increments(first, answers)
        await answers.aclose()
        return first

    async def subscribe(self, *args: Any, **kwargs: Any) -> Any:
        """Same as `stream`."""
        return await self.stream(*args, **kwargs)

    def execute_sync(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: fetches are asynchronous."""
        raise NotImplementedError

    def get_type_by_name(self, name: str) -> None:
        """Return nothing: there are no Strawberry types."""

    def get_directive_by_name(self, graphql_name: str) -> None:
        """Return nothing: there are no Strawberry directives."""

    def as_str(self) -> str:
        """Return nothing: `python -m gateway schema` prints the schema."""
        return ""


@contextmanager
def _admitted(prepared: Prepared, request: GraphQLRequest, caller: Caller) -> Generator[None]:
    """Let an operation of a socket use up its work, and count while it runs; that of a request did so before.

    Raises:
        Refused: a quota is used up.
        InvalidVariables: it is more than any operation may cost.
    """
    if not caller.pays:
        yield
        return
    caller.visit.pay(PER_REQUEST + prepared.work(request.variables))
    what = "subscriptions" if prepared.kind == "subscription" else "requests"
    caller.visit.begin(what)
    try:
        yield
    finally:
        caller.visit.end(what)


class _NotPrepared(Exception):
    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__()
        self.errors = errors


def _refuse(record: Record, errors: list[GraphQLError]) -> PreExecutionError:
    record.status, record.outcome = 400, "refused"
    record.code = str((errors[0].extensions or {}).get("code", "BAD_REQUEST"))
    return PreExecutionError(data=None, errors=errors)


def _interrupt(record: Record, errors: list[GraphQLError]) -> PreExecutionError:
    record.status, record.outcome = 200, "errors"
    record.code = str((errors[0].extensions or {}).get("code", "INTERNAL"))
    return PreExecutionError(data=None, errors=errors)


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
                payload["query"] = cast(Streams, self.view).reader.persisted.document(payload)
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


async def _turn_away(socket: WebSocket, refused: Refused) -> None:
    """Accept a socket only to close it: a refused handshake would tell browsers nothing."""
    offered = socket.scope.get("subprotocols") or ()
    chosen = GRAPHQL_TRANSPORT_WS_PROTOCOL if GRAPHQL_TRANSPORT_WS_PROTOCOL in offered else None
    await socket.accept(chosen)
    await socket.close(TRY_AGAIN_LATER, _close_reason(refused))


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
        headers, peer = dict(scope["headers"]), (scope.get("client") or ("",))[0]
        visit = await self._visits.visit(headers.get(b"authorization"), self._headers.client(headers, peer))
        try:
            visit.begin("sockets")
            visit.pay(PER_SOCKET)
            with SOCKETS.track_inprogress():
                await super().__call__({**scope, VISIT: visit}, receive, send)
        except Refused as refused:
            await _turn_away(WebSocket(scope, receive, send), refused)
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
        return Caller(dict(connection.scope["headers"]), client[0], visit, reads_parts=not is_socket)

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
