"""A process that is told to end while it still starts ends with 0, however far its start is.

Where it is told by what it has imported (`-X importtime` writes a line for each module), never by a clock.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from portal_cli.ports import LOOPBACK, free_ports
from tests.support.waiting import LIMIT

pytestmark = pytest.mark.e2e

PROCESSES = {
    "web": ("serve", "collaboration", "web"),
    "worker": ("serve", "notifications", "worker"),
    "gateway": ("serve", "gateway"),
    "up": ("up",),
}
FIRST = "chassis.ending"
CASES = [
    *(("web", modules) for modules in (1, 3, 10, 40, 120, 200, 320, 450, 600, 750)),
    *((name, modules) for name in ("worker", "gateway") for modules in (2, 250, 500)),
    *(("up", modules) for modules in (1, 30, 190)),
]


def start(name: str, folder: Path) -> "subprocess.Popen[bytes]":
    """Start a process that tells its imports."""
    options = ("--data", str(folder)) if name == "up" else ("--host", LOOPBACK)
    argv = (sys.executable, "-X", "importtime", "-m", "portal_cli.main", *PROCESSES[name], *options)
    nowhere = f"mongodb://{LOOPBACK}:{free_ports(1)[0]}/"
    env = {**os.environ, "PORTAL_MONGO_URL": nowhere, "PORTAL_GATEWAY_KEY": "g" * 32, "PORTAL_SERVICE_KEY": "s" * 32}
    argv = (*argv, "--port", str(free_ports(1)[0]))
    return subprocess.Popen(argv, env=env, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True)


def read_imports(process: "subprocess.Popen[bytes]", beyond: int) -> str:
    """Read until so many modules were imported after the one that looks after signals; return the last one's name."""
    assert process.stderr
    counted, name = -1, ""
    for line in process.stderr:
        if line.startswith(b"import time:"):
            name = line.rsplit(b"|", 1)[1].strip().decode()
            counted += counted >= 0 or name == FIRST
            if counted == beyond:
                return name
    pytest.fail(f"it ended after {counted} modules, the last was {name}")


@pytest.mark.parametrize(("name", "modules"), CASES)
def test_a_signal_during_the_start_ends_it_with_0(name: str, modules: int, tmp_path: Path) -> None:
    """After the first module of its command line, amid the others, near their end: 0, without a traceback."""
    process = start(name, tmp_path / "data")
    try:
        reached = read_imports(process, modules)
        process.send_signal(signal.SIGTERM)
        _, rest = process.communicate(timeout=LIMIT)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, (reached, rest[-2000:])
    assert b"Traceback" not in rest
    assert not (tmp_path / "data").exists()


def test_a_signal_before_the_first_line_leaves_nothing(tmp_path: Path) -> None:
    """Before Python runs a line of ours the kernel decides; nothing was begun then."""
    process = start("up", tmp_path / "data")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=LIMIT)
    assert process.returncode in (0, -signal.SIGTERM)
    assert not (tmp_path / "data").exists()


def test_other_commands_are_interrupted_as_ever() -> None:
    """What is stopped before its work is done has not succeeded."""
    argv = (sys.executable, "-X", "importtime", "-m", "portal_cli.main", "schema", "--check")
    with subprocess.Popen(argv, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        read_imports(process, 5)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=LIMIT)
    assert process.returncode == -signal.SIGTERM
