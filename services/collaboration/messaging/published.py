"""The events that collaboration publishes: part of its contract. A breaking change is a new version beside the old."""

from typing import ClassVar, Literal, Self

from services.chassis.cloudevents import Published, PublishedLanguage
from services.collaboration.domain.events import CommentAdded, DocumentForwarded, DocumentViewed

DocumentKind = Literal["estimate", "invoice"]

_ESTIMATE = {
    "organisation_id": "org_01k9v0000000000000000000aa",
    "document_id": "est_01k9v0000000000000000000ab",
    "document_type": "estimate",
    "document_number": "EST-0042",
    "customer_id": "cus_01k9v0000000000000000000ac",
}


class AboutDocument(Published):
    """The document an event is about; a draft has no number."""

    document_id: str
    document_type: DocumentKind
    document_number: str | None
    customer_id: str


class CommentAddedV1(AboutDocument):
    """Somebody commented on a document. Internal comments concern staff only."""

    event_type: ClassVar[str] = "collaboration.comment_added.v1"

    comment_id: str
    author_id: str
    author_kind: Literal["staff", "contact"]
    visibility: Literal["internal", "portal"]
    excerpt: str

    @classmethod
    def example(cls) -> Self:
        return cls.model_validate(
            _ESTIMATE
            | {
                "comment_id": "com_01k9v0000000000000000000ad",
                "author_id": "con_01k9v0000000000000000000ae",
                "author_kind": "contact",
                "visibility": "portal",
                "excerpt": "Could we start in May?",
            }
        )


class DocumentViewedV1(AboutDocument):
    """A contact opened a document in the portal; `count` visits so far, `first` for the first."""

    event_type: ClassVar[str] = "collaboration.document_viewed.v1"

    contact_id: str
    count: int
    first: bool

    @classmethod
    def example(cls) -> Self:
        contact = "con_01k9v0000000000000000000ae"
        return cls.model_validate(_ESTIMATE | {"contact_id": contact, "count": 1, "first": True})


class DocumentForwardedV1(AboutDocument):
    """A contact sent a document on to somebody, who becomes a contact without access and gets the PDF by mail."""

    event_type: ClassVar[str] = "collaboration.document_forwarded.v1"

    forward_id: str
    forwarded_by: str
    recipient_name: str
    recipient_email: str
    message: str

    @classmethod
    def example(cls) -> Self:
        return cls.model_validate(
            _ESTIMATE
            | {
                "forward_id": "fwd_01k9v0000000000000000000af",
                "forwarded_by": "con_01k9v0000000000000000000ae",
                "recipient_name": "Ada Byron",
                "recipient_email": "ada@client.example",
                "message": "Please have a look.",
            }
        )


PUBLISHED = (CommentAddedV1, DocumentViewedV1, DocumentForwardedV1)


def _about(event: CommentAdded | DocumentViewed | DocumentForwarded) -> dict[str, str | None]:
    document = event.document
    return {
        "organisation_id": document.organisation_id,
        "document_id": document.id,
        "document_type": document.type.value,
        "document_number": document.number,
        "customer_id": document.customer_id,
    }


def _comment_added(event: CommentAdded) -> Published:
    fields = ("comment_id", "author_id", "author_kind", "visibility", "excerpt")
    return CommentAddedV1.model_validate(_about(event) | {name: getattr(event, name) for name in fields})


def _document_viewed(event: DocumentViewed) -> Published:
    seen = {"contact_id": event.contact_id, "count": event.count, "first": event.count == 1}
    return DocumentViewedV1.model_validate(_about(event) | seen)


def _document_forwarded(event: DocumentForwarded) -> Published:
    fields = ("forward_id", "forwarded_by", "recipient_name", "recipient_email", "message")
    return DocumentForwardedV1.model_validate(_about(event) | {name: getattr(event, name) for name in fields})


LANGUAGE = PublishedLanguage(
    "collaboration",
    {CommentAdded: _comment_added, DocumentViewed: _document_viewed, DocumentForwarded: _document_forwarded},
)
