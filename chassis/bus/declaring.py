"""Makes sure that the broker has what `topology.py` says, before anything is published or read.

`rabbitmq.py` is the only user. Every process declares the queues and bindings of all our services, whoever is there to
read them: what is published before a service's first start, or after the broker was made anew, waits for it.
"""

import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from typing import Any

import structlog
from aio_pika import Channel, ExchangeType
from aio_pika.abc import AbstractConnection
from aio_pika.exceptions import ChannelNotFoundEntity, ChannelPreconditionFailed

from chassis.bus import EXCHANGE
from chassis.bus.roll import RollCall
from chassis.bus.topology import (
    FEED,
    FOR_SUBSCRIBERS,
    LIVE,
    SUBSCRIBERS,
    Queue,
    Readers,
    address_of,
    queue_name,
    queues_of,
)

_LOG = structlog.stdlib.get_logger("bus")

CONNECT_TIMEOUT = 5.0
_BEFORE_LIMITS = "An earlier version declared the queue. Apply deploy/rabbitmq/policies.json; see the README beside it."


class Declaring:
    """Declares over short channels, which an error may close, and whose answers are the broker's of this moment."""

    def __init__(self, connected: Callable[[], Awaitable[AbstractConnection]], readers: Readers) -> None:
        self._connected = connected
        self._readers = {service: tuple(types) for service, types in readers.items()}
        self._own: set[str] = set()
        self._without_limits: set[str] = set()
        self._roll = RollCall(self._is_there)
        self._asking: Channel | None = None

    def readers_of(self, event_type: str) -> list[str]:
        """Return the services that read this type, as far as this version knows."""
        return [service for service, types in self._readers.items() if event_type in types]

    async def everything(self) -> None:
        """Declare the exchanges, and the queues and bindings of all services."""
        async with self.channel() as channel:
            for name in (EXCHANGE, LIVE, SUBSCRIBERS):
                await channel.declare_exchange(name, ExchangeType.TOPIC, durable=True)
        await self._declare(FEED)
        await self._bind(FEED.name, LIVE, FOR_SUBSCRIBERS)
        for service, types in self._readers.items():
            await self.queues(service)
            await self._bind(queue_name(service), EXCHANGE, *types, address_of(service))

    async def queues(self, service: str) -> dict[str, dict[str, Any]]:
        """Declare a service's queues, and return by their names the arguments that they have now."""
        self._own.add(service)
        return {queue.name: await self._declare(queue) for queue in queues_of(service)}

    async def absent(self, services: Iterable[str]) -> frozenset[str]:
        """Return which of these services' queues are not there, by their names."""
        return await self._roll.absent(map(queue_name, services))

    async def missing(self) -> list[str]:
        """Return which exchanges and queues are not there; bindings cannot be seen, and are declared with them."""
        services = sorted({*self._readers, *self._own})
        exchanges = [name for name in (EXCHANGE, LIVE, SUBSCRIBERS) if not await self._is_exchange(name)]
        queues = [FEED.name, *(queue.name for service in services for queue in queues_of(service))]
        return exchanges + [name for name in queues if not await self._is_there(name)]

    @contextlib.asynccontextmanager
    async def channel(self) -> AsyncGenerator[Channel]:
        """Open a channel for a moment."""
        channel = await self._opened()
        try:
            yield channel
        finally:
            if not channel.is_closed:
                await channel.close()

    async def _opened(self) -> Channel:
        channel = Channel(await self._connected())
        await channel.initialize(timeout=CONNECT_TIMEOUT)
        return channel

    async def _declare(self, queue: Queue) -> dict[str, Any]:
        """Declare one queue with its limits, or as earlier versions did: a queue that exists keeps what it has."""
        try:
            async with self.channel() as channel:
                await channel.declare_queue(queue.name, durable=True, arguments=queue.arguments)
            return queue.arguments
        except ChannelPreconditionFailed:
            if not queue.limits:
                raise
        async with self.channel() as channel:
            await channel.declare_queue(queue.name, durable=True, arguments=queue.arguments_without_limits)
        if queue.name not in self._without_limits:
            self._without_limits.add(queue.name)
            _LOG.warning("queue_without_limits", queue=queue.name, advice=_BEFORE_LIMITS)
        return queue.arguments_without_limits

    async def _bind(self, queue: str, exchange: str, *keys: str) -> None:
        async with self.channel() as channel:
            bound = await channel.get_queue(queue, ensure=False)
            for key in keys:
                await bound.bind(exchange, key)

    async def _is_there(self, queue: str) -> bool:
        if self._asking is None or self._asking.is_closed:
            self._asking = await self._opened()
        try:
            await self._asking.declare_queue(queue, durable=True, passive=True)
        except ChannelNotFoundEntity:
            return False
        return True

    async def _is_exchange(self, name: str) -> bool:
        try:
            async with self.channel() as channel:
                await channel.get_exchange(name, ensure=True)
        except ChannelNotFoundEntity:
            return False
        return True
