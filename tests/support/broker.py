"""Real RabbitMQs for tests, of every version that is held to our promises.

Fixtures:
    `amqp_url`: the address of a private node, started once per test session (and per xdist worker). A test that asks
        for it runs on every version of `BROKERS`.
    `rabbitmq_node`: a node of this test's own, which it may stop, kill, pause and start again; on every version too.
    `brokers`: the nodes of the session by name, for fixtures that choose one.
    `newest_amqp_url`: the newest version alone, for tests that start whole processes.

Tests that use these are marked `broker`. Where a RabbitMQ cannot be had its tests are skipped with that reason; under
CI they fail, but for versions that are not ours to pin.
"""

import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from portal_cli.foreign import RABBITMQ_4_0, RABBITMQ_4_3
from portal_cli.rabbitmq import BrokerMissing, RabbitMQNode
from portal_cli.toolbox import Tool
from tests.support.foreign import built


@dataclass(frozen=True)
class Broker:
    """One version: that of the system, or a program in the toolbox."""

    name: str
    tool: Tool | None = None

    def scripts(self) -> Path | None:
        """Return the folder of its start scripts, or None for the system's; skip where it cannot be had."""
        return self.tool and built(self.tool) / "bin"


BROKERS = {
    broker.name: broker for broker in (Broker("installed"), Broker("4.0", RABBITMQ_4_0), Broker("4.3", RABBITMQ_4_3))
}
"""The system's own (Debian 12: 3.10.8), 4.0.5 and 4.3.6: the oldest and the newest that we can run, and one between."""
WHOLE_PORTAL = "4.0"
"""The version under end-to-end tests, where it is there."""


@contextmanager
def running_node(
    folder: Path, broker: Broker = BROKERS["installed"], settings: str = "", plugins: Sequence[str] = ()
) -> Generator[RabbitMQNode]:
    """Run a private node, with further lines of `rabbitmq.conf`; skip where there is no RabbitMQ, and fail under CI."""
    try:
        node = RabbitMQNode(folder, broker.scripts(), settings, plugins)
    except BrokerMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    try:
        node.start()
        yield node
    finally:
        node.stop()


class Brokers:
    """The nodes of a session, each started when it is first asked for."""

    def __init__(self, folders: pytest.TempPathFactory, running: ExitStack) -> None:
        self._folders = folders
        self._running = running
        self._nodes: dict[str, RabbitMQNode] = {}

    def node(self, name: str) -> RabbitMQNode:
        """Return the running node of a version of `BROKERS`."""
        if name not in self._nodes:
            folder = self._folders.mktemp("rabbitmq")
            self._nodes[name] = self._running.enter_context(running_node(folder, BROKERS[name]))
        return self._nodes[name]


@pytest.fixture(scope="session")
def brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brokers]:
    """The nodes that all tests of the session share: declare queues of your own, and delete them."""
    with ExitStack() as running:
        yield Brokers(tmp_path_factory, running)


@pytest.fixture(scope="session", params=[pytest.param(name, id=f"rabbitmq-{name}") for name in BROKERS])
def broker(request: pytest.FixtureRequest) -> Broker:
    """Each version in turn."""
    return BROKERS[request.param]


@pytest.fixture(scope="session")
def amqp_url(broker: Broker, brokers: Brokers) -> str:
    """The address of a shared node of each version."""
    return brokers.node(broker.name).url


@pytest.fixture(scope="session")
def newest_node(brokers: Brokers) -> RabbitMQNode:
    """RabbitMQ 4 where it was built, else the system's."""
    tool = BROKERS[WHOLE_PORTAL].tool
    there = os.environ.get("CI") or (tool and tool.folder.is_dir())
    return brokers.node(WHOLE_PORTAL if there else "installed")


@pytest.fixture(scope="session")
def newest_amqp_url(newest_node: RabbitMQNode) -> str:
    """The address of `newest_node`."""
    return newest_node.url


@pytest.fixture
def rabbitmq_node(broker: Broker, tmp_path: Path) -> Iterator[RabbitMQNode]:
    """A broker of this test's own, for faults."""
    with running_node(tmp_path / "rabbitmq", broker) as node:
        yield node


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"brokers", "rabbitmq_node"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("broker")


def pytest_runtest_setup(item: Any) -> None:
    params = item.callspec.params if hasattr(item, "callspec") else {}
    name = params.get("broker") or params.get("bus")
    if name in BROKERS:
        item.user_properties.append(("broker", name))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    ran = [name for report in reports for key, name in report.user_properties if key == "broker"]
    if ran:
        counts = ", ".join(f"{ran.count(name)} on {_spoken(name)}" for name in BROKERS)
        terminalreporter.write_line(f"Broker tests: {counts}.")


def _spoken(name: str) -> str:
    tool = BROKERS[name].tool
    return f"RabbitMQ {tool.version}" if tool else "the system's RabbitMQ"
