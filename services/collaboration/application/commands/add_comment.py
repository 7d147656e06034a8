"""Write a comment about a document."""

from dataclasses import dataclass
from datetime import timedelta

from chassis.kernel import AlreadyExists, Clock, Principal
from services.collaboration.application.documents import Documents
from services.collaboration.application.ports import Allowance
from services.collaboration.domain.comment import Comment
from services.collaboration.domain.document import KnownDocument
from services.collaboration.domain.errors import TooManyComments
from services.collaboration.domain.repositories import Comments

PER_HOUR = 120


@dataclass(frozen=True, slots=True)
class AddComment:
    """`display_in_portal` is for staff; what a contact writes is always shown. The same id is one comment."""

    comment_id: str
    document_id: str
    text: str
    display_in_portal: bool = False


@dataclass(frozen=True, slots=True)
class AddCommentHandler:
    """Loads the document, lets it be commented, stores the comment."""

    comments: Comments
    documents: Documents
    allowance: Allowance
    clock: Clock

    async def __call__(self, command: AddComment, by: Principal) -> Comment:
        """Return the stored comment. Raises what `Comment.write` raises, DirectoryUnavailable, TooManyComments."""
        now = self.clock.now()

        def write(document: KnownDocument) -> Comment:
            return Comment.write(
                command.comment_id, document, command.text, by=by, display_in_portal=command.display_in_portal, now=now
            )

        comment = await self.documents.decide(by, command.document_id, write)
        if not await self.allowance.take(by, "comments", PER_HOUR, timedelta(hours=1), now):
            raise TooManyComments(PER_HOUR)
        try:
            await self.comments.add(comment)
        except AlreadyExists:
            return await self.comments.get(by, command.comment_id)
        return comment
