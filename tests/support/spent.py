"""Where a run spends its seconds: at its end, by area, beside the slowest tests that pytest lists.

Printed wherever `--durations` is asked for, as `./portal test` does. Workers side by side count for each: the sum is
about as many times the run's length as there are workers.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

_DEEP = 2
"""How many folders below `tests` are an area; a file that lies higher is one itself."""


def area(node: str) -> str:
    """Return the area of a test by its node id: `component/billing` for `tests/component/billing/test_x.py::test_y`."""
    return "/".join(node.partition("::")[0].removeprefix("tests/").split("/")[:_DEEP])


def by_area(spent: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return the areas of these tests and the seconds in each, the longest first."""
    seconds = Counter[str]()
    for node, duration in spent:
        seconds[area(node)] += duration
    return sorted(seconds.items(), key=lambda each: (-each[1], each[0]))


def pytest_terminal_summary(terminalreporter: Any, config: Any) -> None:
    if not config.option.durations:
        return
    stats = terminalreporter.stats.values()
    reports = [report for group in stats for report in group if getattr(report, "duration", None) is not None]
    spent = by_area((report.nodeid, report.duration) for report in reports)
    if spent:
        terminalreporter.section("seconds by area")
        for name, seconds in spent:
            terminalreporter.write_line(f"{seconds:9.1f} s  {name}")
