"""A cursor is a place that a row can have; anything else is refused by name before a database is asked."""

import base64
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from chassis.graphql.types import InvalidPage, decode_cursor, encode_cursor

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
