"""How long a backfill takes, and what users notice of it meanwhile.

    python -m benchmarks.backfill [--documents 100000] [--seconds 30]

Invoices as the version before wrote them, whose values for lists are stale besides, on the embedded engine. A client in
a process of its own reads invoices and changes others, one after another; its times are taken for a while alone, then
beside the worker's backfill (batches with pauses) until that is done, or for `--at-most` seconds. Last comes what is
left, by `portal migrate`'s way (no pauses). Printed: the time of each, and the ratio of the client's medians and p95
with and without.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from chassis.kernel import SystemClock
from chassis.mongo.backfill import Backfill, Progress
from chassis.mongo.client import Document, connect
from chassis.mongo.documents import to_document
from chassis.mongo.indexes import ensure_indexes
from services.billing.adapters.mongo_invoices import INDEXES, MongoInvoices
from services.billing.domain.invoice import Invoice
from services.billing.messaging.published import LANGUAGE
from tests.releases.either import BY, variants
from tests.support.storage import running_secantusdb

NAME = "benchmark_billing"


def main() -> None:
    """Measure and print; with `--work` be the process of the worker."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--at-most", type=float, default=3600)
    parser.add_argument("--work", default="")
    given = parser.parse_args()
    if given.work:
        asyncio.run(_work(given.work))
        return
    with tempfile.TemporaryDirectory() as folder, running_secantusdb(Path(folder) / "billing") as [url]:
        asyncio.run(_measure(url, given.documents, given.seconds, given.at_most))


async def _measure(url: str, documents: int, seconds: float, at_most: float) -> None:
    database = connect(url, NAME, timeout_ms=120_000, command_ms=600_000)
    invoices = MongoInvoices(database, LANGUAGE)
    await ensure_indexes(database, INDEXES)
    ids = await _fill(invoices, documents)
    alone = await _client(invoices, ids, seconds, None)
    began = time.monotonic()
    worker = await asyncio.create_subprocess_exec(sys.executable, "-m", "benchmarks.backfill", "--work", url)
    ended = asyncio.create_task(worker.wait())
    beside = await _client(invoices, ids, at_most, ended)
    took, is_done = time.monotonic() - began, ended.done()
    if not is_done:
        worker.terminate()
        await ended
    mended = await invoices.collection.count_documents({"schema": 1})
    print(f"worker: {mended} of {documents} documents in {took:.0f} s ({'done' if is_done else 'stopped'})")
    _tell("read", alone[0], beside[0])
    _tell("change", alone[1], beside[1])
    began, done = time.monotonic(), list[Progress]()
    await Backfill("billing", database, [invoices], SystemClock()).passes(done.append)
    print(f"portal migrate: {done[-1].mended} of {done[-1].seen} documents in {time.monotonic() - began:.0f} s")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    await database.close()


async def _work(url: str) -> None:
    database = connect(url, NAME, timeout_ms=120_000, command_ms=600_000)
    await Backfill("billing", database, [MongoInvoices(database, LANGUAGE)], SystemClock()).take_turns()
    await database.close()


async def _fill(invoices: MongoInvoices, documents: int) -> list[str]:
    """Store so many invoices without numbers, with stale texts for searches."""
    whole = next(variants(Invoice, 0))
    listed = {"text": "stale", "number": "", "issued_on": "", "due_on": "", "total": 0, "paid": 0, "balance": 0}
    state = to_document(whole) | {"listed": listed | {"paid_at": ""}, "version": 1, "outbox": []}
    ids = [f"doc_{place:026d}" for place in range(documents)]
    for start in range(0, documents, 1000):
        rows: list[Document] = [
            state | {"_id": one, "number": one, "number_key": f"{whole.organisation_id}/{one}"}
            for one in ids[start : start + 1000]
        ]
        await invoices.collection.insert_many(rows)
    return ids


async def _client(
    invoices: MongoInvoices, ids: list[str], seconds: float, until: "asyncio.Task[int] | None"
) -> tuple[list[float], list[float]]:
    """Read and change invoices until the time is over or the task is done; return the times in ms."""
    reads, changes, end = list[float](), list[float](), time.monotonic() + seconds
    pick = random.Random(1)
    while time.monotonic() < end and not (until and until.done()):
        began = time.perf_counter()
        await invoices.get(BY, pick.choice(ids))
        read = time.perf_counter()
        await invoices.update(BY, pick.choice(ids), _note)
        reads.append((read - began) * 1000)
        changes.append((time.perf_counter() - read) * 1000)
        await asyncio.sleep(0.02)
    return reads, changes


def _note(invoice: Invoice) -> None:
    invoice.estimate_revision = (invoice.estimate_revision or 0) + 1


def _tell(what: str, alone: list[float], beside: list[float]) -> None:
    def figures(times: list[float]) -> tuple[float, float]:
        return statistics.median(times), statistics.quantiles(times, n=20)[-1]

    (median, high), (median_beside, high_beside) = figures(alone), figures(beside)
    print(
        f"{what}: alone median {median:.1f} ms, p95 {high:.1f} ({len(alone)}); beside the backfill {median_beside:.1f} "
        f"and {high_beside:.1f} ({len(beside)}): {median_beside / median:.2f} and {high_beside / high:.2f} times"
    )


if __name__ == "__main__":
    main()
