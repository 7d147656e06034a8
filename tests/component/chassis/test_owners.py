"""Asking the owner of a fact: how often, for how long, and what counts as an answer."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from opentelemetry.sdk.trace import TracerProvider
from pydantic import SecretStr
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from chassis import telemetry
from chassis.owners import Owner, OwnerAway, one_request
from chassis.web import Readiness, background, web_app
from portal_cli.ports import free_ports
from tests.support.asgi import request
from tests.support.waiting import eventually


@dataclass
class Door:
    """An owner on a real port; it answers how often it was asked, when it is not `held`."""

    port: int = 0
    asked: list[str] = field(default_factory=list[str])
    traces: list[str | None] = field(default_factory=list[str | None])
    held: asyncio.Event = field(default_factory=asyncio.Event)
    refuses: bool = False

    async def answer(self, asked: web.Request) -> web.Response:
        self.asked.append(asked.path_qs)
        if self.refuses:
            return web.json_response({}, status=401)
        self.traces.append(asked.headers.get("traceparent"))
        await self.held.wait()
        return web.json_response({"found": [len(self.asked)]})


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    made = Door()
    made.held.set()
    app = web.Application()
    app.router.add_get("/{path:.*}", made.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.port = runner.addresses[0][1]
    yield made
    made.held.set()
    await runner.cleanup()


@pytest.fixture
async def owner(door: Door) -> AsyncIterator[Owner]:
    made = Owner("owner", f"http://127.0.0.1:{door.port}/", SecretStr("service-key-for-tests"), seconds=60)
    yield made
    await made.close()


async def test_a_question_is_part_of_the_trace(door: Door, owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """The owner continues the trace of whoever asks, so that the way from service to service is drawn."""
    monkeypatch.setattr(telemetry, "_TRACER", TracerProvider().get_tracer("test"))
    await owner.ask("/things", "org_1")
    with telemetry.span("request"):
        await owner.ask("/things", "org_1")
        expected = telemetry.current_traceparent()
    assert door.traces == [None, expected]


async def test_a_request_asks_once(door: Door, owner: Owner) -> None:
    """However many fields need an answer, at once or one after the other, a request asks for it once."""
    with one_request():
        at_once = await asyncio.gather(*(owner.ask("/things", "org_1", ["a"]) for _ in range(20)))
        later = await owner.ask("/things", "org_1", ["a"])
    assert [*at_once, later] == [{"found": [1]}] * 21
    assert door.asked == ["/internal/things?organisation=org_1&id=a"]


async def test_requests_and_organisations_share_no_answer(door: Door, owner: Owner) -> None:
    """Who has just changed something must not get what somebody else asked before, nor ever another tenant's."""
    for organisation in ("org_1", "org_1", "org_2"):
        with one_request():
            await owner.ask("/things", organisation)
    with one_request():
        answers = [await owner.ask("/things", organisation) for organisation in ("org_1", "org_2")]
    assert len(door.asked) == 5
    assert answers[0] != answers[1]


async def test_many_ids_are_few_questions(door: Door, owner: Owner) -> None:
    """Two hundred and fifty ids are three questions, of a hundred at most."""
    found = await owner.ask_about("/things", "org_1", [f"id_{n}" for n in range(250)])
    assert found == [1, 2, 3]
    assert [path.count("&id=") for path in door.asked] == [100, 100, 50]


async def test_who_goes_away_takes_no_answer_from_others(door: Door, owner: Owner) -> None:
    """When one field that waits is cancelled, the others of its request still get their answer."""
    door.held.clear()
    with one_request():
        leaving = asyncio.ensure_future(owner.ask("/things", "org_1"))
        staying = asyncio.ensure_future(owner.ask("/things", "org_1"))
        await eventually(lambda: door.asked, "the question")
        leaving.cancel()
        door.held.set()
        assert await staying == {"found": [1]}
        with pytest.raises(asyncio.CancelledError):
            await leaving


async def test_an_owner_that_never_answers_is_away_in_bounded_time(door: Door) -> None:
    """A question ends by itself; what is waited for here is that it ends at all."""
    door.held.clear()
    impatient = Owner("owner", f"http://127.0.0.1:{door.port}", SecretStr("service-key-for-tests"), seconds=0.05)
    with pytest.raises(OwnerAway):
        await impatient.ask("/things", "org_1")
    await impatient.close()


async def test_the_web_process_opens_and_closes_the_memory_of_each_request(door: Door, owner: Owner) -> None:
    """Two HTTP requests that need the same answer twice each ask twice in all."""

    async def handler(_: Scope, receive: Receive, send: Send) -> None:
        for _ in range(2):
            await owner.ask("/things", "org_1")
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    app = web_app("test", [Mount("/", handler)], Readiness(), background)
    for _ in range(2):
        assert (await request(app, "/x")).status == 204
    assert len(door.asked) == 2


async def test_a_refused_key_is_a_sentence_until_it_is_taken_once(door: Door, owner: Owner) -> None:
    """Readiness asks for as long as nobody has taken the key; an owner that is away says nothing of it."""
    readiness = Readiness({"service key": owner.admits})
    door.refuses = True
    told = await readiness.report()
    assert told["missing"] == ["service key"]
    assert told["advice"]["service key"].startswith("The service owner refuses this one's key: give all services")

    door.refuses = False
    assert (await readiness.report())["ready"]
    door.refuses = True
    assert (await readiness.report())["ready"]
    assert len(door.asked) == 2


async def test_an_owner_that_is_away_keeps_nobody_from_being_ready() -> None:
    """Nobody listens there: whether the key is right is not known."""
    away = Owner("owner", f"http://127.0.0.1:{free_ports(1)[0]}", SecretStr("service-key-for-tests"))
    assert (await Readiness({"service key": away.admits}).report())["ready"]
    await away.close()
