"""A bell between the parts of a process: whoever works sleeps until there is something to do, or for a while."""

import asyncio
import contextlib


class Signal:
    """Wakes one who waits: the relay when something was saved, the sender when mail was queued."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def __call__(self) -> None:
        """Say that there is something to do."""
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Return when somebody said so, or after `seconds`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()
        self._event.clear()
