"""How streams end when a process does: each is told, and nobody takes its end for the end of the news.

A guest is one who is connected: a socket with all its streams, or one stream that has its connection to itself. Guests
leave one by one, at times drawn at random, so that their clients do not all come back in the same moment.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator
from contextlib import aclosing, contextmanager, nullcontext, suppress
from contextvars import ContextVar
from random import random
from typing import Any, TypeVar, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

COME_BACK = 1012
"""The close code of a socket whose client is to connect again (RFC 6455 §7.4, registered as "Service Restart")."""
COME_BACK_REASON = "This process is about to stop. Connect again."
_PATIENCE_SECONDS = 2.0
T = TypeVar("T")


class StreamCut(Exception):
    """The process is about to stop, and the stream with it."""


class Guest:
    """One who is connected; `leaves` is set when it is to go."""

    def __init__(self) -> None:
        self.leaves = asyncio.Event()


_GUEST: ContextVar[Guest | None] = ContextVar("guest", default=None)


class Farewell:
    """Follows the guests, until `begin` sends them away one by one, or `say` all that are left."""

    def __init__(self, draw: Callable[[], float] = random) -> None:
        """`draw` returns a number from 0 up to 1."""
        self._draw = draw
        self._guests: set[Guest] = set()
        self._none_left = asyncio.Event()
        self._begun = False

    @contextmanager
    def guest(self) -> Generator[Guest]:
        """Follow a connection; the streams that begin within the block leave with it."""
        with self._welcomed() as guest:
            before = _GUEST.set(guest)
            try:
                yield guest
            finally:
                _GUEST.reset(before)

    @contextmanager
    def _welcomed(self) -> Generator[Guest]:
        guest = Guest()
        if self._begun:
            guest.leaves.set()
        self._guests.add(guest)
        try:
            yield guest
        finally:
            self._guests.discard(guest)
            if not self._guests:
                self._none_left.set()

    async def until(self, events: AsyncGenerator[T, None]) -> AsyncIterator[T]:
        """Yield the events, and close them at the end.

        Raises:
            StreamCut: when its guest has to leave, now or before.
        """
        known = _GUEST.get()
        with nullcontext(known) if known else self._welcomed() as guest:
            async with aclosing(_until(guest, events)) as those:
                async for event in those:
                    yield event

    def begin(self, seconds: float) -> None:
        """Let each guest leave at a time of its own within `seconds`, and whoever comes from now on at once."""
        self._begun = True
        for guest in self._guests:
            asyncio.get_running_loop().call_later(self._draw() * seconds, guest.leaves.set)

    async def say(self) -> None:
        """Let every guest leave who is there or comes, and return when they have: those who read do so at once."""
        self._begun = True
        for guest in self._guests:
            guest.leaves.set()
        if self._guests:
            self._none_left.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await self._none_left.wait()
            await asyncio.sleep(0)


async def _until(guest: Guest, events: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    async with aclosing(events):
        while not guest.leaves.is_set():
            event = await _next(guest, events)
            if event is None:
                return
            yield event
    raise StreamCut


async def _next(guest: Guest, events: AsyncGenerator[T, None]) -> T | None:
    """Return the next event; None at their end.

    Raises:
        StreamCut
    """
    coming = asyncio.ensure_future(cast(Any, anext(events, None)))
    leaving = asyncio.ensure_future(guest.leaves.wait())
    try:
        await asyncio.wait((coming, leaving), return_when=asyncio.FIRST_COMPLETED)
        if coming.done():
            return coming.result()
        raise StreamCut
    finally:
        leaving.cancel()
        coming.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await coming


class SeenOff:
    """Around an application without a farewell of its own: each socket is closed when its guest has to leave."""

    def __init__(self, app: ASGIApp, farewell: Farewell) -> None:
        self._app = app
        self._farewell = farewell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        with self._farewell.guest() as guest:
            seeing_off = asyncio.ensure_future(_see_off(guest, send))
            try:
                await self._app(scope, receive, _unless_left(guest, send))
            finally:
                seeing_off.cancel()


async def _see_off(guest: Guest, send: Send) -> None:
    await guest.leaves.wait()
    await send({"type": "websocket.close", "code": COME_BACK, "reason": COME_BACK_REASON})


def _unless_left(guest: Guest, send: Send) -> Send:
    async def unless_left(message: Message) -> None:
        if not guest.leaves.is_set():
            await send(message)

    return unless_left
