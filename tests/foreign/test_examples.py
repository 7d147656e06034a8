"""The subscribers of `examples/` on a real broker, as the user with the few rights that their README gives."""

import json
import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel
from aiormq.exceptions import ChannelAccessRefused

from chassis.bus import EXCHANGE
from chassis.bus.topology import SUBSCRIBERS
from chassis.cloudevents import CloudEvent
from portal_cli.event_examples import all_examples
from portal_cli.paths import ROOT
from portal_cli.rabbitmq import RabbitMQNode
from tests.support.broker import WHOLE_PORTAL, Brokers
from tests.support.npm import installed
from tests.support.subscribers import subscribers_exchange, tell
from tests.support.waiting import eventually_answered, wait_until

EXAMPLES = ROOT / "examples"
PAID = next(event for event in all_examples() if event.type == "billing.invoice_paid.v1")


@dataclass(frozen=True)
class Example:
    """One example: how it is started in a folder, and what its store says is owed of an invoice."""

    command: Callable[[Path], list[str]]
    owed: Callable[[Path, str], str | None]


def python_command(folder: Path) -> list[str]:
    return [sys.executable, str(EXAMPLES / "subscriber-python" / "subscriber.py")]


def python_owed(store: Path, invoice: str) -> str | None:
    with sqlite3.connect(store) as database:
        row = database.execute("SELECT balance FROM owed WHERE invoice = ?", [invoice]).fetchone()
    database.close()
    return row and row[0]


def node_command(folder: Path) -> list[str]:
    if not (folder / "subscriber.mjs").exists():
        (folder / "node_modules").symlink_to(installed("subscribers") / "node_modules")
        (folder / "subscriber.mjs").write_text((EXAMPLES / "subscriber-node" / "subscriber.mjs").read_text())
    return ["node", str(folder / "subscriber.mjs")]


def node_owed(store: Path, invoice: str) -> str | None:
    lines = [json.loads(line) for line in store.read_text().splitlines()]
    of_invoice = sorted((line["sequence"], line["balance"]["amount"]) for line in lines if line["invoice"] == invoice)
    return of_invoice[-1][1] if of_invoice else None


BOTH = {"python": Example(python_command, python_owed), "node": Example(node_command, node_owed)}


@pytest.fixture(scope="module")
def node(brokers: Brokers) -> RabbitMQNode:
    """A broker with the user that the README makes, by the very commands of the README."""
    made = brokers.node(WHOLE_PORTAL)
    with suppress(subprocess.CalledProcessError):
        made.ctl("delete_user", "acme")  # of another test on the same broker
    for line in re.findall(r"^rabbitmqctl (.*)$", (EXAMPLES / "README.md").read_text(), re.MULTILINE):
        made.ctl(*shlex.split(line.replace('"$PASSWORD"', "secret")))
    return made


def address(node: RabbitMQNode) -> str:
    return node.url.replace("portal:portal", "acme:secret")


@pytest.fixture
async def channel(node: RabbitMQNode) -> AsyncIterator[AbstractChannel]:
    """An operator's channel; the exchange for other systems is there, and what is acme's is gone afterwards."""
    async with subscribers_exchange(node.url) as made:
        await made.declare_exchange(EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True)
        yield made
        for queue in ("acme.portal", "acme.failed"):
            await made.queue_delete(queue)
        await made.exchange_delete("acme.failed")


@contextmanager
def running(example: Example, url: str, folder: Path) -> Generator[subprocess.Popen[bytes]]:
    """Run an example until the block ends; what it says is appended to a file."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONTZPATH"}
    environment |= {"AMQP_URL": url, "STORE": str(folder / "store")}
    with (folder / "said.txt").open("a") as said:
        child = subprocess.Popen(
            example.command(folder), cwd=folder, env=environment, stdout=said, stderr=said, stdin=subprocess.DEVNULL
        )
        try:
            yield child
        finally:
            child.kill()
            child.wait()


def paid(sequence: int, balance: str, event_type: str = PAID.type) -> CloudEvent:
    """Return the invoice's event of this number, after which this much is owed."""
    data = PAID.data | {"balance": {"amount": balance, "currency": "EUR"}, "addedLater": {"x": 1}}
    return replace(PAID, id=f"{PAID.subject}-{sequence}", sequence=sequence, type=event_type, data=data)


@pytest.mark.parametrize("name", BOTH)
async def test_an_example_keeps_what_is_owed(
    name: str, node: RabbitMQNode, channel: AbstractChannel, tmp_path: Path
) -> None:
    """Repeats, an older event after a newer one, SIGKILL, an unknown version and no JSON: the balance is right."""
    example = BOTH[name]

    def has_said(text: str) -> bool:
        said = (tmp_path / "said.txt").read_text()
        assert text in said, said[-2000:]
        return True

    async def lies_in(queue: str) -> int:
        return (await channel.declare_queue(queue, durable=True, passive=True)).declaration_result.message_count or 0

    async def is_there() -> bool:
        try:
            return bool(await channel.get_queue("acme.portal", ensure=True))
        except aio_pika.exceptions.ChannelNotFoundEntity:
            await channel.reopen()
            return False

    with running(example, address(node), tmp_path) as child:
        await eventually_answered(is_there, "the queue")
        await wait_bound(channel)
        await tell(channel, paid(4, "400.00"), paid(4, "400.00"), paid(3, "300.00"))
        wait_until(lambda: has_said(f"{PAID.subject}-4 {PAID.type} stored"))
        wait_until(lambda: has_said(f"{PAID.subject}-4 {PAID.type} seen before"))
        wait_until(lambda: has_said(f"{PAID.subject}-3 {PAID.type} overtaken by a later one"))
        child.send_signal(signal.SIGKILL)
        child.wait()
    exchange = await channel.get_exchange(SUBSCRIBERS)
    await exchange.publish(aio_pika.Message(b"no JSON"), PAID.type)
    await tell(channel, paid(4, "400.00"), paid(5, "0.00", "billing.invoice_paid.v2"), paid(6, "60.00"))
    with running(example, address(node), tmp_path) as child:
        wait_until(lambda: has_said(f"{PAID.subject}-6 {PAID.type} stored"))
        await eventually_answered(lambda: failed_two(lies_in), "what could not be read")
        child.send_signal(signal.SIGTERM)
        assert child.wait(30) == 0

    assert example.owed(tmp_path / "store", PAID.subject) == "60.00"
    assert (tmp_path / "said.txt").read_text().count("seen before") == 2
    assert await lies_in("acme.portal") == 0


async def failed_two(lies_in: Callable[[str], object]) -> bool:
    return await lies_in("acme.failed") == 2  # pyright: ignore


async def wait_bound(channel: AbstractChannel) -> None:
    """Wait until what is published outside reaches acme's queue: a message that it lets pass comes back otherwise."""
    outside = await channel.get_exchange(SUBSCRIBERS)

    async def is_bound() -> bool:
        try:
            return bool(await outside.publish(aio_pika.Message(b'{"id": "x", "type": "y", "data": {}}'), "billing.x"))
        except aio_pika.exceptions.DeliveryError:
            return False

    await eventually_answered(is_bound, "the binding")


async def test_the_user_may_nothing_else(node: RabbitMQNode, channel: AbstractChannel) -> None:
    """It cannot bind to the portal's own exchange, publish to it or by the default one, or read the portal's queues."""
    async with await aio_pika.connect(address(node)) as connection:
        mine = await connection.channel()
        await (await mine.declare_exchange("acme.failed", "fanout", durable=True)).publish(aio_pika.Message(b""), "")
        await mine.declare_queue("acme.failed", durable=True)
        await mine.declare_queue("acme.portal", durable=True, arguments={"x-queue-type": "quorum"})
        await channel.declare_queue("somebody.events", durable=True)
        forbidden: list[Callable[[AbstractChannel], Awaitable[Any]]] = [
            lambda one: one.declare_queue("billing.events", durable=True),
            lambda one: bound(one, EXCHANGE),
            lambda one: published(one, EXCHANGE, PAID.type),
            lambda one: published(one, SUBSCRIBERS, PAID.type),
            lambda one: one.default_exchange.publish(aio_pika.Message(b""), "somebody.events"),
            lambda one: got(one, "somebody.events"),
        ]
        for attempt in forbidden:
            async with await aio_pika.connect(address(node)) as again:
                with pytest.raises(ChannelAccessRefused):
                    await attempt(await again.channel())
        await channel.queue_delete("somebody.events")


async def bound(channel: AbstractChannel, exchange: str) -> None:
    queue = await channel.get_queue("acme.portal", ensure=False)
    await queue.bind(exchange, "#")


async def published(channel: AbstractChannel, exchange: str, key: str) -> None:
    target = await channel.get_exchange(exchange, ensure=False)
    await target.publish(aio_pika.Message(b""), key)


async def got(channel: AbstractChannel, name: str) -> None:
    queue = await channel.get_queue(name, ensure=False)
    await queue.get(fail=False)
