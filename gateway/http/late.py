"""An application that is made when it is first asked for."""

import asyncio
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send


class Late:
    """Makes its application in a thread at the first connection: the import that it takes delays no start."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make = make
        self._app: ASGIApp | None = None
        self._lock = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if self._app is None:
            async with self._lock:
                self._app = self._app or await asyncio.to_thread(self._make)
        await self._app(scope, receive, send)
