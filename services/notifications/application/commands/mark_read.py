"""Mark entries of one's own feed as read."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel import Clock, Principal, require_id
from services.notifications.application.ports import Notifications
from services.notifications.domain.errors import TooManyEntries
from services.notifications.domain.notification import Notification

MOST_IDS = 100


@dataclass(frozen=True, kw_only=True)
class MarkRead:
    """Which entries; what is not the caller's is left out."""

    ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class MarkReadHandler:
    """Everybody changes only their own."""

    notifications: Notifications
    clock: Clock

    async def __call__(self, command: MarkRead, by: Principal) -> list[Notification]:
        """Mark these as read and return them, in the order of their ids.

        Raises:
            TooManyEntries, WrongIdKind: when the ids cannot be taken.
        """
        if len(command.ids) > MOST_IDS:
            raise TooManyEntries(MOST_IDS)
        wanted = [require_id(one, "ntf", "ids") for one in dict.fromkeys(command.ids)]
        own = await self.notifications.get_many(by, wanted)
        now = self.clock.now()
        return [
            await self.notifications.update(by, one, lambda notification: notification.read(now))
            for one in wanted
            if one in own
        ]
