"""`portal events outbox`: events that are stored and not published yet, the oldest first.

Asked of the databases that PORTAL_MONGO_URL (or PORTAL_MONGO_URL_BILLING and so on) name, or of the portal that runs
here. Nothing is changed: the relay publishes them as soon as the broker takes them.
"""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from chassis.mongo.client import Collection, Database
from chassis.mongo.outboxes import WAITING
from portal_cli.asked_here import ask_portal, in_database, mongo_url
from portal_cli.embedded import SERVICES
from portal_cli.refusals import Refusal

MOST = 1_000
"""Subjects of a collection that are listed."""

Row = dict[str, Any]


def show_list(service: str | None, data: Path) -> int:
    """Print one line for each subject whose events wait; return the exit code."""
    if service is not None and service not in SERVICES:
        raise Refusal(f"There is no service {service}. There are: {', '.join(SERVICES)}.")
    say = Console(highlight=False, soft_wrap=True).print
    rows = [row for name in ([service] if service else SERVICES) for row in _rows(name, data)]
    for row in sorted(rows, key=lambda row: row["since"]):
        say(told(row), markup=False)
    if not rows:
        say("Nothing waits: every event was published.")
    else:
        say(f"{sum(row['events'] for row in rows)} events of {len(rows)} subjects wait.")
    return 0


def told(row: Row) -> str:
    """Return one line: service, subject, how many events, since when, the first one, and who publishes it now."""
    taken = f", being published until {row['leased_until']} at most" if row["leased_until"] else ""
    first = f"first {row['id']} {row['type']}"
    return f"{row['service']}  {row['subject']}  {row['events']} events since {row['since']}, {first}{taken}"


async def rows_of(database: Database, service: str) -> list[Row]:
    """Return the subjects with events that wait in a service's database, as JSON types."""
    rows: list[Row] = []
    listed = await database.command({"listCollections": 1, "nameOnly": True, "cursor": {"batchSize": 1_000}})
    for name in sorted(str(one["name"]) for one in listed["cursor"]["firstBatch"]):
        collection = database[name]
        if await _has_outbox(collection):
            fields = {"relay_lease": 1, "outbox.id": 1, "outbox.type": 1, "outbox.time": 1}
            found = await collection.find(WAITING, fields).limit(MOST).to_list()
            rows += [_row(service, document) for document in found]
    return rows


async def _has_outbox(collection: Collection) -> bool:
    """Return whether events can wait in it: there is an index to find them by, so that nothing is scanned."""
    indexes: Mapping[str, Any] = await collection.index_information()
    return any(index["key"][0][0].startswith("outbox.") for index in indexes.values())


def _row(service: str, document: Mapping[str, Any]) -> Row:
    entries: list[Mapping[str, Any]] = document["outbox"]
    lease = document.get("relay_lease")
    return {
        "service": service,
        "subject": str(document["_id"]),
        "events": len(entries),
        "since": str(entries[0].get("time", "")),
        "id": entries[0]["id"],
        "type": entries[0].get("type"),
        "leased_until": lease.replace(tzinfo=UTC).isoformat(timespec="seconds")
        if isinstance(lease, datetime)
        else None,
    }


def _rows(service: str, data: Path) -> list[Row]:
    if (url := mongo_url(service)) is not None:
        return asyncio.run(in_database(service, url, lambda database: rows_of(database, service)))
    return json.loads(ask_portal("GET", f"/outbox/{service}", data))["rows"]
