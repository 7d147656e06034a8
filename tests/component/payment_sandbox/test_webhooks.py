"""Events on their way out."""

import asyncio
import hashlib
import hmac
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.support.sandbox import WEBHOOK_SECRET, running_sandbox, serve
from tests.support.waiting import LIMIT


class Listener:
    """An endpoint that refuses the first deliveries and keeps all."""

    def __init__(self, refusals: int = 0) -> None:
        self.refusals = refusals
        self.seen: list[tuple[str, bytes]] = []
        self.arrived = asyncio.Event()

    async def take(self, request: Request) -> Response:
        self.seen.append((request.headers["payment-signature"], await request.body()))
        if len(self.seen) > self.refusals:
            self.arrived.set()
        return Response(status_code=503 if len(self.seen) <= self.refusals else 200)

    def app(self, url: str) -> Starlette:
        return Starlette(routes=[Route("/hook", self.take, methods=["POST"])])


async def deliver(folder: Path, listener: Listener) -> None:
    async with serve(listener.app) as url, running_sandbox(folder, f"{url}/hook") as sandbox:
        body = {"reference": "pay_1", "amount": 5, "currency": "EUR", **await sandbox.card()}
        _, payment = await sandbox.call("POST", "/v1/payments", body)
        await sandbox.call("POST", f"/v1/payments/{payment['id']}/confirm", {})
        async with asyncio.timeout(LIMIT):
            await listener.arrived.wait()


async def test_an_event_is_signed_over_time_and_body(tmp_path: Path) -> None:
    """The receiver can verify who sent it and when."""
    listener = Listener()
    await deliver(tmp_path / "s", listener)

    header, body = listener.seen[0]
    timestamp, signature = (part.partition("=")[2] for part in header.split(","))
    expected = hmac.new(WEBHOOK_SECRET.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert signature == expected
    assert b'"type":"payment.succeeded"' in body


async def test_a_refused_delivery_is_sent_again(tmp_path: Path) -> None:
    """A 503 is tried again until a 2xx comes back, with the same event."""
    listener = Listener(refusals=1)
    await deliver(tmp_path / "s", listener)

    assert len({body for _, body in listener.seen}) == 1
    assert len(listener.seen) == 2
