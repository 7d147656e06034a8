"""Asks billing over its internal endpoints: for PDFs, and how a document stands when a mail about it leaves."""

from decimal import Decimal
from typing import Any, Never

import aiohttp
import orjson
from pydantic import SecretStr

from chassis.http_session import HttpSession
from chassis.kernel import Clock, SystemClock
from chassis.mailing import Breaker
from chassis.web import SERVICE_KEY_HEADER
from services.notifications.application.ports import Standing, TryLater

TIMEOUT = aiohttp.ClientTimeout(total=20)


class BillingFiles:
    """`GET /internal/documents/{id}/pdf?organisation=…`, for an estimate, an invoice or a payment (its receipt)."""

    def __init__(self, billing_url: str, service_key: SecretStr, clock: Clock | None = None) -> None:
        self._url = billing_url.rstrip("/")
        self._http = HttpSession(timeout=TIMEOUT, headers={SERVICE_KEY_HEADER: service_key.get_secret_value()})
        self._breaker = Breaker("billing", clock or SystemClock())

    async def pdf(self, organisation_id: str, document_id: str) -> bytes | None:
        """Return the PDF, or None when there is no such document. Raises TryLater when billing does not answer."""
        return await self._breaker.ask(lambda: self._pdf(organisation_id, document_id))

    async def standing(self, organisation_id: str, document_id: str) -> Standing | None:
        """Return how a document stands, or None when there is none. Raises TryLater when billing does not answer."""
        return await self._breaker.ask(lambda: self._standing(organisation_id, document_id))

    async def _pdf(self, organisation_id: str, document_id: str) -> bytes | None:
        status, content = await self._get(f"/{document_id}/pdf", organisation_id)
        if status == 404:
            return None
        if status != 200 or not content.startswith(b"%PDF-"):
            raise TryLater(f"billing answered {status}", "billing")
        return content

    async def _standing(self, organisation_id: str, document_id: str) -> Standing | None:
        status, content = await self._get(f"/{document_id}", organisation_id)
        if status == 404:
            return None
        try:
            told: dict[str, Any] = orjson.loads(content) if status == 200 else _no_answer(status)
            balance = told.get("balance")
            settled = balance is not None and Decimal(balance) <= 0
            void, due_on = bool(told.get("void")), told.get("dueOn")
            return Standing(is_void=void, is_settled=settled, balance=balance, due_on=due_on)
        except (ValueError, AttributeError, TypeError, ArithmeticError) as error:
            raise TryLater(f"billing answered {status}", "billing") from error

    async def _get(self, path: str, organisation_id: str) -> tuple[int, bytes]:
        url = f"{self._url}/internal/documents{path}"
        try:
            async with self._http.opened().get(url, params={"organisation": organisation_id}) as response:
                return response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TryLater(f"billing: {type(error).__name__}", "billing") from error

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()


def _no_answer(status: int) -> Never:
    raise TryLater(f"billing answered {status}", "billing")
