"""Live feeds of one process: ids from the bus to whoever follows, whole or ended by an error that says so.

Nothing is kept. A stream that may have missed something never goes on as if nothing had happened: it ends with
`StreamInterrupted`, and whoever followed asks for the list again and subscribes anew, or subscribes with the last
place that it knows (`chassis.resuming`).

However many follow, few are served at once, in the order in which something came for them: what a thousand streams
read and write for one event is spread over the time that it takes, between the requests that come in meanwhile.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

INTERRUPTED_CODE = "STREAM_INTERRUPTED"
LONGEST_QUEUE = 1_000
AT_ONCE = 8
"""How many streams of a feed read and write at once."""
LONGEST_TURN = 1.0
"""Seconds after which a stream whose client does not read holds up no other."""


Missed = Callable[[], Awaitable[Sequence[str]]]
"""Returns the ids of what came since a place that a client knows, the earliest first."""


class StreamInterrupted(Exception):
    """What happened meanwhile cannot be told completely. `code` is the stable `extensions.code`."""

    code = INTERRUPTED_CODE

    def __init__(self) -> None:
        super().__init__("Something may have been missed. Ask for the list again, then subscribe again.")
        self.message = str(self)


@dataclass(eq=False, slots=True)
class _Follower:
    ids: deque[str] = field(default_factory=deque[str])
    cut: bool = False
    """It reads what it got until now, and is ended then."""
    is_busy: bool = False
    """It is in the line, or at work with what it was given."""
    has_turn: bool = False
    turn: asyncio.Event = field(default_factory=asyncio.Event)


class LiveFeed:
    """Gives each id that is told of a topic to all who follow the topic.

    `longest` is the most that may wait for one follower. Until the bus is heard, and while it is not, nobody can
    follow.
    """

    def __init__(self, longest: int = LONGEST_QUEUE, at_once: int = AT_ONCE) -> None:
        self._longest, self._free = longest, at_once
        self._heard = False
        self._followers: defaultdict[str, set[_Follower]] = defaultdict(set)
        self._line: dict[_Follower, None] = {}

    def hearing(self, heard: bool) -> None:
        """The bus is heard from now on, or not any more; either way something may have passed by unheard."""
        self._heard = heard
        for followers in self._followers.values():
            for follower in followers:
                self._cut(follower)

    def tell(self, topic: str, changed_id: str) -> None:
        """Pass one id on; who is too slow to take it is ended. No stream runs before this returns."""
        for follower in self._followers.get(topic, ()):
            if len(follower.ids) >= self._longest:
                self._cut(follower)
            elif not follower.cut:
                follower.ids.append(changed_id)
                self._line_up(follower)

    def listening(self, topic: str) -> int:
        """Return how many follow this topic."""
        return len(self._followers.get(topic, ()))

    async def follow(self, topic: str, missed: Missed | None = None) -> AsyncIterator[str]:
        """Yield each id that is told of the topic from now on, after those that `missed` returns.

        `missed` is asked once the stream is one of the followers, so that nothing falls between; what it returned is
        not told again.

        A turn lasts until the next one is asked for, `LONGEST_TURN` at most.

        Raises:
            StreamInterrupted: when one may have been missed, after those that were not.
        """
        if not self._heard:
            raise StreamInterrupted
        follower = _Follower()
        self._followers[topic].add(follower)
        try:
            told = await missed() if missed else ()
            for missed_id in told:
                yield missed_id
            while changed_id := await self._its_turn(follower):
                if changed_id in told:
                    self._end_turn(follower)
                    self._is_back(follower)
                    continue
                lapsing = asyncio.get_running_loop().call_later(LONGEST_TURN, self._end_turn, follower)
                try:
                    yield changed_id
                finally:
                    lapsing.cancel()
                self._end_turn(follower)
                self._is_back(follower)
            raise StreamInterrupted
        finally:
            self._leave(topic, follower)

    async def _its_turn(self, follower: _Follower) -> str | None:
        """Wait until something is there and few are at work; return an id, None at the end."""
        await follower.turn.wait()
        follower.turn.clear()
        return follower.ids.popleft() if follower.ids else None

    def _cut(self, follower: _Follower) -> None:
        follower.cut = True
        self._line_up(follower)

    def _line_up(self, follower: _Follower) -> None:
        if not follower.is_busy:
            follower.is_busy = True
            self._line[follower] = None
            self._hand_out()

    def _hand_out(self) -> None:
        while self._free and self._line:
            follower = next(iter(self._line))
            del self._line[follower]
            self._free -= 1
            follower.has_turn = True
            follower.turn.set()

    def _end_turn(self, follower: _Follower) -> None:
        if follower.has_turn:
            follower.has_turn = False
            self._free += 1
            self._hand_out()

    def _is_back(self, follower: _Follower) -> None:
        follower.is_busy = False
        if follower.ids or follower.cut:
            self._line_up(follower)

    def _leave(self, topic: str, follower: _Follower) -> None:
        self._line.pop(follower, None)
        self._end_turn(follower)
        self._followers[topic].discard(follower)
        if not self._followers[topic]:
            del self._followers[topic]
