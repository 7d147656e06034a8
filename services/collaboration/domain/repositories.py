"""Where comments, views and forwards are kept. Every method is scoped by the principal; contacts see portal only."""

from collections.abc import Callable, Sequence
from typing import Protocol

from chassis.kernel import Page, PageRequest, Principal
from services.collaboration.domain.comment import Comment
from services.collaboration.domain.forward import Forward
from services.collaboration.domain.view import View


class Comments(Protocol):
    """All comments; a contact finds only visible ones about documents of its own client company."""

    async def add(self, aggregate: Comment) -> None:
        """Store a new comment. Raises AlreadyExists when its id is taken."""
        ...

    async def get(self, by: Principal, aggregate_id: str) -> Comment:
        """Return one comment. Raises NotFound."""
        ...

    async def about(self, by: Principal, document_id: str, request: PageRequest) -> Page[Comment]:
        """Return a page of a document's comments, oldest first."""
        ...

    async def count(self, by: Principal, document_ids: Sequence[str]) -> dict[str, int]:
        """Return how many comments each of these documents has; absent means none."""
        ...


class Views(Protocol):
    """All views."""

    async def add(self, aggregate: View) -> None:
        """Store a first view. Raises AlreadyExists when this contact has seen this document."""
        ...

    async def update(self, by: Principal, aggregate_id: str, change: Callable[[View], None]) -> View:
        """Load, change and save. Raises NotFound, ConcurrentUpdate."""
        ...

    async def get(self, by: Principal, aggregate_id: str) -> View:
        """Return one view. Raises NotFound."""
        ...

    async def about(self, by: Principal, document_ids: Sequence[str]) -> dict[str, list[View]]:
        """Return the views of each of these documents, earliest first; absent means none."""
        ...


class Forwards(Protocol):
    """All forwards."""

    async def add(self, aggregate: Forward) -> None:
        """Store a new forward. Raises AlreadyExists when its id is taken."""
        ...

    async def get(self, by: Principal, aggregate_id: str) -> Forward:
        """Return one forward. Raises NotFound."""
        ...

    async def about(self, by: Principal, document_ids: Sequence[str]) -> dict[str, list[Forward]]:
        """Return the forwards of each of these documents, earliest first; absent means none."""
        ...
