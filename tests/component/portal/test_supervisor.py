"""The supervisor, over real processes."""

import os
import re
import select
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from portal_cli.demo import LogIn
from portal_cli.http_probe import answers_ok
from portal_cli.ports import free_ports
from portal_cli.processes import ProcessDied, Program, rotate
from portal_cli.supervisor import Patience, Supervisor
from portal_cli.up import _watching  # pyright: ignore[reportPrivateUsage]
from tests.support.waiting import LIMIT

_SERVER = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


class Enough(Exception):
    """Leaves the endless watch."""


def _server(tmp_path: Path, name: str) -> Program:
    (port,) = free_ports(1)
    argv = (sys.executable, "-c", _SERVER, str(port))
    log = tmp_path / f"{name}.log"
    return Program(name=name, argv=argv, log=log, env=os.environ, ready=answers_ok(port, "/"))


def _failing(tmp_path: Path) -> Program:
    argv = (sys.executable, "-c", "import sys; sys.exit('no database')")
    return Program(name="broken", argv=argv, log=tmp_path / "broken.log", env=os.environ, ready=lambda: False)


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_what_was_killed_is_started_again(tmp_path: Path) -> None:
    """After SIGKILL a program runs again under another pid, and a sentence says so."""
    told: list[str] = []

    def tell(sentence: str) -> None:
        told.append(sentence)
        if "started again" in sentence:
            raise Enough

    supervisor = Supervisor(tell)
    supervisor.start([_server(tmp_path, "web")])
    before = supervisor.pids["web"]
    os.kill(before, signal.SIGKILL)

    with pytest.raises(Enough):
        supervisor.watch()

    assert told[-1] == "web ended with exit code -9 and was started again"
    assert supervisor.pids["web"] != before
    supervisor.stop()


def test_what_is_killed_while_others_start_is_started_again(tmp_path: Path) -> None:
    """A database that ends once it was ready is not waited for in vain: who needs it gets ready."""
    told: list[str] = []
    killed: list[int] = []
    first, second = _server(tmp_path, "database"), _server(tmp_path, "web")

    def ready() -> bool:
        if not killed and "database" in supervisor.pids and any("database: ready" in one for one in told):
            killed.append(supervisor.pids["database"])
            os.kill(killed[0], signal.SIGKILL)
        return any("started again" in one for one in told) and second.ready()

    supervisor = Supervisor(told.append)
    try:
        supervisor.start([first], [replace(second, ready=ready)])
        assert "database ended with exit code -9 and was started again" in told
        assert supervisor.pids["database"] != killed[0]
    finally:
        supervisor.stop()


def test_what_is_killed_while_the_demo_is_filled_is_started_again(tmp_path: Path) -> None:
    """Filling takes a while, and needs what is killed meanwhile."""
    again = threading.Event()
    supervisor = Supervisor(lambda sentence: again.set() if "started again" in sentence else None)
    supervisor.start([_server(tmp_path, "web")])

    def fill() -> list[LogIn]:
        os.kill(supervisor.pids["web"], signal.SIGKILL)
        assert again.wait(LIMIT)
        return [LogIn("a", "b", "c", "d")]

    try:
        assert len(_watching(supervisor, fill)) == 1
    finally:
        supervisor.stop()


def test_what_is_frozen_is_started_again(tmp_path: Path) -> None:
    """A process that runs and does not answer is killed, and another one answers in its place."""
    told: list[str] = []

    def tell(sentence: str) -> None:
        told.append(sentence)
        if "started again" in sentence:
            raise Enough

    program = _server(tmp_path, "web")
    program = replace(program, alive=program.ready)
    supervisor = Supervisor(tell, Patience(between_probes=0.0, silent_probes=2))
    supervisor.start([program])
    os.kill(supervisor.pids["web"], signal.SIGSTOP)

    with pytest.raises(Enough):
        supervisor.watch()

    assert told[-2:] == ["web does not answer and is stopped", "web ended with exit code -9 and was started again"]
    supervisor.stop()


def test_what_starts_again_is_given_time_for_its_first_answer(tmp_path: Path) -> None:
    """On a busy machine a start takes longer than a frozen process is borne with: it is not stopped on its way."""
    told: list[str] = []
    asked: list[int] = []
    program = _server(tmp_path, "web")

    def alive() -> bool:
        if any("started again" in sentence for sentence in told):
            asked.append(supervisor.pids["web"])
        return len(asked) > 20

    supervisor = Supervisor(told.append, Patience(between_probes=0.0, silent_probes=2, to_start=LIMIT))
    supervisor.start([replace(program, alive=alive)])
    os.kill(supervisor.pids["web"], signal.SIGKILL)
    supervisor.watch(until=lambda: len(asked) > 20)

    assert len(set(asked)) == 1
    assert not [sentence for sentence in told if "does not answer" in sentence]
    supervisor.stop()


def test_what_ends_again_and_again_gets_a_growing_pause(tmp_path: Path) -> None:
    """The others go on; each pause is twice the one before, up to the longest, and a sentence says so."""
    told: list[str] = []

    def tell(sentence: str) -> None:
        told.append(sentence)
        if sum("soon after" in one for one in told) == 4:
            raise Enough

    dying = replace(_failing(tmp_path), ready=lambda: True)
    supervisor = Supervisor(tell, Patience(first_pause=0.01, longest_pause=0.04))
    supervisor.start([dying])

    with pytest.raises(Enough):
        supervisor.watch()

    pauses = [re.search(r"in (.*) s\. It said: no database", one) for one in told if "soon after" in one]
    assert [pause[1] for pause in pauses if pause] == ["0.01", "0.02", "0.04", "0.04"]
    supervisor.stop()


def test_a_log_begins_anew_when_it_is_large(tmp_path: Path) -> None:
    """What was written stays in numbered files, as many as are kept; who writes goes on in the same file."""
    log = tmp_path / "web.log"
    with log.open("ab") as writer:
        for line in (b"one", b"two", b"three", b"four"):
            writer.write(line)
            writer.flush()
            rotate(log, 2, kept=2)
            rotate(log, 2, kept=2)
        writer.write(b"5")
    found = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert found == {"web.log": b"5", "web.log.1": b"four", "web.log.2": b"three"}


def test_stop_leaves_nothing_behind(tmp_path: Path) -> None:
    """After `stop` none of the processes is left."""
    supervisor = Supervisor(lambda _: None)
    supervisor.start([_server(tmp_path, "one")])
    supervisor.start([_server(tmp_path, "two"), _server(tmp_path, "three")])
    pids = supervisor.pids

    supervisor.stop()

    assert sorted(pids) == ["one", "three", "two"]
    assert all(_gone(pid) for pid in pids.values())


def test_a_program_that_cannot_start_is_reported_with_its_last_words(tmp_path: Path) -> None:
    """The error names the program, its exit code and the end of its log."""
    supervisor = Supervisor(lambda _: None)

    with pytest.raises(ProcessDied, match=r"broken ended with exit code 1; the end of .*\nno database"):
        supervisor.start([_failing(tmp_path)])
    supervisor.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent is gone")
def test_a_child_ends_with_its_parent(tmp_path: Path) -> None:
    """When the one who started a child is killed, the child ends too."""
    script = (
        "import os, pathlib, sys, time\n"
        "from portal_cli.processes import Child, Program\n"
        "log = pathlib.Path(sys.argv[1])\n"
        "child = Child.start(Program(name='x', argv=('sleep', '600'), log=log, env=os.environ))\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = os.pidfd_open(int(parent.stdout.readline()))

    parent.kill()
    parent.communicate()

    ended, _, _ = select.select([child], [], [], LIMIT)
    os.close(child)
    assert ended
