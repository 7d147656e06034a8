"""A cursor is a place that a row can have; anything else is refused by name before a database is asked."""

import base64
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from chassis.graphql.types import InvalidPage, Span, connection, decode_cursor, encode_cursor, page_request
from chassis.kernel import PageRequest
from tests.support.pages import page_in_memory

ORDER = "invoices due asc"
NO_PLACES: tuple[Any, ...] = (2**63, 2**64 - 1, [1], {"$gt": ""})


def _text(*parts: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([*parts])).decode().rstrip("=")


@pytest.mark.parametrize("value", NO_PLACES, ids=str)
def test_what_no_row_can_be_sorted_by_is_no_cursor(value: Any) -> None:
    """A number beyond BSON's 64 bits fails in the driver, which is no fault of ours to show."""
    with pytest.raises(InvalidPage):
        decode_cursor(_text("v", value, "inv_1", ORDER), ORDER)


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "yesterday"])
def test_an_instant_outside_of_all_calendars_is_no_cursor(instant: str) -> None:
    """In UTC these lie before the first or after the last year that there is."""
    with pytest.raises(InvalidPage):
        decode_cursor(_text("t", instant, "inv_1", ORDER), ORDER)


def test_places_are_cursors() -> None:
    """What can be stored comes back as it was."""
    for value in (2**63 - 1, -(2**63), 0, 1.5, "a", None, datetime(2026, 3, 1, tzinfo=UTC)):
        assert decode_cursor(encode_cursor((value, "inv_1"), ORDER), ORDER) == (value, "inv_1")


def test_a_place_in_another_order_is_none_in_this_one() -> None:
    """Such a cursor would show an empty page, or rows in the middle of nowhere."""
    for other in ("invoices due desc", "invoices total asc", "estimates due asc", ""):
        with pytest.raises(InvalidPage, match="another order"):
            decode_cursor(encode_cursor((1, "inv_1"), other), ORDER)


def test_cursors_of_earlier_versions_go_on() -> None:
    """They name no order; a page that was opened before an update can be read to its end."""
    assert decode_cursor(_text("v", 1, "inv_1"), ORDER) == (1, "inv_1")


@pytest.mark.parametrize("more", [[1], [None], ["invoices due asc", "x"], [["invoices due asc"]]], ids=str)
def test_an_order_is_one_text(more: list[Any]) -> None:
    """Anything else was not written here."""
    with pytest.raises(InvalidPage):
        decode_cursor(_text("v", 1, "inv_1", *more), ORDER)


PLACE = encode_cursor((3, "r3"), ORDER)
REFUSED = [
    (Span(first=1, last=1), "last"),
    (Span(first=0), "first"),
    (Span(first=101), "first"),
    (Span(last=0), "last"),
    (Span(last=101), "last"),
    (Span(last=1, after=PLACE), "after"),
    (Span(first=1, before=PLACE), "before"),
    (Span(before=PLACE), "before"),
    (Span(after="nonsense"), "after"),
    (Span(last=1, before="nonsense"), "before"),
    (Span(last=1, before=encode_cursor((3, "r3"), "estimates due asc")), "before"),
]


@pytest.mark.parametrize(("span", "field"), REFUSED)
def test_what_names_no_page_is_refused_by_its_argument(span: Span, field: str) -> None:
    """Both directions at once, numbers out of range, and cursors of others."""
    with pytest.raises(InvalidPage) as refused:
        page_request(span, ORDER)
    assert refused.value.field == (field,)


def test_empty_cursors_are_left_out() -> None:
    """Typed clients send them for what they leave out; without a number a page has 20 rows."""
    assert page_request(Span(after="", before=""), ORDER) == PageRequest(20, None, ORDER)
    assert page_request(Span(last=2, after="", before=""), ORDER) == PageRequest(2, None, ORDER, backward=True)


PAGES = [
    (Span(first=2), "r0 r1", True, False),
    (Span(first=2, after=PLACE), "r4 r5", True, True),
    (Span(first=9, after=PLACE), "r4 r5 r6", False, True),
    (Span(last=2), "r5 r6", False, True),
    (Span(last=2, before=PLACE), "r1 r2", True, True),
    (Span(last=3, before=PLACE), "r0 r1 r2", True, False),
    (Span(last=9), "r0 r1 r2 r3 r4 r5 r6", False, False),
]


@pytest.mark.parametrize(("span", "shown", "following", "preceding"), PAGES)
def test_a_page_tells_what_lies_around_it(span: Span, shown: str, following: bool, preceding: bool) -> None:
    """Relay's `pageInfo` is right in both directions, and its cursors are those of the rows at the ends."""
    request = page_request(span, ORDER)
    rows = [(place, f"r{place}") for place in range(7)]
    page = connection(page_in_memory(rows, lambda row: row, request, descending=False), request)
    assert [name for _, name in page.nodes] == shown.split()
    assert (page.page_info.has_next_page, page.page_info.has_previous_page) == (following, preceding)
    ends = page.edges[0].cursor, page.edges[-1].cursor
    assert (page.page_info.start_cursor, page.page_info.end_cursor) == ends


def test_a_page_of_nothing_has_no_ends() -> None:
    """Its cursors are null."""
    request = page_request(Span(last=2), ORDER)
    rows: list[tuple[int, str]] = []
    info = connection(page_in_memory(rows, lambda row: row, request, descending=False), request).page_info
    assert (info.start_cursor, info.end_cursor, info.has_next_page, info.has_previous_page) == (
        None,
        None,
        False,
        False,
    )
