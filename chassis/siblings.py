"""Several processes behind one port of one machine, for those who have no orchestrator to do it.

The parent listens and forks; each child accepts from the same sockets, so that no connection is lost with a process
that ends. The parent serves nobody: it passes signals on and starts again whoever died, after a growing pause.
"""

import contextlib
import gc
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

import structlog

_LOG = structlog.stdlib.get_logger("siblings")

MOST = 64
"""How many processes may share a port."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a process that died is started again: doubled each time, from the first to the longest."""
STEADY_SECONDS = 60.0
"""A process that lived this long counts as well again."""
_LOOK_SECONDS = 0.1
_REFUSED = frozenset({1, 2})
_PASSED_ON = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Sibling:
    """One process of those that share a port."""

    number: int
    """From 0."""
    folder: Path
    """Where each has a socket on which it tells its metrics; open to this user only."""
    processes: int
    parent: int
    """A pipe's end for reading; at its end the parent is dead."""

    def socket_of(self, number: int) -> Path:
        """Return the address of a process's metrics."""
        return self.folder / f"{number}.sock"

    def others(self) -> Sequence[int]:
        """Return the numbers of all the others."""
        return [number for number in range(self.processes) if number != self.number]


@dataclass(frozen=True, slots=True)
class Beside:
    """What a process needs to serve beside others: which it is, and the sockets of all."""

    sibling: Sibling
    sockets: Sequence[socket.socket]


def run_siblings(processes: int, sockets: Sequence[socket.socket], run: Callable[[Beside], None]) -> None:
    """Run `run` in as many processes until SIGTERM or SIGINT has ended them all; SIGHUP reaches each.

    Raises:
        SystemExit: with the code of a process that refused to start, after the others have been ended.
    """
    with tempfile.TemporaryDirectory(prefix="portal-") as folder:
        alive, held = os.pipe()
        siblings = [Sibling(number, Path(folder), processes, alive) for number in range(processes)]
        code = _Parent(lambda sibling: run(Beside(sibling, sockets)), siblings, held).watch()
    if code:
        raise SystemExit(code)


class _Parent:
    def __init__(self, run: Callable[[Sibling], None], siblings: Sequence[Sibling], held: int) -> None:
        """`held` is the end for writing of the siblings' pipe: it closes when this process ends, however it does."""
        self._run = run
        self._siblings = siblings
        self._held = held
        self._running: dict[int, tuple[Sibling, float]] = {}
        self._pauses: dict[int, float] = {}
        self._due: dict[int, float] = {}
        self._ending = False

    def watch(self) -> int:
        """Keep all running until told to end; return 0, or the code of one that refused to start."""
        for number in _PASSED_ON:
            signal.signal(number, self._pass_on)
        gc.freeze()  # what was made until now is shared; looking for garbage would copy it into each process
        for sibling in self._siblings:
            self._start(sibling)
        refused = 0
        while self._running or self._due:
            self._start_those_due()
            process, status = self._wait()
            sibling, since = self._running.pop(process, (None, 0.0))
            if sibling is None or self._ending:
                continue
            code, lived = os.waitstatus_to_exitcode(status), time.monotonic() - since
            if code in _REFUSED and lived < STEADY_SECONDS and not self._pauses:
                refused = code  # it said why; the others would say the same
                self._pass_on(signal.SIGTERM, None)
            else:
                self._again(sibling, code, lived)
        return refused

    def _wait(self) -> tuple[int, int]:
        """Return the process that ended and its status; (0, 0) where one may have to be started first."""
        if not self._due:
            return os.waitpid(-1, 0)
        time.sleep(_LOOK_SECONDS)
        return os.waitpid(-1, os.WNOHANG) if self._running else (0, 0)

    def _start_those_due(self) -> None:
        if self._ending:
            self._due.clear()
        for number in [number for number, due in self._due.items() if due <= time.monotonic()]:
            del self._due[number]
            self._start(self._siblings[number])

    def _start(self, sibling: Sibling) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, _PASSED_ON)  # one that came now would find this process's handlers
        process = os.fork()
        if not process:
            self._be(sibling)
        self._running[process] = (sibling, time.monotonic())
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _PASSED_ON)
        if self._ending:  # told to in the meantime
            os.kill(process, signal.SIGTERM)

    def _be(self, sibling: Sibling) -> NoReturn:
        code = 1
        try:
            os.close(self._held)
            for number in _PASSED_ON:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _PASSED_ON)
            self._run(sibling)
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
            if isinstance(ended.code, str):
                sys.stderr.write(f"{ended.code}\n")
        except BaseException:
            _LOG.exception("process_failed", count=sibling.number)
        finally:
            sys.stdout.flush()
            os._exit(code)

    def _again(self, sibling: Sibling, code: int, lived: float) -> None:
        before = 0.0 if lived >= STEADY_SECONDS else self._pauses.get(sibling.number, 0.0)
        pause = min(LONGEST_PAUSE, before * 2 or FIRST_PAUSE)
        self._pauses[sibling.number] = pause
        _LOG.error("process_died", count=sibling.number, status=code, seconds=pause)
        self._due[sibling.number] = time.monotonic() + pause

    def _pass_on(self, number: int, _: FrameType | None) -> None:
        self._ending = self._ending or number != signal.SIGHUP
        for process in self._running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)
