"""What `serve` leaves on: a process that started without its garbage collector must not stay without."""

import os
import sys
import urllib.request
from pathlib import Path

import pytest

from portal_cli.http_probe import answers_ok
from portal_cli.ports import LOOPBACK, free_ports
from portal_cli.processes import Child, Program

pytestmark = pytest.mark.e2e

_SERVER = """
import gc, sys
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from chassis.web import serve

async def show(_):
    return PlainTextResponse("on" if gc.isenabled() else "off")

gc.disable()
serve(Starlette(routes=[Route("/", show)]), "127.0.0.1", int(sys.argv[1]))
"""


def test_the_collector_is_on_while_requests_are_served(tmp_path: Path) -> None:
    """A process that imports its parts without the collector serves with it."""
    (port,) = free_ports(1)
    argv = (sys.executable, "-c", _SERVER, str(port))
    program = Program(name="web", argv=argv, log=tmp_path / "web.log", env=os.environ, ready=answers_ok(port, "/"))
    child = Child.start(program)
    try:
        child.wait_until_ready(60)
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/", timeout=30) as answer:
            assert answer.read() == b"on"
    finally:
        child.stop()
