"""`portal mails`: mails that failed or wait, and letting them try again.

Asked of the databases that PORTAL_MONGO_URL (or PORTAL_MONGO_URL_IDENTITY and so on) name, or of the portal that runs
here. `release` begins a mail anew that failed or came back; `retry` lets one that waits try at once. `bounced` reads a
notice of failure, as a mail server hands it to a program.
"""

import asyncio
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from rich.console import Console

from chassis.kernel import Principal, SystemClock
from chassis.mailing import Status
from chassis.mailing.return_path import ReturnPaths
from chassis.mongo.client import Database
from chassis.mongo.mail_queue import BOUNCED, listed
from chassis.mongo.repository import MongoRepository
from portal_cli.asked_here import ask_portal, in_database, mongo_url
from portal_cli.refusals import Refusal
from services.identity.adapters.mongo_outgoing import MongoOutgoing
from services.identity.messaging.published import LANGUAGE as IDENTITY
from services.notifications.adapters.mongo_directory import PEOPLE
from services.notifications.adapters.mongo_notifications import MongoNotifications
from services.notifications.adapters.mongo_suppressed import MongoSuppressed
from services.notifications.application.commands.book_bounce import BookBounce, BookBounceHandler, Booked
from services.notifications.messaging.published import LANGUAGE as NOTIFICATIONS

SERVICES = {"ntf": "notifications", "eml": "identity"}
"""Whose mails have ids of this prefix."""
CHANGES = {"retry": (Status.QUEUED.value,), "release": (Status.FAILED.value, BOUNCED)}
"""What can be done to a mail, and of which status it must be."""
STATUSES = [*(one.value for one in Status), BOUNCED]

TRY_AGAIN = 75
"""What tells a mail server to keep the message and give it to us once more (`EX_TEMPFAIL` of sysexits.h)."""
_TIMES = ("created_at", "next_attempt_at", "settled_at", "bounced_at", "released_at")

Row = dict[str, Any]


def show_list(data: Path, status: str | None) -> int:
    """Print one line for each mail that failed or waits, or for those of one status; return the exit code."""
    if status is not None and status not in STATUSES:
        raise Refusal(f"There is no status {status}. There are: {', '.join(STATUSES)}.")
    say = Console(highlight=False, soft_wrap=True).print
    rows = [row for service in SERVICES.values() for row in _asked(service, data, {"status": status or ""})]
    for row in sorted(rows, key=lambda row: row["created_at"]):
        say(told(row), markup=False)
    if not rows:
        say("No mail failed, and none waits." if status is None else f"No mail is {status}.")
    return 0


def show_one(mail_id: str, data: Path) -> int:
    """Print everything that is kept of a mail; return the exit code."""
    rows = _asked(_service_of(mail_id), data, {"id": mail_id})
    if not rows:
        raise Refusal(f"There is no mail {mail_id}.")
    say = Console(highlight=False, soft_wrap=True).print
    for name, value in rows[0].items():
        say(f"{name.replace('_', ' ')}: {'' if value is None else value}", markup=False)
    return 0


def change(what: str, mail_id: str | None, data: Path) -> int:
    """Retry or release one mail, or all that can be; return the exit code."""
    services = [_service_of(mail_id)] if mail_id else [*SERVICES.values()]
    count = sum(_changed(service, data, {"what": what, "id": mail_id or ""}) for service in services)
    if mail_id and not count:
        wanted = " or ".join(CHANGES[what])
        raise Refusal(f"There is no mail {mail_id} that is {wanted}. Look at it by: portal mails show {mail_id}")
    Console(highlight=False).print(f"{count} mails are tried again within seconds.")
    return 0


def told(row: Row) -> str:
    """Return one line: id, status, kind, organisation, since when, tries, when again, and why."""
    again = f", again at {row['next_attempt_at']}" if row["next_attempt_at"] else ""
    times = f"since {row['created_at']}, {row['attempts']} tries{again}"
    return f"{row['id']}  {row['status']}  {row['kind']} of {row['organisation']}  {times}: {row['failure'] or 'new'}"


async def rows_of(database: Database, service: str, asked: dict[str, str]) -> list[Row]:
    """Return the mails that are asked for by `id` or `status`, as JSON types."""
    collection = repository(service, database).collection
    if asked.get("id"):
        return [_row(row) for row in await collection.find({"_id": asked["id"]}).to_list()]
    return [_row(row) for row in await listed(collection, asked.get("status") or None)]


async def change_in(database: Database, service: str, asked: dict[str, str]) -> int:
    """Retry or release (`what`) one mail (`id`) or all; return how many there were."""
    mails, wanted, count = repository(service, database), CHANGES[asked["what"]], 0
    found = [row for row in await rows_of(database, service, asked) if row["status"] in wanted]
    for row in found:
        by, now = Principal.for_service(row["organisation"]), datetime.now(UTC)
        if asked["what"] == "release" and service == "notifications":
            await _lift(database, row)
        await mails.update(by, row["id"], lambda mail, now=now: mail.release(now))
        count += 1
    return count


def _kept(service: str, database: Database) -> MongoOutgoing | MongoNotifications:
    """Return where a service keeps its mails, with what tells whose a mail is."""
    if service == "identity":
        return MongoOutgoing(database, IDENTITY)
    return MongoNotifications(database, NOTIFICATIONS)


def repository(service: str, database: Database) -> MongoRepository[Any]:
    """Return where a service keeps its mails."""
    return _kept(service, database)


async def _lift(database: Database, row: Row) -> None:
    """Let mails go again to the address that a released mail goes to: as it was decided, and as it is now."""
    person = await database[PEOPLE].find_one({"_id": row["recipient"]}, {"email": 1})
    for address in {str(row["address"]), str(person["email"] if person else row["address"])}:
        await MongoSuppressed(database).lift(row["organisation"], address)


def take_returned(envelope_to: str, content: bytes) -> int:
    """Book a message that came to a return path; return the exit code, 75 (EX_TEMPFAIL) when it should come again."""
    secrets = _secrets()
    paths = ReturnPaths("", secrets) if secrets else None
    named = paths.read(f"{envelope_to}\n{content.decode('latin-1')}") if paths else None
    service = _service_of(named.mail_id) if named else "notifications"
    url = mongo_url(service)
    if url is None or paths is None:
        raise Refusal("PORTAL_MONGO_URL and PORTAL_SERVICE_KEY say where mails are kept and who signed them: set both.")

    async def take(database: Database) -> Booked:
        suppressed = MongoSuppressed(database) if service == "notifications" else None
        book = BookBounceHandler(_kept(service, database), suppressed, paths, SystemClock())
        return await book(BookBounce(content=content, envelope_to=envelope_to))

    try:
        booked = asyncio.run(in_database(service, url, take))
    except Refusal as away:
        Console(stderr=True, highlight=False).print(str(away))
        return TRY_AGAIN
    Console(highlight=False).print(f"The message {booked}.")
    return 0


def _secrets() -> list[str]:
    names = ("PORTAL_SERVICE_KEY", "PORTAL_SERVICE_KEY_NEXT", "PORTAL_SERVICE_KEY_BEFORE")
    return [secret for secret in map(os.environ.get, names) if secret]


def _row(row: Row) -> Row:
    news: Row = row.get("news") or {}
    recipient: Row = row.get("recipient") or {}
    times = {name: _text(row.get(name)) for name in _TIMES}
    return {
        "id": row["_id"],
        "status": BOUNCED if row.get("bounced_at") else row["status"],
        "kind": news.get("kind") or row.get("occasion"),
        "organisation": row["organisation_id"],
        "about": news.get("document_id") or row.get("about"),
        "recipient": row.get("recipient_id") or row.get("about"),
        "address": recipient.get("email"),
        **times,
        "attempts": row.get("attempts", 0),
        "unknown": row.get("unknown", 0),
        "failure": row.get("failure"),
    }


def _text(instant: Any) -> str | None:
    if not isinstance(instant, datetime):
        return None
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _service_of(mail_id: str) -> str:
    service = SERVICES.get(mail_id.partition("_")[0])
    if service is None:
        raise Refusal(f"{mail_id} is no ID of a mail: those begin with {' or '.join(f'{one}_' for one in SERVICES)}.")
    return service


def _asked(service: str, data: Path, asked: dict[str, str]) -> list[Row]:
    if (url := mongo_url(service)) is not None:
        return asyncio.run(in_database(service, url, lambda database: rows_of(database, service, asked)))
    return json.loads(ask_portal("GET", f"/mails/{service}?{urlencode(asked)}", data))["rows"]


def _changed(service: str, data: Path, asked: dict[str, str]) -> int:
    if (url := mongo_url(service)) is not None:
        return asyncio.run(in_database(service, url, lambda database: change_in(database, service, asked)))
    return int(json.loads(ask_portal("POST", f"/mails/{service}?{urlencode(asked)}", data))["changed"])
