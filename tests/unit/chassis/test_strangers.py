"""Who asks is known before anything of a mutation's input is read."""

import asyncio
from typing import Any, cast

import pytest

from chassis.graphql.schema import SubgraphSchema
from chassis.graphql.view import SubgraphView
from services.billing.api.schema import SCHEMA as BILLING
from services.collaboration.api.schema import SCHEMA as COLLABORATION
from services.identity.api.schema import SCHEMA as IDENTITY
from services.notifications.api.schema import SCHEMA as NOTIFICATIONS
from tests.e2e.matrix import MUTATIONS
from tests.unit.chassis.test_deadlines import Door

SCHEMAS = [BILLING, COLLABORATION, IDENTITY, NOTIFICATIONS]


def mutations(schema: SubgraphSchema) -> Any:
    return cast(Any, schema._schema).mutation_type.fields


WHERE = {name: schema for schema in SCHEMAS for name in sorted(mutations(schema))}
PUBLIC = sorted(name for name, row in MUTATIONS.items() if row.public)


async def nobody(_: str) -> Any:
    raise AssertionError


async def ask(schema: SubgraphSchema, *names: str) -> dict[str, Any]:
    """Send mutations of a stranger, with variables that no input of ours takes."""
    asked, variables = [], []
    for number, name in enumerate(names):
        for argument, given in mutations(schema)[name].args.items():
            variables.append(f"$v{number}: {given.type}")
            asked.append(f"m{number}: {name}({argument}: $v{number}) {{ __typename }}")
        if not mutations(schema)[name].args:
            asked.append(f"m{number}: {name} {{ __typename }}")
    head = f"mutation({', '.join(variables)})" if variables else "mutation"
    door = Door(SubgraphView(schema, None, nobody, cast(Any, None)), asyncio.Event())
    return await door.ask(f"{head} {{ {' '.join(asked)} }}")


@pytest.mark.parametrize("name", sorted({*WHERE} - {*PUBLIC}))
async def test_a_stranger_is_told_to_log_in_whatever_the_input(name: str) -> None:
    """The input is wrong, and nobody noticed: it was never read."""
    answer = await ask(WHERE[name], name)

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]
    assert answer["errors"][0]["path"] == ["m0"]
    assert answer["data"] in (None, {"m0": None})


@pytest.mark.parametrize("name", PUBLIC)
async def test_what_strangers_may_do_is_open(name: str) -> None:
    """A mutation for those who are not logged in reads its input."""
    answer = await ask(IDENTITY, name)

    assert "UNAUTHENTICATED" not in [error["extensions"]["code"] for error in answer["errors"]]


async def test_each_mutation_of_several_is_refused() -> None:
    """All are refused together; one that is open makes the whole be run."""
    both = await ask(IDENTITY, "updateStaff", "createCustomer")
    mixed = await ask(IDENTITY, "updateStaff", "logOut")

    assert {error["extensions"]["code"] for error in both["errors"]} == {"UNAUTHENTICATED"}
    assert mixed["errors"][0]["extensions"]["code"] != "UNAUTHENTICATED"
