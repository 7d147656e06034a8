"""The messages that no reaction of the embedded portal could handle: one file each, in a folder per service."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from portal_cli.events_parked import row_of


class ParkedMessages:
    """Parked messages on disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def park(self, service: str, body: bytes, reason: str, attempts: int) -> None:
        """Keep a message, the reason and the number of attempts."""
        await asyncio.to_thread(self._write, service, body, reason, attempts)

    async def waiting(self, service: str) -> list[tuple[str, bytes]]:
        """Return the keys and messages of a service, oldest first; they stay."""
        return await asyncio.to_thread(self._read, service)

    async def forget(self, service: str, key: str) -> None:
        """Remove one message."""
        await asyncio.to_thread((self._folder / service / key).unlink)

    async def rows(self, service: str) -> list[dict[str, Any]]:
        """Return the messages of a service with why and since when they are parked, the oldest first."""
        return await asyncio.to_thread(self._rows, service)

    def _rows(self, service: str) -> list[dict[str, Any]]:
        return [
            row_of(service, file.name, _body(file), kept["reason"], kept["attempts"], parked_at=_time_of(file))
            for file in self._files(service)
            for kept in [json.loads(file.read_text())]
        ]

    def _files(self, service: str) -> list[Path]:
        return sorted((self._folder / service).glob("*.json"), key=lambda file: file.stat().st_mtime_ns)

    def _write(self, service: str, body: bytes, reason: str, attempts: int) -> None:
        folder = self._folder / service
        folder.mkdir(parents=True, exist_ok=True)
        last = datetime.now(UTC).isoformat()
        kept = {"reason": reason, "attempts": attempts, "last": last, "body": body.decode("utf-8", "surrogateescape")}
        draft = folder / f"{uuid4().hex}.part"
        draft.write_text(json.dumps(kept))
        draft.replace(draft.with_suffix(".json"))

    def _read(self, service: str) -> list[tuple[str, bytes]]:
        return [(file.name, _body(file)) for file in self._files(service)]


def _time_of(file: Path) -> str:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat(timespec="seconds")


def _body(file: Path) -> bytes:
    return json.loads(file.read_text())["body"].encode("utf-8", "surrogateescape")
