"""Feeds other systems: one worker at a time takes what was told and publishes it where they have bound their queues.

What they declare holds up nobody of ours: a queue that refuses misses the event, and one that is slow slows this
connection only. `rabbitmq.py` starts it in every process that reads; the broker chooses one (single active consumer).
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aio_pika import DeliveryMode, ExchangeType
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractRobustConnection, AbstractRobustQueue
from aio_pika.exceptions import AMQPError, ChannelClosed, DeliveryError
from pamqp import commands as spec

from chassis.bus.acks import Acks
from chassis.bus.topology import FEED, PREFETCH, SUBSCRIBERS
from chassis.telemetry import REFUSED_OUTSIDE

_LOG = structlog.stdlib.get_logger("bus")

PASS_ON_SECONDS = 5.0
_LOST = (AMQPError, ChannelClosed, RuntimeError, OSError)


class Forwarder:
    """Takes from the feed and passes on, in order. Each event is passed on once while nothing breaks."""

    def __init__(self, connect: Callable[[], Awaitable[AbstractRobustConnection]]) -> None:
        self._connect = connect
        self._connection: AbstractRobustConnection | None = None
        self._consumer: tuple[AbstractRobustQueue, str] | None = None
        self._running: set[asyncio.Task[Any]] = set()
        self._acks = Acks()

    async def start(self, arguments: dict[str, Any]) -> None:
        """Begin, if nobody else has; else when all who began before have ended. `arguments` are the feed's."""
        self._connection = await self._connect()
        channel: Any = self._connection.channel(publisher_confirms=True)
        await channel.initialize()
        await channel.set_qos(prefetch_count=PREFETCH, global_=False)
        await channel.declare_exchange(SUBSCRIBERS, ExchangeType.TOPIC, durable=True)
        feed = await channel.declare_queue(FEED.name, durable=True, arguments=arguments)

        async def on_message(message: AbstractIncomingMessage) -> None:
            if task := asyncio.current_task():
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            await self._pass_on(channel, message)

        self._consumer = (feed, await feed.consume(on_message))

    async def _pass_on(self, channel: AbstractChannel, message: AbstractIncomingMessage) -> None:
        """Frames leave with those of its neighbours: `Exchange.publish` would wait for the socket after each."""
        key = message.routing_key or ""
        try:
            async with asyncio.timeout(PASS_ON_SECONDS):
                opened: Any = await channel.get_underlay_channel()
                await opened.basic_publish(
                    message.body, exchange=SUBSCRIBERS, routing_key=key, properties=_same(message), wait=False
                )
        except DeliveryError:
            self._not_taken("refused", key)
        except TimeoutError:
            self._not_taken("silent", key)
        except _LOST:
            return  # it is still in the feed
        with contextlib.suppress(*_LOST):
            await self._acks.ack(message)

    @staticmethod
    def _not_taken(reason: str, event_type: str) -> None:
        REFUSED_OUTSIDE.labels(reason).inc()
        _LOG.warning("subscriber_did_not_take", reason=reason, event_type=event_type)

    async def close(self) -> None:
        """Take no more, and end what was begun."""
        if self._consumer:
            queue, tag = self._consumer
            with contextlib.suppress(*_LOST, TimeoutError):
                async with asyncio.timeout(PASS_ON_SECONDS):
                    await queue.cancel(tag)
        if self._running:
            await asyncio.wait(self._running, timeout=PASS_ON_SECONDS)
        if self._connection is not None:
            await self._connection.close()


def _same(message: AbstractIncomingMessage) -> spec.Basic.Properties:
    """Return what the message was published with; what the broker wrote on it goes."""
    return spec.Basic.Properties(
        headers={name: value for name, value in message.headers.items() if not name.startswith("x-")},
        content_type=message.content_type,
        content_encoding=message.content_encoding,
        delivery_mode=DeliveryMode.PERSISTENT,
        message_id=message.message_id,
        message_type=message.type,
        timestamp=message.timestamp,
        app_id=message.app_id,
    )
