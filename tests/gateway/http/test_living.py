"""Living with a gateway: health, reload, pages, the command line, what is logged and measured."""

import asyncio
import io
import json
import os
import re
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind
from typer.testing import CliRunner

from gateway.__main__ import cli
from gateway.errors import CATALOGUE
from gateway.observe import Observer
from portal_cli.ports import free_ports
from tests.gateway.http.world import SUPERGRAPH, World
from tests.support.waiting import LIMIT, eventually, eventually_answered

ROOT = Path(__file__).parents[3]


# --- health ----------------------------------------------------------------------------------------------------------


async def test_health(world):
    """`/livez` answers, `/readyz` says what is loaded, `/metrics` is Prometheus text."""
    base = world.url.removesuffix("/graphql")
    for path, text in (("/livez", "ok"), ("/readyz", '"ready":true'), ("/metrics", "gateway_request_seconds")):
        async with world.client.get(base + path) as answer:
            assert answer.status == 200
            assert text in await answer.text()


async def test_a_draining_gateway_is_not_ready_and_still_answers(world):
    """Once draining, readiness is gone while requests are answered."""
    world.readiness.draining = True
    async with world.client.get(world.url.replace("graphql", "readyz")) as answer:
        assert answer.status == 503
    assert (await world.ask("{ me { id } }"))["data"]


async def test_a_gateway_whose_key_nobody_takes_is_not_ready(make_world):
    """It says so in a sentence, and asks until one subgraph has taken the key.

    A gateway that has been ready stays so: what fails then is said by the breaker and the metrics.
    """
    world = await make_world(gateway_key="the-key-of-this-test")
    world.accounts.mode = world.billing.mode = "refusing"

    async def told() -> dict[str, Any]:
        async with world.client.get(world.url.replace("graphql", "readyz")) as answer:
            said = await answer.json()
            assert answer.status == (200 if said["ready"] else 503)
            return said

    assert (await told())["missing"] == ["gateway key"]
    assert (await told())["advice"]["gateway key"].startswith("No subgraph takes this gateway's key: give it the")
    await world.billing.stop()
    assert not (await told())["ready"]
    await world.accounts.stop()
    assert (await told())["ready"]
    await world.billing.start()
    assert not (await told())["ready"]

    world.billing.mode = "ok"
    assert (await told())["ready"]
    assert world.billing.requests[-1][0]["x-portal-gateway-key"] == "the-key-of-this-test"
    world.billing.mode = "refusing"
    assert await told() == {"ready": True, "missing": [], "supergraph": "loaded"}


# --- reload ----------------------------------------------------------------------------------------------------------


async def until(world: World, query: str, expected: str) -> None:
    """Ask again until the answer holds this text."""

    async def answered() -> bool:
        return expected in json.dumps(await world.ask(query))

    await eventually_answered(answered, expected)


async def test_a_changed_file_is_served_without_losing_a_request(make_world):
    """While clients ask all the time, ten reloads take effect and not one request fails."""
    world = await make_world(reload_seconds=0.02)
    stop, answers = asyncio.Event(), []

    async def client() -> None:
        while not stop.is_set():
            answers.append(await world.ask("{ me { name invoices { total } } }"))

    clients = [asyncio.ensure_future(client()) for _ in range(4)]
    for number in range(10):
        world.file.write_text(
            world.sdl().replace("seen:", f"seen{number}: [String!] @join__field(graph: ACCOUNTS)\n seen:")
        )
        await until(
            world, f'{{ __type(name: "Query") {{ fields {{ name }} }} a{number}: __typename }}', f"seen{number}"
        )
    stop.set()
    await asyncio.gather(*clients)
    assert len(answers) > 10
    assert [answer for answer in answers if answer != answers[0] or "errors" in answer] == []


@pytest.mark.parametrize("content", ["", "not a schema {", "type Query { a: Int }", "enum join__Graph { A }"])
async def test_a_bad_file_keeps_the_last_good_one(make_world, content):
    """A file that cannot be used changes nothing, `/readyz` says what is wrong, and a good one is taken again."""
    world = await make_world(reload_seconds=0.02)
    ready = world.url.replace("graphql", "readyz")

    async def loaded() -> bool:
        async with world.client.get(ready) as answer:
            assert answer.status == 200
            return (await answer.json())["supergraph"] == "loaded"

    async def refused() -> bool:
        return not await loaded()

    world.file.write_text(content)
    await eventually_answered(refused, "the problem")
    assert (await world.ask("{ me { name } }"))["data"]["me"]["name"] == "Ada"
    world.file.write_text(world.sdl())
    await eventually_answered(loaded, "the good file")


async def test_a_new_address_takes_effect(make_world):
    """A subgraph that moved is asked at its new address after a reload."""
    world = await make_world(reload_seconds=0.02)
    old = world.sdl()
    await world.billing.stop()
    world.billing._port = 0
    await world.billing.start()
    assert world.sdl() != old
    world.file.write_text(world.sdl())
    await until(world, "{ invoices { id } }", "i0")


# --- pages -----------------------------------------------------------------------------------------------------------


async def test_graphiql_comes_from_our_own_files(world):
    """The page and all that it names are served here; its policy lets nothing else in."""
    async with world.client.get(world.url, headers={"accept": "text/html"}) as answer:
        page, policy = await answer.text(), answer.headers["content-security-policy"]
        assert answer.headers["cross-origin-opener-policy"] == answer.headers["referrer-policy"] == "same-origin"
    files = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(files) >= 7
    for file in files:
        assert file.startswith(("/graphiql/", "data:"))
        if file.startswith("/"):
            async with world.client.get(world.url.replace("/graphql", file)) as answer:
                assert answer.status == 200
    assert "'self'" in policy
    assert "http" not in policy
    assert 'data-path="/graphql"' in page


async def test_graphiql_can_be_off(make_world):
    """Without the page a browser gets an error of GraphQL over HTTP."""
    world = await make_world(graphiql=False)
    async with world.client.get(world.url, headers={"accept": "text/html,*/*"}) as answer:
        assert answer.status == 405
    async with world.client.get(world.url.replace("/graphql", "/graphiql/start.js")) as answer:
        assert answer.status == 404


# --- what is recorded ------------------------------------------------------------------------------------------------


async def test_one_line_per_request_without_secrets(make_world):
    """Each request is one JSON line with names, ids, outcome and time, and nothing of documents or variables."""
    world = await make_world()
    written = io.BytesIO()
    observer = Observer(stream=written)
    endpoint = world.gateway.front.endpoint
    endpoint._options = type(endpoint._options)(
        current=endpoint._options.current, transport=endpoint._options.transport, reader=endpoint._options.reader,
        headers=endpoint._options.headers, observer=observer,
    )  # fmt: skip
    await world.ask(
        "query Canary($n: Int) { invoices(first: $n) { id } me { name } }", {"n": 3}, authorization="Bearer c4n4ry"
    )
    await world.ask('mutation Enter { logIn(name: "c4n4ry") { id } }')
    await world.ask("{ c4n4ry\x1b }")
    await world.ask("{ c4n4ry }", {"c4n4ry": 1})
    async with world.client.post(world.url, data=b"c4n4ry", headers={"accept": "text/event-stream"}) as answer:
        assert answer.status == 415
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [(line["operation"], line["outcome"], line["status"]) for line in lines] == [
        ("Canary", "ok", 200), ("Enter", "ok", 200), ("", "refused", 200), ("", "refused", 200), ("", "refused", 415),
    ]  # fmt: skip
    assert all(line["request_id"] and line["trace_id"] and line["duration_ms"] >= 0 for line in lines)
    assert b"c4n4ry" not in written.getvalue()


async def test_one_span_per_operation_and_per_fetch(world):
    """A traced operation is a server span with one client span for each fetch; subgraphs continue their fetch's."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    options = world.gateway.front.endpoint._options
    world.gateway.front.endpoint._options = type(options)(
        current=options.current, transport=options.transport, reader=options.reader, headers=options.headers,
        observer=Observer(provider.get_tracer("t"), log_requests=False),
    )  # fmt: skip
    trace = "0af7651916cd43dd8448eb211c80319c"
    await world.ask("query Mine { me { name invoices { id } } }", traceparent=f"00-{trace}-b7ad6b7169203331-01")
    spans = {span.name: span for span in exporter.get_finished_spans()}
    assert set(spans) == {"query", "fetch accounts", "fetch billing"}
    assert dict(spans["query"].attributes) == {
        "graphql.operation.type": "query", "graphql.operation.name": "Mine", "http.response.status_code": 200,
    }  # fmt: skip
    assert {f"{span.context.trace_id:032x}" for span in spans.values()} == {trace}
    for subgraph in (world.accounts, world.billing):
        span = spans[f"fetch {subgraph.name}"]
        assert span.parent.span_id == spans["query"].context.span_id
        assert subgraph.requests[0][0]["traceparent"] == f"00-{trace}-{span.context.span_id:016x}-01"
    recorded = json.dumps([dict(span.attributes) for span in spans.values()])
    assert "invoices" not in recorded


async def test_spans_are_not_named_by_strangers(world):
    """A hundred operation names make one span name; what is no operation has the name that says so."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    options = world.gateway.front.endpoint._options
    world.gateway.front.endpoint._options = replace(
        options, observer=Observer(provider.get_tracer("t"), log_requests=False)
    )
    for number in range(100):
        await world.ask(f"query Op{number:04} {{ __typename }}")
    await world.ask("query Broken { nothing")
    await world.ask('mutation Enter { logIn(name: "a") { id } }')
    names = {span.name for span in exporter.get_finished_spans() if span.kind is SpanKind.SERVER}
    assert names == {"query", "mutation", "graphql"}


async def test_the_gateways_own_time_is_less_than_the_whole(world):
    """By operation: what a query waited for its subgraph is not in it; subscriptions have none."""
    query = "query OwnTime { me { id invoices { id } } }"
    assert (await world.ask(query))["data"]["me"]["id"] == "1"
    async with world.client.get(world.url.replace("graphql", "metrics")) as answer:
        text = await answer.text()
    found = dict(re.findall(r'gateway_(\w+)_seconds_sum\{kind="query",operation="OwnTime"[^}]*\} (\S+)', text))
    assert 0 < float(found["overhead"]) < float(found["request"])


async def test_metrics_do_not_grow_with_the_names_clients_choose(world):
    """However many operation names clients make up, the number of time series is bounded."""
    for number in range(230):
        await world.ask(f"query N{number} {{ __typename }}")
    async with world.client.get(world.url.replace("graphql", "metrics")) as answer:
        text = await answer.text()
    assert len(set(re.findall(r'gateway_request_seconds_count\{[^}]*operation="(N\d+)"', text))) <= 200
    assert 'operation="other"' in text


# --- the catalogue ---------------------------------------------------------------------------------------------------


def test_every_code_in_the_source_is_in_the_catalogue():
    """A code that is not documented cannot be used."""
    files = [file for file in (ROOT / "gateway").rglob("*.py") if file.name != "errors.py"]
    sources = [file.read_text() for file in (*files, ROOT / "gateway/supergraph/errors.py")]
    pattern = (
        r'"code": "([A-Z_]+)"|\bcode = "([A-Z_]+)"|Refused\(\s*"([A-Z_]+)"|_coded\([^"]*(?:"[^"]*"[^"]*)??"([A-Z_]+)"\)'
    )
    used = {code for text in sources for match in re.findall(pattern, text) for code in match if code}
    used |= {
        code
        for text in sources
        for code in re.findall(r'"((?:TOO|GRAPHQL|SUBGRAPH|PERSISTED|VALUE|UNEXPECTED)_[A-Z_]+)"', text)
    }
    assert len(used) > 25
    assert used - CATALOGUE.keys() == set()
    assert CATALOGUE.keys() - used - {"INTERNAL"} == set()


# --- the command line ------------------------------------------------------------------------------------------------


async def run(*arguments: str, **environment: str) -> tuple[int, str, str]:
    """Run `python -m gateway`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", *arguments, cwd=ROOT, env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_prints_schema_plan_errors_and_changes(world, tmp_path):
    """Each command prints what it promises; a wrong file is one sentence and exit code 2."""
    file, query = str(world.file), tmp_path / "q.graphql"
    query.write_text("{ me { name invoices { id } } }")
    (tmp_path / "new.graphql").write_text(world.sdl().replace("me: User @join__field(graph: ACCOUNTS)", ""))
    (tmp_path / "bad.graphql").write_text("type Query {")
    results = await asyncio.gather(
        run("schema", file), run("plan", file, str(query)), run("explain", file, str(query)), run("errors"),
        run("changes", file, str(tmp_path / "new.graphql")), run("changes", file, file),
        run("plan", str(tmp_path / "bad.graphql"), str(query)),
    )  # fmt: skip
    codes = [code for code, _, _ in results]
    schema, plan, explain, errors, changes, none, _ = [out for _, out, _ in results]
    assert codes == [0, 0, 0, 0, 1, 0, 2]
    assert "type User {" in schema
    assert "join__" not in schema
    assert 'Flatten(path: "me")' in plan
    assert len(explain) > len(plan)
    assert all(code in errors for code in CATALOGUE)
    assert changes.startswith("## Breaking\n\n- ")
    assert none.strip() == "No changes."
    assert "Traceback" not in results[-1][2]


@pytest.mark.parametrize(
    ("content", "environment", "says"),
    [
        ("type Query {", {}, "the supergraph is not valid SDL: "),
        ("type Query { a: Int }", {}, "the file does not link the join specification, so it is not a supergraph"),
        ("SERVED", {"PORTAL_SUBGRAPH_BILLING_URL": "ftp://x"}, "not a usable subgraph address: 'ftp://x'"),
        ("SERVED", {}, "subgraph billing: not a usable subgraph address: 'BILLING_URL'"),
        ("SERVED", {"PORTAL_LIMITS": '{"dept": 1}'}, "PORTAL_LIMITS: unknown limits: dept"),
        ("SERVED", {"PORTAL_TRUSTED_PROXIES": "-1"}, "PORTAL_TRUSTED_PROXIES: "),
        ("GOOD", {"PORTAL_PERSISTED_DOCUMENTS": "nowhere.json"}, "nowhere.json: "),
    ],
)
def test_what_cannot_be_served_is_said_in_a_sentence(monkeypatch, tmp_path, content, environment, says):
    """`serve` ends at once with a sentence for the operator, not with a traceback."""
    file = tmp_path / "s.graphql"
    served = SUPERGRAPH.replace("ACCOUNTS_URL", "http://127.0.0.1:1/")
    served = served.replace("BILLING_URL", "http://127.0.0.1:1/") if content == "GOOD" else served
    file.write_text(served if content in ("SERVED", "GOOD") else content)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(cli, ["serve", "--supergraph", str(file), "--port", "0"])
    assert isinstance(done.exception, SystemExit)
    assert done.exit_code in (1, 2)
    assert says in done.output
    assert done.output.count("\n") <= 2


async def test_serving_imports_only_what_every_gateway_needs():
    """Readiness waits for no stream server, no second transport and no tracing exporter."""
    code = "import sys, gateway.__main__; print(*{name.partition('.')[0] for name in sys.modules})"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    imported = set(out.decode().split())
    assert "graphql" in imported
    assert imported & {"strawberry", "aiohttp", "aio_pika", "motor", "requests", "hypothesis", "babel"} == set()


async def is_ready(world: World) -> bool:
    """Whether the gateway takes requests and says that it wants more."""
    try:
        async with world.client.get(world.url.replace("graphql", "readyz")) as answer:
            return answer.status == 200
    except ClientError:
        return False


async def is_leaving(world: World) -> bool:
    """Whether it wants no more requests."""
    return not await is_ready(world)


def cpu_seconds(process: asyncio.subprocess.Process) -> float:
    """Return the CPU time that a process has used."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def test_serves_from_the_command_line_reloads_and_drains(world, tmp_path):
    """`serve` is ready without any setting, takes SIGHUP, and on SIGTERM finishes what it has begun."""
    file = tmp_path / "s.graphql"
    file.write_text(world.sdl().replace(world.billing.url, "http://127.0.0.1:1/graphql"))
    (world.port,) = free_ports(1)
    arguments = ["--supergraph", str(file), "--port", str(world.port), "--subgraph", f"billing={world.billing.url}"]
    settings = {"PORTAL_RELOAD_SECONDS": "600", "PORTAL_DRAIN_SECONDS": "0.3", "PORTAL_OPERATION_TIMEOUT": f"{LIMIT}"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "serve", *arguments, cwd=ROOT, env={**os.environ, **settings},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    await eventually_answered(lambda: is_ready(world), "readiness")
    used = cpu_seconds(process)
    print(f"\nready after {used:.2f} s of CPU")
    assert used < 5
    assert (await world.ask("{ me { invoices { id } } }"))["data"]["me"]["invoices"]
    file.write_text(file.read_text().replace("seen:", "seenToday: Int @join__field(graph: ACCOUNTS)\n seen:"))
    process.send_signal(signal.SIGHUP)
    await until(world, '{ __type(name: "Query") { fields { name } } }', "seenToday")
    world.accounts.mode = "slow"
    before = len(world.accounts.requests)
    pending = asyncio.ensure_future(world.ask("{ me { name } invoices { id } }"))
    await eventually(lambda: len(world.accounts.requests) > before, "the fetch")
    process.send_signal(signal.SIGTERM)
    await eventually_answered(lambda: is_leaving(world), "the end of readiness")
    world.accounts.mode = "ok"
    world.accounts._never.set()
    assert (await pending)["data"]["invoices"]
    out, _ = await asyncio.wait_for(process.communicate(), LIMIT)
    assert process.returncode in (0, -signal.SIGTERM)
    assert all(isinstance(json.loads(line), dict) for line in out.splitlines())
