"""The bus over RabbitMQ; the one owner of aio_pika.

Topology: the durable topic exchange `portal.events` (routing key = event type); per service a durable quorum queue
`<service>.events`, one delay queue per retry step (a queue TTL that dead-letters back), and `<service>.events.parked`.
Attempts are counted in our own header, since broker versions count redeliveries differently. Messages of one subject
are handled one after the other, different subjects side by side.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from aio_pika import DeliveryMode, ExchangeType, Message, connect_robust
from aio_pika.abc import (
    AbstractIncomingMessage,
    AbstractRobustChannel,
    AbstractRobustConnection,
    AbstractRobustExchange,
    AbstractRobustQueue,
    HeadersType,
)
from aio_pika.exceptions import AMQPError, ChannelClosed, DeliveryError, PublishError

from services.chassis.bus import (
    EXCHANGE,
    MAX_ATTEMPTS,
    DependencyDown,
    Handler,
    Listener,
    Park,
    PublishFailed,
    Unroutable,
)
from services.chassis.cloudevents import CONTENT_TYPE, CloudEvent, MalformedEvent
from services.chassis.telemetry import PARKED, RETRIES

_LOG = structlog.stdlib.get_logger("bus")

APP_ID = "client-portal"
RETRY_SECONDS = (1, 5, 30)
PREFETCH = 64
PUBLISH_TIMEOUT = 5.0
CONNECT_TIMEOUT = 5.0
ATTEMPT_HEADER = "x-portal-attempt"
REASON_HEADER = "x-portal-reason"


class RabbitBus:
    """One connection to RabbitMQ that heals itself; nothing is queued here while the broker is away."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: AbstractRobustConnection | None = None
        self._publishing: AbstractRobustChannel | None = None
        self._exchange: AbstractRobustExchange | None = None
        self._opening = asyncio.Lock()
        self._queues: list[AbstractRobustQueue] = []
        self._consumers: list[tuple[AbstractRobustQueue, str]] = []
        self._subjects: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._running: set[asyncio.Task[Any]] = set()

    # --- publishing --------------------------------------------------------------------------------------------------

    async def publish(self, event: CloudEvent, *, mandatory: bool = True) -> None:
        message = Message(
            event.to_json(),
            content_type=CONTENT_TYPE,
            delivery_mode=DeliveryMode.PERSISTENT,
            message_id=event.id,
            type=event.type,
            timestamp=datetime.fromisoformat(event.time),
            app_id=APP_ID,
        )
        await self._send(message, event.type, mandatory=mandatory)

    async def _send(self, message: Message, routing_key: str, *, mandatory: bool, direct: bool = False) -> None:
        try:
            async with asyncio.timeout(PUBLISH_TIMEOUT):
                exchange = await self._open_exchange()
                channel = self._publishing
                target = channel.default_exchange if direct and channel else exchange
                await target.publish(message, routing_key, mandatory=mandatory)
        except PublishError as error:
            raise Unroutable(f"no queue takes {routing_key}") from error
        except DeliveryError as error:
            raise PublishFailed(f"the broker refused {routing_key}") from error
        except (AMQPError, ChannelClosed, OSError, TimeoutError, RuntimeError) as error:
            raise PublishFailed(f"{type(error).__name__} at {routing_key}", bus_down=True) from error

    async def _open_connection(self) -> AbstractRobustConnection:
        async with self._opening:
            if self._connection is None:
                self._connection = await connect_robust(self._url, timeout=CONNECT_TIMEOUT, reconnect_interval=0.5)
            return self._connection

    async def _open_exchange(self) -> AbstractRobustExchange:
        if self._exchange is None:
            connection = await self._open_connection()
            async with self._opening:
                if self._exchange is None:
                    self._publishing = await self._channel(connection)
                    self._exchange = await self._publishing.declare_exchange(EXCHANGE, ExchangeType.TOPIC, durable=True)
        return self._exchange

    @staticmethod
    async def _channel(connection: AbstractRobustConnection) -> AbstractRobustChannel:
        channel: Any = connection.channel(publisher_confirms=True, on_return_raises=True)
        await channel.initialize(timeout=CONNECT_TIMEOUT)
        return channel

    # --- consuming ---------------------------------------------------------------------------------------------------

    async def consume(self, service: str, types: Sequence[str], handler: Handler) -> None:
        connection = await self._open_connection()
        channel = await self._channel(connection)
        await channel.set_qos(prefetch_count=PREFETCH)
        queue = await declare_queues(channel, service, types)

        async def on_message(message: AbstractIncomingMessage) -> None:
            task = asyncio.current_task()
            if task:
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            await self._handle(service, message, handler)

        self._queues.append(queue)
        self._consumers.append((queue, await queue.consume(on_message)))

    async def _handle(self, service: str, message: AbstractIncomingMessage, handler: Handler) -> None:
        lane = self._subjects[_subject(message)]
        try:
            async with lane:
                await self._attempt(service, message, handler)
        finally:
            if not lane.locked():
                self._subjects.pop(_subject(message), None)

    async def _attempt(self, service: str, message: AbstractIncomingMessage, handler: Handler) -> None:
        attempt = _attempt_of(message)
        try:
            await handler(message.body, attempt)
        except Park as reason:
            settled = await self._park(service, message, str(reason), attempt)
        except DependencyDown:
            settled = await self._retry(service, message, attempt, counted=False)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            if attempt >= MAX_ATTEMPTS:
                settled = await self._park(service, message, reason, attempt)
            else:
                settled = await self._retry(service, message, attempt, counted=True)
        else:
            settled = True
        with contextlib.suppress(AMQPError, ChannelClosed, RuntimeError):
            await (message.ack() if settled else message.nack(requeue=True))

    async def _retry(self, service: str, message: AbstractIncomingMessage, attempt: int, *, counted: bool) -> bool:
        step = RETRY_SECONDS[min(attempt, len(RETRY_SECONDS)) - 1]
        RETRIES.labels(service, message.routing_key or "").inc()
        return await self._copy(message, f"{queue_name(service)}.retry.{step}s", attempt + (1 if counted else 0))

    async def _park(self, service: str, message: AbstractIncomingMessage, reason: str, attempt: int) -> bool:
        PARKED.labels(service, message.type or "").inc()
        _LOG.error("message_parked", service=service, event_type=message.type, attempt=attempt, reason=reason[:200])
        return await self._copy(message, f"{queue_name(service)}.parked", attempt, reason)

    async def _copy(self, message: AbstractIncomingMessage, queue: str, attempt: int, reason: str = "") -> bool:
        headers: HeadersType = {ATTEMPT_HEADER: attempt}
        if reason:
            headers[REASON_HEADER] = reason[:500]
        copy = Message(
            message.body,
            content_type=message.content_type,
            delivery_mode=DeliveryMode.PERSISTENT,
            message_id=message.message_id,
            type=message.type,
            timestamp=message.timestamp,
            app_id=message.app_id,
            headers=headers,
        )
        try:
            await self._send(copy, queue, mandatory=True, direct=True)
        except PublishFailed:
            return False
        return True

    async def replay(self, service: str) -> int:
        connection = await self._open_connection()
        channel = await self._channel(connection)
        await self._open_exchange()
        parked = await channel.declare_queue(f"{queue_name(service)}.parked", passive=True)
        count = 0
        # No more than are there now: what is still poison is parked again meanwhile, and would never come to an end.
        for _ in range(parked.declaration_result.message_count or 0):
            message = await parked.get(fail=False)
            if message is None:
                break
            if not await self._copy(message, queue_name(service), attempt=1):
                await message.nack(requeue=True)
                break
            await message.ack()
            count += 1
        await channel.close()
        return count

    # --- listening ---------------------------------------------------------------------------------------------------

    async def listen(self, types: Sequence[str], listener: Listener) -> None:
        connection = await self._open_connection()
        channel = await self._channel(connection)
        exchange = await channel.declare_exchange(EXCHANGE, ExchangeType.TOPIC, durable=True)
        queue = await channel.declare_queue(exclusive=True, auto_delete=True, durable=False)
        for event_type in types:
            await queue.bind(exchange, event_type)

        async def on_message(message: AbstractIncomingMessage) -> None:
            try:
                await listener(CloudEvent.from_json(message.body))
            except Exception as error:
                _LOG.warning("listener_failed", event_type=message.type, error=type(error).__name__)

        self._queues.append(queue)
        self._consumers.append((queue, await queue.consume(on_message, no_ack=True)))

    async def close(self) -> None:
        for queue, tag in self._consumers:
            with contextlib.suppress(AMQPError, ChannelClosed, RuntimeError, OSError):
                await queue.cancel(tag)
        if self._running:
            await asyncio.wait(self._running, timeout=10)
        if self._connection is not None:
            await self._connection.close()


def queue_name(service: str) -> str:
    """Return the name of the service's durable queue."""
    return f"{service}.events"


async def declare_queues(channel: AbstractRobustChannel, service: str, types: Sequence[str]) -> AbstractRobustQueue:
    """Declare a service's queue, its delay queues and its parking place, and bind the types it reads."""
    name = queue_name(service)
    exchange = await channel.declare_exchange(EXCHANGE, ExchangeType.TOPIC, durable=True)
    quorum = {"x-queue-type": "quorum"}
    queue = await channel.declare_queue(name, durable=True, arguments=dict(quorum))
    await channel.declare_queue(f"{name}.parked", durable=True, arguments=dict(quorum))
    for seconds in RETRY_SECONDS:
        delay = {"x-message-ttl": seconds * 1000, "x-dead-letter-exchange": "", "x-dead-letter-routing-key": name}
        safe = {"x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish"}
        await channel.declare_queue(f"{name}.retry.{seconds}s", durable=True, arguments={**quorum, **delay, **safe})
    for event_type in types:
        await queue.bind(exchange, event_type)
    return queue


def _subject(message: AbstractIncomingMessage) -> str:
    try:
        return CloudEvent.from_json(message.body).subject
    except MalformedEvent:
        return ""


def _attempt_of(message: AbstractIncomingMessage) -> int:
    value = message.headers.get(ATTEMPT_HEADER, 1)
    return value if isinstance(value, int) and value > 0 else 1
