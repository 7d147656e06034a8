"""The bus inside one process, for the embedded default: an event is published when every reaction has succeeded.

The relay removes an outbox entry only after `publish` returned, so a crash loses nothing: the event is published again
after the restart, and reactions have one effect per event.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field

import structlog

from services.chassis.bus import MAX_ATTEMPTS, DependencyDown, Handler, Listener, Park, PublishFailed, Unroutable
from services.chassis.cloudevents import CloudEvent

_LOG = structlog.stdlib.get_logger("bus")

ParkMessage = Callable[[str, bytes, str, int], Awaitable[None]]
"""Stores a parked message: service, body, reason, attempts."""
TakeParked = Callable[[str], Awaitable[list[bytes]]]
"""Removes and returns the parked messages of a service."""


@dataclass(slots=True)
class _Queue:
    types: frozenset[str]
    handler: Handler
    attempts: dict[str, int] = field(default_factory=dict[str, int])
    done: set[str] = field(default_factory=set[str])


class MemoryBus:
    """Calls the reactions of all services in this process, one after the other, in the publisher's task.

    `park` stores parked messages, `take_parked` gives them back; by default they live as long as the process.
    Nothing is published before all `services` consume: unlike a broker, this bus keeps nothing for who comes later.
    """

    system = "in_process"

    def __init__(
        self,
        park: ParkMessage | None = None,
        take_parked: TakeParked | None = None,
        services: Collection[str] = frozenset(),
    ) -> None:
        self._services = frozenset(services)
        self._queues: dict[str, _Queue] = {}
        self._listeners: list[tuple[frozenset[str], Listener]] = []
        self.parked: dict[str, list[tuple[bytes, str]]] = {}
        self._park = park or self._park_in_memory
        self._take_parked = take_parked or self._take_from_memory

    async def publish(self, event: CloudEvent, *, mandatory: bool = True) -> None:
        if late := self._services - self._queues.keys():
            raise PublishFailed(f"{', '.join(sorted(late))} do not consume yet")
        body = event.to_json()
        takers = [(name, queue) for name, queue in self._queues.items() if event.type in queue.types]
        if mandatory and not takers:
            raise Unroutable(f"no queue takes {event.type}")
        failed = [name for name, queue in takers if not await self._deliver(name, queue, event.id, body)]
        if failed:
            raise PublishFailed(f"{', '.join(failed)} could not handle {event.type}")
        for _, queue in takers:
            queue.done.discard(event.id)
            queue.attempts.pop(event.id, None)
        await self._tell_listeners(event)

    async def consume(self, service: str, types: Sequence[str], handler: Handler) -> None:
        self._queues[service] = _Queue(frozenset(types), handler)

    async def listen(self, types: Sequence[str], listener: Listener) -> None:
        self._listeners.append((frozenset(types), listener))

    async def replay(self, service: str) -> int:
        messages = await self._take_parked(service)
        for body in messages:
            event = CloudEvent.from_json(body)
            if not await self._deliver(service, self._queues[service], event.id, body):
                await self._park(service, body, "failed again when replayed", 1)
        return len(messages)

    async def close(self) -> None:
        self._queues.clear()
        self._listeners.clear()

    async def _deliver(self, name: str, queue: _Queue, event_id: str, body: bytes) -> bool:
        if event_id in queue.done:
            return True
        attempt = queue.attempts[event_id] = queue.attempts.get(event_id, 0) + 1
        try:
            await queue.handler(body, attempt)
        except DependencyDown:
            queue.attempts[event_id] -= 1
            return False
        except Park as reason:
            await self._park(name, body, str(reason), attempt)
        except Exception as error:
            if attempt < MAX_ATTEMPTS:
                return False
            await self._park(name, body, f"{type(error).__name__}: {error}", attempt)
        queue.done.add(event_id)
        return True

    async def _tell_listeners(self, event: CloudEvent) -> None:
        listeners = [listener for types, listener in self._listeners if event.type in types]
        for result in await asyncio.gather(*(tell(event) for tell in listeners), return_exceptions=True):
            if isinstance(result, Exception):
                _LOG.warning("listener_failed", event_type=event.type, error=type(result).__name__)

    async def _park_in_memory(self, service: str, body: bytes, reason: str, attempts: int) -> None:
        self.parked.setdefault(service, []).append((body, f"{reason} (attempt {attempts})"))

    async def _take_from_memory(self, service: str) -> list[bytes]:
        return [body for body, _ in self.parked.pop(service, [])]
