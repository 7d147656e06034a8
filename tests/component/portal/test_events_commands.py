"""`portal events`: operators see what is parked, waits and passes by, on a broker and in the portal that runs here."""

import asyncio
import http.client
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import uvicorn

from chassis.bus import Park
from chassis.bus.rabbitmq import RabbitBus
from chassis.cloudevents import CloudEvent
from chassis.mongo.client import connect
from chassis.mongo.indexes import outbox_index
from chassis.settings import ServiceSettings
from portal_cli import events_parked, events_tail, events_waiting
from portal_cli.composite import create_app
from portal_cli.event_examples import all_examples
from portal_cli.ports import free_ports
from portal_cli.refusals import Refusal
from tests.component.portal.test_command_line import portal
from tests.support.storage import quickest
from tests.support.waiting import eventually, eventually_answered, wait_until

EVENTS = {event.type: event for event in all_examples()}
SENT = EVENTS["billing.invoice_sent.v1"]
KEY = "service-key-for-tests"
ENTRY: dict[str, Any] = {
    "id": "inv_1-1",
    "type": "billing.invoice_sent.v1",
    "time": "2026-03-01T12:00:00.000Z",
    "data": {},
}


async def park(amqp_url: str, *events: CloudEvent) -> None:
    """Let billing's reactions refuse these events for good."""
    bus, seen = RabbitBus(amqp_url), list[str]()

    async def handler(body: bytes, attempt: int) -> None:
        seen.append(CloudEvent.from_json(body).id)
        raise Park("the invoice is [not] known")

    await bus.consume("billing", [event.type for event in events], handler)
    for event in events:
        await bus.publish(event)
    await eventually(lambda: len(seen) == len(events))
    await bus.close()


async def taken(amqp_url: str, expected: int) -> list[str]:
    """Return the ids of what billing gets from its queue."""
    bus, seen = RabbitBus(amqp_url), list[str]()

    async def handler(body: bytes, attempt: int) -> None:
        seen.append(CloudEvent.from_json(body).id)

    await bus.consume("billing", [], handler)
    await eventually(lambda: len(seen) >= expected)
    await bus.close()
    return seen


@pytest.fixture
def on_broker(amqp_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("PORTAL_AMQP_URL", amqp_url)
    yield amqp_url
    asyncio.run(emptied(amqp_url))


async def emptied(amqp_url: str) -> None:
    """Leave the shared node as it was."""
    import aio_pika

    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        for name in ("billing.events", "billing.events.parked", *(f"billing.events.retry.{n}s" for n in (1, 5, 30))):
            await channel.queue_delete(name)


def test_parked_messages_of_a_broker(on_broker: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """They are listed and shown as often as one likes, and one or all are delivered again, once each."""
    first, second = (replace(SENT, id=f"{SENT.subject}-{n}", sequence=n) for n in (1, 2))
    asyncio.run(park(on_broker, first, second))

    for _ in range(2):
        assert events_parked.show_list("billing", tmp_path) == 0
        said = capsys.readouterr().out
        line = f"billing  {first.id}  {first.type} of {first.organisation_id}, {first.time}  1 attempts: "
        assert f"{line}the invoice is [not] known\n" in said
        assert second.id in said
    assert events_parked.show_one(second.id, None, tmp_path) == 0
    shown = capsys.readouterr().out
    assert "reason: the invoice is [not] known" in shown
    assert json.loads(shown[shown.index("{") :]) == json.loads(second.to_json())

    assert events_parked.replay("billing", second.id, tmp_path) == 0
    assert asyncio.run(taken(on_broker, 1)) == [second.id]
    with pytest.raises(Refusal, match=f"No event {second.id} is parked at billing"):
        events_parked.replay("billing", second.id, tmp_path)
    assert events_parked.replay("billing", None, tmp_path) == 0
    assert asyncio.run(taken(on_broker, 1)) == [first.id]
    capsys.readouterr()
    assert events_parked.show_list(None, tmp_path) == 0
    assert capsys.readouterr().out == "Nothing is parked.\n"


def test_what_is_typed_wrongly_is_told(tmp_path: Path) -> None:
    """A service, a type and an event that are not there, a broker that is away: one sentence each, and what to do."""
    (port,) = free_ports(1)
    away = {"PORTAL_AMQP_URL": f"amqp://portal:portal@127.0.0.1:{port}"}
    asked = [
        (portal("events", "parked", "biling", **away), "There is no service biling. There are: identity, billing, "),
        (portal("events", "parked", **away), "The broker at PORTAL_AMQP_URL does not answer ("),
        (portal("events", "tail", "--type", "bill*", **away), "The broker at PORTAL_AMQP_URL does not answer ("),
        (portal("events", "tail", "--type", "money.*"), "No type of event is like money.*. There are, for example: "),
        (
            portal("events", "parked", "--data", str(tmp_path)),
            f"No running portal uses {tmp_path}, and PORTAL_AMQP_URL is ",
        ),
        (
            portal("events", "outbox", "--data", str(tmp_path)),
            f"No running portal uses {tmp_path}, and PORTAL_MONGO_URL is ",
        ),
    ]
    for done, said in asked:
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1].startswith(f"portal: {said}"), done.stderr
        assert "Traceback" not in done.stderr


def test_a_tail_shows_what_passes(newest_amqp_url: str) -> None:
    """Of the types and the organisation that were asked for, a line each, and nothing else; then it ends."""
    command = [sys.executable, "-m", "portal_cli.main", "events", "tail", "--type", "billing.*", "--count", "2"]
    command += ["--organisation", SENT.organisation_id]
    environment = {"PORTAL_AMQP_URL": newest_amqp_url, "PATH": "/usr/bin"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as tail:
        assert tail.stderr is not None
        assert tail.stderr.readline() == "Listening. End with Ctrl-C.\n"
        asyncio.run(published(newest_amqp_url))
        said, _ = tail.communicate(timeout=60)
    told = f"{SENT.time}  {SENT.type}  {SENT.id}  {SENT.organisation_id}\n"
    assert (tail.returncode, said) == (0, told * 2)


async def published(amqp_url: str) -> None:
    bus = RabbitBus(amqp_url)
    for event in (EVENTS["identity.contact_added.v1"], replace(SENT, organisation_id=f"org_{uuid4().hex}"), SENT, SENT):
        await bus.publish(event, mandatory=False)
    await bus.close()


@pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)
def test_what_waits_in_outboxes(
    mongo_url: str, database_name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line per subject with how many and since when, of collections that can have some; then how many in all."""
    monkeypatch.setenv("PORTAL_MONGO_URL", mongo_url)
    monkeypatch.setenv("PORTAL_DATABASE_PREFIX", f"{database_name}_")
    asyncio.run(waiting(mongo_url, f"{database_name}_billing"))

    assert events_waiting.show_list("billing", Path("nowhere")) == 0
    line = "billing  inv_1  2 events since 2026-03-01T12:00:00.000Z, first inv_1-1 billing.invoice_sent.v1\n"
    assert capsys.readouterr().out == f"{line}2 events of 1 subjects wait.\n"
    assert events_waiting.show_list("identity", Path("nowhere")) == 0
    assert capsys.readouterr().out == "Nothing waits: every event was published.\n"
    with pytest.raises(Refusal, match="There is no service biling"):
        events_waiting.show_list("biling", Path("nowhere"))


async def waiting(mongo_url: str, name: str) -> None:
    database = connect(mongo_url, name)
    index = outbox_index("invoices")
    await database["invoices"].create_index(list(index.keys), **index.options)
    await database["invoices"].insert_one({"_id": "inv_1", "outbox": [ENTRY, {**ENTRY, "id": "inv_1-2"}]})
    await database["invoices"].insert_one({"_id": "inv_2", "outbox": []})
    await database["mirrors"].insert_one({"_id": "cus_1"})
    await database.close()


@pytest.fixture
async def here(mongo_url: str, database_name: str, tmp_path: Path) -> AsyncIterator[Path]:
    """The folder of a portal of one service that runs in this process, as `portal up` leaves it to be found."""
    from services.billing.settings import BillingSettings

    given = BillingSettings(
        mongo_url=mongo_url,
        database_prefix=f"{database_name}_",
        gateway_key="gateway-key-for-tests",  # pyright: ignore[reportArgumentType]
        service_key=KEY,  # pyright: ignore[reportArgumentType]
    )
    services: dict[str, ServiceSettings] = {"billing": given}
    (port,) = free_ports(1)
    (tmp_path / "running.json").write_text(json.dumps({"services_port": port}))
    (tmp_path / "secrets.json").write_text(json.dumps({"service_key": KEY}))
    app = create_app(services, tmp_path / "parked", {})
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, lifespan="on"))
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    await eventually_answered(lambda: ready(port), "the service")
    await eventually_answered(lambda: consumes(port), "its worker")
    yield tmp_path
    server.should_exit = True
    await serving


async def consumes(port: int) -> bool:
    def ask() -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("POST", "/replay/billing?id=none", headers={"x-portal-service-key": KEY})
        status = connection.getresponse().status
        connection.close()
        assert status in {200, 503}, "who asks too early is told so"
        return status == 200

    return await asyncio.to_thread(ask)


async def ready(port: int) -> bool:
    def ask() -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/readyz")
        status = connection.getresponse().status
        connection.close()
        return status == 200

    return await asyncio.to_thread(ask)


@pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)
async def test_a_portal_that_runs_here_answers_all(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is parked in its folder, waits in its database and passes through it is shown; one message is replayed."""
    from portal_cli.parked import ParkedMessages

    parked = ParkedMessages(here / "parked")
    known, unknown = replace(SENT, id="inv_1-1"), replace(SENT, id="inv_1-2", type="billing.unknown.v1")
    for event in (known, unknown):
        await parked.park("billing", event.to_json(), "of no use", 8)

    def ask() -> str:
        events_parked.show_list("billing", here)
        events_parked.show_one("inv_1-2", "billing", here)
        events_parked.replay("billing", "inv_1-2", here)
        events_parked.show_list("billing", here)
        events_waiting.show_list("billing", here)
        return capsys.readouterr().out

    said = await asyncio.to_thread(ask)
    assert said.count("billing  inv_1-1  billing.invoice_sent.v1 of org_") == 2
    assert said.count("billing  inv_1-2  billing.unknown.v1 of org_") == 2
    assert "attempts: failed again when replayed" in said
    assert "parked at: 20" in said
    assert "inv_1-2 was delivered to billing again." in said
    assert "Nothing waits: every event was published." in said


@pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)
async def test_a_tail_of_a_portal_that_runs_here(here: Path) -> None:
    """Events of this process are lines for whoever follows, who is told that nothing came before; strangers get 404."""
    tails = events_tail.Tails()
    lines = tails.lines()
    assert await anext(lines) == b"\n"
    for number in range(events_tail.LONGEST + 5):
        await tails.hear(replace(SENT, id=f"inv_1-{number}"))
    assert CloudEvent.from_json(await anext(lines)).id == "inv_1-5"
    await lines.aclose()

    command = [sys.executable, "-m", "portal_cli.main", "events", "tail", "--data", str(here)]
    tail = await asyncio.create_subprocess_exec(*command, stderr=subprocess.PIPE, env={"PATH": "/usr/bin"})
    assert tail.stderr is not None
    assert await tail.stderr.readline() == b"Listening. End with Ctrl-C.\n"
    tail.terminate()
    await tail.wait()


def test_patterns_mean_types() -> None:
    """A star is any text, dots included; internal types are among them."""
    assert {one.split(".")[0] for one in events_tail.matching("billing.*")} == {"billing"}
    assert events_tail.matching("*.comment_added.v1") == [
        "collaboration.comment_added.v1",
        "internal.collaboration.comment_added.v1",
    ]
    assert wait_until(lambda: len(events_tail.matching("*")) > 45)
