"""Keeps programs running: starts them side by side, starts again what died or is frozen, stops all in order."""

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal_cli.processes import Child, ProcessDied, Program, rotate, tail

Tell = Callable[[str], None]

LARGEST_LOG = 10_000_000
_POLL_SECONDS = 0.25
_PROBE_SECONDS = 0.025


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long things may take, in seconds: tests have less of it."""

    between_probes: float = 5.0
    silent_probes: int = 3
    first_pause: float = 0.5
    longest_pause: float = 60.0
    long_life: float = 60.0
    to_start: float = 90.0
    """Silence before the first answer, which on a busy machine says nothing."""

    def pause(self, failures: int) -> float:
        """Return how long to wait before the next start after so many short lives in a row."""
        return min(self.first_pause * 2 ** min(failures - 1, 20), self.longest_pause) if failures else 0.0


@dataclass(slots=True)
class _Watched:
    program: Program
    child: Child
    started: float
    probed: float
    silent: int = 0
    has_answered: bool = False
    short_lives: int = 0
    again_at: float | None = None


class Supervisor:
    """Runs groups of programs until told to stop; `tell` gets a sentence for what a person may want to know."""

    def __init__(self, tell: Tell, patience: Patience | None = None) -> None:
        self._tell = tell
        self._patience = patience or Patience()
        self._groups: list[list[_Watched]] = []

    @property
    def pids(self) -> dict[str, int]:
        """The process of each program now."""
        return {watched.program.name: watched.child.pid for watched in self._all()}

    def _all(self) -> list[_Watched]:
        return [watched for group in self._groups for watched in group]

    def start(self, *groups: Sequence[Program], timeout: float = 90.0) -> None:
        """Start all programs side by side and return when every one is ready.

        Each group needs those before it: it has to wait for them by itself, and is stopped before them. What was ready
        once and ends while others start is started again, as later by `watch`.

        Raises:
            ProcessDied: when one is not ready; those that run go on until `stop`.
        """
        began = time.monotonic()
        waiting: list[_Watched] = []
        for programs in groups:
            group: list[_Watched] = []
            self._groups.append(group)
            group.extend(_Watched(program, Child.start(program), began, began) for program in programs)
            waiting += group
        while waiting:
            for watched in [one for one in waiting if one.program.ready()]:
                waiting.remove(watched)
                watched.has_answered = True
                self._tell(f"{time.monotonic() - began:4.1f} s  {watched.program.name}: ready")
            for watched in waiting:
                _require_progress(watched, began + timeout)
            for watched in [one for one in self._all() if one not in waiting]:
                self._look_at(watched)
            time.sleep(_PROBE_SECONDS)

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Start again whatever ends or is frozen; leave by an exception, such as a signal handler's, or when told so.

        What ends soon after its start is started after a pause, each twice as long as the one before.
        """
        while not until():
            time.sleep(_POLL_SECONDS)
            for watched in self._all():
                self._look_at(watched)

    def stop(self) -> None:
        """Stop the groups, the last started first; the programs of one group stop side by side."""
        while self._groups:
            group = self._groups.pop()
            for watched in group:
                watched.child.ask_to_stop()
            for watched in group:
                watched.child.wait()

    def _look_at(self, watched: _Watched) -> None:
        now = time.monotonic()
        if not watched.child.running:
            self._bring_back(watched, now)
        elif now >= watched.probed + self._patience.between_probes:
            self._probe(watched)
            with contextlib.suppress(OSError):
                rotate(watched.program.log, LARGEST_LOG)

    def _probe(self, watched: _Watched) -> None:
        is_alive = watched.program.alive()
        watched.probed = time.monotonic()
        watched.has_answered = watched.has_answered or is_alive
        is_starting = not watched.has_answered and watched.probed < watched.started + self._patience.to_start
        watched.silent = 0 if is_alive or is_starting else watched.silent + 1
        if watched.silent >= self._patience.silent_probes:
            self._tell(f"{watched.program.name} does not answer and is stopped")
            watched.child.kill()

    def _bring_back(self, watched: _Watched, now: float) -> None:
        name, what = watched.program.name, f"ended with exit code {watched.child.exit_code}"
        if watched.again_at is None:
            long = now - watched.started >= self._patience.long_life
            watched.short_lives = 0 if long else watched.short_lives + 1
            pause = self._patience.pause(watched.short_lives - 1)
            watched.again_at = now + pause
            if pause:
                said = tail(watched.program.log, 1)[:200].strip()
                self._tell(f"{name} {what} soon after its start; the next one is in {pause:g} s. It said: {said}")
        if now < watched.again_at:
            return
        try:
            watched.child = Child.start(watched.program)
        except OSError as error:
            watched.short_lives += 1
            pause = self._patience.pause(watched.short_lives)
            watched.again_at = now + pause
            self._tell(f"{name} cannot be started ({error.strerror}); the next try is in {pause:g} s")
            return
        watched.started = watched.probed = now
        watched.silent, watched.again_at, watched.has_answered = 0, None, False
        self._tell(f"{name} {what} and was started again")


def _require_progress(watched: _Watched, deadline: float) -> None:
    name, log = watched.program.name, watched.program.log
    if not watched.child.running:
        raise ProcessDied(name, f"ended with exit code {watched.child.exit_code}", log)
    if time.monotonic() > deadline:
        raise ProcessDied(name, "was not ready in time", log)
