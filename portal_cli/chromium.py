"""Chromium for the tests of the interface: Debian's, or whichever of this machine; nothing is downloaded besides."""

import shutil

from portal_cli import debian

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_PACKAGE = "chromium"


class BrowserMissing(Exception):
    """There is no Chromium here."""

    def __init__(self) -> None:
        super().__init__("Chromium is not installed (Debian: apt-get install --no-install-recommends chromium).")


def find() -> str | None:
    """Return the program, or None where it is not installed."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def install() -> bool:
    """Install Debian's package where that is possible; return whether there is a Chromium now."""
    return find() is not None or (debian.can_install() and debian.install(_PACKAGE))
