"""Identity's `/internal/` endpoints: asked when a document names an organisation or client company not heard of yet."""

import base64
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import aiohttp
import orjson
from pydantic import SecretStr, ValidationError

from services.billing.adapters.http_session import HttpSession
from services.billing.application.directory import CustomerProfile, OrganisationProfile
from services.billing.domain.errors import DirectoryUnavailable
from services.chassis.web import SERVICE_KEY_HEADER

SECONDS = 3
MOST_LOGOS = 50

P = TypeVar("P")


class HttpIdentity:
    """Implements `Identity`. The answers are read by the functions that read identity's events: both say the same."""

    def __init__(
        self,
        http: HttpSession,
        url: str,
        service_key: SecretStr,
        read_organisation: Callable[[Any], OrganisationProfile],
        read_customer: Callable[[Any], CustomerProfile],
    ) -> None:
        self._read_organisation = read_organisation
        self._read_customer = read_customer
        self._http = http
        self._url = url.rstrip("/")
        self._headers = {SERVICE_KEY_HEADER: service_key.get_secret_value()}

    async def organisation(self, organisation_id: str) -> tuple[int, OrganisationProfile] | None:
        """Return an organisation, or None when there is none."""
        path = f"/internal/organisations/{organisation_id}"
        return await self._ask(path, organisation_id, self._read_organisation)

    async def customer(self, organisation_id: str, customer_id: str) -> tuple[int, CustomerProfile] | None:
        """Return a client company of this organisation, or None when there is none."""
        path = f"/internal/customers/{customer_id}"
        return await self._ask(path, organisation_id, self._read_customer)

    async def logo(self, organisation_id: str) -> bytes | None:
        """Return the organisation's logo as identity keeps it, or None when it has none."""
        path = f"/internal/organisations/{organisation_id}"
        told = await self._ask(path, organisation_id, lambda data: data.get("logo"))
        return base64.b64decode(told[1]["data"]) if told and told[1] else None

    async def _ask(self, path: str, organisation_id: str, read: Callable[[Any], P]) -> tuple[int, P] | None:
        params = {"organisation": organisation_id}
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with self._http.request(
                "GET", self._url + path, params=params, headers=self._headers, timeout=timeout
            ) as response:
                if response.status == 404:
                    return None
                response.raise_for_status()
                data: Any = orjson.loads(await response.read())
                return int(data.get("sequence", 0)), read(data)
        except (aiohttp.ClientError, TimeoutError, ValueError, ValidationError, AttributeError) as error:
            raise DirectoryUnavailable from error


class RememberedLogos:
    """Implements `Logos` over a function that fetches one; what it said is believed for a while, its failure too."""

    def __init__(self, fetch: Callable[[str], Awaitable[bytes | None]], *, seconds: float = 60) -> None:
        self._fetch = fetch
        self._seconds = seconds
        self._known: dict[str, tuple[float, bytes | None]] = {}

    async def of(self, organisation_id: str) -> bytes | None:
        """Return the logo, or None when there is none or identity does not answer."""
        now = time.monotonic()
        until, logo = self._known.get(organisation_id, (0.0, None))
        if now < until:
            return logo
        try:
            logo = await self._fetch(organisation_id)
        except (DirectoryUnavailable, ValueError):
            logo = None
        if len(self._known) >= MOST_LOGOS:
            self._known.clear()
        self._known[organisation_id] = (now + self._seconds, logo)
        return logo
