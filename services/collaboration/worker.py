"""The worker process of collaboration: relays its events, reacts to those of others."""

import asyncio
import signal
from collections.abc import Callable

from chassis.bus import Bus
from chassis.web import Readiness
from services.collaboration.bootstrap import assemble
from services.collaboration.settings import CollaborationSettings


async def run(
    settings: CollaborationSettings, *, bus: Bus | None = None, tell: Callable[[Readiness], None] | None = None
) -> None:
    """Work until SIGTERM or SIGINT; `tell` is given what says whether the worker is ready."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    service = assemble(settings, bus=bus)
    if tell is not None:
        tell(service.readiness)
    try:
        async with service.worker():
            await stop.wait()
    finally:
        await service.close()
