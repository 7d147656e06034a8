"""The events that collaboration publishes: part of its contract. A breaking change is a new version beside the old."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from chassis.cloudevents import Published, PublishedLanguage
from chassis.wire import KNOWN, Email, count, flag, id_of, line, text
from services.collaboration.domain import events
from services.collaboration.domain.events import CommentAdded, DocumentForwarded, DocumentViewed

ContactId = Annotated[str, id_of("The ID of the contact person of the client company.", "con")]

_CLOSED = "A closed list: another value would be a new version of the event."
DocumentKind = Annotated[
    Literal["estimate", "invoice"], Field(title="DocumentKind", description=f"The type of the document. {_CLOSED}")
]
AuthorKind = Annotated[
    Literal["staff", "contact"], Field(title="AuthorKind", description=f"The side of the author. {_CLOSED}")
]
Visibility = Literal["internal", "portal"]


def _audience(told: str) -> Any:
    """Describe the audience of a comment, which is `told` in whatever we publish by this type today."""
    description = f"The audience of the comment. {_CLOSED}"
    return Field(title="Visibility", description=description, json_schema_extra={KNOWN: [told]})


class AboutDocument(Published):
    """The document an event is about; a draft has no number."""

    document_id: Annotated[str, id_of("The ID of the estimate or invoice.", "est", "inv")]
    document_type: DocumentKind
    document_number: Annotated[
        Annotated[str, line("The number of the document.", 50)] | None,
        Field(description="The number of the document, as it is printed; null in a draft."),
    ]
    customer_id: Annotated[str, id_of("The ID of the client company.", "cus")]


class CommentAddedV1(AboutDocument):
    """Somebody commented on a document, for its client to read. What staff write for staff is not told to others.

    Versions before 1.2 of this contract told both: in older events `visibility` may be `internal`.
    """

    event_type: ClassVar[str] = "collaboration.comment_added.v1"
    about: ClassVar[tuple[str, ...]] = ("comment_id",)

    comment_id: Annotated[str, id_of("The ID of the comment.", "com")]
    author_id: Annotated[str, id_of("The ID of the author: a contact or a member of staff.", "con", "stf")]
    author_kind: AuthorKind
    visibility: Annotated[Visibility, _audience("portal")]
    excerpt: Annotated[str, line("The beginning of the comment, on one line.", personal="text")]


class InternalCommentAddedV1(CommentAddedV1):
    """A member of staff commented on a document for colleagues."""

    event_type: ClassVar[str] = "internal.collaboration.comment_added.v1"
    mandatory: ClassVar[bool] = False

    visibility: Annotated[Visibility, _audience("internal")]


class DocumentViewedV1(AboutDocument):
    """A contact opened a document in the portal; `count` visits so far, `first` for the first."""

    event_type: ClassVar[str] = "collaboration.document_viewed.v1"
    about: ClassVar[tuple[str, ...]] = ("view_id",)
    added: ClassVar[frozenset[str]] = frozenset({"view_id"})

    view_id: Annotated[str, id_of("The ID of all visits of this contact to this document.", "viw")]
    contact_id: ContactId
    count: Annotated[int, count("The number of visits so far, this one included.")]
    first: Annotated[bool, flag("Whether it is the first visit.")]


class DocumentForwardedV1(AboutDocument):
    """A contact forwarded a document; the recipient becomes a contact without access and gets the PDF by e-mail."""

    event_type: ClassVar[str] = "collaboration.document_forwarded.v1"
    about: ClassVar[tuple[str, ...]] = ("forward_id",)

    forward_id: Annotated[str, id_of("The ID of the forward.", "fwd")]
    forwarded_by: ContactId
    recipient_name: Annotated[str, line("The name of the recipient.", personal="name")]
    recipient_email: Email
    message: Annotated[
        str, text("The message of the contact to the recipient; empty when the contact wrote nothing.", 2000)
    ]


PUBLISHED = (InternalCommentAddedV1, CommentAddedV1, DocumentViewedV1, DocumentForwardedV1)


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
    model = CommentAddedV1 if event.visibility == "portal" else InternalCommentAddedV1
    return model.model_validate(_about(event) | {name: getattr(event, name) for name in fields})


def _document_viewed(event: DocumentViewed) -> Published:
    seen = {"view_id": event.view_id, "contact_id": event.contact_id, "count": event.count, "first": event.count == 1}
    return DocumentViewedV1.model_validate(_about(event) | seen)


def _document_forwarded(event: DocumentForwarded) -> Published:
    fields = ("forward_id", "forwarded_by", "recipient_name", "recipient_email", "message")
    return DocumentForwardedV1.model_validate(_about(event) | {name: getattr(event, name) for name in fields})


LANGUAGE = PublishedLanguage(
    "collaboration",
    {CommentAdded: _comment_added, DocumentViewed: _document_viewed, DocumentForwarded: _document_forwarded},
    facts=[events],
)
