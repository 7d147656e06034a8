"""The inputs and payloads of the mutations."""

import strawberry

from services.chassis.graphql.types import ERRORS, KEY
from services.collaboration.api.errors import UserError
from services.collaboration.api.types import Comment, Document, DocumentView, Forward


@strawberry.input(description="A comment to write.")
class AddCommentInput:
    """Input of `addComment`."""

    document_id: strawberry.ID = strawberry.field(description="The estimate or invoice.")
    text: str = strawberry.field(description="Plain text, at most 5,000 characters.")
    display_in_portal: bool = strawberry.field(
        default=False, description="For staff: whether the client may read it. What contacts write is always shown."
    )
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type(description="The outcome of `addComment`.")
class AddCommentPayload:
    """Payload of `addComment`."""

    comment: Comment | None = strawberry.field(default=None, description="The comment; null when it was refused.")
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.input(description="A document that a contact has on screen.")
class RecordDocumentViewInput:
    """Input of `recordDocumentView`."""

    document_id: strawberry.ID = strawberry.field(description="The estimate or invoice.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type(description="The outcome of `recordDocumentView`.")
class RecordDocumentViewPayload:
    """Payload of `recordDocumentView`."""

    view: DocumentView | None = strawberry.field(default=None, description="The caller's own view of the document.")
    document: Document | None = strawberry.field(default=None, description="The document.")
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.input(description="A document to send on, and to whom.")
class ForwardDocumentInput:
    """Input of `forwardDocument`."""

    document_id: strawberry.ID = strawberry.field(description="The estimate or invoice.")
    recipient_name: str = strawberry.field(description="The person's name, at most 200 characters.")
    recipient_email: str = strawberry.field(description="One e-mail address.")
    message: str = strawberry.field(default="", description="What to tell the person, at most 2,000 characters.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type(description="The outcome of `forwardDocument`.")
class ForwardDocumentPayload:
    """Payload of `forwardDocument`."""

    forward: Forward | None = strawberry.field(default=None, description="The forward; null when it was refused.")
    user_errors: list[UserError] = strawberry.field(description=ERRORS)
