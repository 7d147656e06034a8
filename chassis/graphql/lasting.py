"""Streams end with the log-in that opened them: with its session, and at the latest with its access token."""

import asyncio
import contextlib
import contextvars
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from inspect import isawaitable
from typing import Any

from chassis.auth import LogInsUnchecked, Unauthenticated

LOOK_SECONDS = 1.0
StillIn = Callable[[], Awaitable[object]]
"""Looks at the token again. Raises Unauthenticated when it counts no longer, LogInsUnchecked when nobody can tell."""


def while_logged_in(subscribe: Any) -> Any:
    """Return a subscription's resolver whose stream ends, with an error that says why, when the caller is out."""

    async def resolver(source: Any, info: Any, **given: Any) -> Any:
        events = subscribe(source, info, **given)
        if isawaitable(events):
            events = await events
        still_in: StillIn | None = info.context.still_in
        return events if still_in is None else until_logged_out(events, still_in)

    return resolver


async def until_logged_out(
    events: AsyncIterator[Any], still_in: StillIn, *, seconds: float = LOOK_SECONDS
) -> AsyncGenerator[Any]:
    """Yield the events; look at the log-in before each, and every so often while there is none.

    The last value may be an exception, which becomes the error of the last answer: a stream that ends without one
    would read as finished.
    """
    context, upcoming = contextvars.copy_context(), None

    async def step() -> Any:
        return await anext(events)

    try:
        while True:
            upcoming = upcoming or asyncio.get_running_loop().create_task(step(), context=context)
            done, _ = await asyncio.wait({upcoming}, timeout=seconds)
            try:
                await still_in()
            except (Unauthenticated, LogInsUnchecked) as refused:
                yield refused
                return
            if not done:
                continue
            finished, upcoming = upcoming, None
            try:
                event = finished.result()
            except StopAsyncIteration:
                return
            yield event
    finally:
        if upcoming is not None:
            upcoming.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await upcoming
        if isinstance(events, AsyncGenerator):
            await events.aclose()
