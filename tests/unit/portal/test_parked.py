"""Parked messages on disk."""

from pathlib import Path

from portal_cli.parked import ParkedMessages


async def test_parked_messages_survive_and_are_taken_once(tmp_path: Path) -> None:
    """What one process parked another one takes, oldest first, byte for byte; the next one finds nothing."""
    await ParkedMessages(tmp_path).park("billing", b"\xff first", "unreadable", 8)
    await ParkedMessages(tmp_path).park("billing", b"second", "unreadable", 8)

    assert await ParkedMessages(tmp_path).take("billing") == [b"\xff first", b"second"]
    assert await ParkedMessages(tmp_path).take("billing") == []
