"""What was missed is told whole, or the stream does not begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.kernel import Page, PageRequest
from chassis.live import LONGEST_QUEUE, LiveFeed, StreamInterrupted
from chassis.resuming import OVERLAP, missed_since

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Row:
    """One entry of a list."""

    id: str
    at: datetime


def every_second(count: int) -> list[Row]:
    """Rows at NOON and each second after it."""
    return [Row(f"row_{number:04}", NOON + timedelta(seconds=number)) for number in range(count)]


def pages_of(rows: Sequence[Row]) -> Any:
    """Read pages of these rows, as a repository does: oldest first, or newest first where asked backward."""

    async def read(request: PageRequest) -> Page[Any]:
        assert request.after
        later = [row for row in rows if (row.at, row.id) > request.after]
        picked = later[: request.first]
        cursors = [(row.at, row.id) for row in picked]
        if request.backward:
            picked, cursors = picked[::-1], cursors[::-1]
            start = cursors[0] if cursors else None
            return Page(tuple(picked), tuple(cursors), True, None, len(later) > request.first, start)
        return Page(tuple(picked), tuple(cursors), len(later) > request.first, cursors[-1] if cursors else None)

    return read


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("first", [1, 7, 100])
async def test_all_since_a_place_comes_in_order(first: int, backward: bool) -> None:
    """However large the pages, whichever way the list goes: the minute before the place again, its own row not."""
    rows = every_second(200)
    seen = rows[150]
    request = PageRequest(first, (seen.at, seen.id), "rows", backward)

    told = await missed_since(request, pages_of(rows))

    first_told = 150 - int(OVERLAP.total_seconds()) + (1 if backward else 0)
    assert told == [row.id for row in rows[first_told:] if row is not seen]


async def test_who_saw_nothing_missed_nothing() -> None:
    """Without a place a stream tells what comes from now on."""
    assert await missed_since(PageRequest(), pages_of(every_second(5))) == []


async def test_more_than_a_stream_may_owe_is_said() -> None:
    """A client that was away for long reads the list again."""
    rows = every_second(LONGEST_QUEUE + 100)
    with pytest.raises(StreamInterrupted):
        await missed_since(PageRequest(100, (NOON, ""), "rows"), pages_of(rows))


async def test_nothing_falls_between_what_was_missed_and_what_comes() -> None:
    """What is told while the missed is read comes after it, and only what the missed did not hold."""
    live = LiveFeed()
    live.hearing(True)

    async def missed() -> list[str]:
        for one in ("2", "3"):
            live.tell("a", one)
        return ["1", "2"]

    stream = live.follow("a", missed)
    assert [await anext(stream) for _ in range(3)] == ["1", "2", "3"]
