"""A person's own feed, as a list and as it grows."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial

from chassis.kernel import Clock, Page, PageRequest, Principal
from chassis.resuming import missed_since
from services.notifications.application.ports import EndedSessions, Feed, Notifications
from services.notifications.domain.notification import Notification

MOST_MAILS = 100


@dataclass(frozen=True, slots=True)
class ShowFeed:
    """Everybody reads only their own."""

    notifications: Notifications

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


@dataclass(frozen=True, slots=True)
class NewEntries:
    """Every entry is read again for the principal before it is shown; an ended session ends the stream."""

    notifications: Notifications
    feed: Feed
    ended: EndedSessions
    clock: Clock

    async def of(self, by: Principal, seen: PageRequest) -> AsyncIterator[Notification]:
        """Yield what reaches the feed, after what came since the place of `seen`, until the session ends."""
        since = self.clock.now()
        missed = partial(missed_since, seen, partial(self.notifications.feed, by, unread_only=False))
        async for notification_id in self.feed.notification_ids(by.id, missed):
            if self.ended.has_ended(by, since):
                return
            own = await self.notifications.get_many(by, [notification_id])
            if notification_id in own:
                yield own[notification_id]
