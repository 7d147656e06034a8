"""The ASGI view of a subgraph: who asks, strict HTTP, errors instead of a 500 for whatever a client sent."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from datetime import timedelta
from functools import partial
from typing import Any

import orjson
import structlog
from graphql import GraphQLError, OperationDefinitionNode, OperationType, get_operation_ast
from pydantic import SecretStr
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler
from strawberry.types import ExecutionResult

from chassis.auth import Authenticate, LogInsUnchecked, Unauthenticated
from chassis.deadlines import (
    DEADLINE_HEADER,
    ClientLeft,
    DeadlineOver,
    due_in,
    seconds_left,
    while_heard,
)
from chassis.graphql.common_request import Asked, again, asked_by, may_be_common, received
from chassis.graphql.context import Context, Refused, client_address
from chassis.graphql.idempotency import Idempotency
from chassis.graphql.known_documents import known_document
from chassis.graphql.schema import SubgraphSchema
from chassis.graphql.strangers import refused_to_strangers
from chassis.kernel import Principal
from chassis.keyring import Keyring
from chassis.long_log_ins import LongLogIns
from chassis.mongo.client import within
from chassis.security import SecurityEvent, notice


class _StreamHandler(BaseGraphQLTransportWSHandler[Any, Any]):
    """Ends a stream that broke by `error`: after `complete`, clients take what they got for all there was."""

    async def _send_result_stream(self, operation: Any, result_source: Any) -> None:
        async def until_it_breaks() -> AsyncGenerator[Any, None]:
            async for result in result_source:
                if isinstance(result, ExecutionResult) and result.data is None and _ends_a_stream(result.errors):
                    await operation.send_initial_errors(result.errors)
                    return
                yield result

        async with aclosing(until_it_breaks()) as results:
            await super()._send_result_stream(operation, results)


def _ends_a_stream(errors: list[GraphQLError] | None) -> bool:
    """Tell whether this is about the stream: what is about one event has a path."""
    return bool(errors) and all(error.path is None for error in errors or ())


class SubgraphView(GraphQL[Any, None]):
    """Strawberry's view with our context and orjson; GET, batches and GraphiQL are the gateway's, not ours."""

    graphql_transport_ws_handler_class = _StreamHandler

    def __init__(
        self,
        schema: SubgraphSchema,
        application: Any,
        authenticate: Authenticate,
        idempotency: Idempotency,
        long_log_ins: LongLogIns | None = None,
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            allow_queries_via_get=False,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=timedelta(seconds=10),
            max_subscriptions_per_connection=10_000,
        )
        self._subgraph = schema
        self._application = application
        self._authenticate = authenticate
        self._idempotency = idempotency
        self._long_log_ins = long_log_ins

    async def get_context(self, request: HTTPConnection, response: Any) -> Any:
        principal, refused = await self._principal(request)
        structlog.contextvars.bind_contextvars(address=client_address(request))
        if isinstance(refused, Unauthenticated):
            notice(SecurityEvent.TOKEN_REFUSED, "forged_or_ended")
        if principal is not None:
            structlog.contextvars.bind_contextvars(
                principal=principal.id, role=principal.role.value, organisation=principal.organisation_id
            )
        answer = response if isinstance(response, Response) else None
        still_in = partial(self._still_in, _token(request)[1]) if principal is not None else None
        return Context(
            self._application, principal, self._idempotency, request, answer, refused=refused, still_in=still_in
        )

    async def _still_in(self, token: str) -> None:
        principal = await self._authenticate(token)
        if self._long_log_ins is not None:
            self._long_log_ins.look(principal)

    async def _principal(self, request: HTTPConnection) -> tuple[Principal | None, Refused | None]:
        scheme, token = _token(request)
        if not token:
            return None, None
        if scheme != "bearer":
            return None, Unauthenticated()
        try:
            return await self._authenticate(token), None
        except (Unauthenticated, LogInsUnchecked) as refused:
            return None, refused

    async def execute_single(self, **given: Any) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Run an operation; what only reads ends when its caller's time is over, or when the caller is gone."""
        run, operation = super().execute_single, self._operation(given["request_data"])
        return await self._kept(lambda: run(**given), operation, given["context"], given["request"])

    async def _kept(
        self,
        run: Callable[[], Awaitable[Any]],
        operation: OperationDefinitionNode | None,
        context: Context[Any],
        request: Request,
    ) -> Any:
        """Run an operation as far as strangers may, and as long as somebody waits for what only reads."""
        seconds = seconds_left(request.headers.get(DEADLINE_HEADER, ""))
        if seconds == 0:
            return _too_late()
        if operation is None or operation.operation is not OperationType.QUERY:
            refused = refused_to_strangers(self._subgraph, operation) if operation and not context.principal else None
            return refused(context) if refused else await run()
        try:
            return await while_heard(_in_time(run, seconds), request.receive)
        except (TimeoutError, ClientLeft, DeadlineOver):
            return _too_late()

    def _operation(self, data: Any) -> OperationDefinitionNode | None:
        """Return the operation that is asked for, None where the document or its choice is wrong."""
        try:
            document, errors = known_document(self._subgraph._schema, data.query or "")  # pyright: ignore
        except GraphQLError:
            return None
        return None if errors else get_operation_ast(document, data.operation_name)

    async def process_result(self, request: Request, result: Any) -> GraphQLHTTPResponse:
        data = await super().process_result(request, result)
        state: dict[str, Any] = request.scope.setdefault("state", {})
        if isinstance(result, ExecutionResult) and result.errors:
            state["outcome"] = "errors"
        return data

    def encode_json(self, data: object) -> str:
        return orjson.dumps(data, default=str).decode()

    def decode_json(self, data: str | bytes) -> object:
        return orjson.loads(data)

    async def _answer(self, asked: Asked, request: Request, send: Send) -> None:
        """Run a common request and send its answer, with the cookies that it sets."""
        aside = Response()
        context = await self.get_context(request, aside)
        result = await self._kept(lambda: self._subgraph.run(asked, context), asked.operation, context, request)
        body = orjson.dumps(await self.process_result(request, result), default=str)
        headers = [(b"content-length", b"%d" % len(body)), (b"content-type", b"application/json")]
        headers += [header for header in aside.raw_headers if header[0] != b"content-length"]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _either_way(self, scope: Scope, receive: Receive, send: Send) -> None:
        if may_be_common(scope):
            messages = await received(receive)
            asked = asked_by(messages, self._subgraph._schema)  # pyright: ignore[reportPrivateUsage]
            if asked:
                await self._answer(asked, Request(scope, receive), send)
                return
            receive = again(messages, receive)
        await super().__call__(scope, receive, send)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._either_way(scope, receive, send)
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            if scope["type"] != "http" or _came_from_us(error):
                raise
            body = {
                "errors": [
                    {
                        "message": "The request body is not a valid GraphQL request.",
                        "extensions": {"code": "BAD_REQUEST"},
                    }
                ]
            }
            await JSONResponse(body, status_code=400)(scope, receive, send)


def _token(request: HTTPConnection) -> tuple[str, str]:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return scheme.lower(), token.strip()


async def _in_time(run: Callable[[], Awaitable[Any]], seconds: float | None) -> Any:
    """Run it in time.

    Raises:
        TimeoutError, DeadlineOver
    """
    if seconds is None:
        return await run()
    with due_in(seconds), within(seconds):
        async with asyncio.timeout(seconds):
            return await run()


def _too_late() -> ExecutionResult:
    text = "The response took too long. Ask for less, or try again later."
    return ExecutionResult(data=None, errors=[GraphQLError(text, extensions={"code": "SUBGRAPH_TIMEOUT"})])


def _came_from_us(error: BaseException) -> bool:
    step = error.__traceback__
    while step is not None:
        module = str(step.tb_frame.f_globals.get("__name__", ""))
        if module.startswith("services."):
            return True
        step = step.tb_next
    return False


def subgraph_app(
    schema: SubgraphSchema,
    application: Any,
    authenticate: Authenticate,
    idempotency: Idempotency,
    gateway_key: SecretStr | Keyring,
    require_key: Callable[[ASGIApp, str, SecretStr | Keyring], ASGIApp],
    long_log_ins: LongLogIns | None = None,
) -> ASGIApp:
    """Return the `/graphql` application: only the gateway may ask it, by its key.

    `long_log_ins` is for those that have subscriptions.
    """
    view = SubgraphView(schema, application, authenticate, idempotency, long_log_ins)
    return require_key(view, "x-portal-gateway-key", gateway_key)
