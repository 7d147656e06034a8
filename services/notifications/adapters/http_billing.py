"""Fetches PDFs from billing over its internal endpoint."""

import aiohttp
from pydantic import SecretStr

from services.chassis.web import SERVICE_KEY_HEADER
from services.notifications.application.ports import TryLater

TIMEOUT = aiohttp.ClientTimeout(total=20)


class BillingFiles:
    """`GET /internal/documents/{id}/pdf?organisation=…`, for an estimate, an invoice or a payment (its receipt)."""

    def __init__(self, billing_url: str, service_key: SecretStr) -> None:
        self._url = billing_url.rstrip("/")
        self._key = service_key
        self._session: aiohttp.ClientSession | None = None

    async def pdf(self, organisation_id: str, document_id: str) -> bytes | None:
        """Return the PDF, or None when there is no such document. Raises TryLater when billing does not answer."""
        url = f"{self._url}/internal/documents/{document_id}/pdf"
        try:
            async with self._open().get(url, params={"organisation": organisation_id}) as response:
                if response.status == 404:
                    return None
                content = await response.read()
                if response.status != 200 or not content.startswith(b"%PDF-"):
                    raise TryLater(f"billing answered {response.status}")
                return content
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TryLater(f"billing: {type(error).__name__}") from error

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            headers = {SERVICE_KEY_HEADER: self._key.get_secret_value()}
            self._session = aiohttp.ClientSession(timeout=TIMEOUT, headers=headers)
        return self._session
