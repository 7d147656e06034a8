"""Identity on a real database, with a bus that delivers everything twice."""

from collections.abc import AsyncIterator

import pytest

from chassis.mongo.indexes import ensure_indexes
from services.identity.bootstrap import INDEXES
from tests.support.identity.portal import Business, Portal, make_portal, make_settings


@pytest.fixture
async def portal(mongo_url: str, database_name: str) -> AsyncIterator[Portal]:
    """The service; events are relayed when a test asks for it (`settle`)."""
    running = make_portal(make_settings(mongo_url, database_name))
    await ensure_indexes(running.service.database, INDEXES)
    await running.service.inbox.start(running.bus)
    yield running
    await running.service.database.drop()
    await running.service.close()


@pytest.fixture
async def second_process(portal: Portal, mongo_url: str, database_name: str) -> AsyncIterator[Portal]:
    """Another process of the same service, over the same database."""
    running = make_portal(make_settings(mongo_url, database_name))
    yield running
    await running.service.close()


@pytest.fixture
async def business(portal: Portal) -> Business:
    """An organisation with an open portal."""
    return await portal.register("nordlicht")
