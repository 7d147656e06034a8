"""Messages that no reaction could handle are kept on disk."""

from pathlib import Path

from portal_cli.parked import ParkedMessages


async def test_parked_messages_survive_and_are_taken_once(tmp_path: Path) -> None:
    """Another process finds them, oldest first and byte for byte, until each is forgotten."""
    await ParkedMessages(tmp_path).park("billing", b"\xff first", "unreadable", 8)
    await ParkedMessages(tmp_path).park("billing", b"second", "unreadable", 8)

    waiting = await ParkedMessages(tmp_path).waiting("billing")
    assert [body for _, body in waiting] == [b"\xff first", b"second"]
    await ParkedMessages(tmp_path).forget("billing", waiting[0][0])
    assert await ParkedMessages(tmp_path).waiting("billing") == waiting[1:]
