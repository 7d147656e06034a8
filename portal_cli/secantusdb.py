"""The embedded database: one SecantusDB daemon as a child process, reached over MongoDB's wire protocol.

It is a program beside ours and never imported.
"""

import asyncio
import os
import sys
import time
from pathlib import Path

from portal_cli.ports import LOOPBACK, answers
from portal_cli.processes import Program
from portal_cli.refusals import Refusal

TRIED_EVERY = 20.0
"""Seconds between two tries to write, each of which is a connection and a write that waits for the disk."""


def executable() -> Path:
    """Return where the daemon is installed: beside this interpreter.

    Raises:
        Refusal: when the extra `embedded` is not installed.
    """
    daemon = Path(sys.executable).parent / "secantusd-py"
    if not daemon.exists():
        raise Refusal("The embedded database is not installed: start with ./portal, or run `uv sync --extra embedded`.")
    return daemon


def url(port: int) -> str:
    """Return the address for MongoDB drivers."""
    return f"mongodb://{LOOPBACK}:{port}/"


def quiet_url(port: int) -> str:
    """Return the address for processes that stay: their drivers ask every ten seconds whether the server is there.

    Told by the server they would hear of elections at once, of which a server alone has none; daemon and driver wake
    up some ten times a second for that, and for a thread that measures the way there.
    """
    return f"{url(port)}?serverMonitoringMode=poll"


def _works(port: int) -> bool:
    """Return whether the daemon on this port reads and writes: after a full disk it may refuse for ever."""
    from chassis.mongo.client import connect

    async def read_and_write() -> None:
        database = connect(url(port), "supervisor", timeout_ms=2_000)
        try:
            await database.works()
        finally:
            await database.close()

    try:
        asyncio.run(read_and_write())
    except Exception:
        return False
    return True


class _Working:
    """Whether a daemon works: it is tried now and then, and at each question while it does not; else it listens."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._tried_at = float("-inf")

    def __call__(self) -> bool:
        now = time.monotonic()
        if now - self._tried_at < TRIED_EVERY:
            return answers(self._port)
        if not _works(self._port):
            return False
        self._tried_at = now
        return True


def program(
    name: str,
    folder: Path,
    port: int,
    *,
    log: Path | None = None,
    durable: bool = True,
    cache: str = "256M",
    inherit: tuple[int, ...] = (),
    daemon: Path | None = None,
) -> Program:
    """Return the daemon that keeps its data in `folder`; `durable` makes an acknowledged write survive `kill -9`.

    `cache` is the most memory that it may fill. A fifth of that may be changes not yet written: dropping a database
    waits for ever, and everybody behind it, when its deletions alone are more while other sessions hold old snapshots.
    `daemon` is another program with the same options: the server in Rust.
    """
    return Program(
        name=name,
        argv=(
            *(str(daemon or executable()), "--host", LOOPBACK, "--port", str(port)),
            *("--storage-path", str(folder), "--cache-size", cache, "--log-level", "WARNING"),
            *(("--sync-on-commit",) if durable else ()),
        ),
        log=log or folder.with_suffix(".log"),
        env=os.environ,
        ready=lambda: answers(port),
        alive=_Working(port),
        inherit=inherit,
    )
