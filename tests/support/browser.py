"""A real browser with a security key in software: Chromium, told what to do by its DevTools protocol.

https://chromedevtools.github.io/devtools-protocol/tot/WebAuthn
"""

import asyncio
import itertools
import json
import os
import re
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse

from tests.support.waiting import LIMIT

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
_ENDPOINT = re.compile(rb"DevTools listening on (ws://\S+)")
_FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run")


class Page:
    """One tab, with a security key that verifies its person at once."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket, self._numbers, self._session = socket, itertools.count(1), ""

    async def open(self) -> None:
        """Open the tab and plug in the key."""
        target = await self._ask("Target.createTarget", url="about:blank")
        attached = await self._ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        await self._ask("Page.enable")
        await self._ask("WebAuthn.enable")
        await self._ask("WebAuthn.addVirtualAuthenticator", options=KEY)

    async def go(self, url: str) -> None:
        """Load a page."""
        await self._ask("Page.navigate", until="Page.loadEventFired", url=url)

    async def run(self, script: str) -> str:
        """Return what a script's promise comes to, or the name of the error by which it fails."""
        asked = f"(async () => {{ try {{ return {script} }} catch (error) {{ return error.name }} }})()"
        done = await self._ask(
            "Runtime.evaluate", expression=asked, awaitPromise=True, returnByValue=True, userGesture=True
        )
        return done["result"]["value"]

    async def _ask(self, method: str, until: str = "", **params: Any) -> Any:
        """Return what the browser answers; with `until`, not before it tells that event as well."""
        number, result, told = next(self._numbers), None, not until
        session = {"sessionId": self._session} if self._session else {}
        await self._socket.send_json({"id": number, "method": method, "params": params, **session})
        while result is None or not told:
            message = json.loads((await self._socket.receive(LIMIT)).data)
            told = told or message.get("method") == until
            if message.get("id") == number:
                assert "error" not in message, message
                result = message["result"]
        return result


@asynccontextmanager
async def chromium(folder: Path) -> AsyncGenerator[Page]:
    """Run a browser with a profile in this folder; skip the test where there is none."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("there is no chromium on PATH")
    flags = (*_FLAGS, "--remote-debugging-port=0", f"--user-data-dir={folder}")
    process = await asyncio.create_subprocess_exec(
        program, *flags, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL, start_new_session=True
    )
    assert process.stderr is not None
    try:
        endpoint = await asyncio.wait_for(_endpoint(process.stderr), LIMIT)
        async with ClientSession() as client, client.ws_connect(endpoint, max_msg_size=0) as socket:
            page = Page(socket)
            await page.open()
            yield page
    finally:
        os.killpg(process.pid, 9)
        await process.wait()


async def _endpoint(told: asyncio.StreamReader) -> str:
    async for line in told:
        if found := _ENDPOINT.search(line):
            return found[1].decode()
    raise AssertionError("the browser ended before it listened")
