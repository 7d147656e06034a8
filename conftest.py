"""The fixtures that every test may ask for; each module of `tests.support` says what it offers.

No verdict depends on the clock of a busy machine: generated examples have no deadline either.
"""

from hypothesis import HealthCheck, settings

import chassis.world.zones  # noqa: F401 - tests read the zones that the portal reads

pytest_plugins = [
    "tests.support.storage",
    "tests.support.broker",
    "tests.support.processes",
    "tests.support.shifted_clock",
    "tests.support.refusals",
]

settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")
