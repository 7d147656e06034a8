"""The bus: publish with confirmation, consume with acknowledgement, listen without memory.

Door: the `Bus` protocol; `memory.MemoryBus` inside one process, `rabbitmq.RabbitBus` between processes. Only
`rabbitmq.py` knows aio_pika. Never decides what a reaction means.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Protocol

from chassis.cloudevents import CloudEvent
from chassis.kernel import NoAnswer

EXCHANGE = "portal.events"
MAX_ATTEMPTS = 8
UNKNOWN_PATIENCE = timedelta(hours=2)
"""How long a message waits for a version of us that knows its type: longer than a rolling upgrade."""
LATE_PATIENCE = timedelta(days=7)
"""How long a message waits for a fact that others tell and their owner does not know either."""

Handler = Callable[[bytes, int], Awaitable[None]]
"""Handles one message: its body and the number of this attempt, from 1. Returning means the effect is stored."""

Listener = Callable[[CloudEvent], Awaitable[None]]

Hearing = Callable[[bool], None]
"""Is told that events are heard from now on (True), or that some may have passed by unheard (False)."""

Rung = Callable[[list[str]], None]
"""Is told what a bell was rung for; no names stand for anything."""


class PublishFailed(Exception):
    """The bus did not confirm the event; it must stay in the outbox. `bus_down` says that waiting is wise."""

    def __init__(self, reason: str, *, bus_down: bool = False) -> None:
        super().__init__(reason)
        self.bus_down = bus_down


class Unroutable(PublishFailed):
    """No queue takes this type of event, though one of our services should."""


class Park(Exception):
    """Raised by a handler: no later attempt can succeed; keep the message aside, with this reason, for a person."""


class DependencyDown(NoAnswer):
    """Raised by a handler: something it needs is down. Tried again without counting, never parked."""


class NotYet(Exception):
    """Raised by a handler: what it lacks can still come. Tried again without counting, parked after `patience`."""

    def __init__(self, reason: str, patience: timedelta = LATE_PATIENCE) -> None:
        super().__init__(reason)
        self.patience = patience


class UnknownType(NotYet):
    """Raised by a handler: this version of us does not know the type; another that reads the same queue may."""

    def __init__(self, event_type: str) -> None:
        super().__init__(f"unknown to this version: {event_type}", UNKNOWN_PATIENCE)


class Bus(Protocol):
    """Where events go and come from. At least once; in order per subject while nothing fails."""

    system: str
    """What it is, as spans name it (`messaging.system`)."""

    async def publish(self, event: CloudEvent, *, mandatory: bool = True) -> None:
        """Return when the bus has taken responsibility for the event.

        Raises:
            Unroutable: when it is mandatory and no queue takes it.
            PublishFailed: when there was no confirmation in time.
        """
        ...

    async def consume(self, service: str, types: Sequence[str], handler: Handler) -> None:
        """Give every event of these types to the service's durable queue and its messages to `handler`.

        An exception puts the message back for a later attempt; after `MAX_ATTEMPTS`, or at once on `Park`, it is
        parked with the reason. `DependencyDown` and `NotYet` are no attempts.
        """
        ...

    async def listen(self, types: Sequence[str], listener: Listener, hearing: Hearing = lambda _: None) -> None:
        """Give events that are published from now on to `listener`, as long as this process lives; nothing is kept.

        What is missed is not given later; `hearing` is told whenever that may be, and when all is heard again.
        """
        ...

    async def replay(self, service: str, by: str = "") -> int:
        """Put the service's parked messages back into its queue and return how many they were.

        `by` says in the log who wanted it. A message that is replayed twice has one effect, as everywhere.
        """
        ...

    async def forget_parked(self, service: str, is_meant: Callable[[bytes], bool]) -> int:
        """Take away for good those of the service's parked messages that are meant; return how many they were."""
        ...

    async def missing(self) -> list[str]:
        """Return what must be there before events are published or read, and is not; empty when all is there."""
        ...

    async def works(self, service: str) -> None:
        """Return while this service's messages come and what it publishes is taken; asks nobody.

        Raises what stands against it.
        """
        ...

    async def admits(self) -> None:
        """Return unless the bus has refused us from the beginning, as with a wrong password; asks nobody.

        That it is away is no refusal. Raises the refusal.
        """
        ...

    async def ring(self, bell: str, names: Sequence[str]) -> None:
        """Tell those who hear this bell now that there is something to do about these, or about anything.

        A ring is kept by nobody, and is lost while the bus is away; this raises nothing.
        """
        ...

    async def hear(self, bell: str, rung: Rung) -> None:
        """Call `rung` whenever the bell is rung, until cancelled.

        Without names at first, and whenever a ring may have been missed.
        """
        ...

    async def close(self) -> None:
        """Stop consuming, let running handlers end, disconnect."""
        ...
