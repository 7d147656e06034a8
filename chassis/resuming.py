"""What a client missed between a place in a list and the moment at which it follows what is added to it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from chassis.kernel import AggregateRoot, Page, PageRequest
from chassis.live import LONGEST_QUEUE, StreamInterrupted

A = TypeVar("A", bound=AggregateRoot)

OVERLAP = timedelta(minutes=1)
"""How far before the place one begins again: what another process stored late, or by a clock that is slow, lies there.
So the same may be told twice, and nothing is left out."""


async def missed_since(request: PageRequest, read: Callable[[PageRequest], Awaitable[Page[A]]]) -> list[str]:
    """Return the ids of all that lies beyond the place of `request`, the earliest first.

    The list is sorted by an instant. A request that goes backward is one of a list with the newest first.

    Raises:
        StreamInterrupted: there is more than a stream may owe.
    """
    if request.after is None:
        return []
    instant, last_seen = request.after
    earlier = (instant - OVERLAP, "\uffff" if request.backward else "")
    ids, request = list[str](), replace(request, after=earlier)
    while True:
        page = await read(request)
        found = [item.id for item in page.items if item.id != last_seen]
        ids += reversed(found) if request.backward else found
        if len(ids) > LONGEST_QUEUE:
            raise StreamInterrupted
        goes_on, place = (page.has_previous_page, page.start) if request.backward else (page.has_next_page, page.end)
        if not goes_on or place is None:
            return ids
        request = replace(request, after=place)
