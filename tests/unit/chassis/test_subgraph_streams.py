"""A subgraph's subscription that breaks ends by `error` with a code, and never by `complete`."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest
import strawberry
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from chassis.auth import LogInsUnchecked, Unauthenticated
from chassis.graphql.schema import SubgraphSchema
from chassis.graphql.view import subgraph_app
from chassis.kernel import NoAnswer, NotFound, Principal, Role
from chassis.live import StreamInterrupted
from chassis.long_log_ins import StreamUnchecked
from chassis.web import GATEWAY_KEY_HEADER, RequireKey
from tests.support.waiting import LIMIT

ENDS: dict[str, Exception | None] = {
    "STREAM_INTERRUPTED": StreamInterrupted(),
    "STREAM_INTERRUPTED by no answer": NoAnswer("10.0.0.7 did not answer"),
    "STREAM_INTERRUPTED by what nobody expected": RuntimeError("10.0.0.7 refused"),
    "UNAUTHENTICATED": Unauthenticated(),
    "LOG_INS_UNCHECKED": LogInsUnchecked(),
    "NOT_FOUND": NotFound("document"),
    "complete": None,
}


@strawberry.type
class Query:
    one: int = 1


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self, ends: str) -> AsyncGenerator[int, None]:
        yield 1
        if error := ENDS[ends]:
            raise error


async def messages(query: str, authenticate: Any = Any, long_log_ins: Any = None) -> list[dict[str, Any]]:
    """Return what a subgraph sends for one subscription, up to its end."""
    view: Any = subgraph_app(
        SubgraphSchema(query=Query, subscription=Subscription),
        None,
        authenticate,
        Any,  # pyright: ignore
        SecretStr("key"),
        RequireKey,
        long_log_ins,
    )
    told: list[dict[str, Any]] = []
    ended = asyncio.Event()
    asked = [{"type": "connection_init"}, {"id": "1", "type": "subscribe", "payload": {"query": query}}]
    coming = [{"type": "websocket.connect"}, *({"type": "websocket.receive", "text": json.dumps(one)} for one in asked)]

    async def receive() -> dict[str, Any]:
        if not coming:
            await ended.wait()
            return {"type": "websocket.disconnect", "code": 1000}
        return coming.pop(0)

    async def send(message: Any) -> None:
        if message["type"] == "websocket.send":
            told.append(json.loads(message["text"]))
            if told[-1]["type"] in {"error", "complete"}:
                ended.set()

    headers = [(GATEWAY_KEY_HEADER.encode(), b"key"), (b"sec-websocket-protocol", b"graphql-transport-ws")]
    headers += [(b"authorization", b"Bearer token")] if long_log_ins else []
    scope = {
        "type": "websocket",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "scheme": "ws",
        "headers": headers,
        "subprotocols": ["graphql-transport-ws"],
        "client": ("127.0.0.1", 1),
        "state": {},
        "server": ("127.0.0.1", 2),
        "root_path": "",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
    }
    async with asyncio.timeout(LIMIT):
        await Starlette(routes=[WebSocketRoute("/graphql", view)])(scope, receive, send)
    return told[1:]


@pytest.mark.parametrize("ends", ENDS)
async def test_a_stream_that_breaks_says_what_to_do(ends: str) -> None:
    """Refusals keep their codes; anything else means that something may have been missed, and says nothing of us."""
    first, last = await messages(f'subscription {{ ticks(ends: "{ends}") }}')

    assert first["payload"] == {"data": {"ticks": 1}}
    if ENDS[ends] is None:
        assert last["type"] == "complete"
        return
    assert (last["type"], last["payload"][0]["extensions"]["code"]) == ("error", ends.split()[0])
    assert "10.0.0.7" not in last["payload"][0]["message"]


async def test_a_stream_that_nobody_vouches_for_says_to_come_again() -> None:
    """A log-in that cannot be checked any more ends the stream by a code of its own."""
    owner = Principal(id="stf_1", organisation_id="org_1", role=Role.OWNER, session_id="ses_1")

    async def authenticate(_: str) -> Principal:
        return owner

    class Unsure:
        def look(self, by: Principal) -> None:
            assert by == owner
            raise StreamUnchecked

    told = await messages('subscription { ticks(ends: "complete") }', authenticate, Unsure())
    (error,) = told[0]["payload"]["errors"]
    assert ([one["type"] for one in told], error["extensions"]["code"]) == (["next", "complete"], "LOG_INS_UNCHECKED")
    assert "Subscribe again" in error["message"]
