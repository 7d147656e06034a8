"""The outermost application: `/graphql` goes straight to the endpoint, health and pages to Starlette."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.metrics_page import metrics_page
from gateway.http.graphiql import GraphiQL
from gateway.requests import Refused
from gateway.requests.origins import Origins

PATH = "/graphql"

Status = Callable[[], Awaitable[Mapping[str, Any]]]


class Front:
    """Dispatches; `endpoint` is set while the gateway runs."""

    def __init__(
        self,
        status: Status,
        lifespan: Callable[[Any], AbstractAsyncContextManager[None]],
        *,
        pages: bool = True,
        origins: Origins | None = None,
    ) -> None:
        """`status` says whether the gateway is `ready`, and what is wrong or not."""
        self.endpoint: ASGIApp | None = None
        self._rest = Starlette(routes=[*_health(status), *(_pages() if pages else ())], lifespan=lifespan)
        self._graphql = (origins or Origins()).around(self._direct)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "lifespan" and scope["path"] == PATH:
            await self._graphql(scope, receive, send)
        else:
            await self._rest(scope, receive, send)

    async def _direct(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.endpoint is None:
            refused = Refused("NOT_READY", "The gateway is starting or stopping. Try again in a moment.")
            await Response(refused.body(), refused.status, media_type="application/json")(scope, receive, send)
        else:
            await self.endpoint(scope, receive, send)


def _health(status: Status) -> list[BaseRoute]:
    async def livez(_: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_: Request) -> Response:
        told = await status()
        return JSONResponse(told, status_code=200 if told["ready"] else 503)

    return [Route("/livez", livez), Route("/readyz", readyz), Route("/metrics", metrics_page)]


def _pages() -> list[BaseRoute]:
    async def home(_: Request) -> Response:
        return RedirectResponse(PATH)

    return [Route("/", home), Mount("/graphiql", GraphiQL(PATH).files)]
