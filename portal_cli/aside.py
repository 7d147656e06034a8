"""`portal aside`: what loops of the services have set aside, and trying it again at once.

Asked of the databases that PORTAL_MONGO_URL (or PORTAL_MONGO_URL_BILLING and so on) name, or of the portal that runs
here.
"""

import asyncio
import http.client
import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pymongo.errors import PyMongoError
from rich.console import Console

from portal_cli.data_folder import read_running
from portal_cli.embedded import SERVICES
from portal_cli.ports import LOOPBACK
from portal_cli.refusals import Refusal
from services.chassis.mongo.client import Database, connect
from services.chassis.mongo.set_aside import listed, retry

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
    if (url := _mongo_url(service)) is not None:
        return asyncio.run(_in_database(service, url, None, read=True))
    return json.loads(_ask("GET", f"/aside/{service}", data))["rows"]


def _again(service: str, data: Path, row_id: str | None) -> int:
    if (url := _mongo_url(service)) is not None:
        return asyncio.run(_in_database(service, url, row_id, read=False))
    query = f"?{urlencode({'id': row_id})}" if row_id else ""
    return int(json.loads(_ask("POST", f"/aside/{service}{query}", data))["again"])


def _mongo_url(service: str) -> str | None:
    return os.environ.get(f"PORTAL_MONGO_URL_{service.upper()}") or os.environ.get("PORTAL_MONGO_URL")


async def _in_database(service: str, url: str, row_id: str | None, *, read: bool) -> Any:
    database = connect(url, f"{os.environ.get('PORTAL_DATABASE_PREFIX', 'portal_')}{service}")
    try:
        return await (rows_of(database) if read else again_in(database, row_id))
    except PyMongoError:
        raise Refusal(f"The database of {service} that PORTAL_MONGO_URL names cannot be read.") from None
    finally:
        await database.close()


def _ask(method: str, path: str, data: Path) -> bytes:
    try:
        running = read_running(data)
    except Refusal:
        raise Refusal(f"No portal runs on {data}, and PORTAL_MONGO_URL is not set.") from None
    connection = http.client.HTTPConnection(LOOPBACK, running.services_port, timeout=60)
    try:
        connection.request(method, path, headers={"x-portal-service-key": running.service_key})
        answer = connection.getresponse()
        if answer.status != 200:
            raise Refusal(f"The portal on {data} does not answer this: {answer.status}.")
        return answer.read()
    except OSError:
        raise Refusal(f"No portal runs on {data}, and PORTAL_MONGO_URL is not set.") from None
    finally:
        connection.close()
