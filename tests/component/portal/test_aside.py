"""`portal aside`: what operators read and type about what is set aside."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from chassis.guard import LONGEST_PAUSE
from chassis.mongo.client import connect
from chassis.mongo.set_aside import MongoAside, listed
from chassis.settings import ServiceSettings
from chassis.web import SERVICE_KEY_HEADER
from portal_cli.composite import create_app
from tests.component.portal.test_command_line import portal
from tests.support.clock import FakeClock
from tests.support.storage import quickest

pytestmark = pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)
ROW = "due_dates:invoices/inv_1"
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def set_aside(mongo_url: str, name: str, times: int) -> None:
    database = connect(mongo_url, name)
    aside = MongoAside(database, "billing", FakeClock(AT))
    for _ in range(times):
        await aside.put("due_dates", "invoices/inv_1", "ValidationError at chassis:1, field $.terms")
    await database.close()


async def again_at(mongo_url: str, name: str) -> datetime:
    database = connect(mongo_url, name)
    (row,) = await listed(database)
    await database.close()
    return row["again_at"]


def test_the_list_the_retry_and_their_refusals(mongo_url: str, database_name: str) -> None:
    """One line per item with id, attempts, times and reason; a retry ends the pause of one, or of all."""
    told = {"PORTAL_MONGO_URL": mongo_url, "PORTAL_DATABASE_PREFIX": f"{database_name}_"}
    name = f"{database_name}_billing"
    empty = portal("aside", "billing", **told)
    assert (empty.returncode, empty.stdout) == (0, "Nothing is set aside.\n")
    asyncio.run(set_aside(mongo_url, name, 12))
    assert asyncio.run(again_at(mongo_url, name)) == AT + LONGEST_PAUSE
    said = portal("aside", "billing", **told)
    line = f"billing  {ROW}  12 attempts since 2026-03-01T12:00:00Z, again at 2026-03-01T13:00:00Z: "
    assert said.stdout == f"{line}ValidationError at chassis:1, field $.terms\n"
    done = portal("aside", "billing", "--retry", ROW, **told)
    assert (done.returncode, done.stdout) == (0, "1 items are tried again within seconds.\n")
    assert asyncio.run(again_at(mongo_url, name)) > AT + LONGEST_PAUSE
    unknown = portal("aside", "billing", "--retry", "due_dates:invoices/inv_2", **told)
    assert unknown.returncode == 1
    assert unknown.stderr.endswith("Nothing of this name is set aside in billing: due_dates:invoices/inv_2\n")


def test_without_a_database_and_without_a_portal(mongo_url: str, tmp_path: Path) -> None:
    """Where nobody can be asked, one sentence says so."""
    done = portal("aside", "billing", "--data", str(tmp_path))
    assert (done.returncode, "is not set" in done.stderr, "Traceback" in done.stderr) == (1, True, False)


def test_a_running_portal_tells_whoever_has_its_key(mongo_url: str, database_name: str, tmp_path: Path) -> None:
    """`portal up` answers for its services, and nobody else's questions."""
    asyncio.run(set_aside(mongo_url, f"{database_name}_billing", 1))
    from services.billing.settings import BillingSettings

    given = BillingSettings(
        mongo_url=mongo_url,
        database_prefix=f"{database_name}_",
        gateway_key="gateway-key-for-tests",  # pyright: ignore[reportArgumentType]
        service_key="service-key-for-tests",  # pyright: ignore[reportArgumentType]
    )
    services: dict[str, ServiceSettings] = {"billing": given}
    client = TestClient(create_app(services, tmp_path, {}))
    key = {SERVICE_KEY_HEADER: "service-key-for-tests"}
    assert [row["id"] for row in client.get("/aside/billing", headers=key).json()["rows"]] == [ROW]
    assert client.post("/aside/billing", headers=key).json() == {"again": 1}
    assert client.get("/aside/billing").status_code == 404
