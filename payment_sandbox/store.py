"""The sandbox's memory: one SQLite file whose commits survive `kill -9`.

Everything is a record (kind, id, reference, body); names that begin with `_` in a body stay inside (`public`).
"""

import sqlite3
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

import orjson

Record = dict[str, Any]

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS records (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, reference TEXT, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS records_by_reference ON records (kind, reference);
CREATE TABLE IF NOT EXISTS answers (
  key TEXT PRIMARY KEY, input TEXT NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS deliveries (
  event TEXT PRIMARY KEY, due REAL NOT NULL, attempts INTEGER NOT NULL, delivered INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (delivered, due);
"""


class Store:
    """Records, remembered answers and due deliveries; used from one thread."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(folder / "sandbox.sqlite3", isolation_level=None, timeout=10)
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Keep all or nothing of what happens inside."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._roll_back()
            raise
        try:
            self._db.execute("COMMIT")
        except sqlite3.Error:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        """Give up the transaction, which SQLite may have done by itself: on a full disk it does."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def works(self) -> None:
        """Read and write.

        Raises:
            sqlite3.Error: what stands against it, such as a full disk.
        """
        with self.transaction():
            self._db.execute("REPLACE INTO answers VALUES ('readiness', '', 0, ?)", (b"%f" % time.time(),))

    def add(self, kind: str, prefix: str, body: Record, reference: str | None = None) -> Record:
        """Store a new record under a fresh id and return it."""
        record = {"id": f"{prefix}_{token_hex(12)}", "object": kind, **body}
        self._db.execute(
            "INSERT INTO records VALUES (?, ?, ?, ?)", (record["id"], kind, reference, orjson.dumps(record))
        )
        return record

    def save(self, record: Record) -> Record:
        """Store the record's new state."""
        self._db.execute("UPDATE records SET body = ? WHERE id = ?", (orjson.dumps(record), record["id"]))
        return record

    def get(self, kind: str, record_id: str) -> Record | None:
        """Return the record, if there is one of this kind."""
        row = self._db.execute("SELECT body FROM records WHERE id = ? AND kind = ?", (record_id, kind)).fetchone()
        return orjson.loads(row[0]) if row else None

    def find(self, kind: str, reference: str) -> list[Record]:
        """Return the records with this reference, oldest first."""
        query = "SELECT body FROM records WHERE kind = ? AND reference = ? ORDER BY rowid"
        return [orjson.loads(row[0]) for row in self._db.execute(query, (kind, reference))]

    def all(self, kind: str) -> list[Record]:
        """Return every record of this kind, oldest first."""
        query = "SELECT body FROM records WHERE kind = ? ORDER BY rowid"
        return [orjson.loads(row[0]) for row in self._db.execute(query, (kind,))]

    def answer(self, key: str) -> tuple[str, int, bytes] | None:
        """Return (input, status, body) of the request first made with this idempotency key."""
        return self._db.execute("SELECT input, status, body FROM answers WHERE key = ?", (key,)).fetchone()

    def remember_answer(self, key: str, request: str, status: int, body: bytes) -> None:
        """Keep the first answer given for this idempotency key."""
        self._db.execute("INSERT INTO answers VALUES (?, ?, ?, ?)", (key, request, status, body))

    def schedule(self, event_id: str, due: float, attempts: int = 0) -> None:
        """Deliver the event at `due` (Unix seconds)."""
        self._db.execute("REPLACE INTO deliveries VALUES (?, ?, ?, 0)", (event_id, due, attempts))

    def delivered(self, event_id: str) -> None:
        """Deliver the event no more."""
        self._db.execute("UPDATE deliveries SET delivered = 1 WHERE event = ?", (event_id,))

    def due(self, now: float, limit: int = 20) -> list[tuple[str, int]]:
        """Return (event id, attempts) of what is to be delivered now."""
        query = "SELECT event, attempts FROM deliveries WHERE delivered = 0 AND due <= ? ORDER BY due LIMIT ?"
        return self._db.execute(query, (now, limit)).fetchall()

    def next_due(self) -> float | None:
        """Return when the next delivery is due."""
        return self._db.execute("SELECT min(due) FROM deliveries WHERE delivered = 0").fetchone()[0]


def public(record: Record) -> Record:
    """Return what clients of the API may see of a record."""
    return {name: value for name, value in record.items() if not name.startswith("_")}
