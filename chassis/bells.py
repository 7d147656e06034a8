"""Bells between the processes of a service: what one process stored wakes another one that works on it.

A bell carries names and no facts, and may be lost: whoever is woken looks into the database, and looks there now and
then without it as well. Nobody waits for the bus to ring one.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from chassis.bus import Bus
from chassis.waking import Signal

Task = Callable[[], Awaitable[None]]


async def pass_on(signal: Signal, bus: Bus, bell: str) -> None:
    """Ring a bell for whatever this process says by a signal, until cancelled.

    What is said while the bus is slow goes with the next ring; what it does not take is lost.
    """
    while True:
        await signal.wait(None)
        names, of_anything = signal.taken()
        if names or of_anything:
            await bus.ring(bell, () if of_anything else names)


async def hear(signal: Signal, bus: Bus, bell: str) -> None:
    """Say by a signal what other processes ring for, until cancelled; and that anything may have been, after a gap."""

    def rung(names: list[str]) -> None:
        if names:
            signal.of(names)
        else:
            signal()

    await bus.hear(bell, rung)


@dataclass(frozen=True, slots=True)
class Bells:
    """The bells of one service: `saved` wakes its relay, `ended` the web processes that remember ended sessions.

    `ended` are two signals: what is rung where a session's end was stored, and where it is to be read. `has_worker`
    says that the relay runs in the web process, which then needs no bell for what it saves itself.
    """

    service: str
    bus: Bus
    saved: Signal
    ended: tuple[Signal, Signal]
    has_worker: bool

    def web(self) -> list[Task]:
        """Return what a web process does for them."""
        heard = partial(hear, self.ended[1], self.bus, f"{self.service}.sessions")
        return [heard] if self.has_worker else [heard, partial(pass_on, self.saved, self.bus, f"{self.service}.outbox")]

    def worker(self) -> list[Task]:
        """Return what a worker does for them."""
        return [
            partial(hear, self.saved, self.bus, f"{self.service}.outbox"),
            partial(pass_on, self.ended[0], self.bus, f"{self.service}.sessions"),
        ]
