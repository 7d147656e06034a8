"""Events: how many a second, and how soon, beside what aio-pika does by itself on the same broker in the same run.

    python -m benchmarks.events [--events 2000] [--seconds 20] [--rate 50] [--waiting 0]

A depot of parcels on SecantusDB (one database for each side, writes wait for the disk) and a real RabbitMQ. Bare is
aio-pika with confirms and acknowledgements on a durable quorum queue and nothing else: one message after the other, and
32 at a time as the relay has them. The relay publishes what waits in as many documents. The inbox stores one projection
for each event, in one worker process and in two. From event to effect: this process saves at a steady rate as a web
process does, one worker relays, another one stores; counted from before the save until after the store. `--waiting`
documents are in the outboxes meanwhile, of subjects that nobody takes. No figure is told unless every event arrived.

Beside each speed stands the CPU that one event costs, by process: on a machine that others use it is what compares.

Longer than most files, because all figures are of one run and one depot.
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aio_pika
import uvloop
from aio_pika.abc import AbstractIncomingMessage

from chassis.bells import Bells, pass_on
from chassis.bus.rabbitmq import RabbitBus
from chassis.inbox import Inbox, Narrow, Reaction, Received
from chassis.kernel import SystemClock, new_id
from chassis.logging import start_logging
from chassis.mongo.client import Database, Document, connect
from chassis.mongo.indexes import ensure_indexes, outbox_index
from chassis.mongo.projections import store_newer
from chassis.mongo.repository import MongoRepository
from chassis.outbox import Relay
from chassis.waking import Signal
from portal_cli.paths import ROOT
from portal_cli.rabbitmq import RabbitMQNode
from tests.support.chassis import LANGUAGE, STAFF, Parcel, ParcelWeighedV1
from tests.support.storage import running_engine

SERVICE = "depot"
SCALES = "scales"
EFFECTS = "weights"
AT_ONCE = 32


class Weighed(Narrow):
    """What the inbox reads."""

    grams: int


def parcels_of(database: Database, saved: Signal) -> MongoRepository[Parcel]:
    """Return the repository of the depot."""
    return MongoRepository(database["parcels"], Parcel, LANGUAGE, what="parcel", committed=saved)


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--waiting", type=int, default=0)
    parser.add_argument("--engine", default="secantusdb")
    given = parser.parse_args()
    with contextlib.ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        url, effects_url = (running.enter_context(running_engine(given.engine, folder / one)) for one in ("a", "b"))
        node = RabbitMQNode(folder / "rabbitmq")
        node.start()
        running.callback(node.stop)
        await measured(Stage(url, effects_url, node.url, folder), given)
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


class Stage:
    """Where it all runs: the databases of both sides, the broker, and a folder."""

    def __init__(self, url: str, effects_url: str, amqp_url: str, folder: Path) -> None:
        self.url, self.effects_url, self.amqp_url, self.folder = url, effects_url, amqp_url, folder

    @asynccontextmanager
    async def worker(self, role: str, number: int = 0, go: Path | None = None) -> AsyncGenerator[Path]:
        """Run a worker process, which waits for a file where one is named; yields where it writes what it saw."""
        said = self.folder / f"{role}-{number}-{time.monotonic_ns()}.json"
        url = self.url if role == "relay" else self.effects_url
        argv = [sys.executable, "-m", "benchmarks.events", "worker", role, url, self.amqp_url, str(said)]
        argv += [str(go)] if go else []
        process = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE)
        try:
            await asyncio.to_thread(process.stdout.readline)  # pyright: ignore[reportOptionalMemberAccess]
            yield said
        finally:
            process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(process.wait, 30)


async def measured(stage: Stage, given: Any) -> None:
    """Measure everything, one after the other."""
    count = given.events
    with cpu_of("bare: three messages", count):
        one, many, consumed = await bare(stage.amqp_url, count)
    print(f"bare aio-pika: publish and confirm {one:.0f}/s one by one, {many:.0f}/s {AT_ONCE} at a time;", end=" ")
    print(f"consume and acknowledge {consumed:.0f}/s")
    async with stage.worker("inbox"):
        pass  # it declares the queues
    relayed = await relay_speed(stage, count)
    print(f"relay, one worker: {relayed:.0f}/s, {relayed / one:.2f} of bare one by one, {relayed / many:.2f} of bare")
    alone = await relay_speed(stage, count, alone=True)
    print(f"relay beside which no other one works: {alone:.0f}/s, {alone / many:.2f} of bare")
    first = await inbox_speed(stage, 1, 2 * count)
    await relay_speed(stage, count)
    second = await inbox_speed(stage, 2, count)
    print(f"inbox to stored effect: {first:.0f}/s with one worker, {second:.0f}/s with two ({second / first:.2f})")
    print(f"    {first / consumed:.2f} of bare consuming, which stores nothing")
    await to_effect(stage, given)


@contextmanager
def cpu_of(what: str, count: int) -> Generator[None]:
    """Print the milliseconds of CPU for each of so many events that every process took meanwhile."""
    before = cpu_seconds()
    yield
    spent = {name: seconds - before.get(name, 0.0) for name, seconds in cpu_seconds().items()}
    each = ", ".join(f"{name} {seconds / count * 1000:.2f}" for name, seconds in sorted(spent.items()) if seconds > 0)
    print(f"    {what}: {sum(spent.values()) / count * 1000:.2f} ms of CPU an event: {each}")


def cpu_seconds() -> dict[str, float]:
    """Return the CPU seconds of this process and of all that it started, by what they are."""
    spent = dict[str, float]()
    for pid in family(os.getpid()):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            name = named(pid)
            spent[name] = spent.get(name, 0.0) + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


def family(parent: int) -> list[int]:
    """Return a process and all that come from it."""
    text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [parent, *(pid for child in text.split() for pid in family(int(child)))]


def named(pid: int) -> str:
    """Return what a process is: this one, a worker, a database or the broker."""
    line = Path(f"/proc/{pid}/cmdline").read_text()
    if pid == os.getpid():
        return "this process"
    known = {"secantusd": "database", "beam": "broker", "benchmarks.events": "worker"}
    return next((name for word, name in known.items() if word in line), "the rest")


async def bare(url: str, count: int) -> tuple[float, float, float]:
    """Return messages a second: published one by one, many at a time, and consumed."""
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel(publisher_confirms=True)
        await channel.set_qos(prefetch_count=64)
        exchange = await channel.declare_exchange("bare", aio_pika.ExchangeType.TOPIC, durable=True)
        queue = await channel.declare_queue("bare", durable=True, arguments={"x-queue-type": "quorum"})
        await queue.bind(exchange, "#")
        body, turns = b"x" * 400, asyncio.Semaphore(AT_ONCE)

        async def publish() -> None:
            async with turns:
                message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
                await exchange.publish(message, "depot.parcel_weighed.v1")

        began = time.perf_counter()
        for _ in range(count // 2):
            await publish()
        one = count // 2 / (time.perf_counter() - began)
        began = time.perf_counter()
        await asyncio.gather(*(publish() for _ in range(count)))
        many = count / (time.perf_counter() - began)
        began, seen, done = time.perf_counter(), 0, asyncio.Event()

        async def take(message: AbstractIncomingMessage) -> None:
            nonlocal seen
            await message.ack()
            seen += 1
            if seen == count + count // 2:
                done.set()

        tag = await queue.consume(take)
        await done.wait()
        consumed = seen / (time.perf_counter() - began)
        await queue.cancel(tag)
    return one, many, consumed


async def relay_speed(stage: Stage, count: int, *, alone: bool = False) -> float:
    """Return events a second that a relay publishes of what waits, each in a document of its own."""
    database, bus, signal_ = connect(stage.url, SERVICE), RabbitBus(stage.amqp_url), Signal()
    await ensure_indexes(database, [outbox_index("parcels")])
    await wait_in(database, count)
    relay = Relay(LANGUAGE, [database["parcels"]], bus, SystemClock(), signal_, alone=alone)
    await bus.missing()  # connected
    began, published = time.perf_counter(), 0
    with cpu_of("relay", count):
        while published < count:
            published += await relay.drain()
    taken = time.perf_counter() - began
    left = await database["parcels"].count_documents({"outbox.id": {"$gte": "", "$lt": "~"}})
    assert (published, left) == (count, 0)
    await bus.close()
    await database.close()
    return count / taken


async def wait_in(database: Database, count: int, **more: Any) -> None:
    """Store documents whose events wait."""
    now = datetime.now(UTC).isoformat()
    entry: Document = {"type": ParcelWeighedV1.event_type, "sequence": 1, "time": now, "organisation_id": "org_1"}
    entry |= {"data": {"grams": 1, "organisationId": "org_1"}, "traceparent": None, "mandatory": True, **more}
    for start in range(0, count, 500):
        ids = [new_id("inv") for _ in range(min(500, count - start))]
        rows: list[Document] = [
            {"_id": one, "organisation_id": "org_1", "outbox": [{"id": f"{one}-1", **entry}]} for one in ids
        ]
        await database["parcels"].insert_many(rows)


async def inbox_speed(stage: Stage, workers: int, count: int) -> float:
    """Return events a second of which the effect is stored, by so many workers, from the first effect to the last."""
    database = connect(stage.effects_url, SERVICE)
    before = await database[EFFECTS].estimated_document_count()
    async with contextlib.AsyncExitStack() as running:
        go = stage.folder / f"go-{time.monotonic_ns()}"
        seen = [await running.enter_async_context(stage.worker("inbox", number, go)) for number in range(workers)]
        with cpu_of(f"inbox, {workers} at work", count):
            go.touch()
            while await database[EFFECTS].estimated_document_count() < before + count:
                await asyncio.sleep(0.2)
    said = [json.loads(one.read_text()) for one in seen]
    stored = sorted(at for one in said for at in one["stored"])
    each = sum(one["cpu"] for one in said) / len(stored) * 1000
    print(f"    of workers from their first effect to their last: {each:.2f} ms of CPU an event")
    await database.close()
    assert len(stored) == count, (len(stored), count)
    return count / (stored[-1] - stored[0])


async def to_effect(stage: Stage, given: Any) -> None:
    """Print the times from event to effect at a steady rate."""
    database, bus, saved = connect(stage.url, SERVICE), RabbitBus(stage.amqp_url), Signal()
    if given.waiting:
        await wait_in(database, given.waiting, type="depot.nobody_takes_this.v1")
    parcels, rung = parcels_of(database, saved), asyncio.create_task(pass_on(saved, bus, f"{SERVICE}.outbox"))
    known = [Parcel(id=new_id("inv"), organisation_id="org_1", customer_id="cus_1") for _ in range(20)]
    for one in known:
        await parcels.add(one)
    async with stage.worker("relay"), stage.worker("inbox") as said:
        await paced(given.rate, 2, lambda number: weigh(parcels, known[number % 20].id))
        await asyncio.sleep(1)
        began, saves = time.time(), list[float]()
        count = await paced(given.rate, given.seconds, lambda number: weigh(parcels, known[number % 20].id, saves))
        await asyncio.sleep(3)
    took = [seconds for seconds, at in json.loads(said.read_text())["took"] if at >= began]
    rung.cancel()
    await bus.close()
    await database.close()
    assert len(took) >= count, (len(took), count)
    steps = statistics.quantiles(took, n=100)
    waiting = f" while {given.waiting} wait" if given.waiting else ""
    print(
        f"event to effect at {given.rate:.0f}/s{waiting}: p50 {steps[49] * 1000:.0f} ms, p99 {steps[98] * 1000:.0f} ms"
    )
    print(f"    of which the save: p50 {statistics.median(saves) * 1000:.0f} ms; {count} events")


async def paced(rate: float, seconds: float, work: Callable[[int], Coroutine[Any, Any, None]]) -> int:
    """Begin work at a steady rate, whatever became of what was begun; return how many."""
    loop, begun, began = asyncio.get_running_loop(), set[asyncio.Task[None]](), time.monotonic()
    for number in range(int(rate * seconds)):
        begun.add(loop.create_task(work(number)))
        await asyncio.sleep(max(began + (number + 1) / rate - time.monotonic(), 0))
    await asyncio.gather(*begun)
    return len(begun)


async def weigh(parcels: MongoRepository[Parcel], parcel_id: str, saves: list[float] | None = None) -> None:
    """Save one event; it carries the moment before the save."""
    began = time.perf_counter()
    await parcels.update(STAFF, parcel_id, lambda parcel: parcel.weigh(1, datetime.now(UTC)))
    if saves is not None:
        saves.append(time.perf_counter() - began)


async def work(role: str, url: str, amqp_url: str, said: str, go: str = "") -> None:
    """Be a worker until SIGTERM; where a file is named, from the moment it is there: several then begin as one."""
    database, bus, heard = connect(url, SERVICE), RabbitBus(amqp_url), Signal()
    stop, stored, took = asyncio.Event(), list[float](), list[tuple[float, float]]()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    tasks: list[asyncio.Task[None]] = []
    cpu = list[float]()
    if role == "relay":
        await ensure_indexes(database, [outbox_index("parcels")])
        relay = Relay(LANGUAGE, [database["parcels"]], bus, SystemClock(), heard)
        bells = Bells(SERVICE, bus, heard, (Signal(), Signal()), has_worker=False)
        tasks = [asyncio.ensure_future(one()) for one in (relay.run, *bells.worker())]  # pyright: ignore
    else:
        effects = database[EFFECTS]

        async def store(event: Received[Weighed]) -> None:
            await store_newer(effects, event.subject, event.sequence, {"grams": event.data.grams})
            now = time.time()
            stored.append(now)
            cpu.append(time.process_time())
            took.append((now - event.time.timestamp(), event.time.timestamp()))

        if go:
            await bus.reach()
            print("ready", flush=True)
        while go and not Path(go).exists():
            await asyncio.sleep(0.02)
        await Inbox(SCALES, {ParcelWeighedV1.event_type: Reaction(Weighed, store)}).start(bus)
    print("ready", flush=True)
    await stop.wait()
    await bus.close()
    for task in tasks:
        task.cancel()
    Path(said).write_text(
        json.dumps({"stored": stored, "took": took, "cpu": max(cpu, default=0.0) - min(cpu, default=0.0)})
    )
    await database.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["worker"]:
        start_logging("events", stream=open(os.devnull, "w"))  # noqa: SIM115 - the lines are made, as in a real worker
        uvloop.run(work(*sys.argv[2:]))
    else:
        start_logging("events", "ERROR")
        uvloop.run(main())
