"""The bus inside one process, for the embedded default: an event is published when every reaction has succeeded.

The relay removes an outbox entry only after `publish` returned, so a crash loses nothing: the event is published again
after the restart, and reactions have one effect per event.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from chassis.bus import (
    MAX_ATTEMPTS,
    DependencyDown,
    Handler,
    Hearing,
    Listener,
    NotYet,
    Park,
    PublishFailed,
    Rung,
    Unroutable,
)
from chassis.cloudevents import CloudEvent
from chassis.telemetry import PARKED
from chassis.troubles import Trouble

_LOG = structlog.stdlib.get_logger("bus")


class ParkingPlace(Protocol):
    """Keeps parked messages until they are forgotten by their keys."""

    async def park(self, service: str, body: bytes, reason: str, attempts: int) -> None: ...
    async def waiting(self, service: str) -> list[tuple[str, bytes]]: ...
    async def forget(self, service: str, key: str) -> None: ...


class _ParkedInMemory:
    """Parked messages that live as long as the process: body, and reason with attempt, by service."""

    def __init__(self, kept: dict[str, list[tuple[bytes, str]]]) -> None:
        self._kept = kept

    async def park(self, service: str, body: bytes, reason: str, attempts: int) -> None:
        self._kept.setdefault(service, []).append((body, f"{reason} (attempt {attempts})"))

    async def waiting(self, service: str) -> list[tuple[str, bytes]]:
        return [(body.hex(), body) for body, _ in self._kept.get(service, [])]

    async def forget(self, service: str, key: str) -> None:
        kept = self._kept[service]
        kept.remove(next(one for one in kept if one[0].hex() == key))


@dataclass(slots=True)
class _Queue:
    types: frozenset[str]
    handler: Handler
    attempts: dict[str, int] = field(default_factory=dict[str, int])
    done: set[str] = field(default_factory=set[str])


class MemoryBus:
    """Calls the reactions of all services in this process, one after the other, in the publisher's task.

    `parking` keeps parked messages; by default they live as long as the process.
    Nothing is published before all `services` consume: unlike a broker, this bus keeps nothing for who comes later.
    """

    system = "in_process"

    def __init__(self, parking: ParkingPlace | None = None, services: Collection[str] = frozenset()) -> None:
        self._services = frozenset(services)
        self._queues: dict[str, _Queue] = {}
        self._listeners: list[tuple[frozenset[str], Listener, Hearing]] = []
        self._bells: list[tuple[str, Rung]] = []
        self.parked: dict[str, list[tuple[bytes, str]]] = {}
        self._parking = parking or _ParkedInMemory(self.parked)

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

    async def listen(self, types: Sequence[str], listener: Listener, hearing: Hearing = lambda _: None) -> None:
        self._listeners.append((frozenset(types), listener, hearing))
        hearing(True)

    async def ring(self, bell: str, names: Sequence[str]) -> None:
        for heard, rung in self._bells:
            if heard == bell:
                rung(list(names))

    async def hear(self, bell: str, rung: Rung) -> None:
        self._bells.append((bell, rung))
        rung([])
        try:
            await asyncio.Event().wait()
        finally:
            self._bells.remove((bell, rung))

    async def missing(self) -> list[str]:
        return sorted(self._services - self._queues.keys())

    async def replay(self, service: str, by: str = "", only: str | None = None) -> int:
        waiting = await self._parking.waiting(service)
        messages = [(key, body) for key, body in waiting if only in (None, CloudEvent.from_json(body).id)]
        for key, body in messages:
            event = CloudEvent.from_json(body)
            self._queues[service].done.discard(event.id)
            if not await self._deliver(service, self._queues[service], event.id, body):
                await self._parking.park(service, body, "failed again when replayed", 1)
            self._queues[service].done.discard(event.id)
            await self._parking.forget(service, key)
            _LOG.info("message_replayed", service=service, by=by, event_type=event.type, message_id=event.id)
        return len(messages)

    async def forget_parked(self, service: str, is_meant: Callable[[bytes], bool]) -> int:
        meant = [key for key, body in await self._parking.waiting(service) if is_meant(body)]
        for key in meant:
            await self._parking.forget(service, key)
        return len(meant)

    async def works(self, service: str) -> None:
        if service not in self._queues:
            raise Trouble("The worker does not consume yet.")

    async def admits(self) -> None:
        return

    async def close(self) -> None:
        self._queues.clear()
        for _, _, hearing in self._listeners:
            hearing(False)
        self._listeners.clear()

    async def _deliver(self, name: str, queue: _Queue, event_id: str, body: bytes) -> bool:
        if event_id in queue.done:
            return True
        attempt = queue.attempts[event_id] = queue.attempts.get(event_id, 0) + 1
        try:
            await queue.handler(body, attempt)
        except (DependencyDown, NotYet):
            queue.attempts[event_id] -= 1
            return False
        except Park as reason:
            if not await self._parked(name, body, str(reason), attempt):
                return False
        except Exception as error:
            if attempt < MAX_ATTEMPTS or not await self._parked(
                name, body, f"{type(error).__name__}: {error}", attempt
            ):
                return False
        queue.done.add(event_id)
        return True

    async def _tell_listeners(self, event: CloudEvent) -> None:
        listening = [(listener, hearing) for types, listener, hearing in self._listeners if event.type in types]
        results = await asyncio.gather(*(tell(event) for tell, _ in listening), return_exceptions=True)
        for (_, hearing), result in zip(listening, results, strict=True):
            if isinstance(result, Exception):
                _LOG.warning("listener_failed", event_type=event.type, error=type(result).__name__)
                hearing(True)

    async def _parked(self, service: str, body: bytes, reason: str, attempts: int) -> bool:
        """Return whether the message is safe in the parking place; while it is not, it stays in the outbox."""
        event_type = CloudEvent.from_json(body).type
        try:
            await self._parking.park(service, body, reason, attempts)
        except OSError as error:
            _LOG.warning("message_held", service=service, event_type=event_type, reason=str(error)[:200])
            return False
        PARKED.labels(service, event_type).inc()
        _LOG.error("message_parked", service=service, event_type=event_type, attempt=attempts, reason=reason[:200])
        return True
