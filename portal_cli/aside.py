"""`portal aside`: what loops of the services have set aside, and trying it again at once.

Asked of the databases that PORTAL_MONGO_URL (or PORTAL_MONGO_URL_BILLING and so on) name, or of the portal that runs
here.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from rich.console import Console

from chassis.mongo.client import Database
from chassis.mongo.set_aside import listed, retry
from portal_cli.asked_here import ask_portal, in_database, mongo_url
from portal_cli.embedded import SERVICES
from portal_cli.refusals import Refusal

Row = Mapping[str, Any]


def run(service: str | None, data: Path, *, again: str | None, again_all: bool) -> int:
    """List what is set aside, or end the pauses of one item or of all; return the exit code."""
    wanted = [service] if service else list(SERVICES)
    if service is not None and service not in SERVICES:
        raise Refusal(f"There is no service {service}.")
    if again is not None and service is None:
        raise Refusal("Name the service whose item is to be tried again.")
    say = Console(highlight=False, soft_wrap=True).print
    if again is None and not again_all:
        rows = [(name, row) for name in wanted for row in _rows(name, data)]
        for name, row in rows:
            say(told(name, row), markup=False)
        if not rows:
            say("Nothing is set aside.")
        return 0
    count = sum(_again(name, data, again) for name in wanted)
    if again is not None and not count:
        raise Refusal(f"Nothing of this name is set aside in {service}: {again}")
    say(f"{count} items are tried again within seconds.")
    return 0


def told(service: str, row: Row) -> str:
    """Return one line: service, id, attempts, since when, when again, and why."""
    times = f"since {row['first_seen']}, again at {row['again_at']}"
    return f"{service}  {row['id']}  {row['attempts']} attempts {times}: {row['reason']}"


async def rows_of(database: Database) -> list[dict[str, Any]]:
    """Return what is set aside in a service's database, as JSON types."""
    return [
        {
            "id": row["_id"],
            "attempts": row["attempts"],
            "reason": row["reason"],
            "first_seen": _text(row["first_seen"]),
            "again_at": _text(row["again_at"]),
        }
        for row in await listed(database)
    ]


async def again_in(database: Database, row_id: str | None) -> int:
    """End the pause of one row, or of all; return how many there were."""
    return await retry(database, datetime.now(UTC), row_id)


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _rows(service: str, data: Path) -> Sequence[Row]:
    if (url := mongo_url(service)) is not None:
        return asyncio.run(in_database(service, url, rows_of))
    return json.loads(ask_portal("GET", f"/aside/{service}", data))["rows"]


def _again(service: str, data: Path, row_id: str | None) -> int:
    if (url := mongo_url(service)) is not None:
        return asyncio.run(in_database(service, url, lambda database: again_in(database, row_id)))
    query = f"?{urlencode({'id': row_id})}" if row_id else ""
    return int(json.loads(ask_portal("POST", f"/aside/{service}{query}", data))["again"])
