"""What collaboration's refusals point at."""

from typing import Any

import pytest

from chassis.kernel import Principal
from services.collaboration.api import schema
from tests.component.collaboration.conftest import Running
from tests.support.blaming import misplaced
from tests.support.collaboration.makers import CONTACT, OWNER, estimate
from tests.support.refusals import NOTE, undeclared
from tests.support.storage import quickest

pytestmark = pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)


@pytest.mark.parametrize("by", [OWNER, CONTACT])
async def test_a_refusal_points_at_a_field_of_the_input(running: Running, by: Principal) -> None:
    """Each field of each mutation made bad in turn: what is blamed is that field of that input, or none."""
    document = estimate()
    await running.tell_of(document)
    given = {"": {"recipientEmail": "friend@elsewhere.example", "documentId": document.id}}

    async def ask(document: str, variables: dict[str, Any]) -> dict[str, Any]:
        return (await running.subgraph.answer(document, by, **variables))[1]

    seen, wrong = await misplaced(schema.SCHEMA._schema, ask, given)
    assert wrong == []
    assert undeclared("collaboration") == [], NOTE
    assert seen > 20
