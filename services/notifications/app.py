"""The web process of notifications."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from starlette.applications import Starlette

from chassis.bus import Bus
from chassis.web import web_app
from services.notifications.bootstrap import NotificationsService, assemble
from services.notifications.settings import NotificationsSettings


def create_app(settings: NotificationsSettings, *, bus: Bus | None = None) -> Starlette:
    """Return the ASGI application; with `run_worker` its lifespan runs the worker as well."""
    return app_of(assemble(settings, bus=bus), settings)


def app_of(service: NotificationsService, settings: NotificationsSettings) -> Starlette:
    """Return the ASGI application of an assembled service."""

    @asynccontextmanager
    async def lifespan() -> AsyncGenerator[None]:
        async with AsyncExitStack() as running:
            running.push_async_callback(service.close)
            await running.enter_async_context(service.web())
            if settings.run_worker:
                await running.enter_async_context(service.worker())
            yield

    return web_app("notifications", service.routes, service.readiness, lifespan, max_body_bytes=settings.max_body_bytes)
