"""The ranges of values in which the rows of a page are, each between two values of what the list is sorted by.

The far end of a range is a guess: where such a page ended last time in this process (`Fences`), and for instants so
many days back. A guess costs time when it is wrong, and changes no page: what it leaves out is in the next range.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from chassis.kernel import Cursor
from chassis.mongo.applied import STATE_ONLY
from chassis.mongo.client import Document

MOST_FENCES = 20_000
_TICK = timedelta(milliseconds=1)
"""The distance of two instants in BSON."""
_FIRST_INSTANT, _LAST_INSTANT = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
_ENDS: Mapping[type, tuple[Any, Any]] = {
    str: ("", "\U0010ffff"),
    datetime: (_FIRST_INSTANT, _LAST_INSTANT),
    int: (-(2**63), 2**63 - 1),
}
"""Below and above all values of a kind that are stored."""
_IDS = _ENDS[str]
_STEPS = tuple(timedelta(days=16**step) for step in range(4))
"""How far back a page of instants is looked for when nobody knows yet: a day, 16, 256, eleven years."""


class Fences:
    """Where pages ended, by what they were asked with, in this process; the latest are kept."""

    def __init__(self, most: int = MOST_FENCES) -> None:
        self._known: OrderedDict[Any, Any] = OrderedDict()
        self._most = most

    def get(self, key: Any) -> Any:
        """Return the value at which such a page ended, or None."""
        return self._known.get(key)

    def note(self, key: Any, value: Any) -> None:
        """Remember it."""
        self._known[key] = value
        self._known.move_to_end(key)
        while len(self._known) > self._most:
            self._known.popitem(last=False)


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list as pages are taken from it.

    `sort_field` is a scalar that BSON orders, of one type in all documents that have it; dots lead into it. `kind` is
    that type, where it is known: then ranges have two ends, which `fences` bring near. That is flat where `match` is
    equalities that begin an index in which the sort field is next, and nothing else; for texts it has to rise.
    `has_ties`: many rows may have one value, and the index, which rises, has `_id` behind it; so pages end within a
    value, too.
    `is_complete`: no row lacks the field. `between` are values that no row has, before and after all of the list.
    `where` is what no index has, also empty where the index of `match` lacks the sort field. `keep` says of a row
    whether it belongs to the list, where most of those that match do.
    """

    match: Mapping[str, Any]
    sort_field: str
    descending: bool
    fields: Mapping[str, int] = field(default_factory=lambda: STATE_ONLY)
    fences: Fences | None = None
    kind: type | None = None
    has_ties: bool = False
    is_complete: bool = False
    between: tuple[Any, Any] | None = None
    where: Mapping[str, Any] | None = None
    keep: Callable[[Document], bool] = lambda _: True

    @property
    def ends(self) -> tuple[Any, Any]:
        """The values beyond which no row is: the last one of the order, and the first."""
        low, high = self.between or _ENDS[self.kind or int]
        return (low, high) if self.descending else (high, low)

    def is_behind(self, value: Any, other: Any) -> bool:
        """Whether a value comes later in this order than another one."""
        return value < other if self.descending else value > other

    def holds(self, value: Any) -> bool:
        """Whether rows with this value may belong to the list."""
        if self.between is None:
            return True
        low, high = self.between
        return isinstance(value, type(low)) and low < value < high

    @property
    def order(self) -> list[tuple[str, int]]:
        direction = -1 if self.descending else 1
        return [("_id", direction)] if self.sort_field == "_id" else [(self.sort_field, direction), ("_id", direction)]


def conditions(listing: Listing, after: Cursor | None, wanted: int) -> Iterator[Document]:
    """Yield what the rows behind a place fulfil, in the order in which they follow one another."""
    name, beyond = listing.sort_field, "$lt" if listing.descending else "$gt"
    without: list[Document] = [] if listing.is_complete else [{name: None}]
    if after is None and listing.kind is None:
        yield {}
        return
    if name == "_id":
        yield {} if after is None else {"_id": {beyond: after[1]}}
        return
    if after is None:
        yield from () if listing.descending else without
    elif after[0] is None:
        yield {name: None, "_id": {beyond: after[1]}}
        if listing.descending:
            return
    elif listing.holds(after[0]):
        yield from _tied(listing, after, wanted) if listing.has_ties else [{name: after[0], "_id": {beyond: after[1]}}]
    yield from _ranges_of_ties(listing, after, wanted) if listing.has_ties else _ranges(listing, after, wanted)
    yield from without if listing.descending else ()


def _ranges(listing: Listing, after: Cursor | None, wanted: int) -> Iterator[Document]:
    """Yield the ranges of values behind a place, the nearest first, each between two values where that is known.

    Both ends belong to a range, and one begins with the value with which the one before ended: a server that leaves out
    the rows of one end (SecantusDB 0.7, the upper one of an index with fields behind) leaves them out of one only.
    """
    name, start = listing.sort_field, after[0] if after else None
    behind, up_to = ("$lt", "$gte") if listing.descending else ("$gt", "$lte")
    if listing.kind is None or not isinstance(start, listing.kind | None):
        yield {name: {"$ne": None} if start is None else {behind: start}}
        return
    last, first = listing.ends
    operator = behind
    if start is None or listing.is_behind(first, start):
        start, operator = first, f"{behind}e"
    for end in (*_guesses(listing, after, wanted), last):
        if listing.is_behind(end, start):
            yield {name: {up_to: end, operator: start}}
            start, operator = end, f"{behind}e"


def _tied(listing: Listing, after: Cursor, wanted: int) -> Iterator[Document]:
    """Yield the ranges of ids that have a place's value and are behind it: to where the page ended, then the rest."""
    value, start = after
    fence = _fence(listing, after, wanted)
    if fence and fence[0] == value:
        yield {listing.sort_field: value, "_id": _within(listing, _IDS, start, fence[1], is_end_in=True)}
        start = fence[1]
    yield {listing.sort_field: value, "_id": _within(listing, _IDS, start)}


def _ranges_of_ties(listing: Listing, after: Cursor | None, wanted: int) -> Iterator[Document]:
    """As `_ranges`, where pages end within a value: what is before it, its ids up to there, its other ids, the rest."""
    name, ends = listing.sort_field, listing.between or _ENDS[listing.kind or int]
    start: Any = after[0] if after else None
    fence = _fence(listing, after, wanted)
    if fence and (start is None or listing.is_behind(fence[0], start)):
        value, last = fence
        yield {name: _within(listing, ends, start, value)}
        yield {name: value, "_id": _within(listing, _IDS, None, last, is_end_in=True)}
        yield {name: value, "_id": _within(listing, _IDS, last)}
        start = value
    yield {name: _within(listing, ends, start)}


def _fence(listing: Listing, after: Cursor | None, wanted: int) -> Cursor | None:
    return listing.fences.get(_key(listing, after, wanted)) if listing.fences else None


def _within(
    listing: Listing, ends: tuple[Any, Any], start: Any = None, end: Any = None, *, is_end_in: bool = False
) -> Document:
    """Return the condition on what lies behind `start` and before `end` in this order, within `ends`.

    The upper end never belongs to the range (see `_ranges`), the lower one always: no server has to pass over all that
    have one value.
    """
    low, high = (end, start) if listing.descending else (start, end)
    least, most = ends
    if low is not None:
        least = max(least, low if is_end_in and listing.descending else _above(low))
    if high is not None:
        most = min(most, _above(high) if is_end_in and not listing.descending else high)
    return {"$gte": least, "$lt": most}


def _above(value: Any) -> Any:
    """Return a value that is above this one, and not above any other that there is."""
    return value + 1 if isinstance(value, int) else f"{value}\u0001"


def _guesses(listing: Listing, after: Cursor | None, wanted: int) -> list[Any]:
    """Return values at which the page may end, the nearest first."""
    known = listing.fences.get(_key(listing, after, wanted)) if listing.fences else None
    guesses = [] if known is None else [known]
    start = after[0] if after else datetime.now(UTC) if listing.descending else None
    if listing.kind is datetime and start is not None and known != listing.ends[0]:
        if listing.descending:
            return guesses + [start - step for step in _STEPS if start > _FIRST_INSTANT + step]
        return guesses + [start + step for step in _STEPS if start < _LAST_INSTANT - step]
    return guesses


def _key(listing: Listing, after: Cursor | None, wanted: int) -> Any:
    return (
        repr(listing.match),
        repr(listing.where),
        listing.sort_field,
        listing.descending,
        listing.between,
        after,
        wanted,
    )


def on_the_edge(rows: Iterable[Document], condition: Document, listing: Listing) -> int:
    """Return how many rows a range finds again, since it begins with the value with which the one before ended."""
    begins: Any = condition.get(listing.sort_field)
    if not isinstance(begins, dict):
        return 0
    edge = cast(Document, begins).get("$lte" if listing.descending else "$gte")
    return 0 if edge is None else sum(value_of(row, listing.sort_field) == edge for row in rows)


def noted(rows: list[Document], listing: Listing, after: Cursor | None, wanted: int) -> list[Document]:
    """Return the rows, and remember where they ended."""
    if listing.fences and listing.kind:
        listing.fences.note(_key(listing, after, wanted), _ended(rows, listing, is_full=len(rows) == wanted))
    return rows


def _ended(rows: list[Document], listing: Listing, *, is_full: bool) -> Any:
    """Return where a page ended: a value behind it, or the place of its last row where others may have that value."""
    if not is_full:
        return None if listing.has_ties else listing.ends[0]
    last = place_of(rows[-1], listing)
    if listing.has_ties:
        return None if last[0] is None else last
    return _just_behind(last[0], listing)


def _just_behind(value: Any, listing: Listing) -> Any:
    """Return a value that comes after this one, and before all others that there are."""
    if isinstance(value, datetime):
        return value - _TICK if listing.descending else value + _TICK
    if isinstance(value, int):
        return value - 1 if listing.descending else value + 1
    return value if listing.descending else f"{value}\u0001"


def place_of(row: Document, listing: Listing) -> Cursor:
    return value_of(row, listing.sort_field), row["_id"]


def value_of(row: Document, path: str) -> Any:
    value: Any = row
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return value  # pyright: ignore[reportUnknownVariableType]
