"""Optional inputs of billing in every shape of "left out"."""

from typing import Any

import pytest

from chassis.kernel import Principal
from services.billing.api import schema
from tests.support.absent import Outcome, outcome, problems
from tests.support.billing.makers import CLIENT, OWNER
from tests.support.billing.running import Running


@pytest.mark.parametrize("by", [OWNER, CLIENT])
async def test_an_empty_value_is_none_or_refused_by_its_name(billing: Running, by: Principal) -> None:
    """Empty ids, cursors and slugs are left out; nothing breaks, and no other field is blamed."""

    async def ask(document: str, variables: dict[str, Any]) -> Outcome:
        return outcome((await billing.subgraph.answer(document, by, **variables))[1])

    assert await problems(schema.SCHEMA._schema, ask) == []
