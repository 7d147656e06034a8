"""However a process is ended, it ends by itself with 0, and its last spans are with a collector that takes them.

As PID 1 of its own namespace, as in a container, and as an ordinary process, as under systemd or by hand. A collector
that is silent, or says 503, holds nobody up: the exporter may wait for an hour here, so a process that waited for it
would be killed by the test.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from portal_cli.paths import SUPERGRAPH
from portal_cli.ports import LOOPBACK, answers, free_ports
from portal_cli.processes import Child, Program
from tests.support.waiting import LIMIT, wait_until

REQUESTS = 300
NAMESPACE = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")
SECRETS = {
    "PORTAL_GATEWAY_KEY": "a gateway key of the tests",
    "PORTAL_SERVICE_KEY": "a service key of the tests",
    "PORTAL_IDENTITY_SECRET": "an identity secret of the tests that is long enough",
}


class Collector:
    """Takes spans over OTLP/HTTP, refuses them, or never answers."""

    def __init__(self, behaviour: str) -> None:
        self.behaviour = behaviour
        self.names: list[str] = []
        self._over = threading.Event()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if behaviour == "silent":
                    collector._over.wait()
                    return
                if behaviour == "answers":
                    collector._take(body)
                self.send_response(200 if behaviour == "answers" else 503)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                """Not worth a line."""

        self._server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self.url = f"http://{LOOPBACK}:{self._server.server_address[1]}/v1/traces"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _take(self, body: bytes) -> None:
        sent = ExportTraceServiceRequest.FromString(body)
        self.names += [
            span.name for resource in sent.resource_spans for scope in resource.scope_spans for span in scope.spans
        ]

    def close(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(params=["answers", "silent", "says 503"])
def collector(request: pytest.FixtureRequest) -> Iterator[Collector]:
    running = Collector(request.param)
    yield running
    running.close()


@pytest.fixture(params=["as PID 1", "as any process"])
def wrapped(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """What a process is started with."""
    if request.param == "as any process":
        return ()
    if shutil.which("unshare") is None or subprocess.run([*NAMESPACE, "true"], capture_output=True).returncode:
        pytest.skip("no PID namespace can be made here (unshare, as root)")
    return NAMESPACE


def started(
    tmp_path: Path, collector: Collector, wrapped: tuple[str, ...], *process: str, **more: str
) -> tuple[Child, str]:
    """Return a process that answers, and its address."""
    (port,) = free_ports(1)
    argv = (*wrapped, sys.executable, "-m", "portal_cli.main", "serve", *process, "--port", str(port))
    env = os.environ | SECRETS | more | {
        "PORTAL_OTLP_ENDPOINT": collector.url,
        "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT": "3600",
    }  # fmt: skip
    program = Program(name="-".join(process), argv=argv, log=tmp_path / "log", env=env, ready=lambda: answers(port))
    child = Child.start(program)
    child.wait_until_ready(LIMIT)
    return child, f"http://{LOOPBACK}:{port}"


def ended(child: Child, wrapped: tuple[str, ...]) -> int:
    """Send SIGTERM to the process itself and return the exit code that whoever started it sees."""
    try:
        if wrapped:
            found = subprocess.run(["pgrep", "-P", str(child.pid)], capture_output=True, text=True, check=True)
            os.kill(int(found.stdout), 15)
        else:
            child.ask_to_stop()
        return child._process.wait(LIMIT)
    finally:
        child.kill()


def test_a_gateway_ends_by_itself_with_its_spans(
    tmp_path: Path, collector: Collector, wrapped: tuple[str, ...]
) -> None:
    """Stopped right after 300 requests the gateway ends with 0, and no span is missing where somebody takes them."""
    child, url = started(tmp_path, collector, wrapped, "gateway", PORTAL_SUPERGRAPH=str(SUPERGRAPH))
    with httpx2.Client() as client:
        for number in range(REQUESTS):
            body = {"query": f"query Op{number} {{ __typename }}"}
            answer = client.post(f"{url}/graphql", json=body)
            assert answer.json() == {"data": {"__typename": "Query"}}
    assert ended(child, wrapped) == 0
    assert collector.names in ([], ["query"] * REQUESTS)
    assert bool(collector.names) is (collector.behaviour == "answers")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda one: one.name)
def test_impatience_changes_no_exit_code(tmp_path: Path, number: signal.Signals) -> None:
    """Signals that go on coming until nobody is there any more neither kill an end that has begun nor change its 0."""
    (port,) = free_ports(1)
    argv = (sys.executable, "-m", "portal_cli.main", "serve", "gateway", "--port", str(port))
    env = os.environ | SECRETS | {"PORTAL_SUPERGRAPH": str(SUPERGRAPH)}
    program = Program(name="gateway", argv=argv, log=tmp_path / "log", env=env, ready=lambda: answers(port))
    child = Child.start(program)
    try:
        child.wait_until_ready(LIMIT)
        wait_until(lambda: child.signal(number) or not child.running)
        assert child.exit_code == 0
    finally:
        child.kill()


@pytest.mark.parametrize("kind", ["web", "worker"])
def test_a_service_ends_by_itself(
    tmp_path: Path, collector: Collector, mongo_url: str, database_name: str, kind: str
) -> None:
    """The two processes of a service end with 0 as well, whatever the collector does."""
    settings = {"PORTAL_MONGO_URL": mongo_url, "PORTAL_DATABASE_PREFIX": f"{database_name}_", "PORTAL_AMQP_URL": ""}
    child, url = started(tmp_path, collector, (), "collaboration", kind, **settings)
    with httpx2.Client() as client:
        for _ in range(REQUESTS if kind == "web" else 0):
            assert client.get(f"{url}/nowhere").status_code == 404
    assert ended(child, ()) == 0
    expected = REQUESTS if (kind, collector.behaviour) == ("web", "answers") else 0
    assert collector.names.count("GET unmatched") == expected
