"""The web process of a service: request scope, health, metrics, errors that leak nothing, draining.

`/livez` says that the event loop turns; `/readyz` that the service's own resources answer and that it is not draining,
which releases of zones, locales and currencies the process reads, and what to do where it waits for somebody; a broker
that is down leaves a service ready, since the outbox buffers.

Longer than most files, because the request scope, the doors of health and the way a process leaves belong together.
"""

import asyncio
import contextlib
import gc
import re
import signal
import socket
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from uuid import uuid4

import structlog
import uvicorn
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.asked import SERVICE_KEY_HEADER as SERVICE_KEY_HEADER
from chassis.asked import one_request
from chassis.farewell import Farewell, SeenOff
from chassis.http_edge import EdgeProtocol, edge
from chassis.keyring import Keyring, as_keyring
from chassis.listening import BACKLOG, listen
from chassis.metrics_page import metrics_page, tell_others
from chassis.readiness import Ping as Ping
from chassis.readiness import Readiness as Readiness
from chassis.readiness import Task as Task
from chassis.siblings import Beside, Sibling, run_siblings
from chassis.telemetry import REQUESTS, span
from chassis.troubles import in_words

_LOG = structlog.stdlib.get_logger("web")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

GATEWAY_KEY_HEADER = "x-portal-gateway-key"
CLIENT_ADDRESS_HEADER = "x-portal-client-address"
METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"})
COLLECTING = (20_000, 5, 4)
"""The garbage collector's thresholds: all generations after 400,000 more objects. What a cache forgot is part of
cycles; at fifty times as many a gateway held 100 MB of it under large documents that were all different."""
FINISH_SECONDS = 20
"""How long open requests may take when a process ends."""
LAST_SECONDS = 1.0
"""How long a process that drained waits, with its doors shut, for requests of those who came in before."""
STREAMS_END_WITHIN = 0.8
"""In which part of the time of draining streams are ended, each at a time of its own."""
SAY_AGAIN_AFTER = 60
KEEP_ALIVE_SECONDS = 65
"""After how long an idle connection is closed: later than balancers do it (nginx, ALB, Envoy's examples: 60 s), since a
request that is sent at that moment is lost."""
QUIET_PATHS = frozenset({"/livez", "/readyz", "/metrics"})


def web_app(
    service: str,
    routes: Sequence[BaseRoute],
    readiness: Readiness,
    lifespan: Callable[[], AbstractAsyncContextManager[None]],
    *,
    max_body_bytes: int = 1_000_000,
) -> Starlette:
    """Return a service's ASGI application with health, metrics and the request scope around `routes`."""

    async def livez(_: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_: Request) -> Response:
        from chassis.world.releases import releases  # the gateway serves without Babel

        body = {**await readiness.report(), "data": releases()}
        return JSONResponse(body, status_code=200 if body["ready"] else 503)

    @asynccontextmanager
    async def run(_: Starlette) -> AsyncGenerator[None]:
        async with lifespan():
            yield

    health = [Route("/livez", livez), Route("/readyz", readyz), Route("/metrics", metrics_page)]
    app = Starlette(routes=[*health, *routes], lifespan=run)
    app.state.readiness = readiness
    farewell = Farewell()
    readiness.leaving, readiness.farewell = farewell.begin, farewell.say
    app.add_middleware(SeenOff, farewell=farewell)  # pyright: ignore[reportArgumentType]
    app.add_middleware(RequestScope, service=service, max_body_bytes=max_body_bytes)  # pyright: ignore[reportArgumentType]
    return app


class RequestScope:
    """Request id, trace, size limit, one canonical log line and a metric per request; nothing unexpected gets out."""

    def __init__(self, app: ASGIApp, service: str, max_body_bytes: int) -> None:
        self._app = app
        self._service = service
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in QUIET_PATHS:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        with span("request", SpanKind.SERVER, traceparent=headers.get("traceparent")) as running:
            await self._answer(scope, receive, send, headers, request_id)
            _describe(running, scope)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, headers: Headers, request_id: str) -> None:
        started, status = time.perf_counter(), 0

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        try:
            if _declared_size(headers) > self._max_body_bytes:
                await _refuse(413, "PAYLOAD_TOO_LARGE", _too_large(self._max_body_bytes))(scope, receive, note_status)
            else:
                with one_request():
                    await self._app(scope, self._limited(receive), note_status)
        except BodyTooLarge:
            if not status:
                await _refuse(413, "PAYLOAD_TOO_LARGE", _too_large(self._max_body_bytes))(scope, receive, note_status)
        except Exception:
            _LOG.exception("request_failed", route=_route(scope))
            if not status:
                await _refuse(500, "INTERNAL", "Something went wrong on our side. Report it with the request ID.")(
                    scope, receive, note_status
                )
        finally:
            scope["state"]["status"] = status
            self._log(scope, status, time.perf_counter() - started)

    def _limited(self, receive: Receive) -> Receive:
        seen = 0

        async def limited() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._max_body_bytes:
                raise BodyTooLarge
            return message

        return limited

    def _log(self, scope: Scope, status: int, seconds: float) -> None:
        state: dict[str, Any] = scope.get("state", {})
        operation = state.get("operation") or _route(scope)
        outcome = state.get("outcome") or ("ok" if 0 < status < 400 else "refused" if status < 500 else "failed")
        REQUESTS.labels(self._service, operation, outcome).observe(seconds)
        _LOG.info(
            "request",
            service=self._service,
            method=scope["method"],
            route=_route(scope),
            status=status,
            outcome=outcome,
            operation=operation,
            duration_ms=round(seconds * 1000, 2),
        )


class BodyTooLarge(Exception):
    """The body went over the limit while it was read."""


def _describe(running: Span, scope: Scope) -> None:
    """Name a request's span by what we know, never by what was asked for (semantic conventions 1.44, HTTP spans)."""
    method = scope["method"] if scope["method"] in METHODS else "_OTHER"
    route, status = _route(scope), scope["state"]["status"]
    running.update_name(f"{method} {route}" if method in METHODS else f"HTTP {route}")
    running.set_attributes({"http.request.method": method, "http.route": route, "http.response.status_code": status})
    if status >= 500:
        running.set_status(Status(StatusCode.ERROR))


def _declared_size(headers: Headers) -> int:
    value = headers.get("content-length", "0")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else 0


def _route(scope: Scope) -> str:
    route = scope.get("route")
    return getattr(route, "path", None) or "unmatched"


def _too_large(limit: int) -> str:
    return f"The request body is too large; the limit is {limit:,} bytes."


def _refuse(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse({"errors": [{"message": message, "extensions": {"code": code}}]}, status_code=status)


class RequireKey:
    """Answers 401 unless the caller shows the shared key in `header`; guards HTTP and WebSocket alike."""

    def __init__(self, app: ASGIApp, header: str, key: SecretStr | Keyring) -> None:
        self._app = app
        self._header = header
        self._keys = as_keyring(key)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._keys.accepts(Headers(scope=scope).get(self._header, "")):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4401, "reason": "Unauthorized"})
        else:
            await _refuse(401, "UNAUTHENTICATED", "This address answers the gateway only.")(scope, receive, send)


class _DrainingServer(uvicorn.Server):
    """Leaves readiness on SIGTERM, goes on answering for a while, then stops.

    From SIGTERM on each answer says `connection: close`, so that clients go elsewhere with what they send next.
    Whoever connected in the last moment is waited for after the doors are shut, for `LAST_SECONDS`. What stays open
    then has been idle all the time: HTTP/1.1 has no word by which a server could tell its client.
    """

    def __init__(
        self, config: uvicorn.Config, readiness: Readiness | None, drain_seconds: float, sibling: Sibling | None = None
    ) -> None:
        super().__init__(config)
        self._sibling = sibling
        self._telling: asyncio.Server | None = None
        self._readiness = readiness
        self._drain_seconds = drain_seconds
        self._stopping: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        if self._sibling:
            self._telling = await tell_others(self._sibling)
        await super().startup(sockets)

    def handle_exit(self, sig: int, frame: Any) -> None:
        if self._readiness is None or self._readiness.draining:
            super().handle_exit(sig, frame)
            return
        self._readiness.draining = True
        self._drain_seconds = self._drain_seconds if sig == signal.SIGTERM else 0.0
        self._stopping = asyncio.get_running_loop().create_task(self._stop_later(sig, frame))

    async def _stop_later(self, sig: int, frame: Any) -> None:
        _LOG.info("draining", seconds=self._drain_seconds)
        for connection in self.server_state.connections:
            if isinstance(connection, EdgeProtocol):
                connection.leave()
        if self._readiness and self._readiness.leaving:
            self._readiness.leaving(self._drain_seconds * STREAMS_END_WITHIN)
        await asyncio.sleep(self._drain_seconds)
        try:
            if self._readiness and self._readiness.farewell:
                await self._readiness.farewell()
        finally:
            super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._telling:
            self._telling.close()
        for listening in self.servers:
            listening.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(LAST_SECONDS, self._drain_seconds)):
                while self.server_state.connections:  # noqa: ASYNC110 - uvicorn's set tells nobody
                    await asyncio.sleep(0.02)
        await super().shutdown(sockets)


def serve(
    app: ASGIApp,
    host: str,
    port: int,
    *,
    readiness: Readiness | None = None,
    drain_seconds: float = 0.0,
    backlog: int = BACKLOG,
    beside: Beside | None = None,
) -> None:
    """Run an application until SIGTERM or SIGINT; open requests are finished for up to `FINISH_SECONDS`.

    With `beside` it is one of several processes that share sockets: those are used, and nothing else is listened at.

    What was made until now lives as long as the process, so the garbage collector need not look at it again; requests
    leave few cycles, so it may look less often (measured: 15 % less CPU for an answer of 96 kB), but often enough for
    what a bounded cache forgets. It is switched on here for those who start without it.

    Raises:
        CannotListen
    """
    sockets = list(beside.sockets if beside else listen(host, port, backlog))
    gc.freeze()
    gc.collect()  # of nothing: it also forgets how much there was, a quarter of which would have to come again
    gc.set_threshold(*COLLECTING)
    gc.enable()
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=edge(draining=lambda: readiness is not None and readiness.draining),  # pyright: ignore[reportArgumentType]
        ws="websockets-sansio",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=FINISH_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        backlog=backlog,
    )
    _DrainingServer(config, readiness, drain_seconds, beside.sibling if beside else None).run(sockets)


def serve_together(processes: int, host: str, port: int, run: Callable[[Beside | None], None]) -> None:
    """Let `run` serve in one process or in several that share the port; `run` passes on to `serve` what it is given.

    Raises:
        CannotListen
        SystemExit: a process refused to start.
    """
    if processes == 1:
        run(None)
    else:
        run_siblings(processes, listen(host, port), run)


async def run_tasks(*tasks: Task) -> None:
    """Run endless tasks side by side; one that fails is logged and started again after a second.

    What is known to be away or wrong is said once a minute.
    """

    async def forever(task: Task) -> None:
        said, times = "", 0
        while True:
            try:
                await task()
                return
            except Exception as error:
                reason = in_words(error)
                times = times + 1 if reason and reason == said else 0
                if times % SAY_AGAIN_AFTER == 0:
                    _LOG.exception("task_failed", name=getattr(task, "__qualname__", "task"), reason=reason)
                said = reason
                await asyncio.sleep(1)

    async with asyncio.TaskGroup() as group:
        for task in tasks:
            group.create_task(forever(task))


@asynccontextmanager
async def background(*tasks: Task, first: Task | None = None) -> AsyncGenerator[None]:
    """Run endless tasks while the block runs, then cancel them.

    They begin when `first` has succeeded, which is tried until it does: a process that starts while its database is
    away waits for it, and does not end.
    """

    async def in_turn() -> None:
        if first is not None:
            await run_tasks(first)
        await run_tasks(*tasks)

    running = asyncio.create_task(in_turn())
    try:
        yield
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
