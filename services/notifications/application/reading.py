"""A person's own feed and choices."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from chassis.kernel import Clock, Page, PageRequest, Principal, require_id
from services.notifications.application.ports import EndedSessions, Feed, Notifications, Preferences
from services.notifications.domain.errors import TooManyEntries
from services.notifications.domain.kinds import KINDS_OF, Audience
from services.notifications.domain.notification import Notification
from services.notifications.domain.preferences import Preference, checked

MOST_IDS = 100
MOST_MAILS = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """Everybody reads and changes only their own."""

    notifications: Notifications
    preferences: Preferences
    feed: Feed
    ended: EndedSessions
    clock: Clock

    async def page(self, by: Principal, request: PageRequest, *, unread_only: bool = False) -> Page[Notification]:
        """Return a page of the feed, newest first."""
        return await self.notifications.feed(by, request, unread_only=unread_only)

    async def unread(self, by: Principal) -> int:
        """Return how many entries are not read."""
        return await self.notifications.unread(by)

    async def own(self, by: Principal, ids: Sequence[str]) -> dict[str, Notification]:
        """Return those of these entries that are in the caller's feed, by id."""
        return await self.notifications.get_many(by, list(ids))

    async def mails_about(self, by: Principal, document_ids: Sequence[str]) -> dict[str, list[Notification]]:
        """Return the latest mails about each of these documents, newest first; staff only, others get none."""
        found = await asyncio.gather(*[self.notifications.about(by, one, MOST_MAILS) for one in document_ids])
        return dict(zip(document_ids, found, strict=True))

    async def mark_read(self, by: Principal, ids: Sequence[str]) -> list[Notification]:
        """Mark these as read and return them, in the order of `ids`; what is not the caller's is left out.

        Raises:
            TooManyEntries, WrongIdKind: when the ids cannot be taken.
        """
        if len(ids) > MOST_IDS:
            raise TooManyEntries(MOST_IDS)
        wanted = [require_id(one, "ntf", "ids") for one in dict.fromkeys(ids)]
        own = await self.notifications.get_many(by, wanted)
        now = self.clock.now()
        return [
            await self.notifications.update(by, one, lambda notification: notification.read(now))
            for one in wanted
            if one in own
        ]

    async def mark_all_read(self, by: Principal, until: datetime | None = None) -> None:
        """Mark everything as read that was in the feed at `until` (now, if not given; UTC without a zone)."""
        now = self.clock.now()
        if until is not None and until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        await self.notifications.mark_all_read(by, min(until or now, now), now)

    async def choices(self, by: Principal) -> list[Preference]:
        """Return one preference for each kind the caller can be told of."""
        chosen = (await self.preferences.of(by.organisation_id, [by.id])).get(by.id, {})
        return [chosen.get(kind, Preference(kind)) for kind in KINDS_OF[audience_of(by)]]

    async def choose(self, by: Principal, preference: Preference) -> list[Preference]:
        """Keep a choice and return all of them.

        Raises:
            KindNotYours: when the caller is never told of the kind.
        """
        await self.preferences.put(by, checked(preference, audience_of(by)))
        return await self.choices(by)

    async def new(self, by: Principal) -> AsyncIterator[Notification]:
        """Yield what reaches the feed from now on, until the session ends."""
        since = self.clock.now()
        async for notification_id in self.feed.notification_ids(by.id):
            if self.ended.has_ended(by, since):
                return
            own = await self.notifications.get_many(by, [notification_id])
            if notification_id in own:
                yield own[notification_id]


def audience_of(by: Principal) -> Audience:
    """Return on which side the principal stands."""
    return Audience.CLIENT if by.is_contact else Audience.STAFF
