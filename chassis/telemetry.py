"""Traces and metrics: OpenTelemetry spans with the trace context kept by hand where it crosses a store, Prometheus.

One span per request, message, operation and relay; never one per resolver.
"""

import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

import structlog
from opentelemetry import context, trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, TracerProvider
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import Link, NonRecordingSpan, Span, SpanContext, SpanKind, Status, StatusCode, TraceFlags
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import Counter, Gauge, Histogram

_LOG = structlog.stdlib.get_logger("telemetry")
_PROPAGATOR = TraceContextTextMapPropagator()
_TRACER = trace.get_tracer("portal")

SAMPLED = TraceFlags(TraceFlags.SAMPLED)
Attributes = Mapping[str, str | int | bool]

FLUSH_SECONDS = 2.0
"""How long the end of a process waits for its last spans; a collector that is silent never holds it up for longer."""
LONGEST_ATTRIBUTE = 256

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
REQUESTS = Histogram(
    "portal_request_seconds", "Time of a request.", ["service", "operation", "outcome"], buckets=BUCKETS
)
MESSAGES = Histogram("portal_message_seconds", "Time of a reaction.", ["service", "type", "outcome"], buckets=BUCKETS)
OUTBOX_WAITING = Gauge("portal_outbox_waiting", "Documents with events that are not published yet.", ["service"])
OUTBOX_AGE = Gauge("portal_outbox_oldest_seconds", "Age of the oldest event that is not published.", ["service"])
OUTBOX_FAILURES = Counter("portal_outbox_failures", "Publishes that failed.", ["service", "reason"])
PUBLISHED = Counter("portal_events_published", "Events confirmed by the bus.", ["service", "type"])
RETRIES = Counter("portal_message_retries", "Messages put back for a later attempt.", ["service", "type"])
REFUSED_OUTSIDE = Counter(
    "portal_subscribers_refused", "Events that a queue which is not ours did not take.", ["reason"]
)
PARKED = Counter("portal_messages_parked", "Messages parked for a person to look at.", ["service", "type"])
PARKED_NOW = Gauge("portal_parked_messages", "Messages that are parked now, by us or by the broker.", ["service"])
SET_ASIDE = Gauge("portal_set_aside", "Items that a loop has set aside and tries again later.", ["service", "loop"])
UNREADABLE = Counter("portal_unreadable", "Stored documents that a list left out.", ["collection"])
DUPLICATES = Counter("portal_inbox_duplicates", "Events whose effect was already stored.", ["service", "type"])
SECURITY_EVENTS = Counter("portal_security_events", "Security events, by name and reason.", ["event", "reason"])
LOG_IN_FAILURES = Counter("portal_log_in_failures", "Log-ins that were refused.")
MAIL_AGE = Gauge("portal_mail_oldest_seconds", "Age of the oldest mail that waits to be sent.", ["service"])
MAILS_FAILED = Gauge("portal_mails_failed", "Mails that failed and that nobody released.", ["service"])
MAILS = Counter("portal_mails", "Attempts to send a mail.", ["kind", "outcome"])
PRINTED = Counter("portal_printed", "PDFs made: whole, or without a logo or the marks of the standards.", ["outcome"])
INDEXES_PENDING = Gauge("portal_indexes_pending", "Indexes that are not there as declared.", ["service"])
BACKFILL_SEEN = Gauge("portal_backfill_seen", "Documents the running backfill has seen.", ["service", "collection"])
BACKFILL_LEFT = Gauge("portal_backfill_left", "Documents before the running backfill.", ["service", "collection"])
BACKFILL_MENDED = Counter("portal_backfill_mended", "Documents brought forward.", ["service", "collection"])
BACKFILL_UNREADABLE = Counter(
    "portal_backfill_unreadable", "Documents that a backfill could not read and left alone.", ["service", "collection"]
)
UNKNOWN_EVENTS = Counter("portal_inbox_unknown", "Deliveries of a type that this version does not know.", ["service"])


class IdsOnly(trace.TracerProvider, trace.Tracer):
    """Makes spans that continue a trace and record nothing, where nobody would collect what they record."""

    _ids = RandomIdGenerator()

    def get_tracer(self, *given: Any, **named: Any) -> trace.Tracer:
        return self

    def start_span(
        self, name: str, context: context.Context | None = None, *given: Any, **named: Any
    ) -> NonRecordingSpan:
        cause = trace.get_current_span(context).get_span_context()
        trace_id, flags = (
            (cause.trace_id, cause.trace_flags) if cause.is_valid else (self._ids.generate_trace_id(), SAMPLED)
        )
        return NonRecordingSpan(SpanContext(trace_id, self._ids.generate_span_id(), False, flags, cause.trace_state))

    @contextmanager
    def start_as_current_span(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, name: str, context: context.Context | None = None, *given: Any, **named: Any
    ) -> Generator[Span]:
        with trace.use_span(self.start_span(name, context)) as running:
            yield running


def start_tracing(service: str, otlp_endpoint: str = "") -> None:
    """Install the tracer of this process; without an endpoint spans only give ids to logs and events.

    Whoever starts it calls `stop_tracing` at the end: the SDK's own way, `atexit`, waits 30 seconds for a collector.
    """
    if not otlp_endpoint:
        trace.set_tracer_provider(IdsOnly())
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = recording(service)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(otlp_endpoint)))
    trace.set_tracer_provider(provider)


def recording(service: str) -> TracerProvider:
    """Return what makes spans that are collected; whoever uses it adds where they go."""
    return TracerProvider(
        resource=Resource.create({"service.name": service}),
        span_limits=SpanLimits(max_span_attribute_length=LONGEST_ATTRIBUTE),
        shutdown_on_exit=False,
    )


def stop_tracing(seconds: float = FLUSH_SECONDS) -> None:
    """Send the spans that wait, for at most `seconds`, and make no more; what the collector did not take is lost.

    Safe to call twice, and where tracing was never started.
    """
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        return
    flushing = threading.Thread(target=provider.shutdown, name="last spans", daemon=True)
    flushing.start()
    flushing.join(seconds)
    if flushing.is_alive():
        _LOG.warning("last_spans_lost", reason="the collector did not take them in time", seconds=seconds)


def message_attributes(
    system: str, operation: str, kind: str, *, destination: str, routing_key: str, message_id: str
) -> dict[str, str]:
    """Return what a span about a message says: a tracing backend draws its edges between services from this.

    `operation` is `publish` or `process`, `kind` its type `send` or `process` (OpenTelemetry semantic conventions 1.44,
    messaging spans and RabbitMQ).
    """
    return {
        "messaging.system": system,
        "messaging.operation.name": operation,
        "messaging.operation.type": kind,
        "messaging.destination.name": destination,
        "messaging.rabbitmq.destination.routing_key": routing_key,
        "messaging.message.id": message_id,
    }


def current_traceparent() -> str | None:
    """Return the W3C `traceparent` of the running span, if there is one."""
    span = trace.get_current_span().get_span_context()
    if not span.is_valid:
        return None
    return f"00-{span.trace_id:032x}-{span.span_id:016x}-{int(span.trace_flags):02x}"


@contextmanager
def span(
    name: str,
    kind: SpanKind = SpanKind.INTERNAL,
    *,
    traceparent: str | None = None,
    attributes: Attributes | None = None,
    link: Attributes | None = None,
) -> Generator[Span]:
    """Run a block inside a span; `traceparent` continues a trace that came from elsewhere.

    With `link` it is linked to that span as well, saying this of it: for what comes so late, or so often, that a
    backend would not show it below what caused it.
    """
    parent = _PROPAGATOR.extract({"traceparent": traceparent}) if traceparent else context.get_current()
    cause = trace.get_current_span(parent).get_span_context()
    links = [Link(cause, link)] if link is not None and cause.is_valid else None
    with _TRACER.start_as_current_span(name, parent, kind, attributes, links, record_exception=False) as running:
        yield running


class MailSpans:
    """A span for each try to send a mail, in the trace of the click that caused it; no address is ever in one."""

    @contextmanager
    def __call__(self, mail: "TracedMail") -> Generator[Callable[[str], None]]:
        """Run a try inside a span and yield whom to tell the kind of error that ended it."""
        attributes: Attributes = {
            "messaging.system": "smtp",
            "messaging.operation.name": "send",
            "messaging.operation.type": "send",
            "messaging.destination.name": "mail",
            "messaging.message.id": mail.id,
            "portal.attempt": mail.attempts + 1,
        }
        again = {"portal.link": "sent again"} if mail.attempts else None
        with span(
            "send mail", SpanKind.CLIENT, traceparent=mail.traceparent, attributes=attributes, link=again
        ) as running:

            def failed(kind: str) -> None:
                running.set_attribute("error.type", kind)
                running.set_status(Status(StatusCode.ERROR))

            yield failed


class TracedMail(Protocol):
    """What a mail's span says of it: `traceparent` is the span that decided to send it."""

    @property
    def id(self) -> str: ...
    @property
    def attempts(self) -> int: ...
    @property
    def traceparent(self) -> str | None: ...


def traced_row() -> dict[str, str]:
    """Return what a stored mail notes of the running span, so that its sending continues the trace."""
    running = current_traceparent()
    return {"traceparent": running} if running else {}
