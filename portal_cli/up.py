"""`portal up`: the whole portal on this machine, from the first process to the table of addresses."""

import signal
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.table import Table

from portal_cli.data_folder import DataFolder
from portal_cli.demo import DemoFailed, LogIn, fill
from portal_cli.embedded import Embedded, Ports
from portal_cli.paths import DATA
from portal_cli.processes import ProcessDied
from portal_cli.refusals import Refusal
from portal_cli.supervisor import Supervisor


class StopRequested(BaseException):
    """Ctrl-C, or SIGTERM."""


def run(*, port: int, data: Path | None, fresh: bool, demo: bool) -> None:
    """Run until a signal.

    Raises:
        Refusal: when something has to be put right first.
    """
    console = Console(highlight=False)
    began = time.monotonic()
    folder = DataFolder.open((data or DATA).resolve(), fresh=fresh)
    try:
        embedded = Embedded(folder, Ports.pick(port))
        supervisor = Supervisor(lambda sentence: console.print(f"  {sentence}"))
        with _stopping_on_signals():
            _supervise(embedded, supervisor, console, began, demo=demo)
    finally:
        folder.close()


def _supervise(embedded: Embedded, supervisor: Supervisor, console: Console, began: float, *, demo: bool) -> None:
    try:
        console.print("Starting the portal …")
        supervisor.start(embedded.databases(), embedded.servers())
        embedded.data.say_running(embedded.ports.services)
        console.print(f"Ready after {time.monotonic() - began:.1f} s.\n")
        log_ins = _demo(embedded, console) if demo else []
        console.print(_addresses(embedded))
        if log_ins:
            _say_people(console, log_ins)
        console.print("\nCtrl-C stops everything; the data stays in", embedded.data.path, soft_wrap=True)
        supervisor.watch()
    except StopRequested:
        console.print("\nStopping …")
    except ProcessDied as died:
        raise Refusal(str(died)) from None
    finally:
        _ignore_signals()
        supervisor.stop()


def _demo(embedded: Embedded, console: Console) -> list[LogIn]:
    try:
        return fill(
            embedded.graphql_url,
            embedded.data.path,
            embedded.environment,
            lambda sentence: console.print(f"  {sentence}"),
        )
    except DemoFailed as failed:
        console.print(f"The demo organisation could not be made: {failed}\n", soft_wrap=True)
        return []


def _addresses(embedded: Embedded) -> Table:
    table = Table(title="Addresses", title_justify="left", box=None, show_header=False)
    table.add_row("GraphQL, and a page to try it", embedded.graphql_url)
    table.add_row("Mailbox: every mail the portal sent", embedded.mailbox_url)
    table.add_row("Payment provider (sandbox)", embedded.sandbox_url)
    return table


def _say_people(console: Console, log_ins: list[LogIn]) -> None:
    table = Table(title="\nLog-ins of the demo organisation", title_justify="left", box=None)
    for column in ("who", "email", "password"):
        table.add_column(column, no_wrap=True)
    for log_in in log_ins:
        table.add_row(log_in.who, log_in.email, log_in.password)
    places = {log_in.who.split(",")[0]: log_in.where for log_in in log_ins}
    console.print(table)
    for kind, where in places.items():
        console.print(f" {kind}: logIn(input: {{email: …, password: …, {where}}})", soft_wrap=True)


@contextmanager
def _stopping_on_signals() -> Generator[None]:
    """Let Ctrl-C and SIGTERM raise `StopRequested` inside the block."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise StopRequested

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore_signals() -> None:
    """A second Ctrl-C must not leave processes behind."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
