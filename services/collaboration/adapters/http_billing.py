"""Asks billing about a document over its internal endpoint, when no event has told of it yet."""

from typing import Any

import aiohttp
import orjson
from pydantic import SecretStr

from services.chassis.bus import DependencyDown
from services.chassis.web import SERVICE_KEY_HEADER
from services.collaboration.domain.document import DocumentType, KnownDocument

TIMEOUT = aiohttp.ClientTimeout(total=3)


class BillingDocuments:
    """Implements `DocumentSource`: `GET /internal/documents/{id}?organisation=…` → `{customerId, number, sent}`."""

    def __init__(self, billing_url: str, service_key: SecretStr) -> None:
        self._url = billing_url.rstrip("/")
        self._key = service_key
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, organisation_id: str, document_id: str) -> KnownDocument | None:
        """Return the document as it is now, or None. Raises DependencyDown when billing does not answer."""
        url = f"{self._url}/internal/documents/{document_id}"
        try:
            async with self._open().get(url, params={"organisation": organisation_id}) as response:
                if response.status == 404:
                    return None
                if response.status != 200:
                    raise DependencyDown(f"billing answered {response.status}")
                return _document(organisation_id, document_id, orjson.loads(await response.read()))
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
            raise DependencyDown(f"billing: {type(error).__name__}") from error

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            headers = {SERVICE_KEY_HEADER: self._key.get_secret_value()}
            self._session = aiohttp.ClientSession(timeout=TIMEOUT, headers=headers)
        return self._session


def _document(organisation_id: str, document_id: str, told: Any) -> KnownDocument:
    return KnownDocument(
        id=document_id,
        organisation_id=organisation_id,
        customer_id=told["customerId"],
        type=DocumentType.of(document_id),
        number=told["number"],
        sent=told["sent"],
    )
