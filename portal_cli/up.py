"""`portal up`: the whole portal on this machine, from the first process to the table of addresses.

No process runs until this one starts it, so what this one needs only when all are ready is imported only then.
"""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from portal_cli.data_folder import DataFolder
from portal_cli.embedded import DEMO_SLUG, Embedded, Ports
from portal_cli.front_end import FrontEnd
from portal_cli.paths import DATA
from portal_cli.processes import ProcessDied
from portal_cli.refusals import Refusal
from portal_cli.supervisor import Supervisor

if TYPE_CHECKING:
    from portal_cli.demo import LogIn


class StopRequested(BaseException):
    """Ctrl-C, or SIGTERM."""


def run(*, port: int, data: Path | None, fresh: bool, demo: bool, front_end: FrontEnd) -> None:
    """Run until a signal.

    Raises:
        Refusal: when something has to be put right first.
    """
    began = time.monotonic()
    os.umask(0o077)  # databases, mails and logs are for this user only
    folder = DataFolder.open((data or DATA).resolve(), fresh=fresh)
    try:
        embedded = Embedded(folder, Ports.pick(port), front_end, slug=DEMO_SLUG if demo else "")
        with _stopping_on_signals():
            _supervise(embedded, Supervisor(_tell), began, demo=demo)
    finally:
        folder.close()


def _supervise(embedded: Embedded, supervisor: Supervisor, began: float, *, demo: bool) -> None:
    try:
        _say("Starting the portal …")
        supervisor.start(embedded.databases(), embedded.servers())
        embedded.data.say_running(embedded.ports.services)
        _say(f"Ready after {time.monotonic() - began:.1f} s.\n")
        _welcome(embedded, supervisor, demo=demo)
        supervisor.watch()
    except StopRequested:
        _say("\nStopping …")
    except ProcessDied as died:
        raise Refusal(str(died)) from None
    finally:
        _ignore_signals()
        supervisor.stop()


def _welcome(embedded: Embedded, supervisor: Supervisor, *, demo: bool) -> None:
    from portal_cli.welcome import say_addresses, say_people

    log_ins = _watching(supervisor, lambda: _demo(embedded)) if demo else []
    say_addresses(embedded)
    if log_ins:
        say_people(log_ins)
    _say(f"\nCtrl-C stops everything; the data stays in {embedded.data.path}")


def _watching(supervisor: Supervisor, work: "Callable[[], list[LogIn]]") -> "list[LogIn]":
    """Return what the work returns; meanwhile what ends or is frozen is started again.

    The work runs in another thread: a child ends with the thread that started it.
    """
    done: list[list[LogIn]] = []
    worker = threading.Thread(target=lambda: done.append(work()), daemon=True)
    worker.start()
    supervisor.watch(until=lambda: not worker.is_alive())
    return done[0] if done else []


def _demo(embedded: Embedded) -> "list[LogIn]":
    from portal_cli.demo import DemoFailed, fill

    try:
        return fill(embedded.graphql_url, embedded.data.path, embedded.environment, _tell)
    except DemoFailed as failed:
        _say(f"The demo organisation could not be created: {failed}\n")
        return []


def _say(text: str) -> None:
    """Print; nobody may be there to read it, and the portal goes on."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


def _tell(sentence: str) -> None:
    _say(f"  {sentence}")


@contextmanager
def _stopping_on_signals() -> Generator[None]:
    """Let Ctrl-C and SIGTERM raise `StopRequested` inside the block."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise StopRequested

    before = {number: signal.signal(number, stop) for number in _stopping_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stopping_signals() -> list[signal.Signals]:
    """Return what ends the portal: a terminal that closes does, unless `nohup` or the like said that it shall not."""
    survives = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    return [signal.SIGINT, signal.SIGTERM, *([] if survives else [signal.SIGHUP])]


def _ignore_signals() -> None:
    """A second Ctrl-C must not leave processes behind."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
