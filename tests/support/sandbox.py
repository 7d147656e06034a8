"""The payment sandbox as tests use it: served on a free port in this loop, or as a process of its own."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import aiohttp
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from payment_sandbox import faults
from payment_sandbox.app import Settings, create_app
from portal_cli.ports import answers
from portal_cli.processes import Program
from tests.support.billing.makers import ORGANISATION
from tests.support.loop_clock import pass_time
from tests.support.waiting import LIMIT, eventually

SECRET_KEY = "sk_test_for_tests"
WEBHOOK_SECRET = "whsec_for_tests"
GOOD = "4242424242424242"


@dataclass
class Sandbox:
    """A running sandbox: its address and what a test wants of it."""

    url: str
    http: aiohttp.ClientSession

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Call the JSON API; return (status, body). Header names have `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("authorization", f"Bearer {SECRET_KEY}")
        async with self.http.request(method, self.url + path, json=body, headers=named) as answer:
            return answer.status, await answer.json()

    async def open_form(self, customer: str = "con_1", **wishes: Any) -> str:
        """Return the address of a fresh card form of the customer with this reference."""
        _, made = await self.call("POST", "/v1/customers", {"reference": customer})
        wishes.setdefault("metadata", {"contact_id": customer, "organisation_id": ORGANISATION})
        _, session = await self.call("POST", "/v1/sessions", {"customer": made["id"], **wishes})
        return session["url"]

    async def fill_in(self, form_url: str, number: str = GOOD, **typed: str) -> tuple[int, Any]:
        """Fill in the form as a program; return (status, answer)."""
        fields = {
            "number": number,
            "expiry": "12/40",
            "cvv": "1234" if number.startswith("3") and len(number) == 15 else "123",
            "name": "Ada Client",
            "line1": "1 Main Street",
            "city": "Berlin",
            "country": "DE",
            **typed,
        }
        async with self.http.post(form_url, data=fields, headers={"accept": "application/json"}) as answer:
            return answer.status, await answer.json()

    async def token(self, number: str = GOOD, customer: str = "con_1") -> str:
        """Return a one-time token for this card."""
        status, answer = await self.fill_in(await self.open_form(customer), number)
        assert status == 200, answer
        return answer["token"]

    async def card(self, number: str = GOOD) -> dict[str, str]:
        """Return a one-time token with the customer for whom it was made, as a payment's fields."""
        token = await self.token(number)
        _, known = await self.call("GET", f"/v1/tokens/{token}")
        return {"source": token, "customer": known["customer"]}

    async def answer_challenge(self, redirect_url: str, *, approve: bool) -> Any:
        """Answer the 3-D Secure question as a program."""
        result = {"result": "approve" if approve else "decline"}
        async with self.http.post(redirect_url, data=result, headers={"accept": "application/json"}) as answer:
            return await answer.json()


@asynccontextmanager
async def serve(make_app: Callable[[str], ASGIApp]) -> AsyncGenerator[str]:
    """Serve `make_app(address)` on a free loopback port in this event loop; yield the address."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        # It hangs up on nobody while the loop is busy: a request that is just being written would get no answer.
        config = uvicorn.Config(
            make_app(url), log_level="error", access_log=False, timeout_graceful_shutdown=1, timeout_keep_alive=3600
        )
        server = uvicorn.Server(config)
        task = asyncio.create_task(server._serve([bound]))
        while not server.started and not task.done():
            await asyncio.sleep(0.005)
        try:
            yield url
        finally:
            server.should_exit = True
            await task


@asynccontextmanager
async def running_sandbox(folder: Path, webhook_url: str | None = None, delay: float = 0.3) -> AsyncGenerator[Sandbox]:
    """Run the sandbox in this event loop."""

    def make(url: str) -> ASGIApp:
        return create_app(
            Settings(
                folder=folder,
                public_url=url,
                secret_key=SECRET_KEY,
                webhook_secret=WEBHOOK_SECRET,
                webhook_url=webhook_url,
                delay=delay,
            )
        )

    async with serve(make) as url, aiohttp.ClientSession() as http:
        yield Sandbox(url, http)


def sandbox_program(folder: Path, port: int) -> Program:
    """Return the sandbox as a process of its own."""
    secrets = {"PAYMENT_SANDBOX_SECRET_KEY": SECRET_KEY, "PAYMENT_SANDBOX_WEBHOOK_SECRET": WEBHOOK_SECRET}
    return Program(
        name="payment_sandbox",
        argv=(sys.executable, "-m", "payment_sandbox", "--port", str(port), "--data", str(folder)),
        log=folder.with_suffix(".log"),
        env={**os.environ, **secrets},
        ready=lambda: answers(port),
    )


@contextmanager
def silences() -> Generator[list[str]]:
    """Yield a list that grows with each request which the sandbox, in this process, leaves without an answer."""
    kept, begun = faults.Silence.__call__, list[str]()

    async def noted(self: faults.Silence, scope: Scope, receive: Receive, send: Send) -> None:
        begun.append(scope["path"])
        await kept(self, scope, receive, send)

    with patch.object(faults.Silence, "__call__", noted):
        yield begun


async def wait_out(silent: list[str], count: int) -> None:
    """When so many requests get no answer, let as much time pass as somebody who is patient waits for one."""
    await eventually(lambda: len(silent) >= count, f"{count} requests without an answer")
    pass_time(LIMIT + 1)
