"""`portal test`: every check in turn, each with its own output, and a summary at the end.

All of it, the static checks alone (`--style`), or the tests that are asked for by path or keyword: then nothing is
prepared that they do not need, and few of them run in one process. Under CI nothing may be missing; elsewhere a missing
RabbitMQ is said and its tests are skipped.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from portal_cli import chromium, debian, foreign, node, rabbitmq
from portal_cli.paths import ACCEPTED_CHANGES, GATEWAY_SCHEMA, RELEASED_SCHEMA, ROOT, TOOLS
from portal_cli.selection import Selection
from portal_cli.toolbox import Tool, ToolMissing

_BIN = Path(sys.executable).parent
_SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
"""Two workers; files in their order: slow folders (component, e2e) begin first, and quick ones fill the end."""
_SOAK = "PORTAL_SOAK"
"""What tests that have a short form and a full one look at: `tests/support/soak.py`."""
_LEFT_OUT_WHEN_FAST = "not slow and not broker and not e2e and not foreign"
_TYPES = ("basedpyright",)
"""Half a minute of one core: in a whole run it goes on beside npm, which waits for disk and network."""
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
    if paths or keyword:
        outcomes = _selected(Selection(tuple(paths), keyword), fast=fast)
    else:
        with ThreadPoolExecutor(1) as beside:
            types = beside.submit(_said, _TYPES)
            outcomes = [
                *_quick_checks(),
                *_tools(),
                *_brokers(wanted=not fast),
                *_browsers(wanted=not fast),
                *_programs(wanted=not fast),
            ]
            outcomes.append(_check("types", lambda: _passed(*types.result())))
        outcomes.append(_tests(*_SIDE_BY_SIDE, "--durations=20", fast=fast))
    return _summarise(outcomes)


def run_style() -> int:
    """Run the static checks only; return the exit code."""
    return _summarise([*_quick_checks(), _command("types", *_TYPES)])


def run_soak() -> int:
    """Try in full what every run tries in a short form, one after another and with its figures; return the exit code.

    It takes hours: 20,000 writes under each fault of the broker, 10,000 guesses, 10,000 operations and the like.
    """
    os.environ[_SOAK] = "1"
    return _summarise([*_brokers(wanted=True), *_programs(wanted=True), _tests("-m", "soak", "-s", "-v", fast=False)])


def _selected(selection: Selection, *, fast: bool) -> list[Outcome]:
    """Run some tests. What npm installs for them is installed by those that need it (`tests.support.npm`)."""
    outcomes = _brokers(wanted=not fast and selection.needs_broker)
    outcomes += _browsers(wanted=not fast and selection.needs_browser)
    if selection.narrowed:
        _console.print(
            f"Files with a test of that name: {len(selection.files)}. Parameters are looked at in these only."
        )
    if fast:
        _console.print("--fast leaves out tests that are slow or need RabbitMQ, a running portal or others' programs.")
    workers = () if selection.few else _SIDE_BY_SIDE
    return [*outcomes, _tests(*workers, *selection.arguments, fast=fast)]


def _quick_checks() -> list[Outcome]:
    return [
        _command("style", "ruff", "check", "."),
        _command("format", "ruff", "format", "--check", "."),
        _command("layers", "lint-imports"),
        _command("schema changes", "python", *SCHEMA_CHANGES),
    ]


def _tools() -> list[Outcome]:
    return [
        _check(f"npm {lock.parent.name}", lambda folder=lock.parent: _installed(folder))
        for lock in sorted(TOOLS.glob("*/package-lock.json"))
    ]


def _brokers(*, wanted: bool) -> list[Outcome]:
    return [_check("RabbitMQ", _broker)] if wanted and rabbitmq.find_scripts() is None else []


def _browsers(*, wanted: bool) -> list[Outcome]:
    return [_check("Chromium", _browser)] if wanted and chromium.find() is None else []


def _programs(*, wanted: bool) -> list[Outcome]:
    tools = foreign.TOOLS if wanted else ()
    return [_check(f"{tool.name} {tool.version}", lambda tool=tool: _built(tool)) for tool in tools]


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


def _browser() -> bool:
    if chromium.install():
        return True
    _console.print(f"[yellow]{chromium.BrowserMissing()} Its tests will be skipped, and fail under CI.[/yellow]")
    return not os.environ.get("CI")


def _tests(*options: str, fast: bool) -> Outcome:
    """Run pytest. With two workers files run side by side: no test's verdict depends on what else the machine does."""
    limits = ("-m", _LEFT_OUT_WHEN_FAST) if fast else ()
    return _command("tests", "pytest", "-q", *limits, *options)


def _command(name: str, *command: str) -> Outcome:
    return _check(name, lambda: _run(command) == 0)


def _run(command: Sequence[str]) -> int:
    """Run a program of our virtual environment and return its exit code."""
    program, *arguments = command
    return subprocess.run([str(_BIN / program), *arguments], cwd=ROOT, env=_environment(), check=False).returncode


def _said(command: Sequence[str]) -> tuple[int, str]:
    """Run a program of our virtual environment and return its exit code and all that it printed."""
    program, *arguments = command
    done = subprocess.run(
        [str(_BIN / program), *arguments],
        cwd=ROOT,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def _passed(code: int, said: str) -> bool:
    """Print what a program said that ran beside others, and tell whether it found nothing wrong."""
    _console.print(said, markup=False, end="")
    return code == 0


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


def _summarise(outcomes: Sequence[Outcome]) -> int:
    """Print how each check ended, and return the exit code."""
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
    return 1 if failed else 0
