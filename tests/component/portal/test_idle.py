"""What the services ask their databases while nobody asks them anything, and how: little, and never a scan."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, ExitStack
from importlib import import_module
from typing import Any

import pytest

from chassis.bus.memory import MemoryBus
from chassis.mongo.upkeep import Storage
from portal_cli.paths import SERVICES
from services.billing.adapters import mongo_invoices
from tests.support.commands import objection, recorded
from tests.support.storage import quickest
from tests.support.waiting import eventually

QUIET_SECONDS = 10.0
"""As long as the slowest of those who look now and then."""
PER_SECOND = 5.0
FEW = {"no index of signing_keys bounds {}"}
"""Collections that hold a handful whatever is stored."""
UNCOUNTED = {"uncounted": {"$gte": "", "$lt": "\U0010ffff"}, "listing": mongo_invoices.HISTORY.listing}
ANY = {f"limited, but in no order: {UNCOUNTED}"}
"""Work of which any will do, as long as there is some: each round takes what it finds, until none is left."""

pytestmark = [pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)]


@pytest.fixture
async def services(mongo_url: str, database_name: str) -> AsyncGenerator[dict[str, Any]]:
    """All four services as `portal up` runs them: web and worker in one process."""
    bus, made = MemoryBus(services=SERVICES), dict[str, Any]()
    given = {"mongo_url": mongo_url, "database_prefix": f"{database_name}_", "run_worker": True}
    secrets = {"gateway_key": "k" * 16, "service_key": "k" * 16}
    for name in SERVICES:
        kind = getattr(import_module(f"services.{name}.settings"), f"{name.capitalize()}Settings")
        own = {"identity_secret": "s" * 32} if name == "identity" else {}
        made[name] = import_module(f"services.{name}.bootstrap").assemble(kind(**given, **secrets, **own), bus=bus)
    yield made
    for one in made.values():
        await one.database.drop()
        await one.close()


async def test_idle_services_ask_little_and_never_scan(services: dict[str, Any]) -> None:
    """At most five commands a second, all services together; from their start on each is bounded by an index."""
    with ExitStack() as noting:
        asked = {name: noting.enter_context(recorded(one.database.name)) for name, one in services.items()}
        async with AsyncExitStack() as running:
            for one in services.values():
                await running.enter_async_context(one.web())
                await running.enter_async_context(one.worker())
            await eventually(lambda: all(map(_has_begun, asked.values())), "the first rounds")
            await _quiet(asked)
            before, began = _count(asked), time.monotonic()
            await asyncio.sleep(QUIET_SECONDS)
            count, seconds = _count(asked) - before, time.monotonic() - began
    print(f"idle: {count / seconds:.1f} commands a second")
    assert count <= PER_SECOND * seconds, [one for noted in asked.values() for one in noted[-10:]]
    for name, noted in asked.items():
        storage: Storage = import_module(f"services.{name}.bootstrap").storage(services[name].database)
        told = [objection(one, storage.indexes) for one in noted if not _is_a_pass(one)]
        assert {*filter(None, told)} <= FEW | ANY


def _count(asked: dict[str, list[dict[str, Any]]]) -> int:
    return sum(map(len, asked.values()))


def _has_begun(noted: list[dict[str, Any]]) -> bool:
    return any("outbox.id" in one.get("filter", {}) for one in noted)


async def _quiet(asked: dict[str, list[dict[str, Any]]]) -> None:
    """Return when a whole second brought hardly anything: the passes over the collections have ended."""
    last = -100
    while (now := _count(asked)) - last > 2 * PER_SECOND:
        last = now
        await asyncio.sleep(1)


def _is_a_pass(command: dict[str, Any]) -> bool:
    """Tell whether it is of the backfill, which looks at each document once after an upgrade, then daily."""
    return command["_name"] == "find" and not command["filter"] and command.get("sort") == {"_id": 1}
