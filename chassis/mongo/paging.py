"""Keyset pagination: pages by (sort field, `_id`), stable while rows are added, linear in nothing but the page.

A row that has no value to be sorted by (an older version wrote it, or a newer one) keeps its place: before all others
where values ascend, behind them where they descend, as BSON orders. Conditions on a value never match such rows, so
they are asked for by themselves, and only by the page that reaches them.

Not every server stops at `limit`: the embedded ones read and sort all that matches. So nothing here asks `$or`, and
with `fences` a page is asked for between two values, of which the far one is where such a page ended last time; what is
missing from it is asked for behind that. A fence is a guess that costs time when it is wrong, and changes no page.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from chassis.kernel import Cursor, Page, PageRequest, page_of
from chassis.mongo.applied import STATE_ONLY
from chassis.mongo.client import Collection, Document, aggregated

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


async def fetch_page(
    collection: Collection, match: Mapping[str, Any], sort_field: str, request: PageRequest, *, descending: bool
) -> Page[Document]:
    """Return the page of documents after `request.after`, or before it (`backward`), without their outbox."""
    return await listed_page(collection, Listing(match=match, sort_field=sort_field, descending=descending), request)


async def listed_page(collection: Collection, listing: Listing, request: PageRequest) -> Page[Document]:
    """Return the page of a list after `request.after`, or before it (`backward`): that is the opposite order, turned.

    The cursor of a row is (value of the sort field or None, id).
    """
    if request.backward:
        listing = replace(listing, descending=not listing.descending)
    rows: list[Document] = []
    after, wanted = request.after, request.first + 1
    while len(rows) < wanted:
        asked = wanted - len(rows)
        found = await _rows(collection, listing, after, asked)
        rows += filter(listing.keep, found)
        if len(found) < asked:
            break
        after = _place(found[-1], listing)
    shown = rows[: request.first][:: -1 if request.backward else 1]
    cursors = tuple(_place(row, listing) for row in shown)
    return page_of(tuple(shown), cursors, request, more=len(rows) > request.first)


async def _rows(collection: Collection, listing: Listing, after: Cursor | None, wanted: int) -> list[Document]:
    """Return at most so many rows behind a place, in order: fewer only where there are no more."""
    rows: dict[str, Document] = {}
    for condition in _conditions(listing, after, wanted):
        again = _on_the_edge(rows.values(), condition, listing)
        for row in await _found(collection, listing, condition, wanted - len(rows) + again):
            rows.setdefault(row["_id"], row)
        if len(rows) >= wanted:
            break
    return _noted(list(rows.values())[:wanted], listing, after, wanted)


def _on_the_edge(rows: Iterable[Document], condition: Document, listing: Listing) -> int:
    """Return how many rows a range finds again, since it begins with the value with which the one before ended."""
    begins: Any = condition.get(listing.sort_field)
    if not isinstance(begins, dict):
        return 0
    edge = cast(Document, begins).get("$lte" if listing.descending else "$gte")
    return 0 if edge is None else sum(_value(row, listing.sort_field) == edge for row in rows)


def _noted(rows: list[Document], listing: Listing, after: Cursor | None, wanted: int) -> list[Document]:
    """Return the rows, and remember where they ended."""
    if listing.fences and listing.kind:
        is_full = len(rows) == wanted
        ended = _just_behind(_value(rows[-1], listing.sort_field), listing) if is_full else listing.ends[0]
        listing.fences.note(_key(listing, after, wanted), ended)
    return rows


def _just_behind(value: Any, listing: Listing) -> Any:
    """Return a value that comes after this one, and before all others that there are."""
    if isinstance(value, datetime):
        return value - _TICK if listing.descending else value + _TICK
    if isinstance(value, int):
        return value - 1 if listing.descending else value + 1
    return value if listing.descending else f"{value}\u0001"


async def _found(collection: Collection, listing: Listing, condition: Document, wanted: int) -> list[Document]:
    """Return the first rows of a range. What no index has is asked in a second step, lest it hide what one has."""
    beyond: Document = {"_id": condition["_id"]} if {*condition} > {"_id"} else {}
    if listing.where is None and not beyond:
        query = _both(listing.match, condition)
        return await collection.find(query, listing.fields).sort(listing.order).limit(wanted).to_list()
    by_index: Document = {name: value for name, value in condition.items() if name not in beyond}
    by_index, rest = (by_index, beyond) if listing.kind else ({}, condition)
    steps = ({**listing.match, **by_index}, listing.where or {}, rest)
    matches = [{"$match": step} for step in steps if step]
    more: list[Document] = [{"$sort": dict(listing.order)}, {"$limit": wanted}, {"$project": dict(listing.fields)}]
    return [row async for row in aggregated(collection, [*matches, *more])]


def _conditions(listing: Listing, after: Cursor | None, wanted: int) -> Iterator[Document]:
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
        yield {name: after[0], "_id": {beyond: after[1]}}
    yield from _ranges(listing, after, wanted)
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


def _both(match: Mapping[str, Any], condition: Document) -> Mapping[str, Any]:
    if all(name not in match for name in condition):
        return {**match, **condition}
    return {"$and": [match, condition]}


def _place(row: Document, listing: Listing) -> Cursor:
    return _value(row, listing.sort_field), row["_id"]


def _value(row: Document, path: str) -> Any:
    value: Any = row
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return value  # pyright: ignore[reportUnknownVariableType]
