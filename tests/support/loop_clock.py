"""The event loop's own clock, standing still until a test moves it: time-outs of any length, proven without waiting.

For asyncio's own loop, whose timers all ask `loop.time()`. While the clock stands, nothing that sleeps wakes up, so
that a test waits with `until`. `pass_time` moves a clock that goes on.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Generator

from tests.support.waiting import LIMIT


class LoopClock:
    """What `loop.time()` says."""

    def __init__(self, now: float) -> None:
        self._now = now

    def time(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        """Let so much time pass; timers that are due then run in the next turns of the loop."""
        self._now += seconds

    async def until(self, look: Callable[[], object], missing: str) -> None:
        """Turn the loop until `look` is true; time does not pass meanwhile.

        Raises:
            AssertionError: with what is `missing`, when only a defect can be the reason.
        """
        end = time.monotonic() + LIMIT
        while not look():
            assert time.monotonic() < end, f"{missing} did not come within {LIMIT:.0f} s"
            await asyncio.sleep(0)


@contextlib.contextmanager
def time_stands_still() -> Generator[LoopClock]:
    """Stop the running loop's clock while the block runs; it goes on from there afterwards."""
    loop = asyncio.get_running_loop()
    clock = LoopClock(loop.time())
    real, began = loop.time, loop.time()
    loop.time = clock.time  # type: ignore[method-assign]
    try:
        yield clock
    finally:
        ahead = clock.time() - began
        loop.time = lambda: real() + ahead  # type: ignore[method-assign]


def pass_time(seconds: float) -> None:
    """Move the running loop's clock on at once; what was to end within these seconds ends now."""
    loop = asyncio.get_running_loop()
    real = loop.time
    loop.time = lambda: real() + seconds  # type: ignore[method-assign]
