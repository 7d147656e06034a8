"""Types and scalars that several subgraphs share."""

import base64
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Generic, NamedTuple, TypeVar

import orjson
import strawberry

from chassis.graphql.scalars import Currency
from chassis.kernel import Cursor, InvalidInput, NewerVersion, Page, PageRequest

MOST_ROWS = 100
USUAL_ROWS = 20
_LEAST_INT = -(2**63)
"""The least whole number that is ever stored (BSON's 64-bit integer)."""


@strawberry.federation.type(shareable=True, description="An amount of money in one currency.")
class Money:
    """An amount as the API shows it."""

    amount: Decimal = strawberry.field(description="The amount, with as many decimal digits as the currency has.")
    currency: Currency = strawberry.field(description="The currency.")


@strawberry.federation.type(shareable=True, description="The position of a page in its list.")
class PageInfo:
    """Relay's page information."""

    has_next_page: bool = strawberry.field(
        description="Whether more rows follow this page; true whenever `before` was given."
    )
    has_previous_page: bool = strawberry.field(
        description="Whether rows precede this page; true whenever `after` was given."
    )
    start_cursor: str | None = strawberry.field(
        description="The cursor of the first row: the `before` of the previous page; null on an empty page."
    )
    end_cursor: str | None = strawberry.field(
        description="The cursor of the last row: the `after` of the next page; null on an empty page."
    )


E = TypeVar("E", bound=Enum)
N = TypeVar("N")
R = TypeVar("R")


@strawberry.type(description="A row of a list and its cursor.")
class Edge(Generic[N]):
    """Relay's edge."""

    cursor: str = strawberry.field(description="An opaque text that marks the position of the row.")
    node: N = strawberry.field(description="The row.")


@strawberry.type(description="A page of a list, following the Relay cursor connections specification.")
class Connection(Generic[N]):
    """Relay's connection."""

    edges: list[Edge[N]] = strawberry.field(description="The rows of this page with their cursors.")
    nodes: list[N] = strawberry.field(description="The rows of this page.")
    page_info: PageInfo = strawberry.field(description="The position of the page in the list.")
    count: strawberry.Private[Callable[[], Awaitable[int]] | None] = None

    @strawberry.field(description="The number of rows in the whole list; null where counting is not offered.")
    async def total_count(self) -> int | None:
        return await self.count() if self.count else None


def named(kind: type[E], word: Enum) -> E:
    """Return the value of a GraphQL enumeration for a stored word.

    Raises:
        NewerVersion: when a newer version stored it, and this one has no name for it.
    """
    try:
        return kind(word.value)
    except ValueError:
        raise NewerVersion from None


def connection(page: Page[N], request: PageRequest, count: Callable[[], Awaitable[int]] | None = None) -> Connection[N]:
    """Return the connection of a page of rows as they are shown (`left_out.shown_page`).

    `startCursor` and `endCursor` are around what was left out too, so that no page is asked for twice.
    """
    nodes, start, end = page.items, page.start, page.end
    cursors = [encode_cursor(cursor, request.order) for cursor in page.cursors]
    return Connection(
        edges=[Edge(cursor=cursor, node=node) for cursor, node in zip(cursors, nodes, strict=True)],
        nodes=list(nodes),
        page_info=PageInfo(
            has_next_page=page.has_next_page,
            has_previous_page=page.has_previous_page,
            start_cursor=encode_cursor(start, request.order) if start else None,
            end_cursor=encode_cursor(end, request.order) if end else None,
        ),
        count=count,
    )


class InvalidPage(InvalidInput):
    """What names a page is out of range, no cursor of this list, or asks in both directions."""


First = Annotated[
    int | None,
    strawberry.argument(description=f"The number of rows, 1 to 100; {USUAL_ROWS} by default. Not with `last`."),
]
After = Annotated[
    str | None, strawberry.argument(description="The `endCursor` of the previous page; the first page by default.")
]
Last = Annotated[
    int | None,
    strawberry.argument(description="The number of rows, 1 to 100, from the end of the list or from `before`."),
]
Before = Annotated[
    str | None,
    strawberry.argument(description="With `last`: the `startCursor` of the next page; the last page by default."),
]


class Span(NamedTuple):
    """Which rows of a list are asked for, as the client said it; an empty cursor is left out (typed clients)."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None


def page_request(span: Span, order: str) -> PageRequest:
    """Return the request of a page.

    `order` names the list and how it is sorted, such as `invoices due asc`: a cursor is a place in that alone.

    Raises:
        InvalidPage: when a number is not between 1 and 100, a cursor is none of this order, or both directions are
            asked for.
    """
    _require_one_direction(span)
    backward = span.last is not None
    name, rows, cursor = ("last", span.last, span.before) if backward else ("first", span.first, span.after)
    rows = USUAL_ROWS if rows is None else rows
    if not 1 <= rows <= MOST_ROWS:
        raise InvalidPage(f"`{name}` must be between 1 and {MOST_ROWS}.", field=(name,))
    place = decode_cursor(cursor, order, "before" if backward else "after") if cursor else None
    return PageRequest(rows, place, order, backward)


def _require_one_direction(span: Span) -> None:
    if span.first not in (None, USUAL_ROWS) and span.last is not None:  # what is left out arrives as the default
        raise InvalidPage("Give `first` or `last`, not both.", field=("last",))
    if span.after and span.last is not None:
        raise InvalidPage("`after` goes with `first`; with `last`, give `before`.", field=("after",))
    if span.before and span.last is None:
        raise InvalidPage("`before` goes with `last`; with `first`, give `after`.", field=("before",))


def encode_cursor(cursor: Cursor, order: str) -> str:
    """Return the opaque text of a cursor; dates and instants keep their kind."""
    value, row_id = cursor
    kind = "t" if hasattr(value, "isoformat") else "v"
    return base64.urlsafe_b64encode(orjson.dumps([kind, value, row_id, order])).decode().rstrip("=")


def decode_cursor(text: str, order: str, field: str = "after") -> Cursor:
    """Return the cursor of an opaque text; earlier versions wrote them without their order.

    Raises:
        InvalidPage: when it is none of ours, or one of another list or order.
    """
    try:
        kind, value, row_id, *given = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if kind == "t":
            value = datetime.fromisoformat(value).astimezone(UTC)
        if isinstance(value, int) and not _LEAST_INT <= value <= -_LEAST_INT - 1:
            raise ValueError("no number that is ever stored")
        if not isinstance(row_id, str) or not isinstance(value, str | int | float | datetime | None):
            raise TypeError
        if len(given) > 1 or not all(isinstance(one, str) for one in given):
            raise TypeError
    except (ValueError, TypeError, OverflowError, RecursionError):
        source = "`endCursor` of the page before" if field == "after" else "`startCursor` of the page after"
        raise InvalidPage(f"This is not a cursor of this list; use the {source}.", field=(field,)) from None
    if given not in ([], [order]):
        text = f"This cursor belongs to another list, or to another order of it; begin without `{field}`."
        raise InvalidPage(text, field=(field,))
    return value, row_id
