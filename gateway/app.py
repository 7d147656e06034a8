"""The gateway as an ASGI application, from the environment: `uvicorn --factory gateway.app:app`."""

from starlette.types import ASGIApp

from gateway.bootstrap import build
from gateway.settings import GatewaySettings
from services.chassis.logging import start_logging
from services.chassis.settings import load_settings


def app() -> ASGIApp:
    """Return the application; `PORTAL_SUPERGRAPH` names the supergraph file.

    Raises:
        SettingsError: a setting is missing or wrong.
    """
    settings = load_settings(GatewaySettings)
    start_logging("gateway", settings.log_level)
    return build(settings)[0]
