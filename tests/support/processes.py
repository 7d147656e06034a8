"""Whole processes for tests.

Fixture `start_process(name, *arguments, port=…, env=…)`: runs `python -m portal_cli.main serve …` style programs, waits
for `/readyz`, and stops them by pid when the test module is over. Their logs are shown when they do not become ready.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from portal_cli.http_probe import answers_ok
from portal_cli.ports import LOOPBACK, free_ports
from portal_cli.processes import Child, Program
from tests.support.waiting import LIMIT


@dataclass(frozen=True)
class Served:
    """A process that answers HTTP."""

    child: Child
    port: int

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def log(self) -> str:
        return self.child.program.log.read_text(errors="replace")


class StartProcess(Protocol):
    """What the fixture `start_process` is."""

    def __call__(self, *arguments: str, env: Mapping[str, str] = ..., port: int | None = None) -> Served: ...


@pytest.fixture(scope="module")
def start_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartProcess]:
    """Start `portal ARGUMENTS --host 127.0.0.1 --port N` with `env` on top of ours, and wait until it is ready."""
    logs = tmp_path_factory.mktemp("processes")
    with ExitStack() as running:

        def start(*arguments: str, env: Mapping[str, str] = {}, port: int | None = None) -> Served:
            chosen = port or free_ports(1)[0]
            child = Child.start(_program(logs, arguments, chosen, env))
            running.callback(child.stop)
            child.wait_until_ready(3 * LIMIT)
            return Served(child, chosen)

        yield start


def _program(logs: Path, arguments: tuple[str, ...], port: int, env: Mapping[str, str]) -> Program:
    name = "-".join(argument for argument in arguments if not argument.startswith("-"))
    return Program(
        name=name,
        argv=(sys.executable, "-m", "portal_cli.main", *arguments, "--host", LOOPBACK, "--port", str(port)),
        log=logs / f"{name}-{port}.log",
        env={**os.environ, **env},
        ready=answers_ok(port, "/readyz"),
    )
