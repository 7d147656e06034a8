"""Optional inputs of identity in every shape of "left out"."""

from typing import Any

import orjson
import pytest

from services.identity.api import schema
from tests.support.absent import Outcome, absent_inputs, outcome, problems
from tests.support.identity.portal import PASSWORD, Business, Portal


async def test_an_empty_value_is_none_or_refused_by_its_name(portal: Portal, business: Business) -> None:
    """Empty ids, cursors and slugs are left out; nothing breaks, and no other field is blamed."""

    async def ask(document: str, variables: dict[str, Any]) -> Outcome:
        return outcome(orjson.loads((await portal.answer(document, business.owner, **variables)).body))

    assert await problems(schema.SCHEMA._schema, ask) == []


def test_the_inputs_are_those_of_the_schema() -> None:
    """The ones that typed clients send most are among them."""
    every = {one.coordinate for one in absent_inputs(schema.SCHEMA._schema)}
    assert every > {"Mutation.logIn(input.portal)", "Mutation.logIn(input.organisationId)", "Query.customers(after:)"}


@pytest.mark.parametrize("given", [{}, {"portal": None, "organisationId": None}, {"portal": "", "organisationId": ""}])
async def test_staff_log_in_with_whatever_their_client_leaves_out(
    portal: Portal, business: Business, given: dict[str, str | None]
) -> None:
    """The right password comes in; a wrong one does not."""
    email = f"ada@{business.slug}.example"
    payload = await portal.mutate("logIn", None, "userErrors { code }", email=email, password=PASSWORD, **given)
    assert payload["userErrors"] == []
    payload = await portal.mutate("logIn", None, "userErrors { code }", email=email, password="another", **given)
    assert [one["code"] for one in payload["userErrors"]] == ["LOG_IN_REFUSED"]
