"""`portal person`: what all services hold of a contact, and its erasure, for operators.

Works on the databases that PORTAL_MONGO_URL (or PORTAL_MONGO_URL_IDENTITY and so on) name; the workers do what an
erasure asks for. `again` is for after a restore: backups are older than some erasures.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import orjson
from rich.console import Console

from chassis.erasing import Erasure, Held, Whose
from chassis.kernel import DomainError, Principal, SystemClock, is_id
from chassis.mongo.client import Database
from chassis.mongo.erased import MongoErased
from portal_cli.asked_here import in_database, mongo_url
from portal_cli.paths import SERVICES
from portal_cli.refusals import Refusal
from services.billing.adapters import mongo_personal as billing
from services.billing.adapters.stores import Stores
from services.billing.messaging.published import LANGUAGE as BILLING
from services.collaboration.adapters import mongo_personal as collaboration
from services.identity.adapters import mongo_personal as identity
from services.identity.adapters.mongo_access import MongoSessions
from services.identity.adapters.mongo_people import MongoContacts
from services.identity.domain.contact import Contact
from services.identity.messaging.published import LANGUAGE as IDENTITY
from services.notifications.adapters import mongo_personal as notifications

OPERATOR = "operator"
"""Who asked for an erasure by this command."""
T = TypeVar("T")
Row = dict[str, Any]


def export(contact_id: str, to: Path) -> int:
    """Write everything that is held of a contact into one JSON file that only its owner reads; return the exit code."""
    items = asyncio.run(_export(_checked(contact_id)))
    told = {"contact": contact_id, "exported_at": datetime.now(UTC), "items": items}
    text = orjson.dumps(told, default=str, option=orjson.OPT_INDENT_2)
    try:
        with open(to, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(text)
    except OSError as wrong:
        raise Refusal(f"{to} cannot be written to: {wrong.strerror}.") from None
    Console(highlight=False).print(f"{len(items)} items of {contact_id} are in {to}.", soft_wrap=True)
    return 0


def erase(contact_id: str) -> int:
    """Erase a contact; return the exit code. The workers do the rest within seconds."""
    asyncio.run(_in("identity", lambda database: _erase(database, _checked(contact_id))))
    say = Console(highlight=False, soft_wrap=True).print
    say(f"{contact_id} is erased in identity; the other services follow: portal person state {contact_id}")
    return 0


def state(contact_id: str) -> int:
    """Print how far an erasure is, by service, and what stays and why; return 1 while one is not done."""
    say, done = Console(highlight=False, soft_wrap=True).print, asyncio.run(_state(_checked(contact_id)))
    for service, (at, kept) in done.items():
        say(f"{service}: {f'erased at {at:%Y-%m-%d %H:%M:%S} UTC' if at else 'not erased'}")
        for one in kept:
            say(f"  kept: {one.kind} {one.id}. {one.kept}", markup=False)
    return 0 if all(at for at, _ in done.values()) else 1


def again() -> int:
    """Have every service forget once more everybody whom any of them has forgotten; return the exit code."""
    asked, unknown = asyncio.run(_again())
    say = Console(highlight=False, soft_wrap=True).print
    say(f"{len(asked)} erased contacts are erased again; the services follow within seconds.")
    for contact_id in unknown:
        say(f"{contact_id} is not in identity's database: nothing was done about it.")
    return 1 if unknown else 0


async def _export(contact_id: str) -> list[Row]:
    of = await _in("identity", lambda database: _whose(database, contact_id))
    rows: list[Row] = []
    for service in SERVICES:
        for one in await _in(service, lambda database, service=service: _held(database, service, of)):
            row = {"service": service, "kind": one.kind, "id": one.id, "at": one.at, "kept": one.kept or None}
            rows.append({**row, "data": dict(one.data)})
    return rows


async def _state(contact_id: str) -> dict[str, tuple[datetime | None, list[Held]]]:
    of = await _in("identity", lambda database: _whose(database, contact_id))
    found: dict[str, tuple[datetime | None, list[Held]]] = {}
    for service in SERVICES:
        at = await _in(service, lambda database: MongoErased(database).done_at(contact_id))
        held = await _in(service, lambda database, service=service: _held(database, service, of))
        found[service] = at, [one for one in held if one.kept]
    return found


async def _again() -> tuple[list[str], list[str]]:
    erased: dict[str, Erasure] = {}
    for service in SERVICES:
        for one in await _in(service, lambda database: MongoErased(database).all()):
            erased.setdefault(one.contact_id, one)
    known = [one for one in erased.values() if await _in("identity", lambda db, one=one: _erase_again(db, one))]
    ids = [one.contact_id for one in known]
    return ids, sorted(erased.keys() - set(ids))


async def _held(database: Database, service: str, of: Whose) -> Sequence[Held]:
    if service == "identity":
        return await identity.MongoPersonal(database).held(of)
    if service == "billing":
        return await billing.MongoPersonal(database, Stores.over(database, BILLING, lambda: None), ()).held(of)
    if service == "collaboration":
        return await collaboration.MongoPersonal(database).held(of)
    return await notifications.MongoPersonal(database, MongoErased(database), SystemClock()).held(of)


async def _whose(database: Database, contact_id: str) -> Whose:
    contact = await _contact(database, contact_id)
    return Whose(
        contact_id=contact.id,
        organisation_id=contact.organisation_id,
        customer_id=contact.customer_id,
        marks=contact.address_marks,
    )


async def _erase(database: Database, contact_id: str) -> None:
    contact, now = await _contact(database, contact_id), datetime.now(UTC)
    by = Principal.for_service(contact.organisation_id)
    ended = await MongoSessions(database, IDENTITY, lambda: None).open_ids(by, contact_id, now)
    try:
        await _contacts(database).update(by, contact_id, lambda it: it.erase(ended, now, by=OPERATOR))
    except DomainError as refusal:
        raise Refusal(refusal.message) from None


async def _erase_again(database: Database, erased: Erasure) -> bool:
    """Return whether identity knows the contact; one that came back from a backup is erased like any other."""
    by, now = Principal.for_service(erased.organisation_id), datetime.now(UTC)
    known = await _contacts(database).get_many(by, [erased.contact_id])
    if erased.contact_id not in known:
        return False
    if known[erased.contact_id].erased is None:
        await _erase(database, erased.contact_id)
    await _contacts(database).update(by, erased.contact_id, lambda it: it.erase_again(now, marks=erased.marks))
    return True


async def _contact(database: Database, contact_id: str) -> Contact:
    row = await database["contacts"].find_one({"_id": contact_id}, {"organisation_id": 1})
    if row is None:
        raise Refusal(f"There is no contact {contact_id}.")
    return await _contacts(database).get(Principal.for_service(row["organisation_id"]), contact_id)


def _contacts(database: Database) -> MongoContacts:
    return MongoContacts(database, IDENTITY, lambda: None)


def _checked(contact_id: str) -> str:
    if not is_id(contact_id, "con"):
        raise Refusal(f"{contact_id} is no ID of a contact: it begins with con_.")
    return contact_id


async def _in(service: str, ask: Callable[[Database], Awaitable[T]]) -> T:
    url = mongo_url(service)
    if url is None:
        raise Refusal("PORTAL_MONGO_URL is not set: it says where the databases are.")
    return await in_database(service, url, ask)
