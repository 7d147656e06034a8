"""Processes that die between two writes: after the one that a test chose nothing of that request runs any more.

`deadly` wraps a class's methods (of the database driver's collections, of a payment provider), for every object of it.
Only what runs in the context of `dying` dies; whoever retries lives.
"""

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import pytest

WRITES = ("insert_one", "insert_many", "update_one", "update_many", "replace_one", "delete_one", "delete_many",
          "bulk_write", "find_one_and_update", "find_one_and_replace", "find_one_and_delete")  # fmt: skip
READS = ("find", "find_one", "aggregate", "count_documents", "distinct")
EFFECTS = ("inserted_id", "inserted_ids", "upserted_id", "modified_count", "deleted_count")


class Died(BaseException):
    """The process is no more. No `except Exception` sees it, as none sees SIGKILL."""


@dataclass
class Life:
    """What a request wrote, each as place and method, and after which write it dies: never, where that is 0."""

    ends_after: int = 0
    written: list[str] = field(default_factory=list[str])
    dead: bool = False

    def require(self) -> None:
        if self.dead:
            raise Died

    def wrote(self, what: str) -> None:
        self.written.append(what)
        if len(self.written) == self.ends_after:
            self.dead = True
            raise Died


_LIFE: ContextVar[Life | None] = ContextVar("life", default=None)


@contextmanager
def dying(after: int = 0) -> Generator[Life]:
    """Count the writes of what runs inside, and end it right after one of them."""
    life = Life(after)
    token = _LIFE.set(life)
    try:
        with suppress(Died):
            yield life
    finally:
        _LIFE.reset(token)


def deadly(
    monkeypatch: pytest.MonkeyPatch,
    kind: type[Any],
    writes: Iterable[str],
    reads: Iterable[str] = (),
    *,
    note: Callable[[Any], None] = lambda written: None,
) -> None:
    """Have these methods count, and refuse to run for the dead; `note` is told what anybody writes to."""
    for name in writes:
        monkeypatch.setattr(kind, name, _writing(getattr(kind, name), note))
    for name in reads:
        monkeypatch.setattr(kind, name, _reading(getattr(kind, name)))


def _writing(method: Any, note: Callable[[Any], None]) -> Any:
    async def write(self: Any, *given: Any, **more: Any) -> Any:
        note(self)
        life = _LIFE.get()
        if life is None:
            return await method(self, *given, **more)
        life.require()
        done = await method(self, *given, **more)
        life.require()
        told = [getattr(done, name, None) for name in EFFECTS if hasattr(type(done), name)]
        if not told or any(told):
            life.wrote(f"{getattr(self, 'name', type(self).__name__)} {method.__name__}")
        return done

    return write


def _reading(method: Any) -> Any:
    def read(self: Any, *given: Any, **more: Any) -> Any:
        life = _LIFE.get()
        if life is not None:
            life.require()
        return method(self, *given, **more)

    return read
