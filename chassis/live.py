"""Live feeds of one process: ids from the bus to whoever follows, whole or ended by an error that says so.

Nothing is kept. A stream that may have missed something never goes on as if nothing had happened: it ends with
`StreamInterrupted`, and whoever followed asks for the list again and subscribes anew.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

INTERRUPTED_CODE = "STREAM_INTERRUPTED"
LONGEST_QUEUE = 1_000


class StreamInterrupted(Exception):
    """What happened meanwhile cannot be told completely. `code` is the stable `extensions.code`."""

    code = INTERRUPTED_CODE

    def __init__(self) -> None:
        super().__init__("Something may have been missed. Ask for the list again, then subscribe again.")
        self.message = str(self)


@dataclass(eq=False, slots=True)
class _Follower:
    waiting: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue[str | None])
    cut: bool = False

    def end(self) -> None:
        """Let it read what it got until now, and end it then."""
        if not self.cut:
            self.cut = True
            self.waiting.put_nowait(None)


class LiveFeed:
    """Gives each id that is told of a topic to all who follow the topic.

    `longest` is the most that may wait for one follower. Until the bus is heard, and while it is not, nobody can
    follow.
    """

    def __init__(self, longest: int = LONGEST_QUEUE) -> None:
        self._longest = longest
        self._heard = False
        self._followers: defaultdict[str, set[_Follower]] = defaultdict(set)

    def hearing(self, heard: bool) -> None:
        """The bus is heard from now on, or not any more; either way something may have passed by unheard."""
        self._heard = heard
        for followers in self._followers.values():
            for follower in followers:
                follower.end()

    def tell(self, topic: str, changed_id: str) -> None:
        """Pass one id on; who is too slow to take it is ended."""
        for follower in self._followers.get(topic, ()):
            if follower.waiting.qsize() >= self._longest:
                follower.end()
            elif not follower.cut:
                follower.waiting.put_nowait(changed_id)

    def listening(self, topic: str) -> int:
        """Return how many follow this topic."""
        return len(self._followers.get(topic, ()))

    async def follow(self, topic: str) -> AsyncIterator[str]:
        """Yield each id that is told of the topic from now on.

        Raises:
            StreamInterrupted: when one may have been missed, after those that were not.
        """
        if not self._heard:
            raise StreamInterrupted
        follower = _Follower()
        self._followers[topic].add(follower)
        try:
            while (changed_id := await follower.waiting.get()) is not None:
                yield changed_id
            raise StreamInterrupted
        finally:
            self._followers[topic].discard(follower)
            if not self._followers[topic]:
                del self._followers[topic]
