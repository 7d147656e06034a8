"""Quotas as clients meet them: HTTP 429, the protocol's `error`, close code 1013; and what others notice (nothing)."""

import asyncio

import pytest
from aiohttp import web

from chassis.kernel import Principal, Role, SystemClock
from tests.gateway.http.test_sockets import TICKS, open_socket
from tests.support.tokens import ISSUER, Signer
from tests.support.waiting import eventually, eventually_answered

ENDLESS = {**TICKS, "variables": {"to": -1}}


@pytest.fixture
def signer():
    """Who signs tokens."""
    return Signer(SystemClock())


@pytest.fixture
async def keys(signer):
    """The address of the keys."""
    app = web.Application()

    async def jwks(_):
        return web.json_response(signer.jwks())

    app.router.add_get("/jwks.json", jwks)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/jwks.json"
    await runner.cleanup()


@pytest.fixture
def counting(make_world, keys, signer):
    """Start a world with these quotas, whose minute never passes and which knows identity's keys."""

    async def make(**quotas):
        world = await make_world(jwks_url=keys, issuer=ISSUER, quotas=quotas)
        world.gateway.visits.seconds = lambda: 0.0
        known = bearer(signer, "per_0")
        await eventually_answered(lambda: is_known(world, known), "identity's keys")
        return world

    async def is_known(world, known):
        return await world.gateway.visits.person(known) == "per_0"

    return make


def bearer(signer, person):
    """Return a person's header."""
    by = Principal(id=person, organisation_id="org_1", role=Role.OWNER, session_id=f"ses_{person}")
    return f"Bearer {signer.token(by)}"


async def refused(world, status=429, **headers):
    """Ask for what is refused; return the error and `Retry-After`."""
    async with world.client.post(world.url, json={"query": "{ me { id } }"}, headers=headers) as answer:
        assert answer.status == status, await answer.text()
        (error,) = (await answer.json(content_type=None))["errors"]
        return error, answer.headers["retry-after"]


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json", "*/*"])
@pytest.mark.parametrize("statuses", ["audited", "2026-08"])
async def test_used_up_work_is_429_with_the_time_to_wait(make_world, keys, accept, statuses):
    """In both media types and under both drafts, with a code, the quota's name, its number and `Retry-After`."""
    world = await make_world(jwks_url=keys, issuer=ISSUER, quotas={"stranger_work_ms": 1}, status_codes=statuses)
    world.gateway.visits.seconds = lambda: 0.0
    world.gateway.visits.budgets.take(("stranger", "127.0.0.1"), 1_000, 1_000, 0.0)
    error, after = await refused(world, accept=accept)
    extensions = {"code": "QUOTA_EXCEEDED", "quota": "stranger_work_ms", "limit": 1, "retryAfterSeconds": 30}
    assert (error["extensions"], after) == (extensions, "30")
    assert error["message"] == (
        "Too much was asked for: within 60 seconds, people who are not logged in at your address may use 1 ms of "
        "computing time. Try again in 30 s."
    )
    assert world.accounts.requests == []


async def test_one_persons_quota_is_no_others(counting, signer):
    """Who has used up the own work is refused; colleagues and strangers at the same address are answered."""
    world = await counting(person_work_ms=5)
    one, other = (bearer(signer, person) for person in ("per_1", "per_2"))
    await world.ask("{ me { id } }", authorization=one)
    error, _ = await refused(world, authorization=one)
    assert error["extensions"]["quota"] == "person_work_ms"
    await world.ask("{ me { id } }", authorization=other)
    await world.ask("{ me { id } }")


async def test_made_up_tokens_are_strangers(counting, signer):
    """A forged token of a victim uses up what strangers have; the victim and everybody with a token go on."""
    world = await counting(stranger_work_ms=5, person_work_ms=5)
    forged = bearer(Signer(SystemClock()), "per_1")
    await world.ask("{ me { id } }", authorization=forged)
    assert (await refused(world, authorization=forged))[0]["extensions"]["quota"] == "stranger_work_ms"
    await world.ask("{ me { id } }", authorization=bearer(signer, "per_1"))


async def test_refused_documents_cost_their_sender(counting):
    """What is refused for its syntax was read all the same: it uses up work, and then is not read any more."""
    world = await counting(stranger_work_ms=300)
    long = "{ " + "me { id } " * 1_000 + "nothing"
    assert (await world.ask(long, status=200))["errors"][0]["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"
    await world.ask(long)
    assert (await world.ask(long, status=429))["errors"][0]["extensions"]["code"] == "QUOTA_EXCEEDED"


async def test_requests_that_are_open_at_once(counting, signer):
    """The one too many is refused at once, and a place is free again when an answer is out."""
    world = await counting(person_requests=2)
    own = bearer(signer, "per_1")
    world.accounts.mode = "held"
    waiting = [asyncio.ensure_future(world.ask("{ me { id } }", authorization=own)) for _ in range(2)]
    await eventually(lambda: len(world.accounts.requests) == 2, "two open requests")
    error, after = await refused(world, authorization=own)
    assert (error["extensions"]["quota"], after) == ("person_requests", "5")
    world.accounts.released.set()
    assert [answer["data"]["me"]["id"] for answer in await asyncio.gather(*waiting)] == ["1", "1"]
    await world.ask("{ me { id } }", authorization=own)
    assert len(world.gateway.visits.open["requests"]) == 0


async def test_sockets_without_a_token(counting):
    """The handshake is accepted to be closed with 1013, which clients take for "later"; a place comes free."""
    world = await counting(stranger_sockets=1)
    async with open_socket(world), open_socket(world, init=False) as second:
        assert await second.closed() == 1013
    await eventually(lambda: len(world.gateway.visits.open["sockets"]) == 0, "no open socket")
    async with open_socket(world) as third:
        await third.send(id="1", type="subscribe", payload={"query": "{ me { id } }"})
        assert await third.result("1") == [{"data": {"me": {"id": "1"}}}]


async def test_sockets_of_a_person(counting, signer):
    """`connection_init` says whose the socket is; the one too many is closed with 1013, others are not concerned."""
    world = await counting(person_sockets=1, stranger_sockets=1)
    own, other = ({"authorization": bearer(signer, person)} for person in ("per_1", "per_2"))
    async with (
        open_socket(world, payload=own),
        open_socket(world, payload=other),
        open_socket(world, init=False) as one,
    ):
        await one.send(type="connection_init", payload=own)
        assert await one.closed() == 1013


async def test_subscriptions_of_sockets_and_streams_count_together(counting, signer):
    """On a socket the one too many gets `error` and the socket lives; over SSE it is 429 before the stream begins."""
    world = await counting(person_subscriptions=1)
    own = bearer(signer, "per_1")
    async with open_socket(world, payload={"authorization": own}) as socket:
        await socket.send(id="1", type="subscribe", payload=ENDLESS)
        assert (await socket.next())["type"] == "next"
        await socket.send(id="2", type="subscribe", payload=ENDLESS)
        message = await socket.next()
        assert (message["id"], message["type"]) == ("2", "error")
        assert message["payload"][0]["extensions"]["quota"] == "person_subscriptions"
        headers = {"accept": "text/event-stream", "authorization": own}
        async with world.client.post(world.url, json=ENDLESS, headers=headers) as answer:
            assert (answer.status, answer.headers["retry-after"]) == (429, "5")
        await socket.send(id="3", type="subscribe", payload={"query": "{ me { id } }"})
        assert await socket.result("3") == [{"data": {"me": {"id": "1"}}}]
    await eventually(lambda: len(world.gateway.visits.open["subscriptions"]) == 0, "no running subscription")
    async with world.client.post(world.url, json=ENDLESS, headers=headers) as answer:
        assert answer.status == 200
        await answer.content.readany()
        assert world.gateway.visits.open["subscriptions"].count(("person", "per_1")) == 1
        assert world.gateway.visits.open["requests"].count(("person", "per_1")) == 0
    await eventually(lambda: len(world.gateway.visits.open["subscriptions"]) == 0, "no running subscription")


async def test_operations_of_a_socket_use_up_work(counting, signer):
    """Each gets an `error` once nothing is left, and the socket stays open for when there is."""
    world = await counting(person_work_ms=5)
    async with open_socket(world, payload={"authorization": bearer(signer, "per_1")}) as socket:
        await socket.send(id="1", type="subscribe", payload={"query": "{ me { id } }"})
        assert await socket.result("1") == [{"data": {"me": {"id": "1"}}}]
        await socket.send(id="2", type="subscribe", payload={"query": "{ me { id } }"})
        ((error,),) = await socket.result("2")
        assert error["extensions"]["quota"] == "person_work_ms"
        world.gateway.visits.seconds = lambda: 60.0
        await socket.send(id="3", type="subscribe", payload={"query": "{ me { id } }"})
        assert await socket.result("3") == [{"data": {"me": {"id": "1"}}}]


async def test_events_use_up_work(counting, signer):
    """What comes of a subscription is charged on sockets and streams alike; it is sent on, and new requests wait."""
    world, own = await counting(person_work_ms=10), bearer(signer, "per_1")
    async with open_socket(world, payload={"authorization": own}) as socket:
        await socket.send(id="1", type="subscribe", payload={**TICKS, "variables": {"to": 20}})
        assert len(await socket.result("1")) == 20
    assert (await refused(world, authorization=own))[0]["extensions"]["quota"] == "person_work_ms"
    world.gateway.visits.seconds = lambda: 60.0
    headers = {"accept": "text/event-stream", "authorization": own}
    body = {**TICKS, "variables": {"to": 20}}
    async with world.client.post(world.url, json=body, headers=headers) as answer:
        assert (await answer.text()).count("event: next") == 20
    assert (await refused(world, authorization=own))[0]["extensions"]["quota"] == "person_work_ms"


async def test_the_cost_is_shown_to_who_asks(counting, signer):
    """`extensions.cost` has prediction, limit and the person's own quota; strangers share one and do not see it."""
    world = await counting()
    own = {"authorization": bearer(signer, "per_1")}
    asked = {
        "query": "query($n: Int) { invoices(first: $n) { id } }",
        "variables": {"n": 50},
        "extensions": {"cost": True},
    }

    async def cost(headers, **changed):
        async with world.client.post(world.url, json={**asked, **changed}, headers=headers) as answer:
            body = await answer.json(content_type=None)
            assert len(body["data"]["invoices"]) == 4
            return body.get("extensions")

    first, again = await cost(own), await cost(own)
    assert first["cost"]["limitMs"] == 250
    predicted = first["cost"]["predictedMs"]
    assert (predicted, first["cost"]["quota"]["limitMs"]) == (5, 120_000)
    left = [shown["cost"]["quota"]["remainingMs"] for shown in (first, again)]
    assert left[0] - left[1] in (predicted, predicted + 1)
    assert await cost({}) == {"cost": {"predictedMs": predicted, "limitMs": 250}}
    assert await cost(own, extensions={}) is None
    assert await cost(own, extensions={"cost": "yes"}) is None


async def test_without_keys_nobody_is_counted(make_world):
    """A gateway that is not told where identity's keys are serves any number."""
    world = await make_world(quotas={"stranger_work_ms": 1, "stranger_sockets": 1})
    async with open_socket(world), open_socket(world):
        for _ in range(3):
            await world.ask("{ me { id } }")
