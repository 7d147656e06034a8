"""The checked-in GraphQL schemas of the services and of the gateway."""

from graphql import build_schema, is_non_null_type

from portal_cli import schemas
from portal_cli.paths import GATEWAY_SCHEMA
from tests.support.sdl import undescribed


def test_the_checked_in_schemas_are_fresh() -> None:
    """The subgraphs compose, and the supergraph and the API schema are those that the code makes (`portal schema`)."""
    assert schemas.run(check=True) == 0


def test_everything_that_clients_see_is_described() -> None:
    """Every type, field, argument and enum value of the gateway's schema has a description."""
    assert undescribed(build_schema(GATEWAY_SCHEMA.read_text())) == []


def test_a_subgraph_that_is_down_costs_its_own_fields_only() -> None:
    """Every query field may be null, so that one service's absence never nulls the others' answers."""
    query = build_schema(GATEWAY_SCHEMA.read_text()).query_type
    assert query is not None
    assert [name for name, field in query.fields.items() if is_non_null_type(field.type)] == []
