"""How streams end when the gateway does: each is told, and nobody takes its end for the end of the news."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from typing import Any, TypeVar, cast

_PATIENCE_SECONDS = 2.0
T = TypeVar("T")


class StreamCut(Exception):
    """The gateway is about to stop, and the stream with it."""


class Farewell:
    """Follows the streams that run, until `say` ends them all."""

    def __init__(self) -> None:
        self._said = asyncio.Event()
        self._none_run = asyncio.Event()
        self._running = 0

    async def until(self, events: AsyncGenerator[T, None]) -> AsyncIterator[T]:
        """Yield the events, and close them at the end.

        Raises:
            StreamCut: when `say` was called, now or before.
        """
        self._running += 1
        try:
            async with aclosing(events):
                while not self._said.is_set():
                    event = await self._next(events)
                    if event is None:
                        return
                    yield event
            raise StreamCut
        finally:
            self._running -= 1
            if not self._running:
                self._none_run.set()

    async def _next(self, events: AsyncGenerator[T, None]) -> T | None:
        """Return the next event; None at their end.

        Raises:
            StreamCut
        """
        coming = asyncio.ensure_future(cast(Any, anext(events, None)))
        said = asyncio.ensure_future(self._said.wait())
        try:
            await asyncio.wait((coming, said), return_when=asyncio.FIRST_COMPLETED)
            if coming.done():
                return coming.result()
            raise StreamCut
        finally:
            said.cancel()
            coming.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await coming

    async def say(self) -> None:
        """End every stream that runs or comes, and return when they have ended: those who read do so at once."""
        self._said.set()
        if self._running:
            self._none_run.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await self._none_run.wait()
            await asyncio.sleep(0)
