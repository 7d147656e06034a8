"""What a worker says of itself: ready once it consumes, and one sentence about what keeps it from that."""

import asyncio
import http.client
import json
import socket
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest

from chassis.bus.memory import MemoryBus
from chassis.bus.rabbitmq import RabbitBus
from chassis.inbox import Inbox
from chassis.readiness import Readiness
from chassis.web import web_app
from portal_cli.worker_health import WorkerHealth, health_server


def with_password(url: str, password: str) -> str:
    """Return the address with another password."""
    parts = urlsplit(url)
    place = f"{parts.hostname}:{parts.port}"
    return urlunsplit(parts._replace(netloc=f"{parts.username or 'guest'}:{password}@{place}"))


async def test_a_worker_is_ready_once_it_consumes() -> None:
    """Before its consumer is there it says so."""
    inbox, bus = Inbox("depot", {}), MemoryBus()
    readiness = Readiness({"consumer": inbox.works})
    assert (await readiness.report())["advice"] == {
        "consumer": "The worker does not consume yet: it waits for what else is missing."
    }
    await inbox.start(bus)
    assert await readiness.report() == {"ready": True, "missing": []}
    await bus.close()
    assert (await readiness.report())["missing"] == ["consumer"]


@pytest.mark.broker
async def test_a_wrong_password_is_a_sentence_and_no_readiness(newest_amqp_url: str) -> None:
    """Neither worker nor web is ready with credentials that were never taken; the right ones make both so."""
    inbox, refused = Inbox(f"depot-{uuid4().hex}", {}), RabbitBus(with_password(newest_amqp_url, "not-the-password"))
    worker, web = Readiness({"consumer": inbox.works}), Readiness({"broker": refused.admits})
    assert await web.report() == {"ready": True, "missing": []}
    with pytest.raises(ConnectionError):
        await inbox.start(refused)
    for readiness, name in ((worker, "consumer"), (web, "broker")):
        told = await readiness.report()
        assert told["missing"] == [name]
        assert told["advice"][name].startswith("RabbitMQ refuses this user or password: compare PORTAL_AMQP_URL")
    await refused.close()
    good = RabbitBus(newest_amqp_url)
    await inbox.start(good)
    assert await worker.report() == {"ready": True, "missing": []}
    await good.close()


async def test_a_broker_that_is_away_keeps_no_web_process_back() -> None:
    """That nobody answers is no refusal: the outbox waits for it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    bus = RabbitBus(f"amqp://guest:guest@127.0.0.1:{port}")
    with pytest.raises(ConnectionError):
        await bus.consume("depot", [], lambda _body, _attempt: asyncio.sleep(0))
    assert await Readiness({"broker": bus.admits}).report() == {"ready": True, "missing": []}
    await bus.close()


async def test_probes_that_hang_up_or_talk_nonsense_leave_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """Neither a traceback nor a line of the library's own; the sentence is for those who ask."""

    def ask(port: int) -> tuple[int, Any]:
        for said in (b"", b"GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n", b"nonsense\r\n\r\n", b"POST / HTTP/1.1\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", port)) as probe:
                probe.sendall(said)
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # ends by a reset
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        told = answer.status, json.loads(answer.read())
        connection.close()
        return told

    health = WorkerHealth(asyncio.get_running_loop())
    health.watch(Readiness({"consumer": Inbox("depot", {}).works}))
    listening = socket.create_server(("127.0.0.1", 0))
    with health_server(health, [listening]):
        status, told = await asyncio.to_thread(ask, listening.getsockname()[1])
    assert (status, told["missing"], list(told["advice"])) == (503, ["consumer"], ["consumer"])
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err
    assert err == ""


def test_every_service_has_a_farewell() -> None:
    """What serves a service's sockets is told when to send them away."""
    readiness = Readiness()
    web_app("depot", [], readiness, lambda: None)  # pyright: ignore
    assert readiness.leaving is not None
    assert readiness.farewell is not None
