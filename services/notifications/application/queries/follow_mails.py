"""How mails to the client's side fare, live, for staff."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from chassis.kernel import Clock, Principal, Role
from services.notifications.application.ports import EndedSessions, MailFeed, Notifications
from services.notifications.application.queries.show_feed import MOST_MAILS
from services.notifications.domain.notification import Notification

_AS_THEY_ARE = ""
"""Stands, before all ids, for the mails that there are when the stream begins."""


async def _begun() -> Sequence[str]:
    return [_AS_THEY_ARE]


@dataclass(frozen=True, slots=True)
class MailChanges:
    """Every mail is read again before it is shown; an ended session ends the stream."""

    notifications: Notifications
    feed: MailFeed
    ended: EndedSessions
    clock: Clock

    async def of(self, by: Principal, document_id: str | None) -> AsyncIterator[Notification]:
        """Yield mails when they were sent, failed, came back or were dropped: about one document, or about all.

        Of one document all are yielded first as they are, the earliest first: nothing falls between a list that was
        asked for and the stream.

        Raises:
            RoleForbids: contacts are told nothing.
        """
        by.require_role(Role.OWNER, Role.ACCOUNTANT, Role.VIEWER)
        since = self.clock.now()
        async for mail_id in self.feed.mail_ids(by.organisation_id, _begun if document_id else None):
            if self.ended.has_ended(by, since):
                return
            for mail in await self._read(by, mail_id, document_id):
                yield mail

    async def _read(self, by: Principal, mail_id: str, document_id: str | None) -> Sequence[Notification]:
        if mail_id == _AS_THEY_ARE and document_id:
            return (await self.notifications.about(by, document_id, MOST_MAILS))[::-1]
        return await self.notifications.mail(by, mail_id, document_id)
