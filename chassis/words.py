"""Words that are stored, open towards newer versions of us: one that this version does not know is read all the same.

Doors: `Word`, `tolerant`. Only while stored documents are read are strange words taken; inputs, tokens and messages
that hold one are refused as ever. A strange word is equal to its own text and to no member, so that whatever asks for a
known state says no; it is written back as it was.
"""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Any


class Word(StrEnum):
    """The values of a stored field."""

    @classmethod
    def _missing_(cls, value: object) -> Any:
        strange = _STRANGE.get()
        if strange is None or not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        strange.append(member)
        return member

    @classmethod
    def is_carried(cls) -> bool:
        """Tell whether things that hold a strange word of this kind may be changed: none of our rules depends on it."""
        return False

    @property
    def is_known(self) -> bool:
        """Whether this version knows the word."""
        return self._value_ in type(self)._value2member_map_


_STRANGE: ContextVar[list[Word] | None] = ContextVar("strange", default=None)


@contextmanager
def tolerant() -> Generator[list[Word]]:
    """Take strange words while the block runs, and yield the list of those that were met."""
    strange: list[Word] = []
    token = _STRANGE.set(strange)
    try:
        yield strange
    finally:
        _STRANGE.reset(token)
