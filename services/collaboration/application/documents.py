"""Which documents a principal may discuss: from what events told us, and once from billing when they are late."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.kernel import NotFound, Principal, require_id
from services.collaboration.application.ports import DocumentSource, DocumentStore, PortalStore
from services.collaboration.domain.document import DocumentType, KnownDocument

_PREFIXES = {DocumentType.ESTIMATE: "est", DocumentType.INVOICE: "inv"}


@dataclass(frozen=True, slots=True)
class Documents:
    """Finds documents for a principal, so that who has just sent one can discuss it at once."""

    store: DocumentStore
    source: DocumentSource
    portals: PortalStore

    async def get(self, by: Principal, document_id: str) -> KnownDocument:
        """Return a document that the principal may see.

        Raises:
            WrongIdKind: when the id is none of a document.
            NotFound: when there is none, or it is not for this principal.
        """
        require_id(document_id, _PREFIXES[DocumentType.of(document_id)], "documentId")
        document = (await self.find(by, [document_id])).get(document_id)
        if document is None:
            raise NotFound("document", field=("documentId",))
        return document

    async def find(self, by: Principal, document_ids: Sequence[str]) -> dict[str, KnownDocument]:
        """Return those of the documents that the principal may see, by id."""
        known = await self.store.find(by.organisation_id, document_ids)
        late = [one for one in dict.fromkeys(document_ids) if _may_be_late(known.get(one), by)]
        fetched = await asyncio.gather(*(self.source.fetch(by.organisation_id, one) for one in late))
        known |= {document.id: document for document in fetched if document}
        shown = {key: document for key, document in known.items() if document.is_visible_to(by)}
        if not by.is_contact:
            return shown
        types = (await self.portals.rules(by.organisation_id)).document_types
        return {key: document for key, document in shown.items() if document.type in types}


def _may_be_late(document: KnownDocument | None, by: Principal) -> bool:
    return document is None or (document.concerns(by) and not document.is_visible_to(by))
