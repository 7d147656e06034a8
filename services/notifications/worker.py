"""The worker process of notifications: reacts to events, sends mails, relays its own events."""

import asyncio
import signal

from services.chassis.bus import Bus
from services.notifications.bootstrap import assemble
from services.notifications.settings import NotificationsSettings


async def run(settings: NotificationsSettings, *, bus: Bus | None = None) -> None:
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
