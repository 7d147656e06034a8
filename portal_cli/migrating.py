"""`portal migrate`: brings the services' databases to this version, in the foreground and with progress.

Indexes first (made, or changed where their options did), then every document is compared with the form of this version
and brought forward. It reads the addresses from the environment as the services do; on a terminal it shows a bar, else
lines. What runs meanwhile is not disturbed: a save that gets in between wins.
"""

import asyncio
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from portal_cli.paths import SERVICES
from portal_cli.refusals import Refusal
from portal_cli.service_settings import settings_of

if TYPE_CHECKING:
    from chassis.mongo.backfill import Progress
    from chassis.mongo.client import Database
    from chassis.mongo.upkeep import Upkeep

LINES_EVERY = 5_000
"""Documents between two lines where there is no terminal."""
PATIENCE_MS = 30 * 60_000
"""How long the making of one index may take."""


def run(service: str, *, check: bool, recount: bool = False) -> int:
    """Bring one service's database, or all, to this version; with `check` only say what that would be.

    `recount` forgets sums that are kept beside documents, so that they are made anew.

    Returns 0 when nothing is left to do, else 1: with `check` when something would be done, without it when something
    could not be.

    Raises:
        Refusal: for a service that there is not, and when a database does not answer.
    """
    if service and service not in SERVICES:
        raise Refusal(f"There is no service {service}: use one of {', '.join(SERVICES)}.")
    chosen = (service,) if service else SERVICES
    return max([asyncio.run(_service(one, check=check, recount=recount)) for one in chosen])


async def _service(service: str, *, check: bool, recount: bool) -> int:
    from chassis.down import is_down
    from chassis.kernel import SystemClock
    from chassis.mongo.upkeep import Upkeep

    database = _database(service)
    try:
        upkeep = Upkeep(import_module(f"services.{service}.bootstrap").storage(database), SystemClock())
        await database.ping()
        if recount and not check:
            await upkeep.forget_sums()
        return await (_check if check else _migrate)(service, upkeep)
    except Exception as away:
        if not is_down(away):
            raise
        raise Refusal(f"{service}: the database does not answer ({str(away)[:200]}).") from None
    finally:
        await database.close()


def _database(service: str) -> "Database":
    from chassis.mongo.client import connect

    settings = settings_of(service)
    return connect(settings.mongo_url, f"{settings.database_prefix}{service}", timeout_ms=5_000, command_ms=PATIENCE_MS)


async def _check(service: str, upkeep: "Upkeep") -> int:
    tasks = await upkeep.tasks()
    for task in tasks:
        _say(f"{service}: {task}")
    found = await upkeep.backfill.waiting()
    for progress in found:
        if progress.mended or progress.unreadable:
            _say(f"{service}: {progress.collection}: bring {progress.mended} of {progress.seen} documents forward")
        _say_unreadable(service, progress)
    todo = bool(tasks) or any(one.mended or one.unreadable for one in found)
    if not todo:
        _say(f"{service}: nothing to do")
    return int(todo)


async def _migrate(service: str, upkeep: "Upkeep") -> int:
    troubles: list[str] = []
    for task in await upkeep.tasks():
        _say(f"{service}: {task} …")
        troubles += [trouble.advice for trouble in await upkeep.do(task)]
    with _shown(service) as tell:
        done = await upkeep.bring_forward(tell)
    _say_done(service, done)
    for trouble in troubles:
        _say(f"{service}: {trouble}")
    return int(bool(troubles) or any(one.unreadable for one in done))


@contextmanager
def _shown(service: str) -> "Generator[Callable[[Progress], None]]":
    """Show the progress while the block runs: a bar on a terminal, else a line from time to time."""
    if not sys.stdout.isatty():
        yield lambda progress: _tell_line(service, progress)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns) as bars:
        shown: dict[str, Any] = {}

        def tell(progress: "Progress") -> None:
            if progress.collection not in shown:
                shown[progress.collection] = bars.add_task(f"{service} {progress.collection}", total=progress.total)
            bars.update(shown[progress.collection], completed=progress.seen, total=progress.total)

        yield tell


def _tell_line(service: str, progress: "Progress") -> None:
    if progress.seen and progress.seen % LINES_EVERY == 0:
        _say(f"{service}: {progress.collection}: {progress.seen} of {progress.total}, {progress.mended} changed")


def _say_done(service: str, done: "Sequence[Progress]") -> None:
    for progress in done:
        if progress.mended:
            _say(f"{service}: {progress.collection}: brought {progress.mended} of {progress.seen} documents forward")
        _say_unreadable(service, progress)
    _say(f"{service}: {sum(one.seen for one in done)} documents looked at, {sum(one.mended for one in done)} changed")


def _say_unreadable(service: str, progress: "Progress") -> None:
    if progress.unreadable:
        _say(
            f"{service}: {progress.collection}: {progress.unreadable} documents cannot be read and were left alone; "
            "the log names them (backfill_unreadable)"
        )


def _say(text: str) -> None:
    print(text, flush=True)
