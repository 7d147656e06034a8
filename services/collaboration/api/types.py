"""The types of the subgraph. `Invoice` and `Estimate` are billing's, `StaffMember` and `Contact` identity's."""

from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Self

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet
from strawberry.types import Info

from services.chassis.graphql.context import Context
from services.chassis.graphql.types import After, Connection, First, connection, named, page_request
from services.chassis.left_out import shown, shown_page
from services.collaboration.api import loading
from services.collaboration.application import Application
from services.collaboration.domain import comment, forward, view
from services.collaboration.domain.comment import Visibility
from services.collaboration.domain.document import DocumentType

STUB = Key(fields=FieldSet("id"), resolvable=False)
AppInfo = Info[Context[Application], Any]


@strawberry.enum(description="Who may read a comment.")
class CommentVisibility(Enum):
    """`Visibility` with descriptions."""

    INTERNAL = strawberry.enum_value(Visibility.INTERNAL.value, description="Staff only.")
    PORTAL = strawberry.enum_value(Visibility.PORTAL.value, description="Staff, and the contacts of the client.")


@strawberry.interface(description="A person: a member of staff or a contact of a client company.")
class Person:
    """A stub of identity's interface."""

    id: strawberry.ID = strawberry.field(description="The id, `stf_…` or `con_…`.")


@strawberry.federation.type(keys=[STUB], description="A member of staff.")
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

    id: strawberry.ID = strawberry.field(description="The id, `est_…` or `inv_…`.")

    @strawberry.field(
        description="The discussion, oldest first. Contacts see only comments that are shown in the portal."
    )
    async def comments(
        self, info: AppInfo, first: First = 20, after: After = None
    ) -> Connection[Annotated["Comment", strawberry.lazy("services.collaboration.api.types")]] | None:
        by, request = info.context.acting(), page_request(first, after)
        page = await info.context.app.queries.comments_about(by, self.id, request)
        return connection(shown_page(page, Comment.of), request, lambda: loading.comment_count(info.context, self.id))

    @strawberry.field(
        description="Which contacts have opened the document in the portal, earliest first. "
        "For staff; null for contacts, and never changed by a query, a PDF or a print view."
    )
    async def views(
        self, info: AppInfo
    ) -> list[Annotated["DocumentView", strawberry.lazy("services.collaboration.api.types")]] | None:
        if info.context.acting().is_contact:
            return None
        return shown(await loading.views(info.context, self.id), DocumentView.of)

    @strawberry.field(description="To whom contacts have sent the document on, earliest first.")
    async def forwards(
        self, info: AppInfo
    ) -> list[Annotated["Forward", strawberry.lazy("services.collaboration.api.types")]] | None:
        return shown(await loading.forwards(info.context, self.id), Forward.of)

    @classmethod
    async def resolve_reference(cls, info: AppInfo, id: strawberry.ID) -> Self | None:
        """Return the document when the caller may see it; outsiders get null, as for one that does not exist."""
        return cls(id=id) if await loading.document(info.context, id) else None


@strawberry.federation.type(keys=["id"], description="An invoice, as billing knows it, with its discussion.")
class Invoice(Document):
    """Billing's entity."""


@strawberry.federation.type(keys=["id"], description="An estimate, as billing knows it, with its discussion.")
class Estimate(Document):
    """Billing's entity."""


def document(document_id: str) -> Document:
    """Return the entity of a document by the id's prefix."""
    kind = Estimate if DocumentType.of(document_id) is DocumentType.ESTIMATE else Invoice
    return kind(id=strawberry.ID(document_id))


@strawberry.federation.type(keys=["id"], description="One contribution to the discussion of a document.")
class Comment:
    """A comment."""

    id: strawberry.ID = strawberry.field(description="The id, `com_…`.")
    text: str = strawberry.field(description="What was written: plain text, lines ended by a line feed.")
    visibility: CommentVisibility = strawberry.field(description="Who may read it.")
    author: Person | None = strawberry.field(description="Who wrote it.")
    written_at: datetime = strawberry.field(description="When it was written.")
    document: Document | None = strawberry.field(description="What it is about.")

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
        return cls.of(await info.context.app.queries.comment(info.context.acting(), id))


@strawberry.type(description="How one contact has seen a document in the portal.")
class DocumentView:
    """A view."""

    contact: Contact | None = strawberry.field(description="Who looked.")
    first_viewed_at: datetime = strawberry.field(description="When for the first time.")
    last_viewed_at: datetime = strawberry.field(description="When for the last time.")
    count: int = strawberry.field(description="How many visits; looks within five minutes are one visit.")

    @classmethod
    def of(cls, item: view.View) -> Self:
        """Return the view as the API shows it."""
        return cls(
            contact=Contact(id=strawberry.ID(item.contact_id)),
            first_viewed_at=item.first_viewed_at,
            last_viewed_at=item.last_viewed_at,
            count=item.count,
        )


@strawberry.type(description="A document that a contact has sent on to somebody.")
class Forward:
    """A forward."""

    id: strawberry.ID = strawberry.field(description="The id, `fwd_…`.")
    document: Document | None = strawberry.field(description="What was sent on.")
    forwarded_by: Person | None = strawberry.field(description="Who sent it on.")
    recipient_name: str = strawberry.field(description="The name of the person who got it.")
    recipient_email: str = strawberry.field(description="The address to which the mail with the PDF goes.")
    message: str = strawberry.field(description="What was written to go with it; may be empty.")
    forwarded_at: datetime = strawberry.field(description="When it was sent on.")

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
