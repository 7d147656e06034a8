"""The inputs and payloads of the mutations."""

import strawberry

from chassis.graphql.wording import ERRORS, KEY
from services.collaboration.api.errors import UserError
from services.collaboration.api.types import Comment, Document, DocumentView, Forward


@strawberry.input(description="A comment to add.")
class AddCommentInput:
    """Input of `addComment`."""

    document_id: strawberry.ID = strawberry.field(description="The estimate or invoice, `est_…` or `inv_…`.")
    text: str = strawberry.field(description="The comment as plain text, at most 5,000 characters.")
    display_in_portal: bool = strawberry.field(
        default=False,
        description="Whether the client may read a comment by staff. Comments by contacts are always shown.",
    )
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type(description="The outcome of `addComment`.")
class AddCommentPayload:
    """Payload of `addComment`."""

    comment: Comment | None = strawberry.field(
        default=None, description="The comment; null if the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.input(description="A document that a contact has opened.")
class RecordDocumentViewInput:
    """Input of `recordDocumentView`."""

    document_id: strawberry.ID = strawberry.field(description="The estimate or invoice, `est_…` or `inv_…`.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type(description="The outcome of `recordDocumentView`.")
class RecordDocumentViewPayload:
    """Payload of `recordDocumentView`."""

    view: DocumentView | None = strawberry.field(
        default=None, description="The caller's view of the document; null if the request was refused."
    )
    document: Document | None = strawberry.field(
        default=None, description="The document; null if the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.input(description="A document to forward, and the recipient.")
class ForwardDocumentInput:
    """Input of `forwardDocument`."""

    document_id: strawberry.ID = strawberry.field(description="The estimate or invoice, `est_…` or `inv_…`.")
    recipient_name: str = strawberry.field(description="The name of the recipient, at most 200 characters.")
    recipient_email: str = strawberry.field(description="The e-mail address.")
    message: str = strawberry.field(default="", description="A message to the recipient, at most 2,000 characters.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type(description="The outcome of `forwardDocument`.")
class ForwardDocumentPayload:
    """Payload of `forwardDocument`."""

    forward: Forward | None = strawberry.field(
        default=None, description="The forward; null if the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)
