"""Billing's checked-in schema."""

from portal_cli import schemas
from services.billing.api import schema
from tests.support.checked_in import assert_made_by
from tests.support.sdl import undescribed


def test_the_checked_in_schema_is_fresh() -> None:
    """`schema.graphql` says what the code says."""
    assert_made_by(schemas.COMMAND, {schemas.subgraph_file("billing"): schemas.subgraph_sdl("billing")})


def test_everything_is_described() -> None:
    """Every type, field, argument and enum value has a description."""
    assert undescribed(schema.SCHEMA._schema) == []


def test_no_card_number_can_enter() -> None:
    """No field or argument of the schema is made for a card number or its code."""
    names = schema.SCHEMA.as_str().casefold()
    assert [word for word in ("cvv", "cvc", "cardnumber", "pan:") if word in names] == []
