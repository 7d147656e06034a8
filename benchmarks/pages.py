"""What pages cost as a business grows: CPU per request of services and of their databases, beside another checkout.

    python -m benchmarks.pages [--against FOLDER] [--sizes 25,425,2000] [--requests 200] [--engine secantusd-rs]

FOLDER is a checkout of another version with the same dependencies. Both portals run at once, and each page is asked of
one and the other in turn, twice (A B A B); workers and the broker are stopped before, so that nothing polls but the web
processes. Invoices beyond the first 25 are copies of them, an hour apart, made in the database and counted before
anything is measured. Milliseconds hold for
this machine and hour; ratios are what counts. The sizes of both are taken by the same requests, eight at once.
"""

import argparse
import asyncio
import statistics
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pymongo

from benchmarks.portal import PAGES, cpu_seconds, fill, load
from chassis.mongo.client import connect
from portal_cli.paths import ROOT
from portal_cli.ports import free_ports
from portal_cli.processes import Child
from portal_cli.rabbitmq import RabbitMQNode
from portal_cli.secantusdb import program, url
from services.billing.adapters.mongo_invoices import MongoInvoices
from services.billing.messaging.published import LANGUAGE
from tests.e2e.client import Client
from tests.e2e.running import SECRET, SERVICES, RunningPortal
from tests.support.storage import KNOWN_ENGINES

TURNS = 2
EMPTY = "Empty"


@dataclass
class Build:
    """One portal that runs, filled; `databases` are the servers' processes."""

    name: str
    portal: RunningPortal
    databases: list[Child]
    mongo_url: str
    owner: Client
    contact: Client
    invoice: str

    @property
    def services(self) -> list[int]:
        """The processes that answer."""
        return [child.pid for name, child in self.portal.children.items() if name.endswith("web")]


def main() -> None:
    """Measure every page at every size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", type=Path)
    parser.add_argument("--sizes", default="25,425,2000")
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--engine", default="secantusdb", choices=KNOWN_ENGINES)
    given = parser.parse_args()
    roots = {"new": ROOT} | ({"old": given.against.resolve()} if given.against else {})
    with tempfile.TemporaryDirectory() as name, running(Path(name), roots, given.engine) as builds:
        for size in map(int, given.sizes.split(",")):
            for build in builds:
                grow(build, size)
            for page in (*PAGES, EMPTY):
                tell(page, size, {build.name: [] for build in builds}, builds, given.requests)


def tell(page: str, size: int, spent: dict[str, list[tuple[float, float]]], builds: list[Build], count: int) -> None:
    """Ask for one page in turn and print what it cost each build."""
    for _ in range(TURNS):
        for build in builds:
            spent[build.name].append(cost(build, page, count))
    row = f"{page:12} {size:6}"
    for name, costs in spent.items():
        services, databases = (statistics.mean(one[place] for one in costs) for place in (0, 1))
        row += f"   {name}: services {services:6.2f} databases {databases:7.2f} ms"
    print(row, flush=True)


def cost(build: Build, page: str, count: int) -> tuple[float, float]:
    """Return the milliseconds of CPU that one request of a page takes in services and in databases."""
    address = f"{build.portal.gateway_url}/graphql"
    query = PAGES.get(page, "{ __typename }").replace("INVOICE", build.invoice)
    token = (build.owner if page == "InvoicePage" else build.contact).token or ""
    headers: dict[str, str] = {}
    if page == EMPTY:
        address, headers = (
            f"{build.portal.service_url('billing')}/graphql",
            {"x-portal-gateway-key": f"gateway-{SECRET}"},
        )
    asyncio.run(load(address, query, token, 40, headers))
    databases = [child.pid for child in build.databases]
    before = cpu_seconds(build.services), cpu_seconds(databases)
    asyncio.run(load(address, query, token, count, headers))
    after = cpu_seconds(build.services), cpu_seconds(databases)
    return (after[0] - before[0]) * 1000 / count, (after[1] - before[1]) * 1000 / count


@contextmanager
def running(folder: Path, roots: dict[str, Path], engine: str) -> Generator[list[Build]]:
    """Run each checkout as a whole portal with 25 invoices; then only what answers."""
    with ExitStack() as stack:
        node = RabbitMQNode(folder / "rabbitmq")
        node.start()
        stack.callback(node.stop)
        builds = [_started(stack, folder / name, name, root, engine, node.url) for name, root in roots.items()]
        yield builds


def _started(stack: ExitStack, folder: Path, name: str, root: Path, engine: str, amqp_url: str) -> Build:
    daemon = KNOWN_ENGINES[engine]()
    ports = free_ports(len(SERVICES))
    databases = [
        Child.start(program(service, folder / "databases" / service, port, durable=False, cache="1G", daemon=daemon))
        for service, port in zip(SERVICES, ports, strict=True)
    ]
    for child in databases:
        stack.callback(child.kill)
        child.wait_until_ready()
    urls = {service: url(port) for service, port in zip(SERVICES, ports, strict=True)}
    portal = RunningPortal(folder / "portal", urls, amqp_url, root=root)
    stack.callback(portal.stop)
    portal.start()
    organisation, zoe, invoice = fill(portal)
    for kind, child in portal.children.items():
        if kind.endswith("worker"):
            child.stop()
    return Build(name, portal, databases, urls["billing"], organisation.owner, zoe.client, invoice)


def grow(build: Build, size: int) -> None:
    """Copy invoices and estimates until there are `size` invoices, and a fifth as many estimates."""
    with pymongo.MongoClient[dict[str, Any]](build.mongo_url, tz_aware=True) as client:
        database = next(client[name] for name in client.list_database_names() if "billing" in name)
        for collection, wanted in (("invoices", size), ("estimates", size // 5)):
            rows = list(database[collection].find({"outbox": []}).sort("created_at", -1).limit(25)) or list(
                database[collection].find({}).limit(25)
            )
            there = database[collection].count_documents({})
            copies = [_copy(rows[n % len(rows)], n) for n in range(there, wanted)]
            for start in range(0, len(copies), 500):
                database[collection].insert_many(copies[start : start + 500])
        if database["invoices"].find_one({"uncounted": {"$exists": True}}):
            asyncio.run(_counted(build.mongo_url, database.name))


async def _counted(mongo_url: str, name: str) -> None:
    """Count what was made, as the worker would that was stopped."""
    database = connect(mongo_url, name, timeout_ms=60_000)
    while await MongoInvoices(database, LANGUAGE).owed.catch_up():
        pass
    await database.close()


def _copy(row: dict[str, Any], place: int) -> dict[str, Any]:
    made: dict[str, Any] = row | {
        "_id": f"{row['_id'][:4]}{uuid4().hex}",
        "number": f"{row['number']}-{place}",
        "number_key": uuid4().hex,
        "created_at": row["created_at"] - timedelta(hours=place + 1),
        "outbox": [],
    }
    counted = made.pop("counted", None)
    if counted is not None or "uncounted" in made:
        made["uncounted"] = made["organisation_id"]
    return made


if __name__ == "__main__":
    main()
