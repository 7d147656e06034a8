"""The worker process of identity: relays its events, reacts to those of others."""

from chassis.bus import Bus
from chassis.working import Tell, work
from services.identity.bootstrap import assemble
from services.identity.settings import IdentitySettings


async def run(settings: IdentitySettings, *, bus: Bus | None = None, tell: Tell | None = None) -> None:
    """Work until SIGTERM or SIGINT; `tell` is given what says whether the worker is ready."""
    await work(assemble(settings, bus=bus), tell)
