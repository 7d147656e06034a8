"""Health and metrics of a worker, which answers no other requests.

Served by a thread, so that an event loop that is stuck is seen from outside.
"""

import asyncio
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

_PATIENCE_SECONDS = 2.0


@contextmanager
def health_server(loop: asyncio.AbstractEventLoop, host: str, port: int) -> Generator[None]:
    """Answer `/livez` and `/readyz` (200 while the loop turns) and `/metrics` while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path in {"/livez", "/readyz"}:
                alive = _turns(loop)
                self._answer(200 if alive else 503, "text/plain", b"ok" if alive else b"the event loop is stuck")
            elif self.path == "/metrics":
                self._answer(200, CONTENT_TYPE_LATEST, generate_latest())
            else:
                self._answer(404, "text/plain", b"not found")

        def _answer(self, status: int, content_type: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", content_type)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Probes are not worth a line."""

    with ThreadingHTTPServer((host, port), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, name="health", daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def _turns(loop: asyncio.AbstractEventLoop) -> bool:
    turned = threading.Event()
    loop.call_soon_threadsafe(turned.set)
    return turned.wait(_PATIENCE_SECONDS)
