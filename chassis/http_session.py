"""The connections to others over HTTP: opened with the first request, closed with the process."""

from collections.abc import Mapping
from typing import Any

import aiohttp

USUAL = 100
"""Connections at once, as aiohttp has them."""


class HttpSession:
    """Stands for an aiohttp session before an event loop runs. `headers` go with every request."""

    def __init__(
        self,
        *,
        timeout: aiohttp.ClientTimeout | None = None,
        headers: Mapping[str, str] | None = None,
        most: int = USUAL,
    ) -> None:
        """Connect to nothing yet. `timeout` is of a whole request, aiohttp's five minutes by default; `most` are the
        connections at once."""
        self._options: dict[str, Any] = {"headers": headers} | ({"timeout": timeout} if timeout else {})
        self._most = most
        self._session: aiohttp.ClientSession | None = None

    def request(self, method: str, url: str, **options: Any) -> Any:
        """Return aiohttp's request context manager."""
        return self.opened().request(method, url, **options)

    def opened(self) -> aiohttp.ClientSession:
        """Return the session itself, within an event loop."""
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=self._most), **self._options)
        return self._session

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
