"""Child processes: started with a log file, watched until ready, stopped by pid.

A child never outlives the one who started it: on Linux the kernel sends it SIGTERM when the thread that started it is
gone.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

_SET_PARENT_DEATH_SIGNAL = 1  # prctl(2): PR_SET_PDEATHSIG


class ProcessDied(Exception):
    """A child ended, or did not become ready in time. The message holds the end of its log."""

    def __init__(self, name: str, what: str, log: Path) -> None:
        super().__init__(f"{name} {what}; the end of {log}:\n{tail(log)}")


def always() -> bool:
    """Probe of a program that is ready as soon as it runs."""
    return True


@dataclass(frozen=True, kw_only=True)
class Program:
    """One process as it is to run: what to start, where it writes, and how to see that it is ready.

    `alive` is asked while it runs: a program that is not, again and again, is frozen, and started again.
    """

    name: str
    argv: tuple[str, ...]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    cwd: Path | None = None
    ready: Callable[[], bool] = always
    alive: Callable[[], bool] = always
    inherit: tuple[int, ...] = ()


class Child:
    """A program that runs. Create it with `Child.start`."""

    def __init__(self, program: Program, process: subprocess.Popen[bytes]) -> None:
        self.program = program
        self._process = process

    @classmethod
    def start(cls, program: Program) -> "Child":
        """Start the program in a session of its own, so that a terminal's Ctrl-C reaches only us."""
        program.log.parent.mkdir(parents=True, exist_ok=True)
        with program.log.open("ab") as log:
            process = subprocess.Popen(
                program.argv,
                env=dict(program.env),
                cwd=program.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=program.inherit,
                preexec_fn=_ending_with(os.getpid()) if sys.platform == "linux" else None,
            )
        return cls(program, process)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        return self._process.poll()

    def wait_until_ready(self, timeout: float = 120.0) -> None:
        """Return when the program's probe succeeds.

        Raises:
            ProcessDied: when it ended or the seconds are over.
        """
        deadline = time.monotonic() + timeout
        while not self.program.ready():
            if not self.running:
                raise ProcessDied(self.program.name, f"ended with exit code {self.exit_code}", self.program.log)
            if time.monotonic() > deadline:
                raise ProcessDied(self.program.name, f"was not ready after {timeout:g} s", self.program.log)
            time.sleep(0.02)

    def signal(self, number: int) -> None:
        """Send a signal to this one process, unless it has ended."""
        self._process.send_signal(number)

    def ask_to_stop(self) -> None:
        """Send SIGTERM and return at once."""
        self.signal(signal.SIGTERM)

    def wait(self, timeout: float = 15.0) -> int:
        """Return the exit code, after SIGKILL when the seconds are over."""
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return self.kill()

    def stop(self, timeout: float = 15.0) -> int:
        """SIGTERM, then SIGKILL when the seconds are over; return the exit code."""
        self.ask_to_stop()
        return self.wait(timeout)

    def kill(self) -> int:
        """SIGKILL; return the exit code."""
        self._process.kill()
        return self._process.wait()


def rotate(log: Path, largest: int, kept: int = 3) -> None:
    """Begin a log anew that is larger than this many bytes; the `kept` before it are `.1`, the newest, and so on.

    The child goes on writing at the end of the same file. Where there is no room for a copy, the old lines go.
    """
    if not log.exists() or log.stat().st_size <= largest:
        return
    older = [log.with_name(f"{log.name}.{number}") for number in range(1, kept + 1)]
    for newer, older_one in reversed(list(pairwise(older))):
        if newer.exists():
            newer.replace(older_one)
    try:
        shutil.copyfile(log, older[0])
    except OSError:
        older[0].unlink(missing_ok=True)
    os.truncate(log, 0)


def tail(log: Path, lines: int = 15) -> str:
    """Return the last lines of a log, or an empty text where there is none."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def _ending_with(parent: int) -> Callable[[], None]:
    prctl = ctypes.CDLL(None).prctl

    def end_with_parent() -> None:
        prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)

    return end_with_parent
