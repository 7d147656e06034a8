"""How every process starts: on both families of addresses, and while its database is away."""

import http.client
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal_cli import secantusdb
from portal_cli.paths import ROOT, SERVICES, SUPERGRAPH
from portal_cli.ports import free_ports
from portal_cli.processes import Child, Program
from tests.support.waiting import LIMIT, wait_until

pytestmark = pytest.mark.e2e

_PORTAL = (sys.executable, "-m", "portal_cli.main", "serve")
_NEEDY = [f"{service} {kind}" for service in SERVICES for kind in ("web", "worker")]
_ALL_IN_ONE = "all web"
_OTHERS = ("gateway web", "mailbox web", "sandbox")
_LOOPBACKS = ("127.0.0.1", "::1")


@dataclass(frozen=True)
class Running:
    """A process, and where it listens."""

    child: Child
    port: int

    def ask(self, path: str, host: str = "127.0.0.1") -> tuple[int, str]:
        """Return status and text of an answer; 0 while nobody listens."""
        connection = http.client.HTTPConnection(host, self.port, timeout=LIMIT)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except OSError:
            return 0, ""
        finally:
            connection.close()

    def is_alive(self, host: str = "127.0.0.1") -> bool:
        """Return whether it runs and answers `/livez` there."""
        assert self.child.running, self.child.program.log.read_text()
        return self.ask("/livez", host)[0] == 200

    def missing(self) -> object:
        """Return what `/readyz` says is missing."""
        status, text = self.ask("/readyz")
        assert status == 503
        return json.loads(text)["missing"]


def _start(name: str, folder: Path, mongo_url: str, running: ExitStack) -> Running:
    (port,) = free_ports(1)
    program = (*_PORTAL, *name.split())
    if name == "sandbox":
        program = (sys.executable, "-m", "payment_sandbox", "--data", str(folder / "sandbox"))
    argv = (*program, "--host", "::", "--port", str(port))
    log = folder / f"{name.replace(' ', '-')}-{port}.log"
    child = Child.start(Program(name=name, argv=argv, log=log, env=_environment(folder, mongo_url), cwd=ROOT))
    running.callback(child.kill)
    return Running(child, port)


def _environment(folder: Path, mongo_url: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    secrets = {f"PORTAL_{name}": "a-secret-of-the-tests-0123456789abc" for name in _SECRETS}
    return {
        **inherited,
        **secrets,
        "PORTAL_MONGO_URL": mongo_url,
        "PORTAL_SUPERGRAPH": str(SUPERGRAPH),
        "PORTAL_MAIL_FOLDER": str(folder / "mail"),
        "PORTAL_PARKED_FOLDER": str(folder / "parked"),
    }


_SECRETS = ("GATEWAY_KEY", "SERVICE_KEY", "IDENTITY_SECRET", "BILLING_SECRET")


@dataclass(frozen=True)
class Away:
    """Every process, and the database that none of them has found yet."""

    processes: dict[str, Running]
    database: Program
    running: ExitStack


@pytest.fixture(scope="module")
def away(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Away]:
    """All processes, started while nobody listens where their database will be."""
    folder = tmp_path_factory.mktemp("starts")
    (folder / "mail").mkdir()
    (port,) = free_ports(1)
    database = secantusdb.program("database", folder / "database", port, durable=False)
    with ExitStack() as running:
        names = (*_NEEDY, _ALL_IN_ONE, *_OTHERS)
        processes = {name: _start(name, folder, secantusdb.url(port), running) for name in names}
        yield Away(processes, database, running)


def test_every_process_listens_on_both_families(away: Away) -> None:
    """With `--host ::` each of them answers at 127.0.0.1 and at ::1, whichever server it is made of."""
    for process in away.processes.values():
        wait_until(process.is_alive)

    assert [name for name, process in away.processes.items() if not all(map(process.is_alive, _LOOPBACKS))] == []


def _keys(name: str) -> list[str]:
    return ["signing keys"] if name.startswith("identity") else []


def test_a_database_that_is_away_is_waited_for(away: Away) -> None:
    """Nobody ends for it: all are alive, those who need it are not ready and say why, and all are when it is there."""
    for process in away.processes.values():
        wait_until(process.is_alive)

    assert {name: away.processes[name].missing() for name in _NEEDY} == {
        name: ["database", *_keys(name), *(["consumer"] if name.endswith("worker") else []), "indexes"]
        for name in _NEEDY
    }
    assert away.processes[_ALL_IN_ONE].missing() == {name: ["database", *_keys(name), "indexes"] for name in SERVICES}
    assert [away.processes[name].ask("/readyz")[0] for name in _OTHERS] == [200, 200, 200]

    child = Child.start(away.database)
    away.running.callback(child.kill)
    for process in away.processes.values():
        wait_until(lambda process=process: process.ask("/readyz")[0] == 200)
    assert [name for name, process in away.processes.items() if not process.child.running] == []


@pytest.mark.parametrize("how", ["no such name", "no such service record", "no answer"])
def test_no_way_of_being_away_ends_a_worker(how: str, tmp_path: Path) -> None:
    """A name that does not exist yet, or a server that says nothing: alive, not ready, and SIGTERM ends it."""
    with ExitStack() as running, socket.create_server(("127.0.0.1", 0)) as silent:
        urls = {
            "no such name": "mongodb://mongodb.data.invalid:27017/?replicaSet=rs0",
            "no such service record": "mongodb+srv://mongodb.data.invalid/?retryWrites=false",
            "no answer": f"mongodb://127.0.0.1:{silent.getsockname()[1]}/?replicaSet=rs0",
        }
        process = _start("collaboration worker", tmp_path, urls[how], running)
        wait_until(process.is_alive)

        assert process.missing() == ["database", "consumer", "indexes"]
        assert process.is_alive()
        assert process.child.stop(LIMIT) in {0, -15}


def test_a_worker_is_stopped_by_a_sentence_where_it_cannot_listen(tmp_path: Path) -> None:
    """A port that is taken is one sentence for a worker as for any other, and no traceback."""
    with ExitStack() as running, socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as taken:
        port = taken.getsockname()[1]
        for kind in ("web", "worker"):
            argv = (*_PORTAL, "billing", kind, "--host", "::", "--port", str(port))
            env = _environment(tmp_path, secantusdb.url(free_ports(1)[0]))
            child = Child.start(Program(name=kind, argv=argv, log=tmp_path / f"{kind}.log", env=env, cwd=ROOT))
            running.callback(child.kill)
            assert child.wait(LIMIT) == 1
            said = child.program.log.read_text()
            (*_, last) = [json.loads(line) for line in said.splitlines()]
            assert last["reason"] == f"Nothing can listen at [::]:{port} (Address already in use)."
            assert "Traceback" not in said
