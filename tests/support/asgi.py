"""Requests to an ASGI application in this process, without a socket."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.datastructures import Headers

from chassis.world.releases import releases
from tests.support.waiting import eventually_answered


def ready_text() -> str:
    """Return what `/readyz` says of a process that is ready, with the releases of the data that it reads."""
    said = {"ready": True, "missing": [], "data": releases()}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Answer:
    """A whole response."""

    status: int
    headers: Headers
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


async def request(
    app: Any, path: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes = b""
) -> Answer:
    """Send one request and return the response; what the application raises comes through."""
    route, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": route,
        "raw_path": quote(route).encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [
            (name.lower().encode(), value.encode()) for name, value in {"host": "t", **(headers or {})}.items()
        ],
        "client": ("127.0.0.1", 1),
        "server": ("t", 80),
        "state": {},
    }
    sent: list[dict[str, Any]] = []

    given = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> dict[str, Any]:
        """Give the body, and then wait as a client does that stays: files are sent while this is listened to."""
        return next(given, None) or await asyncio.Event().wait()  # pyright: ignore[reportReturnType]

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = sent[0]
    return Answer(start["status"], Headers(raw=start["headers"]), b"".join(part.get("body", b"") for part in sent[1:]))


async def ready(app: Any) -> Answer:
    """Return what `/readyz` answers as soon as it is 200."""

    async def ask() -> Answer | None:
        answer = await request(app, "/readyz")
        return answer if answer.status == 200 else None

    answered = await eventually_answered(ask, "readiness")
    assert answered is not None
    return answered
