"""Machines whose clocks are minutes apart: nobody is logged out for that, and what ends a session still does."""

from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from chassis.auth import TOKEN_LIFE, JwksKeys, TokenVerifier, Unauthenticated
from chassis.logging import ALLOWED
from gateway.requests.refused import Refused
from gateway.tokens import TokenGrants
from tests.support.chassis import ManualClock
from tests.unit.chassis.test_auth import CLAIMS, CONTACT, ISSUER, KEY, sign

APART = timedelta(minutes=5)


class Machines:
    """Identity's machine and ours, each with its clock, and what verifies tokens on ours."""

    def __init__(self) -> None:
        self.identity, self.ours, self.passed = ManualClock(), ManualClock(), 1000.0

    def reach(self, url: str) -> None:
        self.keys = JwksKeys(url, seconds=lambda: self.passed, clock=self.ours)
        self.verifier = TokenVerifier(self.keys, ISSUER, self.ours)
        self.grants = TokenGrants(self.keys, ISSUER, lambda: self.ours.now().timestamp())

    async def answer(self, _: web.Request) -> web.Response:
        date = format_datetime(self.identity.now(), usegmt=True)
        return web.json_response({"keys": [{**KEY.as_dict(private=False), "kid": "k1"}]}, headers={"date": date})

    def token(self) -> str:
        """Return a token that is a minute old, as identity's clock has it."""
        now = int(self.identity.now().timestamp())
        return sign({**CLAIMS, "iat": now - 60, "exp": now - 60 + int(TOKEN_LIFE.total_seconds())})

    async def is_taken(self, token: str) -> bool:
        """Tell whether a service and the gateway, which must agree, take a token."""
        try:
            person = await self.verifier.verify(token)
        except Unauthenticated:
            with pytest.raises(Refused):
                await self.grants.of({b"authorization": b"Bearer " + token.encode()})
            return False
        assert person == CONTACT
        assert (await self.grants.of({b"authorization": b"Bearer " + token.encode()})).authenticated
        return True


@pytest.fixture
async def machines() -> AsyncIterator[Machines]:
    machines, app = Machines(), web.Application()
    app.router.add_get("/jwks", machines.answer)
    async with TestServer(app) as server:
        machines.reach(str(server.make_url("/jwks")))
        yield machines


@pytest.mark.parametrize("apart", [APART, -APART], ids=["ahead", "behind"])
async def test_tokens_are_judged_by_the_clock_they_were_made_by(machines: Machines, apart: timedelta) -> None:
    """A service five minutes off takes what is alive, refuses what is over, and says in its log what is wrong."""
    machines.ours.time += apart
    with capture_logs() as logs:
        assert await machines.is_taken(machines.token())
        old = machines.token()
        for clock in (machines.identity, machines.ours):
            clock.time += TOKEN_LIFE + timedelta(minutes=1)
        assert not await machines.is_taken(old)

    (told,) = [line for line in logs if line["event"] == "clock_differs"]
    assert told["seconds"] == -apart.total_seconds()
    assert told.keys() <= ALLOWED | {"log_level"}


@pytest.mark.parametrize("apart", [APART, -APART], ids=["ahead", "behind"])
async def test_a_clock_that_is_set_is_noticed_with_the_next_tokens(machines: Machines, apart: timedelta) -> None:
    """Whether it goes wrong or is put right: within half a minute tokens are taken again."""
    for step in (apart, -apart):
        assert await machines.is_taken(machines.token())
        machines.ours.time += step
        assert not await machines.is_taken(machines.token())
        machines.passed += 31
        assert await machines.is_taken(machines.token())


async def test_small_differences_are_the_way_there_and_back(machines: Machines) -> None:
    """Less than half a minute changes nothing: tokens end when our clock says so."""
    machines.ours.time += timedelta(seconds=20)
    assert await machines.is_taken(machines.token())
    assert machines.keys.ahead == timedelta()
