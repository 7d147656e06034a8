"""Puts the sandbox together: `create_app(folder, …)` returns an ASGI application."""

import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from payment_sandbox.api import Api
from payment_sandbox.faults import Script, with_abort
from payment_sandbox.pages import Pages
from payment_sandbox.provider import Provider
from payment_sandbox.store import Store
from payment_sandbox.webhooks import Courier


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How the sandbox runs; `public_url` is where browsers reach it."""

    folder: Path
    public_url: str
    secret_key: str
    webhook_secret: str
    webhook_url: str | None = None
    delay: float = 2.0


def create_app(settings: Settings) -> ASGIApp:
    """Return the application; its state lives in `settings.folder`."""
    store = Store(settings.folder)
    provider = Provider(store)
    courier = Courier(store, settings.webhook_secret, settings.webhook_url)
    api = Api(
        provider=provider,
        courier=courier,
        script=Script(delay=settings.delay),
        secret_key=settings.secret_key,
        public_url=settings.public_url.rstrip("/"),
    )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        courier.start()
        yield
        await courier.stop()
        store.close()

    async def alive(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(request: Request) -> Response:
        try:
            store.works()
        except sqlite3.Error as error:
            return JSONResponse({"status": "unavailable", "reason": str(error)}, status_code=503)
        return JSONResponse({"status": "ok"})

    pages = Pages(provider=provider, courier=courier)
    probes = [Route("/livez", alive), Route("/readyz", ready)]
    return with_abort(Starlette(routes=[*api.routes(), *pages.routes(), *probes], lifespan=lifespan))
