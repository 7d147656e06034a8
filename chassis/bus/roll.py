"""One question for all who want to know the same at the same moment."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field


@dataclass(eq=False, slots=True)
class _Call:
    """A question that has not been asked yet: those who come meanwhile join it."""

    names: set[str] = field(default_factory=set[str])
    answer: "asyncio.Future[frozenset[str]] | None" = None


class RollCall:
    """Asks whether things are there. An answer is never older than the call that gets it."""

    def __init__(self, is_there: Callable[[str], Awaitable[bool]]) -> None:
        self._is_there = is_there
        self._turn = asyncio.Lock()
        self._next: _Call | None = None

    async def absent(self, names: Iterable[str]) -> frozenset[str]:
        """Return those that are not there now. Raises what asking raises."""
        wanted = frozenset(names)
        if not wanted:
            return wanted
        call = self._next = self._next or _Call()
        call.names |= wanted
        if call.answer is None:
            call.answer = asyncio.ensure_future(self._ask(call))
            call.answer.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(call.answer) & wanted

    async def _ask(self, call: _Call) -> frozenset[str]:
        async with self._turn:
            self._next = None
            return frozenset([name for name in sorted(call.names) if not await self._is_there(name)])
