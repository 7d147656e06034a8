"""The demo organisation of `portal up`, made through the portal's own API."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LogIn:
    """A person of the demo organisation, and how to become it."""

    who: str
    email: str
    password: str


def fill(graphql_url: str, folder: Path, tell: Callable[[str], None]) -> list[LogIn]:
    """Make the demo organisation unless this folder has it; return the log-ins."""
    return []
