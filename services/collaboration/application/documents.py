"""Which documents a principal may discuss: from what events told us, and from their owners before anything is refused.

Events may be late, in any order of services. So whatever they say grants, and only the owner's own answer refuses:
billing's for documents, identity's for the portal's settings. When the owner does not answer, that is what is said.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from chassis.kernel import NotFound, Principal, is_id, require_id
from services.collaboration.application.ports import DocumentSource, DocumentStore, PortalSource, PortalStore
from services.collaboration.domain.document import DocumentType, KnownDocument, PortalRules
from services.collaboration.domain.errors import DirectoryUnavailable, DocumentNotSent, ForwardingNotAllowed

_PREFIXES = {DocumentType.ESTIMATE: "est", DocumentType.INVOICE: "inv"}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Portals:
    """What organisations allow their clients."""

    store: PortalStore
    source: PortalSource

    async def rules(self, organisation_id: str) -> PortalRules:
        """Return the settings as we were told last."""
        return await self.store.rules(organisation_id)

    async def rules_now(self, organisation_id: str) -> PortalRules:
        """Return the settings as identity says at this moment, and keep them. Raises DirectoryUnavailable."""
        asked = await self.source.fetch(organisation_id)
        if asked is None:
            return await self.store.rules(organisation_id)
        sequence, rules = asked
        await self.store.note(organisation_id, sequence, rules.as_fields())
        return rules


@dataclass(frozen=True, slots=True)
class Documents:
    """Finds documents for a principal, so that who has just sent one can discuss it at once."""

    store: DocumentStore
    source: DocumentSource
    portals: Portals

    async def get(self, by: Principal, document_id: str) -> KnownDocument:
        """Return a document that the principal may see.

        Raises:
            WrongIdKind: when the id is none of a document.
            NotFound: when there is none, or it is not for this principal.
            DirectoryUnavailable: when that cannot be told.
        """
        require_id(document_id, _PREFIXES[DocumentType.of(document_id)], "documentId")
        document = (await self.find(by, [document_id])).get(document_id)
        if document is None:
            raise NotFound("document", field=("documentId",))
        return document

    async def decide(self, by: Principal, document_id: str, decide: Callable[[KnownDocument], T]) -> T:
        """Return what a pure decision makes of a document; of one that is not sent it is what billing says now.

        Raises:
            WrongIdKind, NotFound, DirectoryUnavailable: as `get`.
            DomainError: what `decide` raises.
        """
        document = await self.get(by, document_id)
        try:
            return decide(document)
        except DocumentNotSent:
            asked = await self._fetch(by.organisation_id, [document_id])
            return decide(asked.get(document_id, document))

    async def decide_by_rules(
        self, by: Principal, document_id: str, decide: Callable[[KnownDocument, PortalRules], T]
    ) -> T:
        """As `decide`, by the portal's settings as well: what they refuse, they refuse as identity says them now."""
        rules = await self.portals.rules(by.organisation_id)
        try:
            return await self.decide(by, document_id, lambda document: decide(document, rules))
        except ForwardingNotAllowed:
            now = await self.portals.rules_now(by.organisation_id)
            return await self.decide(by, document_id, lambda document: decide(document, now))

    async def find(self, by: Principal, document_ids: Sequence[str]) -> dict[str, KnownDocument]:
        """Return those of the documents that the principal may see, by id. Raises DirectoryUnavailable."""
        found = await self.look_up(by, document_ids)
        for one in found.values():
            if isinstance(one, DirectoryUnavailable):
                raise one
        return {key: one for key, one in found.items() if isinstance(one, KnownDocument)}

    async def look_up(
        self, by: Principal, document_ids: Sequence[str]
    ) -> dict[str, KnownDocument | DirectoryUnavailable]:
        """Return those of the documents that the principal may see, by id; and for those of which nobody can tell it
        now, that."""
        wanted = [one for one in dict.fromkeys(document_ids) if is_id(one, "est") or is_id(one, "inv")]
        known = await self.store.find(by.organisation_id, wanted)
        late = [one for one in wanted if one not in known or _may_be_late(known[one], by)]
        away: dict[str, DirectoryUnavailable] = {}
        try:
            known |= await self._fetch(by.organisation_id, late)
        except DirectoryUnavailable as unavailable:
            away = dict.fromkeys(late, unavailable)
        seen = {key: one for key, one in known.items() if key not in away and one.is_visible_to(by)}
        return {**await self._in_portal(by, seen), **away}

    async def _in_portal(
        self, by: Principal, seen: Mapping[str, KnownDocument]
    ) -> dict[str, KnownDocument | DirectoryUnavailable]:
        """Leave out what the portal does not show its clients."""
        if not by.is_contact or not seen:
            return dict(seen)
        rules = await self.portals.rules(by.organisation_id)
        hidden = [key for key, one in seen.items() if one.type not in rules.document_types]
        if not hidden:
            return dict(seen)
        try:
            rules = await self.portals.rules_now(by.organisation_id)
        except DirectoryUnavailable as unavailable:
            return {**seen, **dict.fromkeys(hidden, unavailable)}
        return {key: one for key, one in seen.items() if one.type in rules.document_types}

    async def _fetch(self, organisation_id: str, document_ids: Sequence[str]) -> dict[str, KnownDocument]:
        """Ask billing, and keep what it says as if an event had said it."""
        if not document_ids:
            return {}
        asked = await self.source.fetch(organisation_id, document_ids)
        for sequence, document in asked:
            await self.store.note(document.id, sequence, document.as_fields())
        return {document.id: document for _, document in asked}


def _may_be_late(document: KnownDocument, by: Principal) -> bool:
    return not document.is_visible_to(by) and document.may_have_come_to(by)
