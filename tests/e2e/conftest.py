"""One portal of real processes for all end-to-end tests of a session."""

from collections.abc import Iterator, Mapping
from uuid import uuid4

import pytest

from tests.e2e.client import Client
from tests.e2e.running import RunningPortal
from tests.e2e.world import Organisation, register


@pytest.fixture(scope="session")
def portal(
    tmp_path_factory: pytest.TempPathFactory, mongo_urls: Mapping[str, str], newest_amqp_url: str
) -> Iterator[RunningPortal]:
    """The portal, running."""
    running = RunningPortal(tmp_path_factory.mktemp("portal"), mongo_urls, newest_amqp_url)
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture
def visitor(portal: RunningPortal) -> Client:
    """Somebody who is not logged in."""
    return Client(portal.http, portal.gateway_url)


@pytest.fixture
def organisation(portal: RunningPortal, visitor: Client) -> Organisation:
    """An organisation of this test's own, with its portal enabled."""
    return register(portal, visitor, f"Acme {uuid4().hex[:8]}")
