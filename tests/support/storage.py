"""Real databases for tests.

Fixtures:
    `mongo_url`: the address of a database server, started once per test session (and per xdist worker). A test that
        asks for it runs on each engine of `ENGINES` (SecantusDB's server in Python, and that in Rust where
        `PORTAL_ENGINES` names both) and, where a real `mongod` is on PATH or named by `PORTAL_MONGOD`, on a replica set
        of that as well.
    `database_name`: a name that no other test has; what was stored under it is dropped afterwards.
    `mongo_urls`: four addresses, one for each service, for tests that start whole processes (SecantusDB in Python).

Tests that use these are marked `storage`; of those that are `slow` as well each runs on the quickest engine only. The
summary says how many ran on which engine. One that cannot be had is skipped with the reason, and its tests fail under
CI.
"""

import os
import shutil
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pymongo
import pytest

from portal_cli import secantusdb
from portal_cli.foreign import SECANTUSDB
from portal_cli.paths import SERVICES
from portal_cli.ports import LOOPBACK, answers, free_ports
from portal_cli.processes import Child, Program
from tests.support.foreign import built

_ENGINE = "storage engine"
_MONGOD = "mongod"
_Reporter = Any

KNOWN_ENGINES: dict[str, Callable[[], Path]] = {
    "secantusdb": secantusdb.executable,
    "secantusdb-rs": lambda: built(SECANTUSDB) / "bin" / "secantusd-rs",
}
"""By name, where the program is: all take the same options and are reached at a plain address."""
ENGINES = {name: KNOWN_ENGINES[name] for name in os.environ.get("PORTAL_ENGINES", "secantusdb").split(",")}
"""Those that tests run on. The server in Rust has to be named: see docs/adr/0021."""


def mongod() -> str | None:
    """Return the real MongoDB server to test against, or None."""
    return os.environ.get("PORTAL_MONGOD") or shutil.which("mongod")


@contextmanager
def running_secantusdb(*folders: Path, daemon: Path | None = None) -> Generator[list[str]]:
    """Run a SecantusDB daemon on each folder and yield their addresses; their data is thrown away afterwards."""
    ports = free_ports(len(folders))
    programs = [
        _never_sweeping(secantusdb.program(folder.name, folder, port, durable=False, cache="1G", daemon=daemon))
        for folder, port in zip(folders, ports, strict=True)
    ]
    children = [Child.start(program) for program in programs]
    try:
        for child in children:
            child.wait_until_ready()
        yield [secantusdb.url(port) for port in ports]
    finally:
        for child in children:
            child.kill()


def _never_sweeping(program: Program) -> Program:
    """Return the daemon so that it keeps what is past by the real clock: clocks of tests stand at other times."""
    daemon, *options = program.argv
    if not daemon.endswith("-py"):
        return program
    return replace(program, argv=(sys.executable, str(Path(__file__).with_name("never_sweeping.py")), *options))


@contextmanager
def running_mongod(folder: Path) -> Generator[str]:
    """Run a real MongoDB as a replica set of one and yield its address."""
    (port,) = free_ports(1)
    folder.mkdir(parents=True)
    argv = (str(mongod()), "--replSet", "portal", "--bind_ip", LOOPBACK, "--port", str(port), "--dbpath", str(folder))
    program = Program(
        name="mongod", argv=argv, log=folder.with_suffix(".log"), env=os.environ, ready=lambda: answers(port)
    )
    child = Child.start(program)
    try:
        child.wait_until_ready()
        members = [{"_id": 0, "host": f"{LOOPBACK}:{port}"}]
        with pymongo.MongoClient[dict[str, Any]](f"mongodb://{LOOPBACK}:{port}/?directConnection=true") as client:
            client.admin.command("replSetInitiate", {"_id": "portal", "members": members})
        url = f"mongodb://{LOOPBACK}:{port}/?replicaSet=portal"
        with pymongo.MongoClient[dict[str, Any]](url) as client:
            client.admin.command("ping")
        yield url
    finally:
        child.stop()


def _is_slow_on_another_engine(item: pytest.Item) -> bool:
    """Tell whether a test that takes long anyway would run on a second of our engines; they are about processes."""
    engine = getattr(getattr(item, "callspec", None), "params", {}).get("mongo_url")
    return item.get_closest_marker("slow") is not None and engine in ENGINES and engine != quickest()


def quickest() -> str:
    """Return the engine for tests that are about something else: the server in Rust, where it is named."""
    return "secantusdb-rs" if "secantusdb-rs" in ENGINES else next(iter(ENGINES))


@contextmanager
def running_engine(name: str, folder: Path) -> Generator[str]:
    """Run an engine of the table and yield its address."""
    with running_secantusdb(folder, daemon=ENGINES[name]()) as [url]:
        yield url


class Databases:
    """The servers of a session, each started when it is first asked for."""

    def __init__(self, folders: pytest.TempPathFactory, running: ExitStack) -> None:
        self._folders = folders
        self._running = running
        self._urls: dict[str, str] = {}

    def url(self, name: str) -> str:
        """Return the address of an engine of the table, or of the real MongoDB."""
        if name not in self._urls:
            self._urls[name] = self._running.enter_context(self._start(name))
        return self._urls[name]

    def _start(self, name: str) -> AbstractContextManager[str]:
        folder = self._folders.mktemp("storage") / name
        return running_engine(name, folder) if name in ENGINES else running_mongod(folder)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """The database servers of this session."""
    with ExitStack() as running:
        yield Databases(tmp_path_factory, running)


@pytest.fixture(scope="session")
def secantusdb_url(databases: Databases) -> str:
    """The address of SecantusDB's server in Python, for tests that run on one engine only."""
    return databases.url("secantusdb")


@pytest.fixture(scope="session")
def mongod_url(databases: Databases) -> str:
    """The address of a real MongoDB."""
    return databases.url(_MONGOD)


SERVERS = [*ENGINES, *([_MONGOD] if mongod() else [])]
"""The names of all that can be had, for fixtures that are parametrised over them and something else."""


def address(request: pytest.FixtureRequest) -> str:
    """Return the address of the server that a fixture's parameter names."""
    databases: Databases = request.getfixturevalue("databases")
    return databases.url(request.param)


@pytest.fixture(scope="session", params=SERVERS)
def mongo_url(request: pytest.FixtureRequest, databases: Databases) -> str:
    """The address of each database server in turn."""
    return databases.url(request.param)


@pytest.fixture(scope="session")
def mongo_urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The addresses of four SecantusDB daemons, by service."""
    folder = tmp_path_factory.mktemp("databases")
    with running_secantusdb(*(folder / name for name in SERVICES)) as urls:
        yield dict(zip(SERVICES, urls, strict=True))


@pytest.fixture
def database_name(mongo_url: str) -> Iterator[str]:
    """A database name of this test's own, dropped when the test is over."""
    name = f"test_{uuid4().hex}"
    yield name
    with pymongo.MongoClient[dict[str, Any]](mongo_url) as client:
        client.drop_database(name)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    repeated = [item for item in items if _is_slow_on_another_engine(item)]
    config.hook.pytest_deselected(items=repeated)
    items[:] = [item for item in items if item not in set(repeated)]
    for item in items:
        if {"mongo_url", "mongo_urls"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("storage")


def pytest_runtest_setup(item: Any) -> None:
    params = item.callspec.params if hasattr(item, "callspec") else {}
    for name in {value for value in params.values() if isinstance(value, str)} & {*SERVERS}:
        item.user_properties.append((_ENGINE, name))


def pytest_terminal_summary(terminalreporter: _Reporter) -> None:
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    ran = [name for report in reports for key, name in report.user_properties if key == _ENGINE]
    if not ran:
        return
    counts = ", ".join(f"{ran.count(name)} on {name}" for name in (*ENGINES, _MONGOD))
    reason = "" if mongod() else " (no mongod on PATH, and PORTAL_MONGOD names none)"
    terminalreporter.write_line(f"Storage tests: {counts}{reason}.")
