"""Billing's checked-in schema."""

from pathlib import Path

from services.billing.api import schema
from tests.support.sdl import assert_snapshot, undescribed

SDL = Path(schema.__file__).with_name("schema.graphql")


def test_the_checked_in_schema_is_fresh() -> None:
    """`schema.graphql` says what the code says."""
    assert_snapshot(SDL, schema.SCHEMA.as_str() + "\n")


def test_everything_is_described() -> None:
    """Every type, field, argument and enum value has a description."""
    assert undescribed(schema.SCHEMA._schema) == []


def test_no_card_number_can_enter() -> None:
    """No field or argument of the schema is made for a card number or its code."""
    names = schema.SCHEMA.as_str().casefold()
    assert [word for word in ("cvv", "cvc", "cardnumber", "pan:") if word in names] == []
