"""Billing's and identity's `/internal/` endpoints: asked before anything is refused for want of an event."""

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import ValidationError

from chassis.owners import Owner, OwnerAway
from services.collaboration.domain.document import DocumentType, KnownDocument, PortalRules
from services.collaboration.domain.errors import DirectoryUnavailable

_NONSENSE = (ValueError, ValidationError, AttributeError, TypeError, KeyError)


class BillingDocuments:
    """Implements `DocumentSource`: `{customerId, number, sent, sequence}` of each document."""

    def __init__(self, billing: Owner) -> None:
        self._billing = billing

    async def fetch(self, organisation_id: str, document_ids: Sequence[str]) -> list[tuple[int, KnownDocument]]:
        """Return those of the documents that this organisation has, as they are now. Raises DirectoryUnavailable."""
        try:
            found = await self._billing.ask_about("/documents", organisation_id, document_ids)
            return [(int(told["sequence"]), _document(organisation_id, told)) for told in found]
        except (OwnerAway, *_NONSENSE) as error:
            raise DirectoryUnavailable from error


class IdentityPortals:
    """Implements `PortalSource`. The answer is read by the function that reads identity's events: both say the same."""

    def __init__(self, identity: Owner, read: Callable[[Any], PortalRules]) -> None:
        self._identity = identity
        self._read = read

    async def fetch(self, organisation_id: str) -> tuple[int, PortalRules] | None:
        """Return what this organisation allows its clients now, or None. Raises DirectoryUnavailable."""
        try:
            told = await self._identity.ask(f"/organisations/{organisation_id}", organisation_id)
            if told is None or told["portal"] is None:
                return None
            return int(told["sequence"]), self._read(told["portal"])
        except (OwnerAway, *_NONSENSE) as error:
            raise DirectoryUnavailable from error


def _document(organisation_id: str, told: Any) -> KnownDocument:
    return KnownDocument(
        id=told["id"],
        organisation_id=organisation_id,
        customer_id=told["customerId"],
        type=DocumentType.of(told["id"]),
        number=told["number"],
        sent=told["sent"],
    )
