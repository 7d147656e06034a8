"""Follow the discussion of a document live, seeing exactly what a query would show at that moment."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

from chassis.kernel import Clock, NewerVersion, NotFound, PageRequest, Principal, Unreadable
from chassis.resuming import missed_since
from services.collaboration.application.documents import Documents
from services.collaboration.application.ports import CommentFeed, EndedSessions
from services.collaboration.domain.comment import Comment
from services.collaboration.domain.repositories import Comments


@dataclass(frozen=True, slots=True)
class NewComments:
    """Every comment is read again for the principal before it is shown; an ended session ends the stream."""

    comments: Comments
    documents: Documents
    feed: CommentFeed
    ended: EndedSessions
    clock: Clock

    async def about(self, by: Principal, document_id: str, seen: PageRequest) -> AsyncIterator[Comment]:
        """Yield comments as they are added, after those that came since the place of `seen`, if it has one.

        Raises:
            WrongIdKind, NotFound: before the first.
        """
        since = self.clock.now()
        document = await self.documents.get(by, document_id)
        missed = partial(missed_since, seen, partial(self.comments.about, by, document.id))
        async for comment_id in self.feed.comment_ids(document.id, missed):
            if self.ended.has_ended(by, since):
                return
            if document.id not in await self.documents.find(by, [document.id]):
                continue
            try:
                yield await self.comments.get(by, comment_id)
            except (NotFound, NewerVersion, Unreadable):
                continue
