"""What happens in collaboration. Every event names the document with what its readers need."""

from dataclasses import dataclass

from chassis.kernel import DomainEvent
from services.collaboration.domain.document import KnownDocument


@dataclass(frozen=True, kw_only=True)
class CommentAdded(DomainEvent):
    """Somebody wrote about a document. `visibility` decides who may ever read it."""

    document: KnownDocument
    comment_id: str
    author_id: str
    author_kind: str
    visibility: str
    excerpt: str


@dataclass(frozen=True, kw_only=True)
class DocumentViewed(DomainEvent):
    """A contact opened a document in the portal, for the `count`th time."""

    document: KnownDocument
    view_id: str
    contact_id: str
    count: int


@dataclass(frozen=True, kw_only=True)
class DocumentForwarded(DomainEvent):
    """A contact asked to send a document to somebody else, who becomes a contact without access."""

    document: KnownDocument
    forward_id: str
    forwarded_by: str
    recipient_name: str
    recipient_email: str
    message: str
