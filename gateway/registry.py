"""The one thing that changes while the gateway runs: what was made from the supergraph file.

Whoever took `current` keeps a consistent whole; a reload puts a new one beside it. A file that cannot be used leaves
the last good one in place, and says so.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import structlog

T = TypeVar("T")
_LOG = structlog.get_logger("gateway.registry")


class Registry(Generic[T]):
    """Holds what `make` builds from the text of a file, and follows the file."""

    def __init__(self, path: Path, make: Callable[[str], T]) -> None:
        """`make` is pure and runs in a thread when the file is read again.

        Raises:
            OSError: the file cannot be read.
            Exception: whatever `make` raises for a file that cannot be used.
        """
        self._path, self._make = path, make
        self._stamp = _stamp(path)
        self._lock = asyncio.Lock()
        self.current = make(path.read_text("utf-8"))
        self.adopt: Callable[[T], None] = _accept
        """Called before a new one becomes current; what it raises keeps the old one."""
        self.carry_over: Callable[[T], Callable[[T], None]] = _carry_nothing
        """Called with the current one; what it returns is called with the new one in a thread, before it is current."""
        self.problem: str | None = None

    async def reload(self) -> bool:
        """Read the file again; return whether it is current now."""
        async with self._lock:
            self._stamp = _stamp(self._path)
            try:
                made = await asyncio.to_thread(self._made, self.carry_over(self.current))
                self.adopt(made)
            except Exception as error:
                self.problem = f"{type(error).__name__}: {error}"
                _LOG.error("supergraph_refused", reason=self.problem, kept="the last good one")
                return False
            self.current, self.problem = made, None
            _LOG.info("supergraph_loaded")
            return True

    def _made(self, carry_over: Callable[[T], None]) -> T:
        made = self._make(self._path.read_text("utf-8"))
        carry_over(made)
        return made

    async def follow(self, seconds: float) -> None:
        """Reload whenever the file has changed; endless."""
        while True:
            await asyncio.sleep(seconds)
            if _stamp(self._path) != self._stamp:
                await self.reload()


def _carry_nothing(_: object) -> Callable[[object], None]:
    return _accept


def _accept(_: object) -> None:
    """Have nothing to do for a new one."""


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Return what tells two states of a file apart: a replaced file has another inode."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
