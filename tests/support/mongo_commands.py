"""What a service asks its database: `commands_sent(name)` notes every command for the database of this name.

The driver takes listeners only before a client is made, so one is registered when this module is imported; it notes
nothing while nobody asks.
"""

from collections.abc import Generator
from contextlib import contextmanager

from pymongo import monitoring

_watched: dict[str, list[str]] = {}


class _Listener(monitoring.CommandListener):
    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if (noted := _watched.get(event.database_name)) is not None:
            noted.append(f"{event.command_name} {event.command[event.command_name]}")

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Only beginnings are noted."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Only beginnings are noted."""


monitoring.register(_Listener())


@contextmanager
def commands_sent(database: str) -> Generator[list[str]]:
    """Yield a list that grows by `update tries` and the like with every command sent to this database."""
    noted = _watched[database] = list[str]()
    try:
        yield noted
    finally:
        del _watched[database]
