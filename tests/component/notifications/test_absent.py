"""Optional inputs of notifications in every shape of "left out"."""

from typing import Any

import pytest

from chassis.kernel import Principal, Role, new_id
from services.notifications.api import schema
from tests.component.notifications.conftest import Running
from tests.support.absent import Outcome, outcome, problems
from tests.support.notifications.makers import CUSTOMER, ORG

STAFF = Principal(id=new_id("stf"), organisation_id=ORG, role=Role.OWNER)
CLIENT = Principal(id=new_id("con"), organisation_id=ORG, role=Role.CONTACT, customer_id=CUSTOMER)


@pytest.mark.parametrize("by", [STAFF, CLIENT])
async def test_an_empty_value_is_none_or_refused_by_its_name(running: Running, by: Principal) -> None:
    """Empty ids and cursors are left out; nothing breaks, and no other field is blamed."""

    async def ask(document: str, variables: dict[str, Any]) -> Outcome:
        return outcome((await running.subgraph.answer(document, by, **variables))[1])

    assert await problems(schema.SCHEMA._schema, ask) == []
