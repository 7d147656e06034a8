"""Comments, views and forwards in MongoDB. Every query carries the principal's scope."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from chassis.cloudevents import PublishedLanguage
from chassis.kernel import AggregateRoot, Page, PageRequest, Principal
from chassis.mongo.applied import STATE_ONLY
from chassis.mongo.client import Database, Document, aggregated
from chassis.mongo.documents import to_aggregate
from chassis.mongo.indexes import Index, outbox_index
from chassis.mongo.paging import Listing, listed_page
from chassis.mongo.reading import all_readable
from chassis.mongo.repository import MongoRepository, scope_of
from services.collaboration.domain.comment import Comment, Visibility
from services.collaboration.domain.forward import Forward
from services.collaboration.domain.view import View

Committed = Callable[[], None]
A = TypeVar("A", bound=AggregateRoot)
_ORDER = {"comments": "written_at", "views": "first_viewed_at", "forwards": "forwarded_at"}

INDEXES = tuple(
    index
    for collection, order in _ORDER.items()
    for index in (
        outbox_index(collection),
        Index(
            collection,
            (("organisation_id", 1), ("document_id", 1), (order, 1), ("_id", 1)),
            {"name": "by_document"},
        ),
    )
)


def comment_scope(by: Principal) -> Document:
    """Return the scope of comments: a contact finds only what is shown in the portal."""
    return scope_of(by) | ({"visibility": Visibility.PORTAL.value} if by.is_contact else {})


class MongoComments(MongoRepository[Comment]):
    """Implements `Comments`."""

    def __init__(self, database: Database, language: PublishedLanguage, committed: Committed = lambda: None) -> None:
        collection = database["comments"]
        super().__init__(collection, Comment, language, what="comment", scope=comment_scope, committed=committed)

    async def about(self, by: Principal, document_id: str, request: PageRequest) -> Page[Comment]:
        """Return a page of a document's comments, oldest first."""
        oldest_first = Listing(
            match={"organisation_id": by.organisation_id, "document_id": document_id},
            where=comment_scope(by),
            sort_field="written_at",
            descending=False,
        )
        return self.read_page(await listed_page(self.collection, oldest_first, request))

    async def count(self, by: Principal, document_ids: Sequence[str]) -> dict[str, int]:
        """Return how many comments each of these documents has; absent means none."""
        about = {"organisation_id": by.organisation_id, "document_id": {"$in": list(document_ids)}}
        group = {"$group": {"_id": "$document_id", "n": {"$sum": 1}}}
        pipeline = [{"$match": about}, {"$match": comment_scope(by)}, group]
        grouped = aggregated(self.collection, pipeline)
        return {row["_id"]: row["n"] async for row in grouped}


class MongoViews(MongoRepository[View]):
    """Implements `Views`."""

    def __init__(self, database: Database, language: PublishedLanguage, committed: Committed = lambda: None) -> None:
        super().__init__(database["views"], View, language, what="view", committed=committed)

    async def about(self, by: Principal, document_ids: Sequence[str]) -> dict[str, list[View]]:
        """Return the views of each of these documents, earliest first; absent means none."""
        return await _by_document(self, View, by, document_ids)


class MongoForwards(MongoRepository[Forward]):
    """Implements `Forwards`."""

    def __init__(self, database: Database, language: PublishedLanguage, committed: Committed = lambda: None) -> None:
        super().__init__(database["forwards"], Forward, language, what="forward", committed=committed)

    async def about(self, by: Principal, document_ids: Sequence[str]) -> dict[str, list[Forward]]:
        """Return the forwards of each of these documents, earliest first; absent means none."""
        return await _by_document(self, Forward, by, document_ids)


async def _by_document(
    repository: MongoRepository[A], kind: type[A], by: Principal, document_ids: Sequence[str]
) -> dict[str, list[A]]:
    about = {"organisation_id": by.organisation_id, "document_id": {"$in": list(document_ids)}}
    order = {_ORDER[repository.collection.name]: 1}
    steps: list[Document] = [{"$match": about}, {"$match": scope_of(by)}, {"$sort": order}, {"$project": STATE_ONLY}]
    found: dict[str, list[A]] = {}
    rows = aggregated(repository.collection, steps)
    for document_id, one in await all_readable(
        repository.collection.name, rows, lambda row: (row["document_id"], to_aggregate(kind, row))
    ):
        found.setdefault(document_id, []).append(one)
    return found
