"""What collaboration knows of a document of billing's: whose it is, and whether the client may see it."""

from dataclasses import dataclass

from chassis.kernel import Principal, Role, WrongIdKind
from chassis.words import Word


class DocumentType(Word):
    """The two kinds of documents that people discuss."""

    ESTIMATE = "estimate"
    INVOICE = "invoice"

    @classmethod
    def of(cls, document_id: str) -> "DocumentType":
        """Return the type that an id tells by its prefix.

        Raises:
            WrongIdKind: for an id of something else.
        """
        match document_id[:4]:
            case "est_":
                return cls.ESTIMATE
            case "inv_":
                return cls.INVOICE
            case _:
                raise WrongIdKind("inv", "documentId")


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalRules:
    """What the organisation allows its clients: everything, until its settings say otherwise."""

    forwarding_allowed: bool = True
    document_types: tuple[DocumentType, ...] = tuple(DocumentType)

    def as_fields(self) -> dict[str, object]:
        """Return them as they are kept."""
        return {
            "forwarding_allowed": self.forwarding_allowed,
            "document_types": [kind.value for kind in self.document_types],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDocument:
    """A document as billing last told us. `sent` stays true from the first sending on; a draft has no number.

    What we were told last may be late, so that it refuses nothing by itself (`application/documents.py`).
    """

    id: str
    organisation_id: str
    customer_id: str
    type: DocumentType
    number: str | None = None
    sent: bool = False

    def as_fields(self) -> dict[str, object]:
        """Return all but the id as it is kept."""
        return {
            "organisation_id": self.organisation_id,
            "customer_id": self.customer_id,
            "type": self.type.value,
            "number": self.number,
            "sent": self.sent,
        }

    def is_visible_to(self, by: Principal) -> bool:
        """Tell whether the principal may know of this document: staff of the organisation, contacts once sent."""
        if by.organisation_id != self.organisation_id:
            return False
        if by.role is Role.CONTACT:
            return self.sent and by.customer_id == self.customer_id
        return True

    def may_have_come_to(self, by: Principal) -> bool:
        """Tell whether a principal that may not see it as it is known here may see it by now.

        A draft can be rewritten for another client company and sent; once it was sent, its company is fixed.
        """
        return by.organisation_id == self.organisation_id and not self.sent
