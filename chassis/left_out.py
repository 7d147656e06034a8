"""Rows that an answer leaves out because they cannot be read or shown, so that it can say that it did.

Doors: `shown`, `shown_page`, `shown_by_id`, `noting`,
`was_left_out`. Each row is handled by itself: one that fails leaves the others
to be shown, is logged by its id and the reason, and is noted for the answer. Outside an answer nothing is noted.
"""

import logging
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from chassis.down import blame, is_down
from chassis.kernel import NewerVersion, Page

_LEFT_OUT: ContextVar[list[str] | None] = ContextVar("left_out", default=None)
_LOG = logging.getLogger("reading")
T = TypeVar("T")
U = TypeVar("U")


@contextmanager
def noting() -> Generator[list[str]]:
    """Yield the list of what is left out while the block runs: ids, in no order."""
    noted: list[str] = []
    token = _LEFT_OUT.set(noted)
    try:
        yield noted
    finally:
        _LEFT_OUT.reset(token)


def was_left_out(row_id: str) -> bool:
    """Tell whether this row was left out of the answer; who says so in its place need not say it of the whole."""
    noted = _LEFT_OUT.get()
    if noted is None or row_id not in noted:
        return False
    noted[:] = [one for one in noted if one != row_id]
    return True


def shown(items: Iterable[T], show: Callable[[T], U]) -> list[U]:
    """Return what `show` makes of the items, without those of which it makes nothing."""
    return [value for _, value in _kept(enumerate(items), show)]


def shown_page(page: Page[T], show: Callable[[T], U]) -> Page[U]:
    """As `shown`; the next page begins behind what was left out as well."""
    kept = _kept(enumerate(page.items), show)
    cursors = tuple(page.cursors[place] for place, _ in kept)
    return page.of(tuple(value for _, value in kept), cursors)


def shown_by_id(items: Mapping[str, T], show: Callable[[T], U]) -> dict[str, U]:
    """As `shown`, by the same keys."""
    return dict(_kept(items.items(), show))


K = TypeVar("K")


def _kept(items: Iterable[tuple[K, T]], show: Callable[[T], U]) -> list[tuple[K, U]]:
    kept: list[tuple[K, U]] = []
    for key, item in items:
        try:
            kept.append((key, show(item)))
        except Exception as error:
            if is_down(error) and not isinstance(error, NewerVersion):
                raise
            row_id = _id_of(item)
            _LOG.error("left out %s: %s", row_id, blame(error))
            if (noted := _LEFT_OUT.get()) is not None:
                noted.append(row_id)
    return kept


def _id_of(item: object) -> str:
    """Return the id of a stored document, an aggregate or a view of one."""
    if isinstance(item, dict):
        return str(item.get("_id"))  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
    return str(getattr(item, "id", None) or getattr(getattr(item, "invoice", None), "id", "a row"))
