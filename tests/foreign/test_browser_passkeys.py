"""Passkeys in a real browser, Chromium: made, shown without a password and after it, and refused on other pages."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from portal_cli.ports import free_ports
from services.identity.adapters.webauthn_passkeys import WebauthnPasskeys
from services.identity.application.accounts import Account
from services.identity.application.commands.add_passkey import AddPasskey
from services.identity.application.commands.begin_passkey import BeginPasskey
from services.identity.application.commands.begin_passkey_log_in import BeginPasskeyLogIn
from services.identity.application.commands.log_in import LogIn
from services.identity.application.commands.log_in_with_passkey import LogInWithPasskey
from services.identity.application.passkeys import Answer, Attempt
from services.identity.application.second_factors import Challenged
from services.identity.application.signing_in import SignedIn
from services.identity.domain.errors import PasskeyRefused
from tests.support.browser import Page, chromium
from tests.support.identity.generator import ADDRESS
from tests.support.identity.world import PASSWORD, World, acting, fake_ports

CREATE = """JSON.stringify((await navigator.credentials.create({
    publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(%s) })).toJSON())"""
GET = """JSON.stringify((await navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(%s) })).toJSON())"""


@pytest.fixture
async def pages() -> AsyncIterator[tuple[str, str, str]]:
    """Three pages: the portal's, one of its domain that is not listed, and one of another domain."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<!doctype html>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app)
    await runner.setup()
    one, other = free_ports(2)
    for port in (one, other):
        await web.TCPSite(runner, "127.0.0.1", port, reuse_address=True).start()
    yield f"http://localhost:{one}", f"http://localhost:{other}", f"http://127.0.0.1:{one}"
    await runner.cleanup()


async def test_a_browser_makes_and_shows_passkeys(tmp_path: Path, pages: tuple[str, str, str]) -> None:
    """What it answers is taken as it is, on the portal's own pages alone; the same authenticator is not added twice."""
    own, unlisted, foreign = pages
    world = World()
    ports = replace(fake_ports(world.events), passkeys=WebauthnPasskeys("localhost", "Portal", [own]))
    world = await World(ports).with_portal()
    client = acting(await world.accepted())
    async with chromium(tmp_path) as page:
        await page.go(own)
        adding = await world.commands.begin_passkey(BeginPasskey(), by=client)
        made = await page.run(CREATE % adding.options)
        answer = Answer(token=adding.token, credential=made)
        await world.commands.add_passkey(AddPasskey(answer=answer, name="Laptop"), by=client)
        again = await world.commands.begin_passkey(BeginPasskey(), by=client)
        assert await page.run(CREATE % again.options) == "InvalidStateError"
        assert (await come_in(world, page, await begin(world))).person.id == client.id

        log_in = LogIn(
            account=Account(email="jona@krause.example", portal="nordlicht"), password=PASSWORD, address=ADDRESS
        )
        challenged = await world.commands.log_in(log_in)
        assert isinstance(challenged, Challenged)
        assert (await come_in(world, page, await begin(world, challenged.token))).person.id == client.id

        await page.go(unlisted)
        with pytest.raises(PasskeyRefused):
            await come_in(world, page, await begin(world))
        await page.go(foreign)
        assert await page.run(GET % (await begin(world)).options) == "SecurityError"


async def begin(world: World, challenge: str | None = None) -> Attempt:
    return await world.commands.begin_passkey_log_in(BeginPasskeyLogIn(challenge=challenge))


async def come_in(world: World, page: Page, attempt: Attempt) -> SignedIn:
    """Let the browser answer, and log in by that."""
    answer = Answer(token=attempt.token, credential=await page.run(GET % attempt.options))
    command = LogInWithPasskey(answer=answer, address=ADDRESS)
    await world.commands.show_passkey_to_log_in(command)
    return await world.commands.log_in_with_passkey(command)
