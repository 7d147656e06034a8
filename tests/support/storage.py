"""Real databases for tests.

Fixtures:
    `mongo_url`: the address of a database server, started once per test session (and per xdist worker). A test that
        asks for it runs on SecantusDB and, where a real `mongod` is on PATH or named by `PORTAL_MONGOD`, on a replica
        set of that as well.
    `database_name`: a name that no other test has; what was stored under it is dropped afterwards.
    `mongo_urls`: four addresses, one for each service, for tests that start whole processes (SecantusDB only).

Tests that use these are marked `storage`. The summary says how many of them did not run on a real MongoDB.
"""

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pymongo
import pytest

from portal_cli import secantusdb
from portal_cli.ports import LOOPBACK, answers, free_ports
from portal_cli.processes import Child, Program

SERVICES = ("identity", "billing", "collaboration", "notifications")
_SERVER = "storage server"
_Reporter = Any


def mongod() -> str | None:
    """Return the real MongoDB server to test against, or None."""
    return os.environ.get("PORTAL_MONGOD") or shutil.which("mongod")


@contextmanager
def running_secantusdb(*folders: Path) -> Generator[list[str]]:
    """Run a SecantusDB daemon on each folder and yield their addresses; their data is thrown away afterwards."""
    ports = free_ports(len(folders))
    programs = [
        secantusdb.program(folder.name, folder, port, durable=False, cache="1G")
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


@pytest.fixture(scope="session")
def secantusdb_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a SecantusDB daemon."""
    with running_secantusdb(tmp_path_factory.mktemp("storage") / "secantusdb") as [url]:
        yield url


@pytest.fixture(scope="session")
def mongod_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real MongoDB."""
    with running_mongod(tmp_path_factory.mktemp("storage") / "mongod") as url:
        yield url


@pytest.fixture(scope="session", params=["secantusdb", "mongod"] if mongod() else ["secantusdb"])
def mongo_url(request: pytest.FixtureRequest) -> str:
    """The address of each database server in turn."""
    return request.getfixturevalue(f"{request.param}_url")


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"mongo_url", "mongo_urls"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("storage")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if "mongo_url" in getattr(item, "fixturenames", ()):
        item.user_properties.append((_SERVER, "secantusdb"))


def pytest_terminal_summary(terminalreporter: _Reporter) -> None:
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    count = sum((_SERVER, "secantusdb") in report.user_properties for report in reports)
    if count and not mongod():
        terminalreporter.write_line(
            f"{count} storage tests ran on SecantusDB only: 0 of {count} on a real MongoDB"
            " (no mongod on PATH, and PORTAL_MONGOD names none)."
        )
