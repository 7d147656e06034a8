"""The option `--clock`: lets the machine's clock, as our programs read it, begin at another instant.

    pytest --clock 2026-12-31T23:30Z tests/component/identity

Hours where zones differ and days that not every year has: whatever a test or the product believes about "today" shows.
Databases keep their own clock and delete what is over by it, so that an instant before the present one proves nothing.
"""

from datetime import UTC, datetime

import pytest

from chassis.kernel import SystemClock


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--clock", metavar="INSTANT", help="Begin at this instant, such as 2026-12-31T23:30Z.")


def pytest_configure(config: pytest.Config) -> None:
    wanted: str | None = config.getoption("--clock")
    if wanted is None:
        return
    ahead = datetime.fromisoformat(wanted).astimezone(UTC) - datetime.now(UTC)
    real = SystemClock.now
    SystemClock.now = lambda self: real(self) + ahead  # type: ignore[method-assign]


def pytest_report_header(config: pytest.Config) -> str | None:
    wanted: str | None = config.getoption("--clock")
    return f"clock: {wanted}" if wanted else None
