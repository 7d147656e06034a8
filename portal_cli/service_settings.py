"""A service's settings, read as its own process reads them."""

from importlib import import_module
from typing import TYPE_CHECKING

from chassis.settings import load_settings

if TYPE_CHECKING:
    from chassis.settings import ServiceSettings


def settings_of(service: str) -> "ServiceSettings":
    """Read the service's settings from the environment."""
    module = import_module(f"services.{service}.settings")
    return load_settings(getattr(module, f"{service.capitalize()}Settings"))
