"""Identity's `/internal/` endpoints: asked when a document names an organisation or client company not heard of yet."""

from collections.abc import Callable
from typing import Any, TypeVar

import aiohttp
import orjson
from pydantic import SecretStr, ValidationError

from services.billing.adapters.http_session import HttpSession
from services.billing.application.directory import CustomerProfile, OrganisationProfile
from services.billing.domain.errors import DirectoryUnavailable
from services.chassis.web import SERVICE_KEY_HEADER

SECONDS = 3

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
