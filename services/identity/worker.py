"""The worker process of identity: relays its events, reacts to those of others."""

import asyncio
import signal

from services.chassis.bus import Bus
from services.identity.bootstrap import assemble
from services.identity.settings import IdentitySettings


async def run(settings: IdentitySettings, *, bus: Bus | None = None) -> None:
    """Work until SIGTERM or SIGINT."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    service = assemble(settings, bus=bus)
    try:
        async with service.worker():
            await stop.wait()
    finally:
        await service.close()
