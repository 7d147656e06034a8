"""The types of the subgraph. `Invoice` and `Estimate` are billing's, `StaffMember` and `Contact` identity's."""

from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Self

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet
from strawberry.types import Info

from chassis.graphql.context import Context
from chassis.graphql.types import (
    USUAL_ROWS,
    After,
    Before,
    Connection,
    First,
    Last,
    Span,
    connection,
    named,
    page_request,
)
from chassis.left_out import shown, shown_page
from services.collaboration.api import loading
from services.collaboration.application import Application
from services.collaboration.domain import comment, forward, view
from services.collaboration.domain.comment import Visibility
from services.collaboration.domain.document import DocumentType

STUB = Key(fields=FieldSet("id"), resolvable=False)
AppInfo = Info[Context[Application], Any]


@strawberry.enum(description="The audience of a comment.")
class CommentVisibility(Enum):
    """`Visibility` with descriptions."""

    INTERNAL = strawberry.enum_value(Visibility.INTERNAL.value, description="Only staff can read the comment.")
    PORTAL = strawberry.enum_value(
        Visibility.PORTAL.value, description="Staff and the contacts of the client company can read the comment."
    )


@strawberry.interface(description="A person: a member of staff or a contact of a client company.")
class Person:
    """A stub of identity's interface."""

    id: strawberry.ID = strawberry.field(description="The ID: `con_…` for contacts, `stf_…` for staff.")


@strawberry.federation.type(
    keys=[STUB], description="A member of staff. Contacts see the name only; all other fields are null for them."
)
class StaffMember(Person):
    """A stub of identity's entity."""


@strawberry.federation.type(keys=[STUB], description="A contact person of a client company.")
class Contact(Person):
    """A stub of identity's entity."""


def person(person_id: str) -> Person:
    """Return the stub of a person by the id's prefix."""
    kind = StaffMember if person_id.startswith("stf_") else Contact
    return kind(id=strawberry.ID(person_id))


@strawberry.interface(description="An estimate or an invoice.")
class Document:
    """What collaboration adds to billing's documents."""

    id: strawberry.ID = strawberry.field(description="The ID, `est_…` or `inv_…`.")

    @strawberry.field(
        description="The comments, oldest first. Contacts see only comments that are shown in the portal."
    )
    async def comments(
        self,
        info: AppInfo,
        first: First = USUAL_ROWS,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Annotated["Comment", strawberry.lazy("services.collaboration.api.types")]] | None:
        by, request = info.context.acting(), page_request(Span(first, after, last, before), "comments")
        page = await info.context.app.queries.discussion.comments_about(by, self.id, request)
        return connection(shown_page(page, Comment.of), request, lambda: loading.comment_count(info.context, self.id))

    @strawberry.field(
        description="The contacts who have opened the document in the portal, earliest first; null for contacts. "
        "Queries, PDF files and print views do not count as views."
    )
    async def views(
        self, info: AppInfo
    ) -> list[Annotated["DocumentView", strawberry.lazy("services.collaboration.api.types")]] | None:
        if info.context.acting().is_contact:
            return None
        return shown(await loading.views(info.context, self.id), DocumentView.of)

    @strawberry.field(description="The forwards of the document by contacts, earliest first.")
    async def forwards(
        self, info: AppInfo
    ) -> list[Annotated["Forward", strawberry.lazy("services.collaboration.api.types")]] | None:
        return shown(await loading.forwards(info.context, self.id), Forward.of)

    @classmethod
    async def resolve_reference(cls, info: AppInfo, id: strawberry.ID) -> Self | None:
        """Return the document when the caller may see it; outsiders get null, as for one that does not exist."""
        return cls(id=id) if await loading.document(info.context, id) else None


@strawberry.federation.type(keys=["id"], description="An invoice.")
class Invoice(Document):
    """Billing's entity."""


@strawberry.federation.type(
    keys=["id"],
    description="An estimate. Clients see the revision that was sent last, even while staff prepare the next one.",
)
class Estimate(Document):
    """Billing's entity."""


def document(document_id: str) -> Document:
    """Return the entity of a document by the id's prefix."""
    kind = Estimate if DocumentType.of(document_id) is DocumentType.ESTIMATE else Invoice
    return kind(id=strawberry.ID(document_id))


@strawberry.federation.type(keys=["id"], description="A comment on a document.")
class Comment:
    """A comment."""

    id: strawberry.ID = strawberry.field(description="The ID, `com_…`.")
    text: str = strawberry.field(description="The comment as plain text, with line feeds between lines.")
    visibility: CommentVisibility = strawberry.field(description="The audience of the comment.")
    author: Person | None = strawberry.field(description="The author of the comment.")
    written_at: datetime = strawberry.field(description="When the comment was added.")
    document: Document | None = strawberry.field(description="The document concerned.")

    @classmethod
    def of(cls, item: comment.Comment) -> Self:
        """Return the comment as the API shows it."""
        return cls(
            id=strawberry.ID(item.id),
            text=item.text,
            visibility=named(CommentVisibility, item.visibility),
            author=person(item.author_id),
            written_at=item.written_at,
            document=document(item.document_id),
        )

    @classmethod
    async def resolve_reference(cls, info: AppInfo, id: strawberry.ID) -> Self:
        """Return the comment when the caller may read it. Raises NotFound."""
        return cls.of(await info.context.app.queries.discussion.comment(info.context.acting(), id))


@strawberry.type(description="The views of a document by one contact.")
class DocumentView:
    """A view."""

    contact: Contact | None = strawberry.field(description="The contact who viewed the document.")
    first_viewed_at: datetime = strawberry.field(description="When the contact first viewed the document.")
    last_viewed_at: datetime = strawberry.field(description="When the contact last viewed the document.")
    count: int = strawberry.field(description="The number of visits; views within five minutes count as one visit.")

    @classmethod
    def of(cls, item: view.View) -> Self:
        """Return the view as the API shows it."""
        return cls(
            contact=Contact(id=strawberry.ID(item.contact_id)),
            first_viewed_at=item.first_viewed_at,
            last_viewed_at=item.last_viewed_at,
            count=item.count,
        )


@strawberry.type(description="A document that a contact has forwarded.")
class Forward:
    """A forward."""

    id: strawberry.ID = strawberry.field(description="The ID, `fwd_…`.")
    document: Document | None = strawberry.field(description="The document that was forwarded.")
    forwarded_by: Person | None = strawberry.field(description="The contact who forwarded the document.")
    recipient_name: str = strawberry.field(description="The name of the recipient.")
    recipient_email: str = strawberry.field(description="The e-mail address of the recipient.")
    message: str = strawberry.field(description="The message to the recipient; may be empty.")
    forwarded_at: datetime = strawberry.field(description="When the document was forwarded.")

    @classmethod
    def of(cls, item: forward.Forward) -> Self:
        """Return the forward as the API shows it."""
        return cls(
            id=strawberry.ID(item.id),
            document=document(item.document_id),
            forwarded_by=person(item.forwarded_by),
            recipient_name=item.recipient_name,
            recipient_email=item.recipient_email,
            message=item.message,
            forwarded_at=item.forwarded_at,
        )
