"""The subgraph's checked-in schema."""

from portal_cli import schemas
from services.identity.api import schema
from tests.support.checked_in import assert_made_by
from tests.support.sdl import undescribed


def test_the_checked_in_schema_is_fresh() -> None:
    """`schema.graphql` says what the code says."""
    assert_made_by(schemas.COMMAND, {schemas.subgraph_file("identity"): schemas.subgraph_sdl("identity")})


def test_everything_is_described() -> None:
    """Every type, field, argument and enum value has a description."""
    assert undescribed(schema.SCHEMA._schema) == []
