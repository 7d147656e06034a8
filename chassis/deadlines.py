"""How long somebody waits for what this process does, and whether somebody still does.

The gateway says with every fetch how many milliseconds are left (`x-portal-deadline-ms`); work that nobody waits for
any more ends. Never used for work that must not stop half-way.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Generator, MutableMapping
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

DEADLINE_HEADER = "x-portal-deadline-ms"
LOOKS_AFTER = 0.05
"""After how many seconds of work it is noticed that a client has left: most requests never take so long."""

_DUE: ContextVar[float | None] = ContextVar("due", default=None)


class DeadlineOver(BaseException):
    """Nobody waits any more. No `Exception`, so that nothing takes it for the failure of one field."""


class ClientLeft(Exception):
    """The connection on which the answer would go is closed."""


def seconds_left(value: str) -> float | None:
    """Return what a `DEADLINE_HEADER` says, in seconds; None where there is none, or none that makes sense."""
    return int(value) / 1000 if value.isascii() and value.isdigit() and len(value) < 10 else None


@contextlib.contextmanager
def due_in(seconds: float) -> Generator[None]:
    """Let `require_time` refuse after so many seconds, in this context and in tasks made within it."""
    token = _DUE.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _DUE.reset(token)


def require_time() -> None:
    """Go on, if somebody waits: for work that does not come back to the event loop.

    Raises:
        DeadlineOver
    """
    due = _DUE.get()
    if due is not None and time.monotonic() >= due:
        raise DeadlineOver


async def while_heard(
    work: Awaitable[T],
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    may_end: Callable[[], bool] = lambda: True,
) -> T:
    """Return what `work` returns, or cancel it when the client leaves and `may_end` says that it may stop half-way.

    `receive` is the request's, whose body has been read.

    Raises:
        ClientLeft
    """
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    watching: list[asyncio.Task[None]] = []
    left = False

    async def watch() -> None:
        nonlocal left
        message = await receive()
        if message["type"] == "http.disconnect" and task is not None and may_end():
            left = True
            task.cancel()

    timer = loop.call_later(LOOKS_AFTER, lambda: watching.append(loop.create_task(watch())))
    try:
        return await work
    except asyncio.CancelledError:
        if left and task is not None and task.uncancel() == 0:
            raise ClientLeft from None
        raise
    finally:
        timer.cancel()
        for one in watching:
            one.cancel()
