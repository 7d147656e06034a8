"""The subgraph's checked-in schema."""

import pytest

from portal_cli import schemas
from services.notifications.api import schema
from services.notifications.api.types import NotificationKind
from services.notifications.domain.kinds import Kind
from tests.support.checked_in import assert_made_by
from tests.support.sdl import undescribed


def test_the_checked_in_schema_is_fresh() -> None:
    """`schema.graphql` says what the code says."""
    assert_made_by(schemas.COMMAND, {schemas.subgraph_file("notifications"): schemas.subgraph_sdl("notifications")})


def test_everything_is_described() -> None:
    """Every type, field, argument and enum value has a description."""
    assert undescribed(schema.SCHEMA._schema) == []


def test_every_kind_is_in_the_schema() -> None:
    """A kind without a value of the enumeration would make the whole feed of its first reader null."""
    missing = [kind.name for kind in Kind if kind.value not in {shown.value for shown in NotificationKind}]
    if missing:
        where = "services/notifications/api/types.py"
        pytest.fail(f"Kinds that clients cannot read: add {', '.join(missing)} to NotificationKind in {where}", False)
