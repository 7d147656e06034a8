"""The worker process of billing: relays its events, reacts to those of others, runs the jobs."""

import asyncio
import signal

from services.billing.bootstrap import assemble
from services.billing.settings import BillingSettings
from services.chassis.bus import Bus


async def run(settings: BillingSettings, *, bus: Bus | None = None) -> None:
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
