"""Read what surrounds a document: comments, views, forwards; for many documents at once where pages ask so."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel import NotFound, Page, PageRequest, Principal, require_id
from services.collaboration.application.documents import Documents
from services.collaboration.domain.comment import Comment
from services.collaboration.domain.document import KnownDocument
from services.collaboration.domain.errors import DirectoryUnavailable
from services.collaboration.domain.forward import Forward
from services.collaboration.domain.repositories import Comments, Forwards, Views
from services.collaboration.domain.view import View


@dataclass(frozen=True, slots=True)
class ShowDiscussion:
    """Every answer holds only what the principal may see; what it may not see looks as if it were not there."""

    comments: Comments
    views: Views
    forwards: Forwards
    documents: Documents

    async def visible_documents(
        self, by: Principal, ids: Sequence[str]
    ) -> dict[str, KnownDocument | DirectoryUnavailable]:
        """Return those of the documents that the principal may see, by id, or of which nobody can tell it now."""
        return await self.documents.look_up(by, ids)

    async def comment(self, by: Principal, comment_id: str) -> Comment:
        """Return one comment about a document that the principal may see. Raises WrongIdKind, NotFound."""
        comment = await self.comments.get(by, require_id(comment_id, "com"))
        if comment.document_id not in await self.documents.find(by, [comment.document_id]):
            raise NotFound("comment")
        return comment

    async def comments_about(self, by: Principal, document_id: str, request: PageRequest) -> Page[Comment]:
        """Return a page of comments, oldest first."""
        return await self.comments.about(by, document_id, request)

    async def comment_counts(self, by: Principal, ids: Sequence[str]) -> dict[str, int]:
        """Return the number of comments by document."""
        return await self.comments.count(by, ids)

    async def views_about(self, by: Principal, ids: Sequence[str]) -> dict[str, list[View]]:
        """Return the views by document; none at all for contacts, since they are for staff."""
        return {} if by.is_contact else await self.views.about(by, ids)

    async def forwards_about(self, by: Principal, ids: Sequence[str]) -> dict[str, list[Forward]]:
        """Return the forwards by document."""
        return await self.forwards.about(by, ids)
