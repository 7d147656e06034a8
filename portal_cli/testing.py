"""`portal test`: every check in turn, each with its own output, and a summary at the end.

Under CI nothing may be missing; elsewhere a missing RabbitMQ is said and its tests are skipped.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from portal_cli import debian, foreign, node, rabbitmq
from portal_cli.paths import ACCEPTED_CHANGES, GATEWAY_SCHEMA, RELEASED_SCHEMA, ROOT, TOOLS
from portal_cli.toolbox import Tool, ToolMissing

_BIN = Path(sys.executable).parent
_WORKERS = 2
_LEFT_OUT_WHEN_FAST = "not slow and not broker and not e2e and not foreign"
SCHEMA_CHANGES = (
    *("-m", "gateway", "changes", str(RELEASED_SCHEMA), str(GATEWAY_SCHEMA)),
    *("--accepted", str(ACCEPTED_CHANGES)),
)
"""Arguments of Python that print what has changed since the released schema, and refuse what breaks unaccepted."""
_console = Console(highlight=False)


@dataclass(frozen=True)
class Outcome:
    """How one check ended."""

    name: str
    passed: bool
    seconds: float


def run(*, paths: Sequence[str], keyword: str, fast: bool) -> int:
    """Run all checks, or only the tests asked for by `paths` or `keyword`; return the exit code."""
    selected = bool(paths or keyword)
    outcomes = [] if selected else _static_checks()
    outcomes += _preparations(with_broker=not fast, with_foreign=not fast and not selected)
    outcomes += _tests(paths, keyword, fast)
    _summarise(outcomes)
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def _static_checks() -> list[Outcome]:
    return [
        _command("style", "ruff", "check", "."),
        _command("format", "ruff", "format", "--check", "."),
        _command("types", "basedpyright"),
        _command("layers", "lint-imports"),
        _command("schema changes", "python", *SCHEMA_CHANGES),
    ]


def _preparations(*, with_broker: bool, with_foreign: bool) -> list[Outcome]:
    outcomes = [
        _check(f"npm {lock.parent.name}", lambda folder=lock.parent: _installed(folder))
        for lock in sorted(TOOLS.glob("*/package-lock.json"))
    ]
    if with_broker and rabbitmq.find_scripts() is None:
        outcomes.append(_check("RabbitMQ", _broker))
    if with_foreign:
        outcomes += [_check(f"{tool.name} {tool.version}", lambda tool=tool: _built(tool)) for tool in foreign.TOOLS]
    return outcomes


def _built(tool: Tool) -> bool:
    """Build a program of others where the cache lacks it; only under CI is it a failure that it cannot be had."""
    try:
        _console.print(f"in {tool.ready()}")
    except ToolMissing as missing:
        consequence = "skipped, and fail under CI" if tool.pinned else "skipped"
        _console.print(f"[yellow]{missing}. Its tests will be {consequence}.[/yellow]")
        return not (os.environ.get("CI") and tool.pinned)
    return True


def _installed(folder: Path) -> bool:
    try:
        node.install(folder)
    except (node.NodeMissing, subprocess.CalledProcessError) as error:
        _console.print(f"[red]{error}[/red]")
        return False
    return True


def _broker() -> bool:
    if debian.can_install() and debian.install("rabbitmq-server"):
        return True
    _console.print(f"[yellow]{rabbitmq.BrokerMissing()} Its tests will be skipped, and fail under CI.[/yellow]")
    return not os.environ.get("CI")


def _tests(paths: Sequence[str], keyword: str, fast: bool) -> list[Outcome]:
    """Run pytest, its files side by side: no test's verdict depends on what else the machine does.

    Files are handed out in their order, so that slow folders (component, e2e) begin first, and quick ones fill the end.
    """
    limits = ["-m", _LEFT_OUT_WHEN_FAST] if fast else []
    options = [
        "-n",
        str(_WORKERS),
        "--dist",
        "loadfile",
        "--no-loadscope-reorder",
        *(["-k", keyword] if keyword else []),
        *paths,
    ]
    return [_command("tests", "pytest", "-q", "--durations=20", *limits, *options)]


def _command(name: str, *command: str) -> Outcome:
    return _check(name, lambda: _run(command) == 0)


def _run(command: Sequence[str]) -> int:
    """Run a program of our virtual environment and return its exit code."""
    program, *arguments = command
    return subprocess.run([str(_BIN / program), *arguments], cwd=ROOT, env=_environment(), check=False).returncode


def _environment() -> Mapping[str, str]:
    try:
        return node.environment()
    except node.NodeMissing:
        return os.environ


def _check(name: str, action: Callable[[], bool]) -> Outcome:
    _console.rule(f"[bold]{name}", align="left")
    started = time.monotonic()
    passed = action()
    return Outcome(name, passed, time.monotonic() - started)


def _summarise(outcomes: Sequence[Outcome]) -> None:
    table = Table(box=None, pad_edge=False)
    for column in ("check", "outcome", "seconds"):
        table.add_column(column, justify="right" if column == "seconds" else "left")
    for outcome in outcomes:
        word = "[green]passed[/green]" if outcome.passed else "[red]failed[/red]"
        table.add_row(outcome.name, word, f"{outcome.seconds:.1f}")
    _console.rule("[bold]summary", align="left")
    _console.print(table)
    failed = sum(not outcome.passed for outcome in outcomes)
    _console.print(f"checks: {len(outcomes) - failed} passed, {failed} failed")
