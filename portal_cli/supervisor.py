"""Keeps programs running: starts them side by side, starts again what died, stops all in order."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal_cli.processes import Child, ProcessDied, Program

Tell = Callable[[str], None]

_POLL_SECONDS = 0.1
_PROBE_SECONDS = 0.025
_SHORT_LIFE_SECONDS = 5.0
_SHORT_LIVES_ALLOWED = 3


@dataclass(slots=True)
class _Watched:
    program: Program
    child: Child
    started: float
    short_lives: int = 0


class Supervisor:
    """Runs groups of programs until told to stop; `tell` gets a sentence for what a person may want to know."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._groups: list[list[_Watched]] = []

    @property
    def pids(self) -> dict[str, int]:
        """The process of each program now."""
        return {watched.program.name: watched.child.pid for group in self._groups for watched in group}

    def start(self, *groups: Sequence[Program], timeout: float = 90.0) -> None:
        """Start all programs side by side and return when every one is ready.

        Each group needs those before it: it has to wait for them by itself, and is stopped before them.

        Raises:
            ProcessDied: when one is not ready; those that run go on until `stop`.
        """
        began = time.monotonic()
        waiting: list[_Watched] = []
        for programs in groups:
            group: list[_Watched] = []
            self._groups.append(group)
            group.extend(_Watched(program, Child.start(program), began) for program in programs)
            waiting += group
        while waiting:
            for watched in [one for one in waiting if one.program.ready()]:
                waiting.remove(watched)
                self._tell(f"{time.monotonic() - began:4.1f} s  {watched.program.name}: ready")
            for watched in waiting:
                _require_progress(watched, began + timeout)
            time.sleep(_PROBE_SECONDS)

    def watch(self) -> None:
        """Start again whatever ends, for ever; leave by an exception, such as that of a signal handler.

        Raises:
            ProcessDied: when a program ends again and again as soon as it was started.
        """
        while True:
            time.sleep(_POLL_SECONDS)
            for watched in (one for group in self._groups for one in group):
                if not watched.child.running:
                    self._restart(watched)

    def stop(self) -> None:
        """Stop the groups, the last started first; the programs of one group stop side by side."""
        while self._groups:
            group = self._groups.pop()
            for watched in group:
                watched.child.ask_to_stop()
            for watched in group:
                watched.child.wait()

    def _restart(self, watched: _Watched) -> None:
        now = time.monotonic()
        short = now - watched.started < _SHORT_LIFE_SECONDS
        watched.short_lives = watched.short_lives + 1 if short else 0
        what = f"ended with exit code {watched.child.exit_code}"
        if watched.short_lives > _SHORT_LIVES_ALLOWED:
            raise ProcessDied(watched.program.name, f"{what} again and again", watched.program.log)
        watched.child, watched.started = Child.start(watched.program), now
        self._tell(f"{watched.program.name} {what} and was started again")


def _require_progress(watched: _Watched, deadline: float) -> None:
    name, log = watched.program.name, watched.program.log
    if not watched.child.running:
        raise ProcessDied(name, f"ended with exit code {watched.child.exit_code}", log)
    if time.monotonic() > deadline:
        raise ProcessDied(name, "was not ready in time", log)
