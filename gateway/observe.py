"""One log line, one metric and, where tracing is on, one span for each request; one span for each fetch.

Nothing of a document, of variables or of credentials is ever recorded. Operation names are the clients' choice, so
metrics know only the first `_NAMES` of them.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, Protocol

import orjson
import structlog
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import Counter, Gauge

from gateway.executor.ports import Forwarded, Losses, SubgraphError
from gateway.metrics import Timings
from gateway.plan import OperationKind
from gateway.subgraphs.headers import Travelling

_NAMES = 200
_PROPAGATOR = TraceContextTextMapPropagator()

REQUESTS = Timings("gateway_request_seconds", "Time of an operation.", ("operation", "kind", "outcome"))
FETCHES = Timings("gateway_fetch_seconds", "Time of a fetch.", ("subgraph", "outcome"))
OVERHEAD = Timings(
    "gateway_overhead_seconds",
    "Time of a query or a mutation less the time that it waited for subgraphs.",
    ("operation", "kind"),
)
REFUSED = Counter("gateway_refused", "Requests that were not run, by error code.", ["code"])
QUOTA_REFUSED = Counter("gateway_quota_refused", "Requests refused because a quota was used up.", ["quota"])
SOCKETS = Gauge("gateway_sockets", "Open WebSocket connections.")


@dataclass(slots=True)
class Record:
    """What is known of a request when it ends."""

    operation: str = ""
    kind: str = ""
    status: int = 0
    outcome: str = "ok"
    code: str = ""
    span: Span | None = None
    began: float = field(default_factory=perf_counter)
    losses: Losses | None = None
    forwarded: Forwarded | None = None
    """What went along with the fetches of the operation that was run."""

    def lose(self, losses: Losses) -> None:
        """Note that the answer lost a part; what is noted several times is one."""
        if self.losses is None:
            self.losses = Losses()
        if losses is not self.losses:
            self.losses.add(losses)
        self.outcome, self.code = "partial", self.losses.code


class Observer:
    """Writes what happened."""

    def __init__(
        self, tracer: Tracer | None = None, *, log_requests: bool = True, metrics: bool = True, stream: Any = None
    ) -> None:
        """`stream` takes bytes; it is standard output unless given."""
        self._tracer = tracer
        self._metrics = metrics
        self._names: set[str] = set()
        self._log = structlog.BytesLogger(stream or sys.stdout.buffer) if log_requests else None

    @contextmanager
    def request(self, travelling: Travelling) -> Generator[Record]:
        """Observe one request; the block fills in the record."""
        record = self.begin(travelling)
        try:
            yield record
        finally:
            self.finish(record, travelling)

    def begin(self, travelling: Travelling) -> Record:
        """Return the record of a request that begins now; whoever takes it must `finish` it."""
        record = Record()
        if self._tracer is not None:
            parent = _PROPAGATOR.extract({"traceparent": _traceparent(travelling.head)})
            record.span = self._tracer.start_span("graphql", parent, SpanKind.SERVER, record_exception=False)
        return record

    def finish(self, record: Record, travelling: Travelling) -> None:
        """Write down how a request ended."""
        now = perf_counter()
        seconds = now - record.began
        if self._metrics:
            name = self._known(record.operation)
            REQUESTS.add((name, record.kind or "none", record.outcome), seconds)
            if record.forwarded is not None and record.kind != "subscription":
                waits = record.forwarded.waits
                OVERHEAD.add((name, record.kind), seconds - waits.until(now) if waits else seconds)
            if record.outcome == "refused":
                REFUSED.labels(record.code).inc()
        if record.span is not None:
            _end(record.span, record)
        if self._log is not None:
            self._log.info(_line(record, travelling, seconds))

    def _known(self, name: str) -> str:
        if name in self._names:
            return name
        if len(self._names) >= _NAMES:
            return "other"
        self._names.add(name)
        return name

    def fetches(self, transport: "Transport", record: Record, travelling: Travelling) -> "Transport":
        """Return the transport to use for one request: as it is, or with a span around every fetch."""
        record.forwarded = travelling
        if self._tracer is None or record.span is None:
            return transport
        return _TracedTransport(transport, self._tracer, record.span, travelling)


class Transport(Protocol):
    """The executor's port, with futures."""

    def post(self, subgraph: str, body: bytes, kind: OperationKind, forwarded: Forwarded) -> asyncio.Future[bytes]:
        """See `SubgraphTransport`."""
        ...

    def subscribe(self, subgraph: str, payload: dict[str, Any], forwarded: Forwarded) -> AsyncIterator[dict[str, Any]]:
        """See `SubgraphTransport`."""
        ...


class MeasuredTransport:
    """A layer over a transport that measures every fetch."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def post(self, subgraph: str, body: bytes, kind: OperationKind, forwarded: Forwarded) -> asyncio.Future[bytes]:
        """Send, and note the time when the future is done."""
        began = perf_counter()
        waits = forwarded.waits or forwarded.waiting()
        if not waits.open:
            waits.since = began
        waits.open += 1
        future = self._transport.post(subgraph, body, kind, forwarded)

        def note(done: asyncio.Future[bytes]) -> None:
            now = perf_counter()
            waits.open -= 1
            if not waits.open:
                waits.waited += now - waits.since
            FETCHES.add((subgraph, _outcome(done)), now - began)

        future.add_done_callback(note)
        return future

    def subscribe(self, subgraph: str, payload: dict[str, Any], forwarded: Forwarded) -> AsyncIterator[dict[str, Any]]:
        """Pass it on."""
        return self._transport.subscribe(subgraph, payload, forwarded)


class _TracedTransport:
    """A span for each fetch of one request; subgraphs continue it."""

    def __init__(self, transport: Transport, tracer: Tracer, parent: Span, travelling: Travelling) -> None:
        self._transport, self._tracer, self._parent, self._travelling = transport, tracer, parent, travelling

    def post(self, subgraph: str, body: bytes, kind: OperationKind, forwarded: Forwarded) -> asyncio.Future[bytes]:
        span, inner = self._start(subgraph, kind, forwarded)
        future = self._transport.post(subgraph, body, kind, inner)
        future.add_done_callback(lambda done: _end_fetch(span, _outcome(done)))
        return future

    async def subscribe(
        self, subgraph: str, payload: dict[str, Any], forwarded: Forwarded
    ) -> AsyncGenerator[dict[str, Any], None]:
        span, inner = self._start(subgraph, "subscription", forwarded)
        try:
            async for event in self._transport.subscribe(subgraph, payload, inner):
                yield event
        finally:
            _end_fetch(span, "ok")

    def _start(self, subgraph: str, kind: str, forwarded: Forwarded) -> tuple[Span, Forwarded]:
        context = set_span_in_context(self._parent)
        span = self._tracer.start_span(f"fetch {subgraph}", context, SpanKind.CLIENT, record_exception=False)
        span.set_attributes({"graphql.operation.type": kind, "gateway.subgraph": subgraph})
        carrier: dict[str, str] = {}
        _PROPAGATOR.inject(carrier, set_span_in_context(span))
        forwarded.waiting()  # what is copied here shares it
        head = forwarded.head if forwarded.replaced is None else forwarded.replaced.get(subgraph, forwarded.head)
        old = _traceparent(head).encode()
        return span, replace(
            forwarded, head=head.replace(old, carrier["traceparent"].encode()) if old else head, replaced=None
        )


def _line(record: Record, travelling: Travelling, seconds: float) -> bytes:
    """Return the canonical line; rendered by hand, since a chain of processors costs more than the whole endpoint."""
    lost = {"errors": record.losses.errors, "lost": record.losses.reasons} if record.losses else {}
    return orjson.dumps(
        {
            "event": "request",
            "level": "info",
            "logger": "gateway",
            "service": "gateway",
            "timestamp": datetime.now(UTC),
            "request_id": travelling.request_id.decode(),
            "trace_id": travelling.trace_id.decode(),
            "operation": record.operation,
            "operation_kind": record.kind,
            "status": record.status,
            "outcome": record.outcome,
            "code": record.code,
            "duration_ms": round(seconds * 1000, 2),
            **lost,
        },
        option=orjson.OPT_UTC_Z,
    )


def _traceparent(head: bytes) -> str:
    _, found, rest = head.partition(b"traceparent: ")
    return rest.partition(b"\r\n")[0].decode() if found else ""


def _outcome(done: asyncio.Future[bytes]) -> str:
    if done.cancelled():
        return "cancelled"
    error = done.exception()
    if error is None:
        return "ok"
    return error.code.lower() if isinstance(error, SubgraphError) else "internal"


def _end_fetch(span: Span, outcome: str) -> None:
    if outcome != "ok":
        span.set_status(Status(StatusCode.ERROR, outcome))
    span.end()


def _end(span: Span, record: Record) -> None:
    """End a request's span, named by the kind of operation.

    The operation's own name is the client's choice, and strangers choose it too: as an attribute it names no series
    (semantic conventions 1.44, GraphQL server spans).
    """
    if record.kind:
        span.update_name(record.kind)
        span.set_attribute("graphql.operation.type", record.kind)
    if record.operation:
        span.set_attribute("graphql.operation.name", record.operation)
    span.set_attribute("http.response.status_code", record.status)
    if record.losses is not None:
        reasons = [f"{name}: {reason}" for name, all_ in record.losses.reasons.items() for reason in all_]
        span.set_attributes({"gateway.errors": record.losses.errors, "gateway.lost": reasons})
    if record.outcome == "failed":
        span.set_status(Status(StatusCode.ERROR, record.code))
    span.end()
