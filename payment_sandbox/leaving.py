"""How the sandbox ends without losing a request: it answers on for a while, each answer the last of its connection."""

import asyncio
from typing import Any

import uvicorn
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Leaving:
    """Around the application: while it is `draining`, it is not ready and every answer ends its connection."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.draining = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def last(message: Message) -> None:
            if self.draining and message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
            await send(message)

        unready = self.draining and scope["path"] == "/readyz"
        app = JSONResponse({"status": "unavailable", "reason": "draining"}, status_code=503) if unready else self._app
        await app(scope, receive, last)


class Server(uvicorn.Server):
    """Stops `seconds` after SIGTERM, or at once at a second signal."""

    def __init__(self, config: uvicorn.Config, leaving: Leaving, seconds: float) -> None:
        super().__init__(config)
        self._leaving, self._seconds = leaving, seconds

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Begin to leave."""
        if self._leaving.draining or not self._seconds:
            super().handle_exit(sig, frame)
            return
        self._leaving.draining = True
        asyncio.get_running_loop().call_later(self._seconds, super().handle_exit, sig, frame)
