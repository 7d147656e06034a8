"""A bell between the parts of a process: whoever works sleeps until there is something to do, or for a while.

Between processes `bells.py` carries the same over the bus.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable

MOST_NAMES = 1000
"""Names that wait to be taken; with more of them it is quicker to look at everything."""


class Signal:
    """Wakes one who waits: the relay when something was saved, the sender when mail was queued.

    Whoever rings may say of what; whoever is woken takes these names, and whether somebody rang without one.
    """

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._names: dict[str, None] = {}
        self._of_anything = False

    def __call__(self) -> None:
        """Say that there is something to do."""
        self._of_anything = True
        self._event.set()

    def of(self, names: Iterable[str]) -> None:
        """Say that there is something to do about these."""
        self._names.update(dict.fromkeys(names))
        if len(self._names) > MOST_NAMES:
            self._names.clear()
            self._of_anything = True
        self._event.set()

    def taken(self) -> tuple[list[str], bool]:
        """Return the names that were said since the last time, and whether somebody rang without one."""
        names, of_anything = list(self._names), self._of_anything
        self._names.clear()
        self._of_anything = False
        return names, of_anything

    async def wait(self, seconds: float | None) -> None:
        """Return when somebody rang, or after `seconds`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()
        self._event.clear()


def tell(committed: Callable[[], None], name: str) -> None:
    """Call whoever wants to know of saves; a signal is told of what."""
    if isinstance(committed, Signal):
        committed.of((name,))
    else:
        committed()
