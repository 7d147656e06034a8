"""One event on its way to the endpoint, over HTTP."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

_TIMEOUT = aiohttp.ClientTimeout(total=10)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Open connections to whoever gets the events. Made by `delivering`."""

    http: aiohttp.ClientSession

    async def send(self, endpoint: str, body: bytes, headers: Mapping[str, str]) -> bool:
        """Return whether the endpoint took it: a 2xx, and no redirect."""
        try:
            async with self.http.post(endpoint, data=body, headers=headers, allow_redirects=False) as answer:
                return 200 <= answer.status < 300
        except (aiohttp.ClientError, TimeoutError):
            return False


@asynccontextmanager
async def delivering() -> AsyncGenerator[Delivery]:
    """Keep connections while the block runs."""
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as http:
        yield Delivery(http)
