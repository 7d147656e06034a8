"""`portal up`: the whole portal from one command, and what it survives."""

import json
import os
import re
import signal
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from portal_cli.data_folder import read_running
from portal_cli.ports import LOOPBACK, free_ports
from portal_cli.processes import Child, Program, tail
from tests.support.waiting import LIMIT, wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

_PASSWORD = "northwind-pier-42"


class Portal:
    """One `portal up` on one data folder."""

    def __init__(self, data: Path, *options: str) -> None:
        (self.port,) = free_ports(1)
        self.data, self.log = data, data.with_suffix(f".{self.port}.log")
        argv = (sys.executable, "-m", "portal_cli.main", "up", "--port", str(self.port), "--data", str(data), *options)
        environment = os.environ | {
            "COLUMNS": "200",
            "PORTAL_OPERATION_TIMEOUT": str(LIMIT),
            "PORTAL_FETCH_TIMEOUT": str(LIMIT),
        }
        self.child = Child.start(Program(name="up", argv=argv, log=self.log, env=environment, ready=self._is_ready))
        self.child.wait_until_ready(5 * LIMIT)

    def _is_ready(self) -> bool:
        return "Ctrl-C stops everything" in self.printed

    @property
    def printed(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    @property
    def organisation(self) -> str:
        found = re.search(r'organisationId: "(org_\w+)"', self.printed)
        assert found, self.printed
        return found[1]

    def ask(self, query: str, token: str | None = None, **variables: Any) -> dict[str, Any]:
        """Send one operation and return its data."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
        request = urllib.request.Request(f"http://{LOOPBACK}:{self.port}/graphql", body, headers)
        with urllib.request.urlopen(request, timeout=LIMIT) as answer:
            result = json.loads(answer.read())
        assert "errors" not in result, result
        return result["data"]

    def log_in(self) -> str:
        """Return an access token of the demo's owner."""
        query = "mutation In($input: LogInInput!) { logIn(input: $input) { session { accessToken } } }"
        who = {"email": "olivia@northwind.example", "password": _PASSWORD, "organisationId": self.organisation}
        return self.ask(query, input=who)["logIn"]["session"]["accessToken"]

    def documents(self) -> dict[str, Any]:
        """Return the demo's invoices and estimates as its owner sees them."""
        query = """
        query { invoices(first: 100) { edges { node { id status total { amount currency } } } }
                estimates(first: 100) { edges { node { id status } } } }
        """
        return self.ask(query, self.log_in())

    def children(self) -> dict[str, int]:
        """Return the pids of the processes it started, by what they run."""
        found: dict[str, int] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and _parent(entry) == self.child.pid:
                found[(entry / "cmdline").read_text().replace("\0", " ")] = int(entry.name)
        return found


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for the whole story."""
    return tmp_path_factory.mktemp("up") / "data"


@pytest.fixture(scope="module")
def portal(data: Path) -> Iterator[Portal]:
    """A portal that runs, with its demo."""
    portal = Portal(data)
    yield portal
    portal.child.stop(LIMIT)


def test_the_demo_shows_every_state(portal: Portal) -> None:
    """The log-ins that were printed see every state that needs no waiting, an overdue invoice, and three currencies."""
    documents = portal.documents()
    invoices = [edge["node"] for edge in documents["invoices"]["edges"]]
    estimates = [edge["node"]["status"] for edge in documents["estimates"]["edges"]]

    assert set(estimates) == {"DRAFT", "SENT", "ACCEPTED", "DECLINED", "INVOICED", "VOID"}
    assert {invoice["status"] for invoice in invoices} == {
        *("DRAFT", "SENT", "PARTIALLY_PAID", "OVERDUE", "PAID", "VOID", "WRITTEN_OFF"),
    }
    assert {invoice["total"]["currency"] for invoice in invoices} == {"EUR", "USD", "JPY"}


def test_a_second_portal_on_the_same_folder_is_refused(portal: Portal, tmp_path: Path) -> None:
    """One sentence says that the folder is in use, and by which process."""
    said = _refusal(tmp_path, "--port", str(free_ports(1)[0]), "--data", str(portal.data))

    assert said == f"portal: The data folder {portal.data} is in use by another portal (process {portal.child.pid})."


def test_a_taken_port_is_refused(portal: Portal, tmp_path: Path) -> None:
    """One sentence says that the port is taken and what to do."""
    said = _refusal(tmp_path, "--port", str(portal.port), "--data", str(tmp_path / "other"))

    assert said == f"portal: Port {portal.port} is in use by another program; choose another one with --port."


@pytest.mark.parametrize("victim", ["--storage-path", "serve all", "serve gateway"])
def test_a_killed_process_comes_back_with_its_data(portal: Portal, victim: str) -> None:
    """After SIGKILL of a database, of the services or of the gateway everything that was there is there again."""
    before = portal.documents()
    command, pid = next((command, pid) for command, pid in portal.children().items() if victim in command)

    os.kill(pid, signal.SIGKILL)
    portal.child.program = _ready_again(portal, command, pid)
    portal.child.wait_until_ready(5 * LIMIT)

    assert portal.documents() == before


def test_replay_reaches_the_running_portal(portal: Portal) -> None:
    """`portal replay` finds the portal of a data folder by what it wrote down."""
    running = read_running(portal.data)

    assert running.services_port != portal.port
    assert len(running.service_key) >= 32


def test_a_killed_portal_leaves_nothing_running_and_loses_nothing(portal: Portal, data: Path) -> None:
    """SIGKILL of `portal up` takes its children along; the next has the same data, even mid-demo."""
    before, children = portal.documents(), portal.children()

    portal.child.kill()
    _forget_that_the_demo_is_done(data)
    again = Portal(data)

    wait_until(lambda: all(_gone(pid) for pid in children.values()))
    assert again.documents() == before
    running = again.children()
    assert again.child.stop(LIMIT) == 0
    assert len(running) == 8
    wait_until(lambda: all(_gone(pid) for pid in running.values()))


def _forget_that_the_demo_is_done(data: Path) -> None:
    """Leave the folder as a portal does that is killed just before it writes that down."""
    state = data / "demo.json"
    known = json.loads(state.read_text())
    del known["done"]
    state.write_text(json.dumps(known))


def _refusal(tmp_path: Path, *options: str) -> str:
    argv = (sys.executable, "-m", "portal_cli.main", "up", *options)
    child = Child.start(Program(name="refused", argv=argv, log=tmp_path / "refused.log", env=os.environ))
    assert child.wait(3 * LIMIT) == 1
    return tail(tmp_path / "refused.log")


def _ready_again(portal: Portal, command: str, before: int) -> Program:
    """Return the portal's program with a probe that waits for a new process to answer like the old one."""

    def ready() -> bool:
        if portal.children().get(command, before) == before:
            return False
        try:
            return bool(portal.documents())
        except (OSError, HTTPException, AssertionError):
            return False

    return replace(portal.child.program, ready=ready)
