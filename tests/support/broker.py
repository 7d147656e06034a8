"""A real RabbitMQ for tests.

Fixtures:
    `amqp_url`: the address of a private node, started once per test session (and per xdist worker).
    `rabbitmq_node`: a node of this test's own, which it may stop, kill, pause and start again.

Tests that use these are marked `broker`. Where RabbitMQ is not installed they are skipped with that reason, and under
CI they fail.
"""

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal_cli.rabbitmq import BrokerMissing, RabbitMQNode


@contextmanager
def running_node(folder: Path) -> Generator[RabbitMQNode]:
    """Run a private node; skip where there is no RabbitMQ, and fail under CI."""
    try:
        node = RabbitMQNode(folder)
    except BrokerMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    try:
        node.start()
        yield node
    finally:
        node.stop()


@pytest.fixture(scope="session")
def amqp_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a broker that all tests of the session share: declare queues of your own, and delete them."""
    with running_node(tmp_path_factory.mktemp("rabbitmq")) as node:
        yield node.url


@pytest.fixture
def rabbitmq_node(tmp_path: Path) -> Iterator[RabbitMQNode]:
    """A broker of this test's own, for faults."""
    with running_node(tmp_path / "rabbitmq") as node:
        yield node


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"amqp_url", "rabbitmq_node"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("broker")
