"""The worker process of notifications: reacts to events, sends mails, relays its own events."""

from chassis.bus import Bus
from chassis.working import Tell, work
from services.notifications.bootstrap import assemble
from services.notifications.settings import NotificationsSettings


async def run(settings: NotificationsSettings, *, bus: Bus | None = None, tell: Tell | None = None) -> None:
    """Work until SIGTERM or SIGINT; `tell` is given what says whether the worker is ready."""
    await work(assemble(settings, bus=bus), tell)
