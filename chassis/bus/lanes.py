"""Messages of one subject one after the other, however many are there at once."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Lane:
    """The turns of one subject; `users` are those who have one and those who wait for one."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0


class Lanes:
    """A lane per subject, kept exactly as long as somebody uses it or waits in it.

    A lock that is free says nothing of those who wait: between one holder and the next it is free for a moment, and a
    lane that is dropped then lets two run at once.
    """

    def __init__(self) -> None:
        self._lanes: dict[str, _Lane] = {}

    def __len__(self) -> int:
        return len(self._lanes)

    @asynccontextmanager
    async def turn(self, subject: str) -> AsyncGenerator[None]:
        """Run the block when all who came before with this subject have ended."""
        lane = self._lanes.setdefault(subject, _Lane())
        lane.users += 1
        try:
            async with lane.turn:
                yield
        finally:
            lane.users -= 1
            if not lane.users:
                del self._lanes[subject]
