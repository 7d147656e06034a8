"""The ASGI application behind `/graphql`.

A request is read, checked, prepared (one look-up when the document is known); what it asks for decides, and then what
the client accepts, whether it is answered with the executor's bytes or handed to the application for streams.

Longer than most files, because all steps of a request stand in one order here.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
import structlog
from graphql import GraphQLError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.deadlines import ClientLeft, while_heard
from gateway.executor.answer import InvalidVariables
from gateway.grants import Grants, NoGrants
from gateway.http.asking import Asking
from gateway.http.negotiation import Accepted, Media, Stream, accepted
from gateway.http.plans import Plans
from gateway.http.responding import FIXED, Responding
from gateway.http.statuses import Version, answered_status, coded_status, refused_status
from gateway.limits.hints import without_hint
from gateway.observe import Observer, Record, Transport
from gateway.pipeline import NO_LABELS, Guarded, Labels, Pipeline, Prepared
from gateway.preparing import Preparing
from gateway.quotas import Visit, Visits
from gateway.quotas.shown import shown_cost, with_cost
from gateway.quotas.visits import PER_CHARACTER, PER_REQUEST, VISIT
from gateway.requests import GraphQLRequest, Reader, Refused
from gateway.requests.origins import Origins
from gateway.requests.refused import error_body
from gateway.subgraphs.headers import HeaderRules, RawHeaders, Travelling, combined

_LOG = structlog.get_logger("gateway.http")
_WHOLE = Accepted(complete=Media.JSON, subscription=None, deferred=None)
_NEEDS_STREAM = (
    "A subscription is answered by a stream: open a WebSocket (graphql-transport-ws), or accept "
    "`text/event-stream` or `multipart/mixed;subscriptionSpec=1.0`."
)
_NOT_ACCEPTABLE = "`Accept` must allow `application/graphql-response+json` or `application/json`."


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
    preparing: Preparing = field(default_factory=Preparing)
    visits: Visits = field(default_factory=Visits)
    headers: HeaderRules = field(default_factory=HeaderRules)
    observer: Observer = field(default_factory=Observer)
    origins: Origins = field(default_factory=Origins)
    grants: Grants = field(default_factory=NoGrants)
    timeout: float = 5.0
    mutation_timeout: float = 15.0
    statuses: Version = "audited"
    plans: Plans | None = None
    responding: Responding = field(default_factory=Responding)


@dataclass(slots=True)
class _Streamed:
    """A request that is answered by a stream."""

    request: GraphQLRequest
    way: Stream


class Endpoint:
    """Answers GraphQL requests with one body; hands streams to `streams` and pages to `page`."""

    def __init__(self, options: EndpointOptions, *, streams: ASGIApp, page: ASGIApp | None = None) -> None:
        self._options = options
        self._reader = options.reader
        self._asking = Asking(options.reader, options.origins)
        self._streams, self._page = streams, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._streams(scope, receive, send)
            return
        headers = combined(scope["headers"])
        if scope["method"] == "GET" and self._page is not None and _wants_page(scope, headers):
            await self._page(scope, receive, send)
        else:
            await self._answer(scope, receive, send, headers)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, headers: RawHeaders) -> None:
        deadline = asyncio.get_running_loop().time() + self._options.timeout
        peer = (scope.get("client") or ("",))[0]
        travelling = self._options.headers.forward(headers, peer, deadline)
        accepts = accepted(headers.get(b"accept", b""))
        record = self._options.observer.begin(travelling)
        address = self._options.headers.client(headers, peer)
        visit = await self._options.visits.visit(headers.get(b"authorization"), address)
        try:
            answer = await self._body(scope, receive, headers, accepts, record, travelling, visit)
            if not isinstance(answer, _Streamed):
                media = _media(accepts, record)
                await self._options.responding.respond(send, headers, travelling, media, record.status, answer)
        except BaseException:
            self._options.observer.finish(record, travelling)
            visit.leave()
            raise
        try:
            if isinstance(answer, _Streamed):
                await self._stream(answer, {**scope, VISIT: visit}, receive, send, travelling)
            else:
                self._options.observer.finish(record, travelling)
        finally:
            visit.leave()

    async def _body(
        self,
        scope: Scope,
        receive: Receive,
        headers: RawHeaders,
        accepts: Accepted,
        record: Record,
        travelling: Travelling,
        visit: Visit,
    ) -> "bytes | _Streamed":
        try:
            visit.begin("requests")
            visit.pay(PER_REQUEST)
            if accepts.complete is None:
                raise Refused("NOT_ACCEPTABLE", _NOT_ACCEPTABLE)
            asked = await self._asking.read(scope, receive, headers)
            run = self._run_batch if isinstance(asked, list) else self._run
            running = run(asked, scope["method"], accepts, record, travelling, visit, headers)  # pyright: ignore[reportArgumentType]
            answer = await while_heard(running, receive, lambda: _may_end(record))
        except Refused as refused:
            record.outcome, record.code, record.status = "refused", refused.code, refused.status
            if accepts.complete is Media.RESPONSE:
                record.status = refused_status(self._options.statuses, refused)
            if refused.retry_after and travelling.returned is not None:
                travelling.returned.append((b"retry-after", b"%d" % refused.retry_after))
            return refused.body()
        except ClientLeft:
            record.outcome, record.status = "left", 499
            return b""
        except Exception:
            _LOG.exception("request_failed", request_id=travelling.request_id.decode())
            record.outcome, record.code, record.status = "failed", "INTERNAL", 500
            return Refused("INTERNAL", "Something went wrong on our side. Report it with the request ID.").body()
        if isinstance(answer, bytes):
            record.status = self._status(accepts, record, answer)
        return answer

    def _status(self, accepts: Accepted, record: Record, answer: bytes) -> int:
        if accepts.complete is not Media.RESPONSE:
            return 200
        version = self._options.statuses
        if record.outcome == "refused":
            return coded_status(version, record.code)
        return answered_status(version, answer)

    async def _run(
        self,
        request: GraphQLRequest,
        method: str,
        accepts: Accepted,
        record: Record,
        travelling: Travelling,
        visit: Visit,
        headers: RawHeaders,
        chosen: Labels | None = None,
    ) -> "bytes | _Streamed":
        served = self._options.current()
        labels = served.choose() if chosen is None else chosen
        asked = request.query, request.operation_name, labels
        prepared = served.pipeline.known(*asked) or await self._new(served.pipeline, asked, visit)
        if isinstance(prepared, Guarded):
            granted = await self._options.grants.of(headers)
            prepared = await self._options.preparing.for_caller(served.pipeline, prepared, *asked, granted)
        if not isinstance(prepared, Prepared):
            return self._refuse(record, prepared)
        record.operation, record.kind = prepared.name or "", prepared.kind
        if prepared.kind == "mutation":
            if method == "GET":
                raise Refused("METHOD_NOT_ALLOWED", "Mutations must be sent with POST.")
            travelling = self._patient(travelling)
        transport = self._options.observer.fetches(self._options.transport, record, travelling)
        try:
            way = _way(prepared, request, accepts)
            work = prepared.work(request.variables)
            visit.pay(work)
            if way is not None:
                if prepared.kind == "subscription":
                    visit.begin("subscriptions")
                    visit.end("requests")
                return _Streamed(request, way)
            body = await prepared.execute_body(request.variables, transport, travelling)
            if self._options.plans is not None:
                body = await self._options.plans.beside(body, prepared, headers)
        except InvalidVariables as invalid:
            return self._refuse(record, invalid.errors)
        if travelling.losses is not None:
            record.lose(travelling.losses)
        if request.shows_cost:
            return with_cost(body, shown_cost(work, self._reader.limits.work_ms, visit))
        return body

    async def _new(
        self, pipeline: Pipeline, asked: tuple[str, str | None, Labels], visit: Visit
    ) -> Prepared | Guarded | Sequence[GraphQLError]:
        visit.pay(PER_CHARACTER * len(asked[0]))
        return await self._options.preparing.prepare(pipeline, *asked)

    def _patient(self, travelling: Travelling) -> Travelling:
        """Return what travels with the fetches of a mutation, which has longer than a query that came as early."""
        if travelling.deadline is None:
            return travelling
        return replace(
            travelling, deadline=travelling.deadline - self._options.timeout + self._options.mutation_timeout
        )

    def _refuse(self, record: Record, errors: Sequence[GraphQLError]) -> bytes:
        if not self._reader.limits.introspection:
            errors = [without_hint(error) for error in errors]
        record.outcome = "refused"
        record.code = str((errors[0].extensions or {}).get("code", "BAD_REQUEST"))
        return error_body(list(errors))

    async def _run_batch(
        self,
        asked: Sequence[object],
        method: str,
        accepts: Accepted,
        record: Record,
        travelling: Travelling,
        visit: Visit,
        headers: RawHeaders,
    ) -> bytes:
        chosen = self._options.current().choose()
        records: list[Record] = []

        async def one(item: object) -> Any:
            records.append(own := Record(span=record.span))
            try:
                with_own_losses = replace(travelling, losses=None)
                request = self._reader.read(item)
                return await self._run(request, method, _WHOLE, own, with_own_losses, visit, headers, chosen)
            except Refused as refused:
                return refused.body()

        record.operation = "batch"
        bodies = await asyncio.gather(*map(one, asked))
        for own in records:
            if own.losses is not None:
                record.lose(own.losses)
        return b"[" + b",".join(bodies) + b"]"

    async def _stream(
        self, streamed: _Streamed, scope: Scope, receive: Receive, send: Send, travelling: Travelling
    ) -> None:
        """Let the application for streams answer what was read here, in the way that was chosen here."""
        request = streamed.request
        body = {"query": request.query, "variables": request.variables, "operationName": request.operation_name}
        replaced = {
            b"accept": streamed.way.accept,
            b"content-type": b"application/json",
            b"x-request-id": travelling.request_id,
        }
        kept = [(name, value) for name, value in scope["headers"] if name not in (*replaced, b"content-length")]
        inner = {**scope, "method": "POST", "query_string": b"", "headers": [*kept, *replaced.items()]}
        own = ((b"x-request-id", travelling.request_id), *FIXED)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message["headers"]
                names = {name for name, _ in given}
                message = {**message, "headers": [*given, *(one for one in own if one[0] not in names)]}
            await send(message)

        await self._streams(inner, _replay(orjson.dumps(body), receive), send_with_headers)


def _way(prepared: Prepared, request: GraphQLRequest, accepts: Accepted) -> Stream | None:
    """Return the stream that answers a request, None where one body does."""
    if prepared.kind == "subscription":
        prepared.check(request.variables)
        if accepts.subscription is None:
            raise Refused("NEEDS_STREAM", _NEEDS_STREAM)
        return accepts.subscription
    if accepts.deferred is not None and prepared.defers(request.variables):
        return accepts.deferred
    return None


def _media(accepts: Accepted, record: Record) -> Media:
    """Return how an answer is written; a request that was not even read is told so in JSON, with its status."""
    media = accepts.complete or Media.JSON
    return media if record.status == 200 or media is Media.RESPONSE else Media.JSON


def _replay(body: bytes, receive: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again


def _wants_page(scope: Scope, headers: RawHeaders) -> bool:
    return not scope["query_string"] and b"text/html" in headers.get(b"accept", b"")


def _may_end(record: Record) -> bool:
    """Tell whether nothing is lost when it is given up: a query, or what is not even prepared."""
    return record.kind == "query" or (not record.kind and record.operation != "batch")
