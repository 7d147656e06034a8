"""The ASGI application behind `/graphql`.

A POST is read, checked, prepared (one look-up when the document is known) and answered with the executor's bytes.
Only `application/json` is accepted, which no page of another origin can send without asking first (CSRF).
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import orjson
import structlog
from graphql import GraphQLError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.executor.answer import InvalidVariables
from gateway.http.negotiation import Media, is_json, media_for
from gateway.http.statuses import Version, answered_status, coded_status, refused_status
from gateway.limits.hints import without_hint
from gateway.observe import Observer, Record, Transport
from gateway.pipeline import NO_LABELS, Labels, Pipeline, Prepared
from gateway.requests import GraphQLRequest, Reader, Refused, read_json
from gateway.requests.refused import error_body
from gateway.subgraphs.headers import HeaderRules, RawHeaders, Travelling
from services.chassis.deadlines import ClientLeft, while_heard

_LOG = structlog.get_logger("gateway.http")
_FIXED = ((b"cache-control", b"no-store"), (b"vary", b"accept"), (b"x-content-type-options", b"nosniff"))


@dataclass(frozen=True, slots=True)
class Served:
    """What is served at the moment; a reload puts another in its place."""

    pipeline: Pipeline
    labels: Callable[[], Labels] | None = None
    """Chooses the `@override` labels of a request; None where the supergraph has none."""

    def choose(self) -> Labels:
        """Return the labels for one request."""
        return NO_LABELS if self.labels is None else self.labels()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointOptions:
    """The collaborators of an endpoint; `current` returns what is served now, time-outs are in seconds."""

    current: Callable[[], Served]
    transport: Transport
    reader: Reader
    headers: HeaderRules = field(default_factory=HeaderRules)
    observer: Observer = field(default_factory=Observer)
    timeout: float = 5.0
    mutation_timeout: float = 15.0
    statuses: Version = "audited"


class Endpoint:
    """Answers plain GraphQL requests; hands streams to `streams` and pages to `page`."""

    def __init__(self, options: EndpointOptions, *, streams: ASGIApp, page: ASGIApp | None = None) -> None:
        self._options = options
        self._reader = options.reader
        self._limit = options.reader.limits.body_bytes
        self._streams, self._page = streams, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._streams(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        media = media_for(headers.get(b"accept", b""))
        if scope["method"] == "GET" and self._page is not None and _wants_page(scope, headers):
            await self._page(scope, receive, send)
        elif media is Media.STREAM:
            await self._stream(scope, receive, send, headers)
        else:
            await self._answer(scope, receive, send, headers, media)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, headers: RawHeaders, media: Media) -> None:
        deadline = asyncio.get_running_loop().time() + self._options.timeout
        travelling = self._options.headers.forward(headers, (scope.get("client") or ("",))[0], deadline)
        record = self._options.observer.begin(travelling)
        try:
            body = await self._body(scope, receive, headers, media, record, travelling)
            await _respond(send, record, body, media, travelling)
        finally:
            self._options.observer.finish(record, travelling)

    async def _body(
        self, scope: Scope, receive: Receive, headers: RawHeaders, media: Media, record: Record, travelling: Travelling
    ) -> bytes:
        try:
            if media is Media.NONE:
                text = "`Accept` must allow `application/graphql-response+json` or `application/json`."
                raise Refused("NOT_ACCEPTABLE", text)
            asked = await self._asked(scope, receive, headers)
            run = self._run_batch if isinstance(asked, list) else self._run
            running = run(asked, scope["method"], record, travelling)  # pyright: ignore[reportArgumentType]
            body = await while_heard(running, receive, lambda: record.kind == "query")
            record.status = 200
            if media is Media.RESPONSE:
                version = self._options.statuses
                record.status = coded_status(version, record.code) if record.code else answered_status(version, body)
        except Refused as refused:
            record.outcome, record.code, record.status = "refused", refused.code, refused.status
            if media is Media.RESPONSE:
                record.status = refused_status(self._options.statuses, refused)
            return refused.body()
        except ClientLeft:
            record.outcome, record.status = "left", 499
            return b""
        except Exception:
            _LOG.exception("request_failed", request_id=travelling.request_id.decode())
            record.outcome, record.code, record.status = "failed", "INTERNAL", 500
            return Refused("INTERNAL", "Something went wrong on our side. Report it with the request ID.").body()
        return body

    async def _asked(self, scope: Scope, receive: Receive, headers: RawHeaders) -> GraphQLRequest | list[Any]:
        if scope["method"] == "GET":
            return self._reader.read_query_string(scope["query_string"])
        if scope["method"] != "POST":
            raise Refused("METHOD_NOT_ALLOWED", "Send GraphQL requests with POST.")
        if not is_json(headers.get(b"content-type", b"")):
            raise Refused("UNSUPPORTED_MEDIA_TYPE", "The content type must be `application/json` in UTF-8.")
        asked: object = read_json(await read_body(receive, headers, self._limit))
        if isinstance(asked, list):
            return _batch(cast(list[Any], asked), self._reader.limits.batch)
        return self._reader.read(asked)

    async def _run(
        self,
        request: GraphQLRequest,
        method: str,
        record: Record,
        travelling: Travelling,
        chosen: Labels | None = None,
    ) -> bytes:
        served = self._options.current()
        labels = served.choose() if chosen is None else chosen
        prepared = served.pipeline.prepare(request.query, request.operation_name, labels)
        if not isinstance(prepared, Prepared):
            return self._refuse(record, prepared)
        record.operation, record.kind = prepared.name or "", prepared.kind
        if prepared.kind != "query":
            _require_way(prepared.kind, method)
            travelling = self._patient(travelling)
        transport = self._options.observer.fetches(self._options.transport, record, travelling)
        try:
            return await prepared.execute_body(request.variables, transport, travelling)
        except InvalidVariables as invalid:
            return self._refuse(record, invalid.errors)

    def _patient(self, travelling: Travelling) -> Travelling:
        """Return what travels with the fetches of a mutation, which has longer than a query that came as early."""
        if travelling.deadline is None:
            return travelling
        return replace(
            travelling, deadline=travelling.deadline - self._options.timeout + self._options.mutation_timeout
        )

    def _refuse(self, record: Record, errors: list[GraphQLError]) -> bytes:
        if not self._reader.limits.introspection:
            errors = [without_hint(error) for error in errors]
        record.outcome = "refused"
        record.code = str((errors[0].extensions or {}).get("code", "BAD_REQUEST"))
        return error_body(errors)

    async def _run_batch(self, asked: Sequence[object], method: str, record: Record, travelling: Travelling) -> bytes:
        chosen = self._options.current().choose()

        async def one(item: object) -> bytes:
            try:
                return await self._run(self._reader.read(item), method, Record(span=record.span), travelling, chosen)
            except Refused as refused:
                return refused.body()

        record.operation = "batch"
        return b"[" + b",".join(await asyncio.gather(*map(one, asked))) + b"]"

    async def _stream(self, scope: Scope, receive: Receive, send: Send, headers: RawHeaders) -> None:
        """Check what every request must keep, then let the stream's own application answer."""
        try:
            if scope["method"] != "POST" or not is_json(headers.get(b"content-type", b"")):
                raise Refused(
                    "METHOD_NOT_ALLOWED", "To open a stream, send a POST request with content type `application/json`."
                )
            request = self._reader.read(read_json(await read_body(receive, headers, self._limit)))
        except Refused as refused:
            travelling = self._options.headers.forward(headers, (scope.get("client") or ("",))[0])
            with self._options.observer.request(travelling) as record:
                record.outcome, record.code, record.status = "refused", refused.code, refused.status
                await _respond(send, record, refused.body(), Media.JSON, travelling)
            return
        plain = {"query": request.query, "variables": request.variables, "operationName": request.operation_name}
        await self._streams(scope, _replay(orjson.dumps(plain), receive), send)


async def read_body(receive: Receive, headers: RawHeaders, limit: int) -> bytes:
    """Return the request's body.

    Raises:
        Refused: it is larger than `limit`, noticed by its declared length or while it comes in, or it is cut off.
    """
    declared = headers.get(b"content-length", b"0")
    if not declared.isdigit() or len(declared) > 15 or int(declared) > limit:
        raise Refused("PAYLOAD_TOO_LARGE", f"The request body is too large; the limit is {limit:,} bytes.")
    body, more = await _piece(receive)
    while more:
        piece, more = await _piece(receive)
        body += piece
        if len(body) > limit:
            raise Refused("PAYLOAD_TOO_LARGE", f"The request body is too large; the limit is {limit:,} bytes.")
    return body


async def _piece(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Refused("BAD_REQUEST", "The request body is not complete.")
    return message.get("body", b""), message.get("more_body", False)


def _replay(body: bytes, receive: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again


def _require_way(kind: str, method: str) -> None:
    if kind == "subscription":
        raise Refused("NEEDS_STREAM", "Open a stream for a subscription: graphql-transport-ws, SSE or multipart.")
    if method == "GET":
        raise Refused("METHOD_NOT_ALLOWED", "Mutations must be sent with POST.")


def _batch(asked: list[Any], limit: int) -> list[Any]:
    if not asked or len(asked) > limit:
        at_most = f"A batch must contain at least 1 and at most {limit} operations."
        disabled = "Batching is disabled; send one operation per request."
        raise Refused("BATCHING_DISABLED", at_most if limit else disabled)
    return asked


def _wants_page(scope: Scope, headers: RawHeaders) -> bool:
    return not scope["query_string"] and b"text/html" in headers.get(b"accept", b"")


async def _respond(send: Send, record: Record, body: bytes, media: Media, travelling: Travelling) -> None:
    headers = [
        (b"content-type", media.value),
        (b"content-length", b"%d" % len(body)),
        (b"x-request-id", travelling.request_id),
        *_FIXED,
        *(travelling.returned or ()),
    ]
    if record.status == 405:
        headers.append((b"allow", b"POST, GET"))
    await send({"type": "http.response.start", "status": record.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
