"""Spans that a backend can draw, and an end that no collector holds up."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    SimpleSpanProcessor,
    SpanExporter,
    SpanExportResult,
)
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from chassis import telemetry
from chassis.bus.memory import MemoryBus
from chassis.cloudevents import CloudEvent, PublishedLanguage
from chassis.inbox import Inbox, Narrow, Reaction, Received
from chassis.mailing import Queued
from chassis.outbox import Relay
from chassis.waking import Signal
from chassis.web import Readiness, web_app
from tests.support.asgi import request
from tests.support.clock import NOON, FakeClock
from tests.support.waiting import LIMIT


class Silent(SpanExporter):
    """A collector that takes the spans and answers when it is told to."""

    def __init__(self) -> None:
        self.asked, self.may_answer = threading.Event(), threading.Event()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.asked.set()
        self.may_answer.wait()
        return SpanExportResult.SUCCESS


def installed(monkeypatch: pytest.MonkeyPatch, exporter: SpanExporter, kind: type = BatchSpanProcessor) -> None:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(kind(exporter))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    monkeypatch.setattr(telemetry, "_TRACER", provider.get_tracer("test"))


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """What was exported."""
    exporter = InMemorySpanExporter()
    installed(monkeypatch, exporter, SimpleSpanProcessor)
    return exporter


def test_the_last_spans_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """More spans than three batches that wait are all with the collector when the process goes on to end."""
    exporter = InMemorySpanExporter()
    installed(monkeypatch, exporter)
    for _ in range(1_700):
        with telemetry.span("work"):
            pass
    telemetry.stop_tracing(LIMIT)
    assert len(exporter.get_finished_spans()) == 1_700


def test_a_silent_collector_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The end goes on though the collector, which has the spans, has still not answered; a second end is harmless."""
    exporter = Silent()
    installed(monkeypatch, exporter)
    with telemetry.span("work"):
        pass
    for _ in range(2):
        telemetry.stop_tracing(0.01)
    assert exporter.asked.wait(LIMIT)
    assert not exporter.may_answer.is_set()
    exporter.may_answer.set()


def test_stopping_what_never_started_is_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends before it could start tracing ends all the same."""
    monkeypatch.setattr(trace, "get_tracer_provider", trace.ProxyTracerProvider)
    telemetry.stop_tracing()


class Weighed(Narrow):
    grams: int


async def test_consuming_is_a_consumer_span_below_the_message(spans: InMemorySpanExporter) -> None:
    """The span of a reaction continues the message's and says which message, of what type, from which queue."""

    async def react(_: Received[Weighed]) -> None:
        return None

    inbox = Inbox("scales", {"parcels.weighed.v1": Reaction(Weighed, react)})
    await inbox.start(MemoryBus())
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    event = CloudEvent(
        id="par_1-1", type="parcels.weighed.v1", source="/parcels", subject="par_1", sequence=1,
        time="2026-03-09T12:00:00.000Z", organisation_id="org_1", data={"grams": 7}, traceparent=parent,
    )  # fmt: skip
    await inbox.handle(event.to_json(), 1)
    (consumed,) = spans.get_finished_spans()
    assert (consumed.name, consumed.kind) == ("process parcels.weighed.v1", SpanKind.CONSUMER)
    assert f"{consumed.parent.span_id:016x}" == "b7ad6b7169203331"
    assert dict(consumed.attributes) == {
        "messaging.system": "in_process",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": "portal.events:parcels.weighed.v1:scales.events",
        "messaging.rabbitmq.destination.routing_key": "parcels.weighed.v1",
        "messaging.message.id": "par_1-1",
        "portal.attempt": 1,
    }


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/parcels/17", "GET /parcels/{id}"),
        ("GET", "/parcels/18", "GET /parcels/{id}"),
        ("GET", "/nowhere/c4n4ry", "GET unmatched"),
        ("C4N4RY", "/parcels/17", "HTTP /parcels/{id}"),
    ],
)
async def test_requests_are_named_by_what_we_know(
    spans: InMemorySpanExporter, method: str, path: str, name: str
) -> None:
    """Neither an address nor a method that a stranger made up becomes the name of a span."""

    async def parcel(_: Request) -> Response:
        return PlainTextResponse("here")

    app = web_app("depot", [Route("/parcels/{id}", parcel)], Readiness(), lambda: None)  # pyright: ignore
    answer = await request(app, path, method=method)
    (served,) = spans.get_finished_spans()
    assert (served.name, served.kind) == (name, SpanKind.SERVER)
    assert served.attributes["http.response.status_code"] == answer.status


def test_what_strangers_write_is_cut() -> None:
    """No attribute is longer than 256 characters, however long a name a client gives its operation."""
    with telemetry.recording("depot").get_tracer("test").start_as_current_span("work") as running:
        running.set_attribute("graphql.operation.name", "x" * 5_000)
    assert len(running.attributes["graphql.operation.name"]) == telemetry.LONGEST_ATTRIBUTE


def test_without_a_collector_spans_are_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """A trace goes on, or begins, with an id for each span, and nothing is recorded; what runs inside may fail."""
    given: list[trace.TracerProvider] = []
    monkeypatch.setattr(trace, "set_tracer_provider", given.append)
    telemetry.start_tracing("depot")
    monkeypatch.setattr(telemetry, "_TRACER", given[0].get_tracer("test"))
    with telemetry.span("outer", traceparent=CLICK, attributes={"a": 1}, link={"b": 2}) as outer:
        outer.set_attribute("c", 3)
        told = telemetry.current_traceparent()
        with pytest.raises(ValueError, match="inside"), telemetry.span("inner") as inner:
            raise ValueError("inside")
        assert telemetry.current_traceparent() == told
    contexts = [one.get_span_context() for one in (outer, inner)]
    assert [one.trace_id for one in contexts] == [TRACE, TRACE]
    assert len({*(one.span_id for one in contexts), int("b7ad6b7169203331", 16)}) == 3
    assert told == f"00-{TRACE:032x}-{contexts[0].span_id:016x}-01"
    assert not outer.is_recording()
    with telemetry.span("begun"):
        begun = telemetry.current_traceparent()
    assert begun is not None
    assert begun.endswith("-01")
    assert telemetry.current_traceparent() is None


CLICK = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TRACE = int("0af7651916cd43dd8448eb211c80319c", 16)


def weighed(**given: str) -> CloudEvent:
    return CloudEvent(
        id="par_1-1", type="parcels.weighed.v1", source="/parcels", subject="par_1", sequence=1,
        time="2026-03-09T12:00:00.000Z", organisation_id="org_1", data={"grams": 7}, **given,
    )  # fmt: skip


async def test_a_second_delivery_is_linked_to_its_cause(spans: InMemorySpanExporter) -> None:
    """It is in the same trace, says which attempt it is, and has a link; the first delivery has none."""

    async def react(_: Received[Weighed]) -> None:
        return None

    inbox = Inbox("scales", {"parcels.weighed.v1": Reaction(Weighed, react)})
    for attempt in (1, 2):
        await inbox.handle(weighed(traceparent=CLICK).to_json(), attempt)
    first, second = spans.get_finished_spans()
    assert {one.context.trace_id for one in (first, second)} == {TRACE}
    assert (first.attributes["portal.attempt"], second.attributes["portal.attempt"]) == (1, 2)
    assert first.links == ()
    assert [(f"{one.context.span_id:016x}", dict(one.attributes)) for one in second.links] == [
        ("b7ad6b7169203331", {"portal.link": "delivered again"})
    ]


@pytest.mark.parametrize(("minutes", "links"), [(0, 0), (5, 1)])
async def test_a_late_relay_is_linked_to_its_cause(spans: InMemorySpanExporter, minutes: int, links: int) -> None:
    """What waited in the outbox is published in the trace of its request, and linked to it when that was long ago."""
    clock = FakeClock(datetime(2026, 3, 9, 12, minutes, tzinfo=UTC))
    bus = MemoryBus()
    relay = Relay(PublishedLanguage("parcels", {}), [], bus, clock, Signal())
    entry = {
        "id": "par_1-1", "type": "parcels.weighed.v1", "sequence": 1, "time": "2026-03-09T12:00:00.000Z",
        "organisation_id": "org_1", "data": {"grams": 7}, "traceparent": CLICK, "mandatory": False,
    }  # fmt: skip
    await relay._publish_entry("par_1", entry)
    (published,) = spans.get_finished_spans()
    assert (published.context.trace_id, len(published.links)) == (TRACE, links)
    if links:
        assert dict(published.links[0].attributes) == {"portal.link": "relayed late", "portal.late_seconds": 300}


def test_a_mail_is_a_span_without_an_address(spans: InMemorySpanExporter) -> None:
    """It continues the trace that its row notes, says how it ended, and is linked from the second try on."""
    tries = [Queued("eml_1", "org_1", NOON, attempts, CLICK) for attempts in (0, 1)]
    for mail in tries:
        with telemetry.MailSpans()(mail) as failed:
            if mail.attempts:
                failed("Undeliverable")
    first, second = spans.get_finished_spans()
    assert (first.name, first.kind, first.context.trace_id) == ("send mail", SpanKind.CLIENT, TRACE)
    assert dict(first.attributes) == {
        "messaging.system": "smtp",
        "messaging.operation.name": "send",
        "messaging.operation.type": "send",
        "messaging.destination.name": "mail",
        "messaging.message.id": "eml_1",
        "portal.attempt": 1,
    }
    assert (first.links, len(second.links)) == ((), 1)
    assert (second.attributes["error.type"], second.status.description) == ("Undeliverable", None)


def test_a_row_notes_the_running_trace(spans: InMemorySpanExporter) -> None:
    """Nothing outside of a trace."""
    assert telemetry.traced_row() == {}
    with telemetry.span("process", traceparent=CLICK):
        assert telemetry.traced_row()["traceparent"].startswith("00-0af7651916cd43dd8448eb211c80319c-")
