"""The gateway as an ASGI application, from the environment: `uvicorn --factory gateway.app:app`."""

from starlette.types import ASGIApp

from chassis.logging import start_logging
from chassis.settings import load_settings
from gateway.bootstrap import build
from gateway.settings import GatewaySettings


def app() -> ASGIApp:
    """Return the application; `PORTAL_SUPERGRAPH` names the supergraph file.

    Raises:
        SettingsError: a setting is missing or wrong.
    """
    settings = load_settings(GatewaySettings)
    start_logging("gateway", settings.log_level)
    return build(settings)[0]
