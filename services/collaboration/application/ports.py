"""What the use cases need from outside."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from chassis.erasing import Held, Whose
from chassis.kernel import Principal
from services.collaboration.domain.document import KnownDocument, PortalRules


class DocumentStore(Protocol):
    """What we were told of billing's documents, by its events."""

    async def find(self, organisation_id: str, document_ids: Sequence[str]) -> dict[str, KnownDocument]:
        """Return those of the documents that we know, by id."""
        ...

    async def note(self, document_id: str, sequence: int, fields: dict[str, object]) -> None:
        """Merge what an event says, unless a later event of the document was noted before."""
        ...


class DocumentSource(Protocol):
    """The owner of documents, asked before anything is refused because of one."""

    async def fetch(self, organisation_id: str, document_ids: Sequence[str]) -> list[tuple[int, KnownDocument]]:
        """Return those of the documents that this organisation has, as they are now, each with the sequence of its
        latest news. Raises DirectoryUnavailable when billing does not answer."""
        ...


class PortalStore(Protocol):
    """What we were told of portal settings, by identity's events."""

    async def rules(self, organisation_id: str) -> PortalRules:
        """Return what this organisation allows its clients."""
        ...

    async def note(self, organisation_id: str, sequence: int, fields: dict[str, object]) -> None:
        """Merge what an event says, unless a later one was noted before."""
        ...


class PortalSource(Protocol):
    """The owner of portal settings, asked before anything is refused because of them."""

    async def fetch(self, organisation_id: str) -> tuple[int, PortalRules] | None:
        """Return what this organisation allows its clients now, with the sequence of its latest news; None when it has
        no portal. Raises DirectoryUnavailable when identity does not answer."""
        ...


class Allowance(Protocol):
    """Counts what somebody does within a window of time, exactly, also when asked at once."""

    async def take(self, by: Principal, what: str, limit: int, window: timedelta, now: datetime) -> bool:
        """Use up one of `limit`; False when there is none left in this window."""
        ...


class CommentFeed(Protocol):
    """Tells of new comments while somebody listens."""

    def comment_ids(
        self, document_id: str, missed: Callable[[], Awaitable[Sequence[str]]] | None = None
    ) -> AsyncIterator[str]:
        """Yield the id of each comment that is added to the document from now on, after those that `missed` returns."""
        ...


class Personal(Protocol):
    """What is held of a contact."""

    async def held(self, of: Whose) -> Sequence[Held]:
        """Return all of it."""
        ...


class Erased(Protocol):
    """Who was erased."""

    async def done_at(self, contact_id: str) -> datetime | None:
        """Return when all was done here; None before that."""
        ...


class EndedSessions(Protocol):
    """Knows which sessions have ended."""

    def has_ended(self, principal: Principal, issued_at: datetime) -> bool:
        """Tell whether the principal's session has ended, or all of its sessions since `issued_at`."""
        ...
