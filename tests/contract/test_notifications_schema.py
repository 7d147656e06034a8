"""The subgraph's checked-in schema."""

from pathlib import Path

from services.notifications.api import schema
from tests.support.sdl import assert_snapshot, undescribed

SDL = Path(schema.__file__).with_name("schema.graphql")


def test_the_checked_in_schema_is_fresh() -> None:
    """`schema.graphql` says what the code says."""
    assert_snapshot(SDL, schema.SCHEMA.as_str() + "\n")


def test_everything_is_described() -> None:
    """Every type, field, argument and enum value has a description."""
    assert undescribed(schema.SCHEMA._schema) == []
