"""Queries, mutations and the subscription of the subgraph."""

from collections.abc import AsyncGenerator, Mapping
from typing import Annotated, Any

import strawberry

from chassis.graphql.idempotency import Seed, of_kind
from chassis.graphql.schema import SubgraphSchema
from chassis.graphql.types import Span, page_request
from chassis.graphql.wording import MUTATIONS, QUERIES, SUBSCRIPTIONS, given
from chassis.kernel import id_from_bits
from chassis.left_out import shown
from services.collaboration.api.errors import DECISIONS, DECLARED
from services.collaboration.api.inputs import (
    AddCommentInput,
    AddCommentPayload,
    ForwardDocumentInput,
    ForwardDocumentPayload,
    RecordDocumentViewInput,
    RecordDocumentViewPayload,
)
from services.collaboration.api.personal import PersonalData
from services.collaboration.api.types import (
    AppInfo,
    Comment,
    Contact,
    DocumentView,
    Estimate,
    Forward,
    Invoice,
    StaffMember,
    document,
)
from services.collaboration.application.commands.add_comment import AddComment
from services.collaboration.application.commands.forward_document import ForwardDocument
from services.collaboration.application.commands.record_document_view import RecordDocumentView
from services.collaboration.domain.forward import Recipient
from services.collaboration.domain.view import View


@strawberry.type(description=QUERIES)
class Query:
    """Queries; none of them marks a document as viewed."""

    @strawberry.field(description="A comment, if the caller may see it.")
    async def comment(
        self, info: AppInfo, id: Annotated[strawberry.ID, strawberry.argument(description="The ID, `com_…`.")]
    ) -> Comment | None:
        return Comment.of(await info.context.app.queries.discussion.comment(info.context.acting(), id))


@strawberry.type(description=MUTATIONS)
class Mutation:
    """Mutations."""

    @strawberry.mutation(
        description="Add a comment to an estimate or invoice. A comment by staff is internal unless "
        "`displayInPortal` is set. Requires the owner, accountant or contact role."
    )
    async def add_comment(
        self, info: AppInfo, input: Annotated[AddCommentInput, given("addComment")]
    ) -> AddCommentPayload:
        by, app = info.context.acting(), info.context.app

        async def work(seed: Seed) -> str:
            comment_id = id_from_bits("com", seed.bits)
            command = AddComment(comment_id, input.document_id, input.text, input.display_in_portal)
            return (await app.commands.add_comment(command, by=by)).id

        async def show(comment_id: str) -> Mapping[str, Any]:
            return {"comment": Comment.of(await app.queries.discussion.comment(by, comment_id))}

        return await DECISIONS.decide_once(info, input, AddCommentPayload, work, show, of_kind("com"))

    @strawberry.mutation(
        description="Mark a document as viewed, when a contact has opened it (contacts only). Staff see who viewed "
        "it, when and how often; views within five minutes count once."
    )
    async def record_document_view(
        self, info: AppInfo, input: Annotated[RecordDocumentViewInput, given("recordDocumentView")]
    ) -> RecordDocumentViewPayload:
        by, app = info.context.acting(), info.context.app

        async def work(_: Seed) -> str:
            return (await app.commands.record_document_view(RecordDocumentView(input.document_id), by=by)).id

        async def show(view_id: str) -> Mapping[str, Any]:
            view: View = await app.queries.discussion.views.get(by, view_id)
            return {"view": DocumentView.of(view), "document": document(view.document_id)}

        return await DECISIONS.decide_once(info, input, RecordDocumentViewPayload, work, show)

    @strawberry.mutation(
        description="Forward a document to somebody (contacts only), if the portal allows it. The recipient gets an "
        "e-mail with the PDF and becomes a contact of the client company without portal access."
    )
    async def forward_document(
        self, info: AppInfo, input: Annotated[ForwardDocumentInput, given("forwardDocument")]
    ) -> ForwardDocumentPayload:
        by, app = info.context.acting(), info.context.app

        async def work(seed: Seed) -> str:
            recipient = Recipient(name=input.recipient_name, email=input.recipient_email, message=input.message)
            command = ForwardDocument(id_from_bits("fwd", seed.bits), input.document_id, recipient)
            return (await app.commands.forward_document(command, by=by)).id

        async def show(forward_id: str) -> Mapping[str, Any]:
            return {"forward": Forward.of(await app.queries.discussion.forwards.get(by, forward_id))}

        return await DECISIONS.decide_once(info, input, ForwardDocumentPayload, work, show, of_kind("fwd"))


@strawberry.type(description=SUBSCRIPTIONS)
class Subscription:
    """Subscriptions."""

    @strawberry.subscription(description="Each comment that is added to a document, if the caller may see it.")
    async def comment_added(
        self,
        info: AppInfo,
        document_id: Annotated[
            strawberry.ID, strawberry.argument(description="The estimate or invoice, `est_…` or `inv_…`.")
        ],
        after: Annotated[
            str | None,
            strawberry.argument(
                description="The `endCursor` of the comments that were read: what was added since then comes first, "
                "and may come twice. By default only what is added from now on."
            ),
        ] = None,
    ) -> AsyncGenerator[Comment, None]:
        by, seen = info.context.acting(), page_request(Span(100, after), "comments")
        async for comment in info.context.app.queries.new_comments.about(by, document_id, seen):
            for one in shown([comment], Comment.of):
                yield one


SCHEMA = SubgraphSchema(
    declared=DECLARED,
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[Invoice, Estimate, StaffMember, Contact, Comment, PersonalData],
)
