"""The scalars of our own: how they are written, and one plain sentence for whatever is none of them.

A value that is none answers BAD_USER_INPUT, in a variable and in the document alike, and is not repeated: it may be
what somebody should not have typed there.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.schema.types.base_scalars import DateDefinition, DateTimeDefinition
from strawberry.types.scalar import ScalarDefinition

BAD_USER_INPUT = "BAD_USER_INPUT"

Currency = NewType("Currency", str)


def or_refused(parse: Callable[[Any], Any] | None, expected: str) -> Callable[[Any], Any]:
    """Return a parser that tells what it expected of a value that it cannot read, and does not repeat the value."""

    def parsed(value: Any) -> Any:
        try:
            return parse(value) if parse else value
        except (ValueError, TypeError, OverflowError, GraphQLError):  # Strawberry's parsers repeat the value
            raise GraphQLError(expected, extensions={"code": BAD_USER_INPUT}) from None

    return parsed


def parse_currency(value: Any) -> str:
    """Return the code as it was sent; whether there is such a currency is the domain's to say.

    Raises:
        ValueError: it is no string.
    """
    if not isinstance(value, str):
        raise ValueError
    return value


def parse_decimal(value: Any) -> Decimal:
    """Return the decimal number of a string (or whole number) without exponent and of at most 40 characters.

    Raises:
        ValueError: for anything else, floats, NaN and infinities included.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > 40:
        raise ValueError
    text = value.removeprefix("-")
    whole, _, fraction = text.partition(".")
    if not (whole + fraction).isascii() or not whole.isdigit() or (not fraction.isdigit() and "." in text):
        raise ValueError
    return Decimal(value)


_RFC3339 = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6"
A_DATE = 'A date must be a calendar day, such as "2026-03-31".'
AN_INSTANT = 'A date with time must be an instant, such as "2026-03-31T12:00:00Z".'
SCALARS: dict[object, ScalarDefinition] = {
    Currency: strawberry.scalar(
        name="Currency",
        description="An ISO 4217 currency code, such as `EUR`.",
        specified_by_url="https://www.iso.org/iso-4217-currency-codes.html",
        serialize=str,
        parse_value=or_refused(parse_currency, "A currency must be a string of three letters."),
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description='A decimal number as a string, such as `"12.30"`; never a float.',
        specified_by_url="https://www.w3.org/TR/xmlschema11-2/#decimal",
        serialize=lambda value: format(value, "f"),
        parse_value=or_refused(parse_decimal, 'A decimal must be a string such as "12.30".'),
    ),
    date: replace(
        DateDefinition,
        description="A calendar day in ISO 8601, such as `2026-11-29`.",
        specified_by_url=_RFC3339,
        parse_value=or_refused(DateDefinition.parse_value, A_DATE),
    ),
    datetime: replace(
        DateTimeDefinition,
        description="An instant in ISO 8601, such as `2026-11-29T12:00:00Z`.",
        specified_by_url=_RFC3339,
        parse_value=or_refused(DateTimeDefinition.parse_value, AN_INSTANT),
    ),
}
