"""The web process of identity."""

from starlette.applications import Starlette

from chassis.bus import Bus
from chassis.service_app import service_app
from services.identity.bootstrap import assemble
from services.identity.settings import IdentitySettings


def create_app(settings: IdentitySettings, *, bus: Bus | None = None) -> Starlette:
    """Return the ASGI application; with `run_worker` its lifespan runs the worker as well."""
    return service_app("identity", assemble(settings, bus=bus), settings)
