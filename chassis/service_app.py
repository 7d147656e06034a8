"""The web process of a service: its routes, and what runs beside them while it serves."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Protocol

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from chassis.readiness import Readiness
from chassis.settings import ServiceSettings
from chassis.web import web_app


class Service(Protocol):
    """An assembled service, as far as its web process is concerned."""

    @property
    def routes(self) -> Sequence[BaseRoute]: ...

    @property
    def readiness(self) -> Readiness: ...

    def web(self) -> AbstractAsyncContextManager[None]:
        """Do what serving needs while the block runs."""
        ...

    def worker(self) -> AbstractAsyncContextManager[None]:
        """Do the work behind while the block runs."""
        ...

    async def close(self) -> None:
        """Disconnect."""
        ...


def service_app(name: str, service: Service, settings: ServiceSettings) -> Starlette:
    """Return the ASGI application of an assembled service; with `run_worker` its lifespan runs the worker as well."""

    @asynccontextmanager
    async def lifespan() -> AsyncGenerator[None]:
        async with AsyncExitStack() as running:
            running.push_async_callback(service.close)
            await running.enter_async_context(service.web())
            if settings.run_worker:
                await running.enter_async_context(service.worker())
            yield

    return web_app(name, service.routes, service.readiness, lifespan, max_body_bytes=settings.max_body_bytes)
