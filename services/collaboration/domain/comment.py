"""Comments: written once, by a contact for everybody, by staff for themselves unless they show it in the portal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from chassis.kernel import AggregateRoot, NotFound, Principal, Role
from chassis.text import free_text
from chassis.words import Word
from services.collaboration.domain.document import DocumentType, KnownDocument
from services.collaboration.domain.errors import DocumentNotSent
from services.collaboration.domain.events import CommentAdded
from services.collaboration.domain.text import excerpt

TEXT_LIMIT = 5_000


class Visibility(Word):
    """Who may read a comment."""

    INTERNAL = "internal"
    PORTAL = "portal"


class AuthorKind(Word):
    """On which side the author stands."""

    STAFF = "staff"
    CONTACT = "contact"


@dataclass(kw_only=True, eq=False)
class Comment(AggregateRoot):
    """One contribution to the discussion of a document."""

    document_id: str
    document_type: DocumentType
    customer_id: str
    author_id: str
    author_kind: AuthorKind
    visibility: Visibility
    text: str
    written_at: datetime

    @classmethod
    def write(
        cls,
        comment_id: str,
        document: KnownDocument,
        text: str,
        *,
        by: Principal,
        display_in_portal: bool,
        now: datetime,
    ) -> Self:
        """Return a new comment. A contact's is always visible; one by staff only when they say so.

        Raises:
            NotFound: when the principal may not see the document.
            DocumentNotSent: when staff would show a comment on a document that the client cannot see.
            RoleForbids: when neither staff nor a contact.
            InvalidInput: when the text cannot be taken.
        """
        if not document.is_visible_to(by):
            raise NotFound("document", field=("documentId",))
        by.require_role(Role.OWNER, Role.ACCOUNTANT, Role.CONTACT)
        if by.is_staff and display_in_portal and not document.sent:
            raise DocumentNotSent
        shown = by.is_contact or display_in_portal
        comment = cls(
            id=comment_id,
            organisation_id=document.organisation_id,
            document_id=document.id,
            document_type=document.type,
            customer_id=document.customer_id,
            author_id=by.id,
            author_kind=AuthorKind.CONTACT if by.is_contact else AuthorKind.STAFF,
            visibility=Visibility.PORTAL if shown else Visibility.INTERNAL,
            text=free_text(text, TEXT_LIMIT, "text", required=True, multiline=True),
            written_at=now,
        )
        comment.record(
            CommentAdded(
                occurred_at=now,
                document=document,
                comment_id=comment.id,
                author_id=comment.author_id,
                author_kind=comment.author_kind.value,
                visibility=comment.visibility.value,
                excerpt=excerpt(comment.text),
            )
        )
        return comment
