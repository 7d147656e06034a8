"""The fixtures that every test may ask for; each module of `tests.support` says what it offers."""

import services.chassis.world.zones  # noqa: F401 - tests read the zones that the portal reads

pytest_plugins = ["tests.support.storage", "tests.support.broker", "tests.support.processes"]
