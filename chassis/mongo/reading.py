"""Reading many: each document by itself, so that one that cannot be read leaves the others to be shown.

What is left out is counted, logged with its id and the reason, and said in the answer (`left_out.py`).
"""

from collections.abc import AsyncIterable, Callable, Sequence
from typing import TypeVar

from chassis.kernel import Page
from chassis.left_out import shown, shown_page
from chassis.mongo.client import Document
from chassis.telemetry import UNREADABLE

T = TypeVar("T")
Read = Callable[[Document], T]


def readable(collection: str, rows: Sequence[Document], read: Read[T]) -> list[T]:
    """Return what `read` makes of the rows, without those of which it makes nothing."""
    kept = shown(rows, read)
    UNREADABLE.labels(collection).inc(len(rows) - len(kept))
    return kept


async def all_readable(collection: str, rows: AsyncIterable[Document], read: Read[T]) -> list[T]:
    """As `readable`, of a query's rows."""
    return readable(collection, [row async for row in rows], read)


def readable_page(collection: str, page: Page[Document], read: Read[T]) -> Page[T]:
    """Return the page without the rows that cannot be read; the next page begins behind all of them."""
    kept = shown_page(page, read)
    UNREADABLE.labels(collection).inc(len(page.items) - len(kept.items))
    return kept
