"""Health and metrics of a worker, which answers no other requests.

Served by a thread, so that an event loop that is stuck is seen from outside. `/livez` says that the loop turns,
`/readyz` what is missing, as the web processes do.
"""

import asyncio
import socket
import sys
import threading
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chassis.web import Readiness

_LOG = structlog.stdlib.get_logger("health")
_PATIENCE_SECONDS = 2.0
_STUCK = "the event loop is stuck"


class WorkerHealth:
    """What is known of a worker: its loop, and since it has told it, what must answer before it is ready."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._readiness = Readiness(awaited={"start"})

    def watch(self, readiness: Readiness) -> None:
        """Ask this from now on."""
        self._readiness = readiness

    def alive(self) -> bool:
        """Return whether the loop turns; to be called from another thread."""
        turned = threading.Event()
        self._loop.call_soon_threadsafe(turned.set)
        return turned.wait(_PATIENCE_SECONDS)

    def report(self) -> dict[str, Any]:
        """Return what `/readyz` says; to be called from another thread."""
        asked = asyncio.run_coroutine_threadsafe(self._readiness.report(), self._loop)
        try:
            return asked.result(self._readiness.seconds + _PATIENCE_SECONDS)
        except TimeoutError:
            asked.cancel()
            return {"ready": False, "missing": [_STUCK]}


@contextmanager
def health_server(health: WorkerHealth, sockets: Sequence[socket.socket]) -> Generator[None]:
    """Answer `/livez`, `/readyz` and `/metrics` on these sockets while the block runs, and close them then."""

    class Handler(_Handler):
        def respond(self) -> tuple[int, str, bytes]:
            return _answer(health, self.path)

    with ExitStack() as running:
        for listening in sockets:
            running.enter_context(_served(listening, Handler))
        yield


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say in our own log what failed; that a probe hung up is nothing."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            _LOG.exception("probe_failed")


class _Handler(BaseHTTPRequestHandler):
    def respond(self) -> tuple[int, str, bytes]:
        raise NotImplementedError

    def do_GET(self) -> None:
        status, content_type, content = self.respond()
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that is overridden
        """Neither probes nor what is no request are worth a line."""


def _answer(health: WorkerHealth, path: str) -> tuple[int, str, bytes]:
    if path == "/livez":
        alive = health.alive()
        return (200 if alive else 503), "text/plain", (b"ok" if alive else _STUCK.encode())
    if path == "/readyz":
        report = health.report()
        return (200 if report["ready"] else 503), "application/json", orjson.dumps(report)
    if path == "/metrics":
        return 200, CONTENT_TYPE_LATEST, generate_latest()
    return 404, "text/plain", b"not found"


@contextmanager
def _served(listening: socket.socket, handler: type[BaseHTTPRequestHandler]) -> Generator[None]:
    with _Server(listening.getsockname()[:2], handler, bind_and_activate=False) as server:
        server.socket.close()
        server.socket = listening
        thread = threading.Thread(target=server.serve_forever, name="health", daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
