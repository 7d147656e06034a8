"""The web process of collaboration."""

from starlette.applications import Starlette

from chassis.bus import Bus
from chassis.service_app import service_app
from services.collaboration.bootstrap import assemble
from services.collaboration.settings import CollaborationSettings


def create_app(settings: CollaborationSettings, *, bus: Bus | None = None) -> Starlette:
    """Return the ASGI application; with `run_worker` its lifespan runs the worker as well."""
    return service_app("collaboration", assemble(settings, bus=bus), settings)
