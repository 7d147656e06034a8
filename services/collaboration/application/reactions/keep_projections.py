"""Remember of others' events what the rules here need."""

from dataclasses import dataclass

from services.collaboration.application.ports import DocumentStore, PortalStore
from services.collaboration.domain.document import DocumentType, PortalRules


@dataclass(frozen=True, slots=True)
class KeepProjections:
    """Stores facts of one subject in order; repeated and stale ones change nothing."""

    documents: DocumentStore
    portals: PortalStore

    async def document_drafted(
        self, document_id: str, sequence: int, *, organisation_id: str, customer_id: str
    ) -> None:
        """Remember whose document it is; the client does not see it yet."""
        await self.documents.note(document_id, sequence, _identity(document_id, organisation_id, customer_id))

    async def document_sent(
        self, document_id: str, sequence: int, *, organisation_id: str, customer_id: str, number: str | None
    ) -> None:
        """Remember the number, and that the client sees the document from now on."""
        fields = _identity(document_id, organisation_id, customer_id) | {"number": number, "sent": True}
        await self.documents.note(document_id, sequence, fields)

    async def portal_set(self, organisation_id: str, sequence: int, rules: PortalRules) -> None:
        """Remember what contacts may see and forward."""
        await self.portals.note(organisation_id, sequence, rules.as_fields())


def _identity(document_id: str, organisation_id: str, customer_id: str) -> dict[str, object]:
    return {
        "organisation_id": organisation_id,
        "customer_id": customer_id,
        "type": DocumentType.of(document_id).value,
    }
