"""Billing on a real database, with a bus that delivers everything twice."""

from collections.abc import AsyncIterator

import pytest

from tests.support.billing.running import Running, running_billing


@pytest.fixture
async def billing(mongo_url: str, database_name: str) -> AsyncIterator[Running]:
    async with running_billing(mongo_url, f"{database_name}_") as running:
        yield running
