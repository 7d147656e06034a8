"""What we keep about cards at providers, one suite over the fakes and over MongoDB."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from chassis.kernel import new_id
from chassis.mongo.client import connect
from services.billing.adapters.mongo_card_desk import MongoCardTokens, MongoProviderCustomers
from services.billing.application.payment_ports import Payer
from tests.support.billing.makers import NOW
from tests.support.billing.payments import MemoryCardTokens, MemoryCustomers
from tests.support.storage import mongod

ADA = Payer(contact_id="con_1", organisation_id="org_1")
Desk = tuple[Any, Any]


SERVERS = ["secantusdb_url", *(["mongod_url"] if mongod() else [])]


@pytest.fixture(params=["memory", *SERVERS])
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    """Tokens and customers of each kind; the database is only asked for where it is needed."""
    if request.param == "memory":
        yield MemoryCardTokens(), MemoryCustomers()
        return
    database = connect(request.getfixturevalue(request.param), new_id("tst"))
    yield MongoCardTokens(database), MongoProviderCustomers(database)
    await database.drop()
    await database.close()


async def test_a_token_is_spent_once_and_again_by_the_same(desk: Desk) -> None:
    """The first payment has it for ever; repeating its own request is no second use."""
    tokens, _ = desk

    uses = [await tokens.spend("stripe", "cs_1", by, NOW) for by in ("pay_1", "pay_2", "pay_1")]

    assert uses == [True, False, True]
    assert await tokens.used_by("stripe", "cs_1") == "pay_1"
    assert await tokens.used_by("sandbox", "cs_1") is None


async def test_of_many_at_once_one_spends_a_token(desk: Desk) -> None:
    """Fifty at the same moment: one write wins."""
    tokens, _ = desk

    uses = await asyncio.gather(*(tokens.spend("stripe", "cs_1", f"pay_{n}", NOW) for n in range(50)))

    assert sum(uses) == 1


async def test_a_customer_is_one_payers_at_one_provider(desk: Desk) -> None:
    """Another organisation's contact of the same id, and another provider, are somebody else; a new one replaces."""
    _, customers = desk
    await customers.put("stripe", ADA, "cus_1")
    await asyncio.gather(*(customers.put("stripe", ADA, "cus_2") for _ in range(10)))

    assert await customers.get("stripe", ADA) == "cus_2"
    assert await customers.get("sandbox", ADA) is None
    assert await customers.get("stripe", Payer(contact_id="con_1", organisation_id="org_2")) is None
    assert await customers.get("stripe", Payer(contact_id="con_2", organisation_id="org_1")) is None
