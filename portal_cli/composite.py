"""All services in one process, each below its own name (`/billing/graphql`), over the bus in memory.

Every service keeps its own database: `PORTAL_MONGO_URL_BILLING` and so on, or `PORTAL_MONGO_URL` for all.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from hmac import compare_digest
from importlib import import_module
from pathlib import Path
from typing import TypeVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route

from chassis.bus.memory import MemoryBus
from chassis.mongo.client import Database, connect
from chassis.settings import ServiceSettings
from chassis.web import SERVICE_KEY_HEADER
from portal_cli.aside import again_in, rows_of
from portal_cli.events_routes import event_routes
from portal_cli.events_tail import Tails
from portal_cli.examining import examine
from portal_cli.mails import CHANGES, change_in
from portal_cli.mails import SERVICES as MAILS_OF
from portal_cli.mails import rows_of as mail_rows
from portal_cli.parked import ParkedMessages

MAILING = frozenset(MAILS_OF.values())

S = TypeVar("S", bound=ServiceSettings)


def create_app(settings: Mapping[str, ServiceSettings], parked_folder: Path, environ: Mapping[str, str]) -> Starlette:
    """Return one ASGI application with all services and their workers; what cannot be handled is kept in a folder."""
    parked, tails = ParkedMessages(parked_folder), Tails()
    bus = MemoryBus(parked, settings)
    apps = {name: _service(name, one, bus, environ) for name, one in settings.items()}

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        async with AsyncExitStack() as running:
            for app in apps.values():
                await running.enter_async_context(app.router.lifespan_context(app))
            await tails.start(bus)
            yield

    async def livez(_: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_: Request) -> Response:
        answers = await asyncio.gather(*(app.state.readiness.report() for app in apps.values()))
        reports = {name: answer for name, answer in zip(apps, answers, strict=True) if not answer["ready"]}
        missing = {name: report["missing"] for name, report in reports.items()}
        advice = {name: report["advice"] for name, report in reports.items() if "advice" in report}
        body = {"ready": not missing, "missing": missing, **({"advice": advice} if advice else {})}
        return JSONResponse(body, status_code=503 if missing else 200)

    async def replay(request: Request) -> Response:
        service, shown = request.path_params["service"], request.headers.get(SERVICE_KEY_HEADER, "")
        known = service in settings and compare_digest(shown.encode(), key.encode())
        if not known or service in await bus.missing():
            return Response(status_code=503 if known else 404)
        asked = request.query_params
        return JSONResponse({"replayed": await bus.replay(service, asked.get("by", "")[:100], asked.get("id"))})

    async def aside(request: Request) -> Response:
        service, shown = request.path_params["service"], request.headers.get(SERVICE_KEY_HEADER, "")
        if service not in settings or not compare_digest(shown.encode(), key.encode()):
            return Response(status_code=404)
        own = settings_with_own_database(service, settings[service], environ)
        database = connect(own.mongo_url, f"{own.database_prefix}{service}")
        try:
            if request.method == "GET":
                return JSONResponse({"rows": await rows_of(database)})
            return JSONResponse({"again": await again_in(database, request.query_params.get("id"))})
        finally:
            await database.close()

    async def doctor(request: Request) -> Response:
        if not compare_digest(request.headers.get(SERVICE_KEY_HEADER, "").encode(), key.encode()):
            return Response(status_code=404)
        own = {name: settings_with_own_database(name, one, environ) for name, one in settings.items()}
        found = [finding.as_json() for name, one in own.items() async for finding in examine(name, one)]
        return JSONResponse({"findings": found})

    key = next(iter(settings.values())).service_key.get_secret_value()
    health = [Route("/livez", livez), Route("/readyz", readyz), Route("/replay/{service}", replay, methods=["POST"])]
    health.append(Route("/doctor", doctor))
    health.append(Route("/aside/{service}", aside, methods=["GET", "POST"]))
    health.append(_mails(settings, environ, key))
    health += event_routes(parked, tails, lambda name: _database(name, settings, environ), set(settings), key)
    mounts = [Mount(f"/{name}", app) for name, app in apps.items()]
    return Starlette(routes=[*health, *mounts], lifespan=lifespan)


def _mails(settings: Mapping[str, ServiceSettings], environ: Mapping[str, str], key: str) -> Route:
    """Return what `portal mails` asks of a portal that runs here."""

    async def mails(request: Request) -> Response:
        service, shown = request.path_params["service"], request.headers.get(SERVICE_KEY_HEADER, "")
        if service not in MAILING or service not in settings or not compare_digest(shown.encode(), key.encode()):
            return Response(status_code=404)
        own = settings_with_own_database(service, settings[service], environ)
        database = connect(own.mongo_url, f"{own.database_prefix}{service}")
        asked = dict(request.query_params)
        try:
            if request.method == "GET":
                return JSONResponse({"rows": await mail_rows(database, service, asked)})
            if asked.get("what") not in CHANGES:
                return Response(status_code=400)
            return JSONResponse({"changed": await change_in(database, service, asked)})
        finally:
            await database.close()

    return Route("/mails/{service}", mails, methods=["GET", "POST"])


def _database(service: str, settings: Mapping[str, ServiceSettings], environ: Mapping[str, str]) -> Database:
    own = settings_with_own_database(service, settings[service], environ)
    return connect(own.mongo_url, f"{own.database_prefix}{service}")


def settings_with_own_database(name: str, settings: S, environ: Mapping[str, str]) -> S:
    """Return the settings of a service over the database that is its own."""
    mongo_url = environ.get(f"PORTAL_MONGO_URL_{name.upper()}", settings.mongo_url)
    return settings.model_copy(update={"mongo_url": mongo_url})


def _service(name: str, settings: ServiceSettings, bus: MemoryBus, environ: Mapping[str, str]) -> Starlette:
    own = settings_with_own_database(name, settings, environ).model_copy(update={"run_worker": True})
    return import_module(f"services.{name}.app").create_app(own, bus=bus)
