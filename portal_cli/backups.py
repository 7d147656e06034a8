"""`portal backup` and `portal restore`: one service's database as files, `FOLDER/SERVICE/TIME/`.

A backup has its name only once it is whole; what was begun and not ended is called `.TIME.part` and taken away by the
next one. Restoring wants an empty database, and `portal migrate` after it.
"""

import asyncio
import re
import shutil
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from portal_cli.migrating import PATIENCE_MS
from portal_cli.paths import SERVICES
from portal_cli.refusals import Refusal
from portal_cli.service_settings import settings_of

if TYPE_CHECKING:
    from chassis.mongo.client import Database
    from chassis.mongo.dump import Manifest

TIMEOUT_MS = 5_000
"""How long a database may take to be found."""
_TIME = "%Y%m%dT%H%M%SZ"
_NAMED = re.compile(r"\d{8}T\d{6}Z")


def back_up(service: str, to: Path, keep: int) -> int:
    """Back a service up into `to/SERVICE/TIME` and delete all but the newest `keep` (0: none); return 0.

    Raises:
        Refusal: for an unknown service, a folder that cannot be written to, and a database that does not answer.
    """
    place = _place(service, to)
    name = datetime.now(UTC).strftime(_TIME)
    part = place / f".{name}.part"
    try:
        for left in place.glob(".*.part"):
            shutil.rmtree(left)
        part.mkdir(parents=True)
    except OSError as wrong:
        raise Refusal(f"{place} cannot be written to: {wrong.strerror}.") from None
    from chassis.mongo.dump import dump

    made = asyncio.run(_with_database(service, lambda database: dump(database, part)))
    part.rename(place / name)
    for old in _backups(place)[:-keep] if keep else []:
        shutil.rmtree(old)
    moment = "of one moment" if made.is_snapshot else "each document whole, collections moments apart"
    print(f"{service}: {made.documents} documents of {len(made.collections)} collections in {place / name} ({moment})")
    return 0


def bring_back(service: str, source: Path, at: str) -> int:
    """Fill the service's empty database with its newest backup, or the newest that is not younger than `at`; return 0.

    Raises:
        Refusal: for an unknown service, without such a backup, for one that is damaged, and for a database that holds
            something or does not answer.
    """
    if at and not _NAMED.fullmatch(at):
        raise Refusal(f"{at} cannot be read as a time: write it as 20261130T021700Z.")
    place = _place(service, source)
    found = [one for one in _backups(place) if not at or one.name <= at]
    if not found:
        raise Refusal(f"There is no backup of {service} in {place}{f' from {at} or before' if at else ''}.")
    from chassis.mongo.dump import DumpRefused, restore

    try:
        made = asyncio.run(_with_database(service, lambda database: restore(database, found[-1])))
    except DumpRefused as refused:
        raise Refusal(str(refused)) from None
    print(f"{service}: {made.documents} documents of {len(made.collections)} collections from {found[-1]}")
    print(f"{service}: run `portal migrate {service}` before its processes start.")
    return 0


def _place(service: str, folder: Path) -> Path:
    if service not in SERVICES:
        raise Refusal(f"There is no service {service}: use one of {', '.join(SERVICES)}.")
    return folder / service


def _backups(place: Path) -> list[Path]:
    """Return the whole backups, the oldest first."""
    return sorted(one for one in place.glob("*") if _NAMED.fullmatch(one.name))


async def _with_database(service: str, work: "Callable[[Database], Awaitable[Manifest]]") -> "Manifest":
    from chassis.down import is_down
    from chassis.mongo.client import connect

    settings = settings_of(service)
    name = f"{settings.database_prefix}{service}"
    database = connect(settings.mongo_url, name, timeout_ms=TIMEOUT_MS, command_ms=PATIENCE_MS)
    try:
        await database.ping()
        return await work(database)
    except Exception as away:
        if not is_down(away):
            raise
        raise Refusal(f"{service}: it cannot be done now ({str(away)[:200]}).") from None
    finally:
        await database.close()
