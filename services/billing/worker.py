"""The worker process of billing: relays its events, reacts to those of others, runs the jobs."""

from chassis.bus import Bus
from chassis.working import Tell, work
from services.billing.bootstrap import assemble
from services.billing.settings import BillingSettings


async def run(settings: BillingSettings, *, bus: Bus | None = None, tell: Tell | None = None) -> None:
    """Work until SIGTERM or SIGINT; `tell` is given what says whether the worker is ready."""
    await work(assemble(settings, bus=bus), tell)
