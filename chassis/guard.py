"""Loops over many: each item is handled under a guard, so that one bad thing stops nothing else.

Doors: `Guard`, `Pace`, `in_turns`. An item that cannot be read or decided upon is set aside with its reason and tried
again after a growing pause; the others go on. While somebody who is needed is away nothing is counted against an item:
the round ends, and the next one begins later. Standard library only; where the set aside items are kept is a port.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Protocol, TypeVar

from chassis.down import blame, is_down
from chassis.kernel import Clock, NewerVersion

FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(hours=1)
"""How long after its pause an item that nobody met again stays noted: it was mended or removed by other means."""
DOWN_IN_A_ROW = 3
"""Items in a row that fail because somebody is away before the round ends: one may be of its own dependency."""

_LOG = logging.getLogger("guard")
Item = TypeVar("Item")


def pause_after(attempts: int) -> timedelta:
    """Return how long an item rests after this many failures: 15 s, doubled each time, an hour at most."""
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)


class Aside(Protocol):
    """Where items that were set aside are noted. An item is named `<collection>/<id>`."""

    async def pauses(self, loop: str) -> Mapping[str, datetime]:
        """Return the items of a loop that are set aside, and until when each rests; it may be a second old."""
        ...

    async def put(self, loop: str, item: str, reason: str) -> None:
        """Note one more failure of an item; it rests for longer than the last time."""
        ...

    async def forget(self, loop: str, item: str) -> None:
        """The item succeeded."""
        ...


class MemoryAside:
    """Set aside items that live as long as the process: attempts, reason and end of the pause, by loop and item."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.kept: dict[str, dict[str, tuple[int, str, datetime]]] = {}

    async def pauses(self, loop: str) -> Mapping[str, datetime]:
        return {item: until for item, (_, _, until) in self.kept.get(loop, {}).items()}

    async def put(self, loop: str, item: str, reason: str) -> None:
        kept = self.kept.setdefault(loop, {})
        attempts = kept[item][0] + 1 if item in kept else 1
        kept[item] = (attempts, reason, self._clock.now() + pause_after(attempts))

    async def forget(self, loop: str, item: str) -> None:
        self.kept.get(loop, {}).pop(item, None)


class Ended(Enum):
    """How one item ended."""

    DONE = auto()
    ASIDE = auto()
    DOWN = auto()


@dataclass(slots=True)
class Round:
    """What one round over many came to. `down` is the last error of somebody who is away, for whoever sets the pace."""

    done: int = 0
    aside: int = 0
    down: Exception | None = None
    in_a_row: int = 0

    @property
    def looked_at(self) -> int:
        """How many were looked at, whatever came of it."""
        return self.done + self.aside

    @property
    def is_over(self) -> bool:
        """Whether so many failed in a row for want of others that the rest would fail too."""
        return self.in_a_row >= DOWN_IN_A_ROW


@dataclass(frozen=True, slots=True)
class Guard:
    """The guard of one loop. `loop` names it in `portal aside`, in the log and in the gauge."""

    loop: str
    aside: Aside
    clock: Clock

    async def resting(self) -> frozenset[str]:
        """Return the items whose pause is not over."""
        now = self.clock.now()
        return frozenset(item for item, until in (await self.aside.pauses(self.loop)).items() if until > now)

    async def one(self, item: str, work: Callable[[], Awaitable[object]], round_: Round | None = None) -> Ended:
        """Handle one item, and note how that ended. Raises nothing that the work raised."""
        made = round_ or Round()
        try:
            await work()
        except Exception as error:
            if is_down(error) and not isinstance(error, NewerVersion):
                made.down, made.in_a_row = error, made.in_a_row + 1
                _LOG.warning("%s waits for somebody at %s: %s", self.loop, item, blame(error))
                return Ended.DOWN
            await self.put(item, error)
            made.aside += 1
            return Ended.ASIDE
        made.done, made.in_a_row = made.done + 1, 0
        if item in await self.aside.pauses(self.loop):
            await self.aside.forget(self.loop, item)
        return Ended.DONE

    async def put(self, item: str, error: BaseException) -> None:
        """Set an item aside."""
        reason = blame(error)
        _LOG.error("%s sets aside %s: %s", self.loop, item, reason)
        await self.aside.put(self.loop, item, reason)

    async def each(
        self,
        items: Iterable[Item],
        name: Callable[[Item], str],
        work: Callable[[Item], Awaitable[object]],
        *,
        at_once: int = 1,
    ) -> Round:
        """Handle items in their order, at most `at_once` of them at a time; those that rest are passed over.

        The round ends early when `DOWN_IN_A_ROW` of them fail for want of others.
        """
        made, resting, waiting = Round(), await self.resting(), iter(items)

        async def worker() -> None:
            for item in waiting:
                if made.is_over:
                    return
                if name(item) not in resting:
                    await self.one(name(item), lambda item=item: work(item), made)

        if at_once == 1:
            await worker()
        else:
            await asyncio.gather(*(worker() for _ in range(at_once)))
        return made


def in_turns(rows: Iterable[Item], owner: Callable[[Item], str]) -> list[Item]:
    """Return the rows so that owners take turns: the first of each, then the second of each, and so on."""
    queues: dict[str, list[Item]] = {}
    for row in rows:
        queues.setdefault(owner(row), []).append(row)
    longest = max(map(len, queues.values()), default=0)
    return [queue[place] for place in range(longest) for queue in queues.values() if place < len(queue)]


@dataclass(slots=True)
class Pace:
    """The pauses between the rounds of a loop: none while there is work, growing ones while somebody is away.

    `seconds` is the pause after a round that found nothing; `longest` bounds the others, in seconds.
    """

    seconds: float
    longest: float = 30.0
    _pause: float = field(default=0.0)

    def after(self, made: Round) -> float:
        """Return the pause after this round."""
        if made.down is None:
            self._pause = 0.0
            return 0.0 if made.done else self.seconds
        self._pause = min(max(self._pause, self.seconds, 0.25) * 2, max(self.longest, self.seconds))
        return self._pause
