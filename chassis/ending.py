"""How a process ends that is told to while it still starts. Imports next to nothing: it is the first thing of all."""

import os
import signal
import sys

LONG_LIVED = frozenset({"serve", "up"})
"""The commands that run until they are told to end: for them to end is success."""


def end_at_once() -> None:
    """Let SIGTERM and SIGINT end a process that begins to serve with 0, there and then.

    Until it serves it has begun nothing that must be finished. An exception would have to pass through whatever is
    being imported, and some of that catches everything. Whoever has something to finish sets handlers of its own.
    """
    if LONG_LIVED.isdisjoint(sys.argv[1:2]):
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)


def _end(*_: object) -> None:
    os._exit(0)
