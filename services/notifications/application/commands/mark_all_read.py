"""Mark all of one's own feed as read."""

from dataclasses import dataclass
from datetime import UTC, datetime

from chassis.kernel import Clock, Principal
from services.notifications.application.ports import Notifications


@dataclass(frozen=True, kw_only=True)
class MarkAllRead:
    """Everything that was in the feed at `until`: now, if not given; UTC without a zone."""

    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class MarkAllReadHandler:
    """Everybody changes only their own."""

    notifications: Notifications
    clock: Clock

    async def __call__(self, command: MarkAllRead, by: Principal) -> None:
        """Mark it."""
        now, until = self.clock.now(), command.until
        if until is not None and until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        await self.notifications.mark_all_read(by, min(until or now, now), now)
