"""The worker process of a service: works until it is told to end, and is ready once it consumes."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from chassis.inbox import Inbox
from chassis.readiness import Readiness

CONSUMER = "consumer"

Tell = Callable[[Readiness], None]


class Worker(Protocol):
    """An assembled service, as far as its worker is concerned."""

    readiness: Readiness
    inbox: Inbox

    def worker(self) -> AbstractAsyncContextManager[None]:
        """Do the work behind while the block runs."""
        ...

    async def close(self) -> None:
        """Let what is being handled come to its end, and disconnect."""
        ...


async def work(service: Worker, tell: Tell | None = None) -> None:
    """Work until SIGTERM or SIGINT; `tell` is given what says whether the worker is ready.

    At the end it takes nothing new: the mail in hand is sent, the messages in hand are handled, and what is being
    published is confirmed or left to the next relay.
    """
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    service.readiness.checks[CONSUMER] = service.inbox.works
    if tell is not None:
        tell(service.readiness)
    try:
        async with service.worker():
            await stop.wait()
            service.readiness.draining = True
    finally:
        await service.close()
