"""The fixtures that every test may ask for; each module of `tests.support` says what it offers."""

pytest_plugins = ["tests.support.storage", "tests.support.broker", "tests.support.processes"]
