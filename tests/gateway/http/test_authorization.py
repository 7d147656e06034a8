"""Tokens at the gateway's door: for supergraphs that say who may see what, on every way in."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import web
from joserfc import jwt
from joserfc.jwk import ECKey

from chassis.auth import AUDIENCE, TOKEN_TYPE
from portal_cli.ports import free_ports
from tests.gateway.http.test_sockets import open_socket
from tests.gateway.http.world import World

CODE = "UNAUTHORIZED_FIELD_OR_TYPE"
LINKS = """
  @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)
  @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY) {"""
MARKED = {
    "name: String! @join__field(graph: ACCOUNTS)": "name: String! @join__field(graph: ACCOUNTS) @authenticated",
    "total: Int owner": 'total: Int @requiresScopes(scopes: [["totals"]]) owner',
    "for: EXECUTION) {": "for: EXECUTION)" + LINKS,
}


class Guarded(World):
    """A world whose supergraph demands a log-in for names and a scope for totals."""

    def sdl(self) -> str:
        """Return the supergraph with its marks."""
        text = super().sdl()
        for plain, marked in MARKED.items():
            assert plain in text
            text = text.replace(plain, marked)
        return text


@dataclass
class Issuer:
    """Publishes a key and signs with it; `is_away` answers nothing."""

    port: int
    key: ECKey
    is_away: bool = False

    async def keys(self, _: web.Request) -> web.Response:
        """Answer with the key set."""
        if self.is_away:
            return web.Response(status=503)
        return web.json_response({"keys": [self.key.as_dict(private=False)]})

    def token(self, *, seconds: int = 300, issuer: str = "http://issuer.test", **claims: object) -> str:
        """Return `Bearer …`."""
        now = int(time.time())
        all_ = {
            "iss": issuer,
            "aud": AUDIENCE,
            "typ": TOKEN_TYPE,
            "sub": "u",
            "iat": now,
            "exp": now + seconds,
            **claims,
        }
        return f"Bearer {jwt.encode({'alg': 'ES256', 'kid': 'k'}, all_, self.key)}"


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    """Somebody who publishes keys."""
    made = Issuer(free_ports(1)[0], ECKey.generate_key("P-256", {"kid": "k"}))
    app = web.Application()
    app.router.add_get("/keys", made.keys)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", made.port).start()
    yield made
    await runner.cleanup()


@pytest.fixture
async def guarded(tmp_path, issuer: Issuer) -> AsyncIterator[World]:
    """A world that knows the issuer's keys."""
    settings = {"jwks_url": f"http://127.0.0.1:{issuer.port}/keys", "issuer": "http://issuer.test"}
    world = await Guarded(tmp_path, settings).start()
    yield world
    await world.stop()


def codes(answer) -> list[str]:
    """Return the codes of an answer's errors."""
    return [error["extensions"]["code"] for error in answer.get("errors", [])]


async def test_a_token_opens_what_its_scopes_open(guarded, issuer) -> None:
    """Without one a name is null, with one it is there; totals need a scope besides, as text or as a list."""
    assert (await guarded.ask("{ me { id name } }"))["data"] == {"me": None}
    assert guarded.accounts.requests[-1][1]["query"].count("name") == 0
    assert (await guarded.ask("{ me { name } }", authorization=issuer.token()))["data"] == {"me": {"name": "Ada"}}
    query = "{ invoices(first: 1) { id total } }"
    assert (await guarded.ask(query, authorization=issuer.token(scope="other")))["data"]["invoices"] == [
        {"id": "i0", "total": None}
    ]
    for scope in ("x totals", ["totals"]):
        answer = await guarded.ask(query, authorization=issuer.token(scope=scope))
        assert answer["data"]["invoices"] == [{"id": "i0", "total": 0}]
    assert codes(await guarded.ask(query)) == [CODE]


async def test_nothing_is_fetched_of_which_nobody_may_see_anything(guarded) -> None:
    """The subgraph hears nothing."""
    answer = await guarded.ask("{ me { name } }")
    assert answer["data"] == {"me": None}
    assert [error["path"] for error in answer["errors"]] == [["me", "name"]]
    assert guarded.accounts.requests == []


@pytest.mark.parametrize(
    "wrong",
    [{"seconds": -60}, {"issuer": "http://other.test"}, {"aud": "other"}, {"typ": "refresh"}],
    ids=["expired", "of another issuer", "for others", "of another kind"],
)
async def test_a_token_that_does_not_count_is_told_so(guarded, issuer, wrong) -> None:
    """The client is to refresh it; only operations that need one look at it."""
    token = issuer.token(**wrong)
    answer = await guarded.ask("{ me { name } }", authorization=token, status=401)
    assert (codes(answer), "data" in answer) == (["UNAUTHENTICATED"], False)
    assert (await guarded.ask("{ me { id } }", authorization=token))["data"] == {"me": {"id": "1"}}


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic abc", "Bearer a.b.c", "Bearer " + "a" * 5000])
async def test_what_is_no_token_opens_nothing(guarded, header) -> None:
    """Another scheme is nobody; what should be a token and is none is refused."""
    status = 401 if len(header) > 8 and header.startswith("Bearer") else 200
    answer = await guarded.ask("{ me { id name } }", authorization=header, status=status)
    assert codes(answer) == ["UNAUTHENTICATED" if status == 401 else CODE]


async def test_keys_that_cannot_be_had_are_no_log_in_that_failed(guarded, issuer) -> None:
    """Nobody is sent to the log-in page for that."""
    issuer.is_away = True
    answer = await guarded.ask("{ me { name } }", authorization=issuer.token(), status=503)
    assert codes(answer) == ["LOG_INS_UNCHECKED"]


async def test_sockets_and_batches_are_no_way_round(guarded, issuer) -> None:
    """The first message of a socket has the token; without it events lack what they may not show."""
    query = {"query": "subscription { ticks(to: 1) { number user { id name } } }"}
    async with open_socket(guarded) as socket:
        await socket.send(id="1", type="subscribe", payload=query)
        [payload] = await socket.result("1")
    assert (payload["data"], codes(payload)) == ({"ticks": None}, [CODE])
    async with open_socket(guarded, payload={"authorization": issuer.token()}) as socket:
        await socket.send(id="1", type="subscribe", payload={"query": "{ me { name } }"})
        assert await socket.result("1") == [{"data": {"me": {"name": "Ada"}}}]
    async with guarded.client.post(guarded.url, json=query, headers={"accept": "text/event-stream"}) as answer:
        assert CODE in await answer.text()
    async with guarded.client.get(guarded.url, params={"query": "{ me { id name } }"}) as answer:
        assert codes(await answer.json()) == [CODE]


async def test_the_operator_may_have_such_requests_refused(tmp_path, issuer) -> None:
    """Then nothing is run, and there is no data; without an address of keys nobody is logged in."""
    world = await Guarded(tmp_path, {"unauthorized": "reject"}).start()
    try:
        answer = await world.ask("{ me { id name } }", authorization=issuer.token())
        assert (codes(answer), "data" in answer) == ([CODE], False)
        assert world.accounts.requests == []
        assert (await world.ask("{ me { id } }"))["data"] == {"me": {"id": "1"}}
    finally:
        await world.stop()


async def test_plans_are_shown_to_those_who_may_see_them(tmp_path, issuer) -> None:
    """By a scope, and only to who asks; with `*` to everybody."""
    settings = {"jwks_url": f"http://127.0.0.1:{issuer.port}/keys", "issuer": "http://issuer.test"}
    world = await Guarded(tmp_path, {**settings, "plan_scope": "plans"}).start()
    try:
        asking, may, may_not = {"x_portal_query_plan": "1"}, issuer.token(scope="plans"), issuer.token(scope="plan")
        shown = await world.ask("{ me { id } }", authorization=may, **asking)
        assert shown["data"] == {"me": {"id": "1"}}
        assert shown["extensions"]["queryPlan"].startswith("QueryPlan {")
        for answer in (
            await world.ask("{ me { id } }", authorization=may),
            await world.ask("{ me { id } }", authorization=may_not, **asking),
            await world.ask("{ me { id } }", authorization="Bearer x", **asking),
            await world.ask("{ me { id } }", **asking),
        ):
            assert answer == {"data": {"me": {"id": "1"}}}
    finally:
        await world.stop()


async def test_the_operator_says_what_errors_carry(make_world) -> None:
    """Nothing but the code, unless it is listed."""
    query = "{ users { id must } }"
    for listed, told in (([], ["code"]), (["code", "stacktrace"], ["code", "stacktrace"])):
        world = await make_world(error_extensions=listed)
        world.billing.mode = "errors"
        assert sorted((await world.ask(query))["errors"][0]["extensions"]) == told
