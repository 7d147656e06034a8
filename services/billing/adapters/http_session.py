"""The connections to others over HTTP: opened with the first request, closed with the process."""

from typing import Any

import aiohttp


class HttpSession:
    """Stands for an aiohttp session before an event loop runs."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    def request(self, method: str, url: str, **options: Any) -> Any:
        """Return aiohttp's request context manager."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session.request(method, url, **options)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
