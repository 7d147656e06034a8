"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


class FakeClock:
    """Implements `Clock`."""

    def __init__(self, now: datetime = NOON) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time

    def advance(self, **duration: float) -> datetime:
        """Let time pass and return the new instant."""
        self.time += timedelta(**duration)
        return self.time
