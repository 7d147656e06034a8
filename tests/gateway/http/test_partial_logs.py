"""Who is to blame for a part that is missing: one line for each request names subgraphs and reasons."""

import io
import json
from dataclasses import replace

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from gateway.observe import Observer
from tests.gateway.http.test_sockets import open_socket

QUERY = "query Mine { users { id name invoices { id } } invoices(first: 2) { id owner { name } } }"


def written_by(world, tracer=None):
    """Return what the gateway writes from now on."""
    written = io.BytesIO()
    endpoint = world.gateway.front.endpoint
    endpoint._options = replace(endpoint._options, observer=Observer(tracer, stream=written))
    return written


def lines(written):
    """Return the lines."""
    return [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("mode", "code", "reason"),
    [
        ("html", "SUBGRAPH_UNAVAILABLE", "status 502"),
        ("truncated", "SUBGRAPH_UNAVAILABLE", "the answer is not JSON"),
        ("no graphql", "SUBGRAPH_UNAVAILABLE", "the answer has neither data nor errors"),
        ("reset", "SUBGRAPH_UNAVAILABLE", "connection lost"),
        ("errors", "SUBGRAPH_ERROR", "error SUBGRAPH_ERROR"),
    ],
)
async def test_the_line_names_subgraph_and_reason(make_world, mode, code, reason):
    """However many items lost something, there is one `partial` line: the number of errors, each reason once."""
    world = await make_world(fetch_retries=0)
    written = written_by(world)
    world.billing.mode = mode
    answer = await world.ask(QUERY)
    [line] = lines(written)
    assert (line["outcome"], line["code"], line["status"]) == ("partial", code, 200)
    assert line["errors"] == len(answer["errors"]) > 1
    assert line["lost"] == {"billing": [reason]}


async def test_a_subgraph_that_is_down_is_named(world):
    """No connection is a reason, too."""
    written = written_by(world)
    await world.billing.stop()
    await world.ask(QUERY)
    assert lines(written)[0]["lost"] == {"billing": ["no connection: ConnectionRefusedError"]}


async def test_a_value_that_is_wrong_is_partial(world):
    """Errors that only the gateway finds count as well."""
    written = written_by(world)
    world.billing.mode = "wrong types"
    answer = await world.ask("{ me { id } invoices { id } }")
    [line] = lines(written)
    assert (line["outcome"], line["errors"]) == ("partial", len(answer["errors"]))


async def test_a_whole_answer_says_nothing_of_losses(world):
    """The line of an answer without errors is as short as ever."""
    written = written_by(world)
    await world.ask(QUERY)
    [line] = lines(written)
    assert line["outcome"] == "ok"
    assert not {"errors", "lost"} & line.keys()


async def test_a_batch_is_partial_as_a_whole(make_world):
    """One line for all operations of a batch, the mutations among them."""
    world = await make_world(limits={"batch": 3}, fetch_retries=0)
    written = written_by(world)
    world.billing.mode = "html"
    pay = 'mutation { pay(input: {id: "1", amount: 1}) { id } }'
    batch = [{"query": "{ me { id } }"}, {"query": "{ invoices { id } }"}, {"query": pay}]
    async with world.client.post(world.url, json=batch) as answer:
        assert answer.status == 200
    [line] = lines(written)
    assert (line["operation"], line["outcome"], line["errors"]) == ("batch", "partial", 2)


async def test_the_span_says_the_same(world):
    """A traced request has the number of errors and the reasons as attributes."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    written_by(world, provider.get_tracer("t"))
    await world.billing.stop()
    await world.ask("{ me { id invoices { id } } }")
    [span] = [one for one in exporter.get_finished_spans() if one.name == "query"]
    assert span.attributes["gateway.errors"] == 1
    assert span.attributes["gateway.lost"] == ("billing: no connection: ConnectionRefusedError",)


async def test_streams_say_it_too(world, monkeypatch):
    """Deferred parts and operations on sockets that lose something are `partial` in their lines."""
    written = io.BytesIO()
    monkeypatch.setattr(world.gateway._observer, "_log", Observer(stream=written)._log)
    await world.billing.stop()
    query = {"query": "{ me { id ... @defer { invoices { id } } } }"}
    async with world.client.post(world.url, json=query, headers={"accept": "text/event-stream"}) as answer:
        await answer.read()
    async with open_socket(world) as socket:
        await socket.send(id="1", type="subscribe", payload={"query": "{ invoices { id } }"})
        await socket.result("1")
    assert [(line["outcome"], list(line["lost"])) for line in lines(written)] == [("partial", ["billing"])] * 2
