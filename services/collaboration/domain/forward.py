"""Forwards: a client sends a document on to somebody, who becomes a contact of the client without access."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from chassis.kernel import AggregateRoot, NotFound, Principal
from chassis.text import free_text
from services.collaboration.domain.document import DocumentType, KnownDocument
from services.collaboration.domain.errors import ForwardingNotAllowed, OnlyClientsForward
from services.collaboration.domain.events import DocumentForwarded
from services.collaboration.domain.text import checked_email

NAME_LIMIT = 200
MESSAGE_LIMIT = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody outside: a name, an e-mail address, and what to tell them."""

    name: str
    email: str
    message: str = ""


@dataclass(kw_only=True, eq=False)
class Forward(AggregateRoot):
    """One document sent on to one person."""

    document_id: str
    document_type: DocumentType
    customer_id: str
    forwarded_by: str
    recipient_name: str
    recipient_email: str
    message: str
    forwarded_at: datetime

    @classmethod
    def send(
        cls,
        forward_id: str,
        document: KnownDocument,
        recipient: Recipient,
        *,
        by: Principal,
        allowed: bool,
        now: datetime,
    ) -> Self:
        """Return a new forward. `allowed` is the organisation's setting.

        Raises:
            OnlyClientsForward: when staff ask.
            NotFound: when the contact may not see the document.
            ForwardingNotAllowed: when the organisation has switched it off.
            InvalidInput: when name, address or message cannot be taken.
        """
        if not by.is_contact:
            raise OnlyClientsForward
        if not document.is_visible_to(by):
            raise NotFound("document", field=("documentId",))
        if not allowed:
            raise ForwardingNotAllowed
        forward = cls(
            id=forward_id,
            organisation_id=document.organisation_id,
            document_id=document.id,
            document_type=document.type,
            customer_id=document.customer_id,
            forwarded_by=by.id,
            recipient_name=free_text(recipient.name, NAME_LIMIT, "recipientName", required=True),
            recipient_email=checked_email(recipient.email, "recipientEmail"),
            message=free_text(recipient.message, MESSAGE_LIMIT, "message", multiline=True),
            forwarded_at=now,
        )
        forward.record(forward._event(document, now))
        return forward

    def _event(self, document: KnownDocument, now: datetime) -> DocumentForwarded:
        return DocumentForwarded(
            occurred_at=now,
            document=document,
            forward_id=self.id,
            forwarded_by=self.forwarded_by,
            recipient_name=self.recipient_name,
            recipient_email=self.recipient_email,
            message=self.message,
        )
