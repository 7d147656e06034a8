"""The sandbox's courier and its store, when a write fails."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from payment_sandbox import webhooks
from payment_sandbox.store import Store
from payment_sandbox.webhooks import Courier
from tests.support.waiting import eventually


class _Full(Store):
    """A store whose next writes fail as on a full disk."""

    failures = 0

    def schedule(self, event_id: str, due: float, attempts: int = 0) -> None:
        if self.failures:
            self.failures -= 1
            raise sqlite3.OperationalError("database or disk is full")
        super().schedule(event_id, due, attempts)


async def test_the_courier_goes_on_after_a_failed_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be noted is tried again, and the next event is delivered."""
    monkeypatch.setattr(webhooks, "_AFTER_A_FAILURE", 0.0)
    taken: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
        taken.append(await reader.readexactly(int(length.split(b":")[1])))
        status = b"503 Later" if len(taken) == 1 else b"200 OK"
        writer.write(b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    store = _Full(tmp_path)
    courier = Courier(store, "secret", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    event = store.add("event", "evt", {})
    store.schedule(event["id"], 0.0)
    store.failures = 1
    courier.start()
    await eventually(lambda: store.next_due() is None, "the delivery")
    await courier.stop()
    server.close()
    assert (store.failures, len(taken)) == (0, 2)
    store.close()


def test_a_commit_that_fails_leaves_no_transaction_behind(tmp_path: Path) -> None:
    """On a full disk a write is refused; with room again the next one is kept."""
    store = Store(tmp_path)
    store.works()
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]  # pyright: ignore[reportPrivateUsage]
    store._db.execute(f"PRAGMA max_page_count = {pages}")  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(sqlite3.OperationalError), store.transaction():
        store.add("event", "evt", {"text": "x" * 100_000})
    store._db.execute("PRAGMA max_page_count = 100000")  # pyright: ignore[reportPrivateUsage]
    with store.transaction():
        kept = store.add("event", "evt", {"text": "y"})
    assert store.get("event", kept["id"]) == kept
    store.close()
