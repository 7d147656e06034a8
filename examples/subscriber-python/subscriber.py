"""What is owed of each invoice, kept in a file of SQLite from the portal's events. Kill it whenever you like.

AMQP_URL=amqp://acme:…@rabbitmq.portal.example:5672 STORE=owed.sqlite python subscriber.py
"""

import asyncio
import contextlib
import json
import os
import signal
import sqlite3

import aio_pika

FACTS = ("sent", "terms_changed", "partially_paid", "paid", "refunded", "refund_reversed", "voided", "written_off")
KNOWN = {f"billing.invoice_{fact}.v1" for fact in FACTS}
NAMES = {event_type.rpartition(".")[0] for event_type in KNOWN}
TABLES = """
    CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY);
    CREATE TABLE IF NOT EXISTS owed (invoice TEXT PRIMARY KEY, sequence TEXT, balance TEXT, currency TEXT);
"""
NEWER = """
    INSERT INTO owed VALUES (?, ?, ?, ?) ON CONFLICT (invoice) DO UPDATE
    SET sequence = excluded.sequence, balance = excluded.balance, currency = excluded.currency
    WHERE excluded.sequence > owed.sequence
"""


def handle(store: sqlite3.Connection, event: dict) -> str:
    """Say what became of an event. Its effect and its id are stored together: a crash between them is not possible."""
    event_type, balance = event["type"], event["data"].get("balance")
    if event_type not in KNOWN:
        if event_type.rpartition(".")[0] in NAMES:
            raise LookupError(f"{event_type} is newer than this program: keep it for the next one")
        return "not for us"
    with store:  # one transaction
        if not store.execute("INSERT OR IGNORE INTO seen VALUES (?)", [event["id"]]).rowcount:
            return "seen before"
        row = [event["subject"], event["sequence"], balance["amount"], balance["currency"]]
        return "stored" if store.execute(NEWER, row).rowcount else "overtaken by a later one"


async def main() -> None:
    store = sqlite3.connect(os.environ["STORE"])
    store.executescript(TABLES)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    connection = await aio_pika.connect_robust(os.environ["AMQP_URL"])
    channel = await connection.channel()
    await channel.set_qos(prefetch_count=10)
    failed = await channel.declare_exchange("acme.failed", "fanout", durable=True)
    await (await channel.declare_queue("acme.failed", durable=True)).bind(failed)
    arguments = {"x-queue-type": "quorum", "x-delivery-limit": 5, "x-dead-letter-exchange": "acme.failed"}
    queue = await channel.declare_queue("acme.portal", durable=True, arguments=arguments)
    await queue.bind("portal.subscribers", "billing.#")

    async def on_message(message: aio_pika.abc.AbstractIncomingMessage) -> None:
        with contextlib.suppress(LookupError, ValueError):  # rejected: it waits in acme.failed, with all it said
            async with message.process():
                event = json.loads(message.body)
                print(event["id"], event["type"], handle(store, event), flush=True)

    await queue.consume(on_message)
    await stop.wait()
    await connection.close()


if __name__ == "__main__":
    asyncio.run(main())
