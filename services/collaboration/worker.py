"""The worker process of collaboration: relays its events, reacts to those of others."""

from chassis.bus import Bus
from chassis.working import Tell, work
from services.collaboration.bootstrap import assemble
from services.collaboration.settings import CollaborationSettings


async def run(settings: CollaborationSettings, *, bus: Bus | None = None, tell: Tell | None = None) -> None:
    """Work until SIGTERM or SIGINT; `tell` is given what says whether the worker is ready."""
    await work(assemble(settings, bus=bus), tell)
