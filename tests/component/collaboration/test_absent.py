"""Optional inputs of collaboration in every shape of "left out"."""

from typing import Any

import pytest

from chassis.kernel import Principal
from services.collaboration.api import schema
from tests.component.collaboration.conftest import Running
from tests.support.absent import Outcome, outcome, problems
from tests.support.collaboration.makers import CONTACT, OWNER


@pytest.mark.parametrize("by", [OWNER, CONTACT])
async def test_an_empty_value_is_none_or_refused_by_its_name(running: Running, by: Principal) -> None:
    """Empty ids and cursors are left out; nothing breaks, and no other field is blamed."""

    async def ask(document: str, variables: dict[str, Any]) -> Outcome:
        return outcome((await running.subgraph.answer(document, by, **variables))[1])

    assert await problems(schema.SCHEMA._schema, ask) == []
