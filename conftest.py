"""The fixtures that every test may ask for; each module of `tests.support` says what it offers.

No verdict depends on the clock of a busy machine: generated examples have no deadline either. Nor does any depend on
chance: a run tries the examples that every run tries, and only the long run (`tests/support/soak.py`) looks for others.
"""

import gc
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

import chassis.world.zones  # noqa: F401 - tests read the zones that the portal reads
from portal_cli import ports
from tests.support.soak import LONG

pytest_plugins = [
    "tests.support.storage",
    "tests.support.broker",
    "tests.support.processes",
    "tests.support.shifted_clock",
    "tests.support.refusals",
    "tests.support.spent",
]

settings.register_profile("steady", deadline=None, derandomize=not LONG, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


def pytest_configure(config: pytest.Config) -> None:
    """Workers side by side choose from ports of their own: one may take seconds from choosing a port to listening."""
    worker: dict[str, object] | None = getattr(config, "workerinput", None)
    if worker:
        number, count = int(str(worker["workerid"]).removeprefix("gw")), int(str(worker["workercount"]))
        ports.leave(port for port in range(2**16) if port % count != number)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without looking for garbage: eleven thousand tests are made and kept, a sixth of the time for nothing."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
