"""The web process of billing."""

from starlette.applications import Starlette

from chassis.bus import Bus
from chassis.service_app import service_app
from services.billing.bootstrap import assemble
from services.billing.settings import BillingSettings


def create_app(settings: BillingSettings, *, bus: Bus | None = None) -> Starlette:
    """Return the ASGI application; with `run_worker` its lifespan runs the worker as well."""
    return service_app("billing", assemble(settings, bus=bus), settings)
