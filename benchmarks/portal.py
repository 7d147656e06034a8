"""The portal's own speed: three pages through gateway and services, and the way from fact to notification.

    python -m benchmarks.portal [--requests 600]

Real processes, RabbitMQ between them, embedded databases. Pages are given as requests per CPU-second of gateway and
service web processes together, beside a bare Starlette endpoint that answers the same JSON on the same server. Times
are those that the gateway logs. From fact to notification: an outside subscriber notes when an event was published, the
notifications worker logs when its effect was stored.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import aio_pika
import aiohttp
import orjson

from chassis.bus import EXCHANGE
from portal_cli.http_probe import answers_ok
from portal_cli.ports import free_ports
from portal_cli.processes import Child, Program
from portal_cli.rabbitmq import RabbitMQNode
from tests.e2e.client import Client
from tests.e2e.running import SERVICES, RunningPortal
from tests.e2e.world import Contact, Organisation, line, register, sent_estimate, sent_invoice
from tests.support.storage import running_secantusdb

TICKS = os.sysconf("SC_CLK_TCK")
AT_ONCE = 8
COMMENT_TYPE = "collaboration.comment_added.v1"
PAGES = {
    "Home": """query Home { home {
      lastPaidInvoices { id number total { amount currency } }
      outstanding { currency balance { amount } }
      estimatesToAnswer { id number total { amount } } } }""",
    "InvoicePage": """query InvoicePage { invoice(id: "INVOICE") {
      number status issuedOn dueOn total { amount currency } balance { amount }
      lines { description quantity amount { amount } } totals { net { amount } }
      customer { name } comments { nodes { text writtenAt author { name } } } views { count contact { name } } } }""",
    "InvoiceList": """query InvoiceList { invoices(first: 20) {
      nodes { id number status dueOn total { amount currency } balance { amount } } pageInfo { endCursor } } }""",
    "OneField": """query OneField { invoice(id: "INVOICE") { number } }""",
}
BARE = """
import sys, uvicorn
from pathlib import Path
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
body = Path(sys.argv[2]).read_bytes()
async def answer(request):
    await request.json()
    return Response(body, media_type="application/json")
routes = [Route("/graphql", answer, methods=["POST"]), Route("/readyz", lambda _: Response("ok"))]
uvicorn.run(Starlette(routes=routes), port=int(sys.argv[1]), access_log=False, loop="uvloop", http="httptools")
"""


@contextmanager
def running(folder: Path) -> Iterator[tuple[RunningPortal, str]]:
    """Run the whole portal; yields it and the broker's address."""
    with ExitStack() as stack:
        databases = stack.enter_context(running_secantusdb(*(folder / "databases" / name for name in SERVICES)))
        urls = dict(zip(SERVICES, databases, strict=True))
        node = RabbitMQNode(folder / "rabbitmq")
        node.start()
        stack.callback(node.stop)
        portal = RunningPortal(folder / "portal", urls, node.url)
        stack.callback(portal.stop)
        portal.start()
        yield portal, node.url


def fill(portal: RunningPortal) -> tuple[Organisation, Contact, str]:
    """Make an organisation with 25 invoices and 5 estimates, and one invoice with comments and a view."""
    organisation = register(portal, Client(portal.http, portal.gateway_url), "Benchmark")
    zoe = organisation.welcome(organisation.add_customer("Client Ltd"), "Zoe Client")
    lines = [line(f"Position {n}", "12.50", "3") for n in range(5)]
    invoices = [sent_invoice(organisation, zoe.customer_id, lines=lines)["id"] for _ in range(25)]
    for _ in range(5):
        sent_estimate(organisation, zoe.customer_id, lines=lines)
    zoe.client.once("recordDocumentView", "view { count }", documentId=invoices[0])
    for n in range(5):
        zoe.client.once("addComment", "comment { id }", documentId=invoices[0], text=f"Question {n}")
    return organisation, zoe, invoices[0]


def cpu_seconds(pids: list[int]) -> float:
    """Return the CPU time that processes have used."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


async def load(url: str, query: str, token: str, count: int, more: Mapping[str, str] | None = None) -> bytes:
    """Send a query `count` times, eight at once, and return the last answer; every answer is checked for errors."""
    body = orjson.dumps({"query": query})
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}", **(more or {})}
    left, last = count, b""
    async with aiohttp.ClientSession(headers=headers) as session:

        async def one_after_another() -> None:
            nonlocal left, last
            while left > 0:
                left -= 1
                async with session.post(url, data=body) as answer:
                    last = await answer.read()
                    if b'"errors"' in last:
                        raise SystemExit(last[:500])

        await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
    return last


def bare(folder: Path, body: bytes, query: str, count: int) -> float:
    """Return the requests per CPU-second of a bare endpoint with the same answer."""
    (port,) = free_ports(1)
    file = folder / "answer.json"
    file.write_bytes(body)
    argv = (sys.executable, "-c", BARE, str(port), str(file))
    program = Program(
        name="bare", argv=argv, log=folder / "bare.log", env=os.environ, ready=answers_ok(port, "/readyz")
    )
    child = Child.start(program)
    try:
        child.wait_until_ready(20)
        asyncio.run(load(f"http://127.0.0.1:{port}/graphql", query, "x", 100))
        before = cpu_seconds([child.pid])
        asyncio.run(load(f"http://127.0.0.1:{port}/graphql", query, "x", count * 5))
        return count * 5 / max(cpu_seconds([child.pid]) - before, 1 / TICKS)
    finally:
        child.stop()


def logged_times(portal: RunningPortal, operation: str, last: int) -> list[float]:
    """Return the milliseconds that the gateway logged for the last requests of an operation."""
    lines = (orjson.loads(text) for text in portal.log("gateway").splitlines() if operation in text and text[0] == "{")
    return [entry["duration_ms"] for entry in lines if entry.get("operation") == operation and "duration_ms" in entry][
        -last:
    ]


def measure_pages(portal: RunningPortal, zoe: Contact, owner: Client, invoice: str, count: int, folder: Path) -> None:
    """Print a row per page."""
    pids = [portal.children[name].pid for name in ("gateway", *(f"{service} web" for service in SERVICES))]
    print(f"{'page':12} {'req/CPU-s':>10} {'bare':>8} {'ratio':>7} {'p50 ms':>8} {'p99 ms':>8}")
    for name, text in PAGES.items():
        query = text.replace("INVOICE", invoice)
        token = (owner if name == "InvoicePage" else zoe.client).token or ""
        url = f"{portal.gateway_url}/graphql"
        asyncio.run(load(url, query, token, 100))
        before = cpu_seconds(pids)
        answer = asyncio.run(load(url, query, token, count))
        rate = count / (cpu_seconds(pids) - before)
        floor = bare(folder, answer, query, count)
        times = sorted(logged_times(portal, name, count))
        p50, p99 = (times[int(len(times) * share)] if times else float("nan") for share in (0.5, 0.99))
        print(f"{name:12} {rate:10.0f} {floor:8.0f} {rate / floor:7.3f} {p50:8.1f} {p99:8.1f}")


async def published_times(amqp_url: str, owner: Client, invoice: str, count: int) -> dict[str, float]:
    """Make `count` comments and return when an outside subscriber got each event, by event id."""
    seen: dict[str, float] = {}
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(EXCHANGE)
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(exchange, COMMENT_TYPE)

        async def note(message: aio_pika.abc.AbstractIncomingMessage) -> None:
            seen[orjson.loads(message.body)["id"]] = time.time()

        await queue.consume(note, no_ack=True)
        for n in range(count):
            given = {"documentId": invoice, "text": f"Answer {n}", "displayInPortal": True}
            await asyncio.to_thread(owner.once, "addComment", "comment { id }", **given)
        async with asyncio.timeout(60):
            while len(seen) < count:
                await asyncio.sleep(0.1)
        await asyncio.sleep(2)
    return seen


def measure_notifications(portal: RunningPortal, amqp_url: str, owner: Client, invoice: str, count: int) -> None:
    """Print the time from an event's publication to the storing of its effect."""
    published = asyncio.run(published_times(amqp_url, owner, invoice, count))
    waits: list[float] = []
    for text in portal.log("notifications worker").splitlines():
        entry: dict[str, Any] = orjson.loads(text) if text.startswith("{") else {}
        if entry.get("event") == "message" and entry.get("event_id") in published:
            stored = datetime.fromisoformat(entry["timestamp"]).timestamp()
            waits.append((stored - published[entry["event_id"]]) * 1000)
    cuts = statistics.quantiles(waits, n=100)
    print(f"event published to effect stored: p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms ({len(waits)} events)")


def main() -> None:
    """Run both measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=600)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, running(Path(name)) as (portal, amqp_url):
        organisation, zoe, invoice = fill(portal)
        measure_pages(portal, zoe, organisation.owner, invoice, args.requests, Path(name))
        measure_notifications(portal, amqp_url, organisation.owner, invoice, 50)


if __name__ == "__main__":
    main()
