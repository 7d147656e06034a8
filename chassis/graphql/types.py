"""Types and scalars that several subgraphs share."""

import base64
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Generic, TypeVar

import orjson
import strawberry

from chassis.graphql.scalars import Currency
from chassis.kernel import Cursor, InvalidInput, NewerVersion, Page, PageRequest

MOST_ROWS = 100
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

    has_next_page: bool = strawberry.field(description="Whether more rows follow this page.")
    has_previous_page: bool = strawberry.field(
        description="Whether rows precede this page; true whenever `after` was given."
    )
    start_cursor: str | None = strawberry.field(description="The cursor of the first row; null on an empty page.")
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

    `endCursor` is behind what was left out too, so that no page is asked for twice.
    """
    nodes, end = page.items, [encode_cursor(page.end, request.order)] if page.end else []
    cursors = [encode_cursor(cursor, request.order) for cursor in page.cursors]
    return Connection(
        edges=[Edge(cursor=cursor, node=node) for cursor, node in zip(cursors, nodes, strict=True)],
        nodes=list(nodes),
        page_info=PageInfo(
            has_next_page=page.has_next_page,
            has_previous_page=request.after is not None,
            start_cursor=cursors[0] if cursors else None,
            end_cursor=(end or cursors or [None])[-1],
        ),
        count=count,
    )


class InvalidPage(InvalidInput):
    """`first` or `after` is out of range, or no cursor of this list."""


First = Annotated[int, strawberry.argument(description="The number of rows, 1 to 100.")]
After = Annotated[
    str | None, strawberry.argument(description="The `endCursor` of the previous page; the first page by default.")
]


def page_request(first: int, after: str | None, order: str) -> PageRequest:
    """Return the request of a page; an empty cursor is none, as typed clients send it for one that is left out.

    `order` names the list and how it is sorted, such as `invoices due asc`: a cursor is a place in that alone.

    Raises:
        InvalidPage: when `first` is not between 1 and 100, or `after` is no cursor of this order.
    """
    if not 1 <= first <= MOST_ROWS:
        raise InvalidPage(f"`first` must be between 1 and {MOST_ROWS}.", field=("first",))
    return PageRequest(first, decode_cursor(after, order) if after else None, order)


def encode_cursor(cursor: Cursor, order: str) -> str:
    """Return the opaque text of a cursor; dates and instants keep their kind."""
    value, row_id = cursor
    kind = "t" if hasattr(value, "isoformat") else "v"
    return base64.urlsafe_b64encode(orjson.dumps([kind, value, row_id, order])).decode().rstrip("=")


def decode_cursor(text: str, order: str) -> Cursor:
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
        raise InvalidPage(
            "This is not a cursor of this list; use the `endCursor` of the page before.", field=("after",)
        ) from None
    if given not in ([], [order]):
        raise InvalidPage(
            "This cursor belongs to another list, or to another order of it; begin without `after`.", field=("after",)
        )
    return value, row_id
