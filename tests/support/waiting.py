"""Probes: wait for the very thing that is asserted next, never for a while.

`LIMIT` is reached only by a defect. It says nothing about speed: a machine that is busy with ten other things must not
reach it either.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

LIMIT = 120.0
_PAUSE = 0.02


async def eventually(look: Callable[[], T], missing: str = "what was awaited") -> T:
    """Return what `look` returns as soon as it is true.

    Raises:
        AssertionError: with what is `missing`, when that never happens.
    """
    end = asyncio.get_running_loop().time() + LIMIT
    while not (found := look()):
        assert asyncio.get_running_loop().time() < end, f"{missing} did not come within {LIMIT:.0f} s"
        await asyncio.sleep(_PAUSE)
    return found


async def eventually_answered(ask: Callable[[], Awaitable[T]], missing: str = "what was awaited") -> T:
    """As `eventually`, where looking means asking somebody."""
    end = asyncio.get_running_loop().time() + LIMIT
    while not (found := await ask()):
        assert asyncio.get_running_loop().time() < end, f"{missing} did not come within {LIMIT:.0f} s"
        await asyncio.sleep(_PAUSE)
    return found


def wait_until(look: Callable[[], T]) -> T:
    """As `eventually`, outside an event loop. A look may fail as long as it likes; the last failure is shown.

    Raises:
        AssertionError: when it never becomes true.
    """
    end = time.monotonic() + LIMIT
    while True:
        last: Exception | None = None
        try:
            if found := look():
                return found
        except (AssertionError, LookupError) as error:
            last = error
        if time.monotonic() > end:
            raise AssertionError(f"did not happen within {LIMIT:.0f} s") from last
        time.sleep(_PAUSE)
