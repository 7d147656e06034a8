"""Passwords hashed with argon2id (RFC 9106; OWASP's 19 MiB, two passes, one lane) in a few threads of their own."""

import asyncio
import os
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.identity.domain.errors import TooBusy

T = TypeVar("T")


def argon2id(*, memory_kib: int = 19 * 1024, passes: int = 2) -> PasswordHasher:
    """Return a hasher of this cost with one lane."""
    return PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)


class Argon2Passwords:
    """Never blocks the event loop: at most `threads` hashes run.

    Those who are known and those who are strangers wait in two queues, which take turns. In each at most `waiting`
    wait, `per_lane` of one lane, and lanes take turns: whoever asks for many waits for many, and others for one of each
    lane. `places`, `per_lane` of one lane, are for strangers who try to log in: what they look up has its price too.
    """

    def __init__(
        self,
        hasher: PasswordHasher,
        *,
        threads: int = 2,
        waiting: int = 256,
        per_lane: int = 64,
        places: int = 192,
    ) -> None:
        self._hasher = hasher
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self._free = threads
        self._queues = {known: _Queue(waiting, per_lane) for known in (True, False)}
        self._next = True
        self._inside, self._places, self._per_lane = Counter[str](), places, per_lane
        self._nobody = hasher.hash(os.urandom(16).hex())

    async def hash(self, password: str, *, lane: str = "", known: bool = False) -> str:
        return await self._run(lambda: self._hasher.hash(password), self._queues[known], lane)

    async def verify(self, password_hash: str | None, password: str, *, lane: str = "", known: bool = False) -> bool:
        """Check it; without a hash the same work is done on nobody's, and the answer is no."""
        matches = await self._run(
            lambda: self._matches(password_hash or self._nobody, password), self._queues[known], lane
        )
        return matches and password_hash is not None

    @contextmanager
    def place(self, lane: str, *, known: bool) -> Generator[None]:
        if known:
            yield
            return
        if self._inside.total() >= self._places or self._inside[lane] >= self._per_lane:
            raise TooBusy
        self._inside[lane] += 1
        try:
            yield
        finally:
            self._inside[lane] -= 1
            if not self._inside[lane]:
                del self._inside[lane]

    def is_outdated(self, password_hash: str) -> bool:
        return self._hasher.check_needs_rehash(password_hash)

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T], queue: "_Queue", lane: str) -> T:
        await self._turn(queue, lane)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._pass_on()

    async def _turn(self, queue: "_Queue", lane: str) -> None:
        if self._free:
            self._free -= 1
            return
        turn = queue.wait(lane)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._pass_on()
            else:
                queue.leave(lane, turn)
            raise

    def _pass_on(self) -> None:
        """Give the place to whoever is next in the queue whose turn it is, else to one of the other."""
        for known in (self._next, not self._next):
            if turn := self._queues[known].pop():
                self._next = not known
                turn.set_result(None)
                return
        self._free += 1


class _Queue:
    """Who waits, by lane; a lane that has more waiting goes behind all others when one had its turn."""

    def __init__(self, most: int, per_lane: int) -> None:
        self._most, self._per_lane = most, per_lane
        self._lanes: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    def wait(self, lane: str) -> "asyncio.Future[None]":
        """Return what is done when it is this one's turn.

        Raises:
            TooBusy
        """
        if sum(map(len, self._lanes.values())) >= self._most or len(self._lanes.get(lane, ())) >= self._per_lane:
            raise TooBusy
        turn = asyncio.get_running_loop().create_future()
        self._lanes.setdefault(lane, deque()).append(turn)
        return turn

    def leave(self, lane: str, turn: "asyncio.Future[None]") -> None:
        """Forget one that waits no longer."""
        turns = self._lanes.get(lane)
        if turns is not None and turn in turns:
            turns.remove(turn)
            if not turns:
                del self._lanes[lane]

    def pop(self) -> "asyncio.Future[None] | None":
        """Return the next one that still waits, None where nobody does."""
        while self._lanes:
            lane, turns = self._lanes.popitem(last=False)
            turn = turns.popleft()
            if turns:
                self._lanes[lane] = turns
            if not turn.done():
                return turn
        return None
