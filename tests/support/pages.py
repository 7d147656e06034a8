"""Pages of rows in memory, for fakes of lists."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from chassis.kernel import Cursor, Page, PageRequest, page_of

R = TypeVar("R")


def page_in_memory(
    rows: Iterable[R], place: Callable[[R], Cursor], request: PageRequest, *, descending: bool
) -> Page[R]:
    """Return the page of these rows that a request asks for, as a database would."""
    falling, after = descending != request.backward, request.after
    ordered = sorted(rows, key=place, reverse=falling)
    if after is not None:
        ordered = [row for row in ordered if (place(row) < after if falling else place(row) > after)]
    shown = tuple(ordered[: request.first][:: -1 if request.backward else 1])
    return page_of(shown, tuple(place(row) for row in shown), request, more=len(ordered) > request.first)
