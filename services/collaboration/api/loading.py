"""Look-ups that many documents of one request share: one question to the database for a whole list."""

from chassis.graphql.context import Context
from services.collaboration.application import Application
from services.collaboration.domain.document import KnownDocument
from services.collaboration.domain.forward import Forward
from services.collaboration.domain.view import View

Asking = Context[Application]


async def document(context: Asking, document_id: str) -> KnownDocument | None:
    """Return the document when the caller may see it."""
    by, queries = context.acting(), context.app.queries.discussion
    return await context.loader("documents", lambda ids: queries.visible_documents(by, ids)).load(document_id)


async def comment_count(context: Asking, document_id: str) -> int:
    """Return how many comments the caller may read."""
    by, queries = context.acting(), context.app.queries.discussion
    return await context.loader("comment counts", lambda ids: queries.comment_counts(by, ids)).load(document_id) or 0


async def views(context: Asking, document_id: str) -> list[View]:
    """Return the document's views."""
    by, queries = context.acting(), context.app.queries.discussion
    return await context.loader("views", lambda ids: queries.views_about(by, ids)).load(document_id) or []


async def forwards(context: Asking, document_id: str) -> list[Forward]:
    """Return the document's forwards."""
    by, queries = context.acting(), context.app.queries.discussion
    return await context.loader("forwards", lambda ids: queries.forwards_about(by, ids)).load(document_id) or []
