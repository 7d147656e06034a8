"""The list of promises in `docs/promises.md`."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = [line for line in (ROOT / "docs/promises.md").read_text().splitlines() if re.match(r"\| \d+ \|", line)]
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


def _tests_in(file: Path) -> set[str]:
    """Return the names of the test functions in a file."""
    found = ast.walk(ast.parse(file.read_text()))
    return {node.name for node in found if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_promise_has_tests_that_exist() -> None:
    """There are 32 promises, and each names at least one test, all of which are there."""
    named = {int(row.split("|")[1]): NAMED.findall(row) for row in ROWS}
    missing = [
        f"{number}: {file}::{test}"
        for number, tests in named.items()
        for file, test in tests
        if not (ROOT / "tests" / file).exists() or test not in _tests_in(ROOT / "tests" / file)
    ]
    assert missing == []
    assert list(named) == list(range(1, 33))
    assert all(named.values())
