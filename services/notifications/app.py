"""The web process of notifications."""

from starlette.applications import Starlette

from chassis.bus import Bus
from chassis.service_app import service_app
from services.notifications.bootstrap import assemble
from services.notifications.settings import NotificationsSettings


def create_app(settings: NotificationsSettings, *, bus: Bus | None = None) -> Starlette:
    """Return the ASGI application; with `run_worker` its lifespan runs the worker as well."""
    return service_app("notifications", assemble(settings, bus=bus), settings)
