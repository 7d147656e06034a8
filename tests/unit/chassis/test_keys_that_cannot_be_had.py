"""Where identity's keys cannot be had, nobody is told to log in: whether they are is what nobody knows."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from chassis.auth import JwksKeys, LogInsUnchecked, TokenVerifier, Unauthenticated
from chassis.down import is_down
from tests.support.chassis import ManualClock
from tests.unit.chassis.test_auth import ISSUER, KEY, sign

NOWHERE = "http://127.0.0.1:1/.well-known/jwks.json"


async def test_a_fresh_process_without_keys_does_not_say_that_nobody_is_logged_in() -> None:
    """The error has a code of its own and says to try again; a browser that reads it keeps its session."""
    verifier = TokenVerifier(JwksKeys(NOWHERE), ISSUER, ManualClock())
    with pytest.raises(LogInsUnchecked) as raised:
        await verifier.verify(sign())
    assert (raised.value.code, is_down(raised.value)) == ("LOG_INS_UNCHECKED", True)


async def test_a_token_that_is_none_needs_no_keys() -> None:
    """What identity can never have signed is refused without asking anybody."""
    verifier = TokenVerifier(JwksKeys(NOWHERE), ISSUER, ManualClock())
    with pytest.raises(Unauthenticated):
        await verifier.verify("no.token.at-all")


class Identity:
    """A JWKS endpoint that counts who asks, and may be away."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_away = False
        self.now = 1000.0
        self.keys = JwksKeys("", seconds=lambda: self.now)

    async def answer(self, _: web.Request) -> web.Response:
        self.asked += 1
        await asyncio.sleep(0)
        if self.is_away:
            raise web.HTTPServiceUnavailable
        return web.json_response({"keys": [{**KEY.as_dict(private=False), "kid": "k1"}]})


@pytest.fixture
async def identity() -> AsyncIterator[Identity]:
    identity, app = Identity(), web.Application()
    app.router.add_get("/jwks", identity.answer)
    async with TestServer(app) as server:
        identity.keys = JwksKeys(str(server.make_url("/jwks")), seconds=lambda: identity.now)
        yield identity


async def ask(identity: Identity, names: list[str]) -> list[Any]:
    return await asyncio.gather(*(identity.keys.key(name) for name in names), return_exceptions=True)


async def test_three_hundred_forged_tokens_are_one_question(identity: Identity) -> None:
    """Unknown keys, each another one and all at once, ask identity once; the next question waits for five seconds."""
    assert await ask(identity, [f"forged-{number}" for number in range(300)]) == [None] * 300
    assert await ask(identity, [f"forged-{number}" for number in range(300)]) == [None] * 300
    assert identity.asked == 1
    identity.now += 5
    await ask(identity, [f"forged-{number}" for number in range(300)])
    assert identity.asked == 2
    assert await identity.keys.key("k1") is not None


async def test_while_identity_is_away_it_is_asked_ever_more_seldom(identity: Identity) -> None:
    """Everybody is told to try later, after one question; pauses double up to half a minute, and end with an answer."""
    identity.is_away, asked_at = True, list[float]()
    for _ in range(120):
        before = identity.asked
        assert all(isinstance(each, LogInsUnchecked) for each in await ask(identity, ["k1"] * 5))
        asked_at += [identity.now] * (identity.asked - before)
        identity.now += 1
    pauses = [int(later - earlier) for earlier, later in pairwise(asked_at)]
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    identity.is_away = False
    identity.now += 30
    assert await identity.keys.key("k1") is not None


async def test_known_keys_outlive_identitys_absence(identity: Identity) -> None:
    """Who has logged in goes on while identity is away; an unknown key is then "try later", not "log in"."""
    assert await identity.keys.key("k1") is not None
    identity.is_away = True
    identity.now += 301
    assert await identity.keys.key("k1") is not None
    assert isinstance((await ask(identity, ["forged"]))[0], LogInsUnchecked)
