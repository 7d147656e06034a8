"""What must be so before a process takes requests or work, and in a sentence each what is not.

Asked by probes every few seconds: checks are cheap, and whatever has been said once is not logged again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from chassis.troubles import AWAY, in_words

_LOG = structlog.stdlib.get_logger("readiness")

Ping = Callable[[], Awaitable[None]]
Task = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Readiness:
    """What must answer before a process takes requests; `draining` is set when it is about to stop.

    `awaited` names what has to be done once before that; whoever has done it takes it out. `advice` says of things
    that are missing what an operator can do.
    """

    checks: dict[str, Ping] = field(default_factory=dict[str, Ping])
    awaited: set[str] = field(default_factory=set[str])
    advice: dict[str, str] = field(default_factory=dict[str, str])
    seconds: float = 2.0
    draining: bool = False
    leaving: Callable[[float], None] | None = None
    """Is told, when a process begins to drain, in how many seconds all streams should have been ended."""
    farewell: Task | None = None
    """What is to be said to those who are still connected, before a process stops."""
    _said: dict[str, str] = field(default_factory=dict[str, str])

    async def missing(self) -> list[str]:
        """Return the names of what does not answer in time, or is still to be done."""
        if self.draining:
            return ["draining"]
        names = list(self.checks)
        answers = await asyncio.gather(*(self._answers(name) for name in names))
        return [name for name, answered in zip(names, answers, strict=True) if not answered] + sorted(self.awaited)

    async def report(self) -> dict[str, Any]:
        """Return what `/readyz` says: whether it is ready, what is missing, and a sentence about each that has one."""
        missing = await self.missing()
        advice = {name: text for name, text in {**self._said, **self.advice}.items() if name in missing}
        return {"ready": not missing, "missing": missing, **({"advice": advice} if advice else {})}

    def advise(self, name: str, advice: Mapping[str, str] | None) -> None:
        """What `name` stood for has been looked at: wait for these things from now on, or for nothing any more."""
        self.awaited -= {name, *self.advice}
        self.advice = dict(advice or {})
        self.awaited |= set(self.advice)

    async def _answers(self, name: str) -> bool:
        try:
            async with asyncio.timeout(self.seconds):
                await self.checks[name]()
        except Exception as error:
            self._say(name, in_words(error, name) or AWAY.get(name, f"This does not work ({type(error).__name__})."))
            return False
        self._say(name, "")
        return True

    def _say(self, name: str, sentence: str) -> None:
        """Log what is wrong when it begins, changes and ends."""
        if sentence == self._said.get(name, ""):
            return
        if sentence:
            self._said[name] = sentence
            _LOG.warning("not_ready", name=name, reason=sentence)
        else:
            del self._said[name]
            _LOG.info("ready_again", name=name)
