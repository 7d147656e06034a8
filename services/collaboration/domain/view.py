"""Views: when a contact opened a document in the portal, first, last and how often.

One aggregate per (document, contact), with an id derived from both. Reloads within `SAME_VISIT` are one visit.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from chassis.kernel import AggregateRoot, NotFound, Principal, id_from_bits
from services.collaboration.domain.document import DocumentType, KnownDocument
from services.collaboration.domain.errors import OnlyClientsView
from services.collaboration.domain.events import DocumentViewed

SAME_VISIT = timedelta(minutes=5)


@dataclass(kw_only=True, eq=False)
class View(AggregateRoot):
    """How one contact has seen one document."""

    document_id: str
    document_type: DocumentType
    customer_id: str
    contact_id: str
    first_viewed_at: datetime
    last_viewed_at: datetime
    count: int

    @classmethod
    def id_of(cls, document_id: str, contact_id: str) -> str:
        """Return the id of the one view of this document by this contact."""
        digest = hashlib.sha256(f"{document_id}/{contact_id}".encode()).digest()
        return id_from_bits("viw", int.from_bytes(digest[:16]))

    @classmethod
    def open(cls, document: KnownDocument, *, by: Principal, now: datetime) -> Self:
        """Return the first view.

        Raises:
            OnlyClientsView: when staff look.
            NotFound: when the contact may not see the document.
        """
        may_view(document, by)
        view = cls(
            id=cls.id_of(document.id, by.id),
            organisation_id=document.organisation_id,
            document_id=document.id,
            document_type=document.type,
            customer_id=document.customer_id,
            contact_id=by.id,
            first_viewed_at=now,
            last_viewed_at=now,
            count=1,
        )
        view._tell(document, now)
        return view

    def again(self, document: KnownDocument, *, now: datetime) -> None:
        """Note another look; only one that begins a new visit counts."""
        if now <= self.last_viewed_at:
            return
        if now - self.last_viewed_at > SAME_VISIT:
            self.count += 1
            self._tell(document, now)
        self.last_viewed_at = now

    def _tell(self, document: KnownDocument, now: datetime) -> None:
        self.record(
            DocumentViewed(
                occurred_at=now,
                document=document,
                view_id=self.id,
                contact_id=self.contact_id,
                count=self.count,
            )
        )


def may_view(document: KnownDocument, by: Principal) -> None:
    """Refuse whoever cannot mark this document as viewed.

    Raises:
        OnlyClientsView: when staff look.
        NotFound: when the contact may not see the document.
    """
    if not by.is_contact:
        raise OnlyClientsView
    if not document.is_visible_to(by):
        raise NotFound("document", field=("documentId",))
