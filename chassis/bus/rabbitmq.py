"""The bus over RabbitMQ; with `settling.py` the one owner of aio_pika.

What is declared is in `topology.py`. Messages of one subject are handled one after the other, others side by side.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import structlog
from aio_pika import Channel, DeliveryMode, ExchangeType, Message, connect_robust
from aio_pika.abc import (
    AbstractIncomingMessage,
    AbstractRobustChannel,
    AbstractRobustConnection,
    AbstractRobustExchange,
    AbstractRobustQueue,
)
from aio_pika.exceptions import (
    AMQPError,
    ChannelClosed,
    ChannelNotFoundEntity,
    ChannelPreconditionFailed,
    DeliveryError,
    PublishError,
)

from chassis.bus import EXCHANGE, Handler, Hearing, Listener, PublishFailed, Unroutable
from chassis.bus.lanes import Lanes
from chassis.bus.settling import ATTEMPT_HEADER, REASON_HEADER, Settling, copy_of, reason_of, subject_of
from chassis.bus.topology import (
    HEARTBEAT_SECONDS,
    LIVE_FEED,
    MAX_MESSAGE_BYTES,
    MISSED,
    PREFETCH,
    RETRY_SECONDS,
    Queue,
    parking_name,
    queue_name,
    queues_of,
)
from chassis.cloudevents import CONTENT_TYPE, CloudEvent
from chassis.telemetry import PARKED_NOW

__all__ = ["ATTEMPT_HEADER", "REASON_HEADER", "RETRY_SECONDS", "RabbitBus", "queue_name"]

_LOG = structlog.stdlib.get_logger("bus")

APP_ID = "client-portal"
PUBLISH_TIMEOUT = 5.0
CONNECT_TIMEOUT = 5.0
LOOK_AT_PARKED_SECONDS = 15.0
LISTEN_AGAIN_SECONDS = 0.5
_LOST = (AMQPError, ChannelClosed, RuntimeError, OSError, TimeoutError)
"""What any call to the broker may raise while it is away."""
_BEFORE_LIMITS = "An earlier version declared the queue. Apply deploy/rabbitmq/policies.json; see the README beside it."


class RabbitBus:
    """One connection to RabbitMQ that heals itself; nothing is queued here while the broker is away."""

    system = "rabbitmq"

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: AbstractRobustConnection | None = None
        self._publishing: AbstractRobustChannel | None = None
        self._exchange: AbstractRobustExchange | None = None
        self._opening = asyncio.Lock()
        self._queues: list[AbstractRobustQueue] = []
        self._consumers: list[tuple[AbstractRobustQueue, str]] = []
        self._lanes = Lanes()
        self._running: set[asyncio.Task[Any]] = set()
        self._watching: list[asyncio.Task[None]] = []
        self._closing = asyncio.Event()
        self._settling = Settling(self)

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
            headers={**event.headers()},
        )
        if message.body_size > MAX_MESSAGE_BYTES:
            raise PublishFailed(f"{event.type} has {message.body_size} bytes; RabbitMQ takes {MAX_MESSAGE_BYTES}")
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
        except ChannelPreconditionFailed as error:
            raise PublishFailed(f"the broker does not take {routing_key}: {error}") from error
        except _LOST as error:
            raise PublishFailed(f"{type(error).__name__} at {routing_key}", bus_down=True) from error

    async def _open_connection(self) -> AbstractRobustConnection:
        async with self._opening:
            if self._connection is None:
                self._connection = await connect_robust(
                    _with_heartbeat(self._url), timeout=CONNECT_TIMEOUT, reconnect_interval=0.5
                )
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
        accepted = await self._declare(service)
        channel = await self._channel(connection)
        await channel.set_qos(prefetch_count=PREFETCH, global_=False)
        # Once more on the channel that lives: it declares them again when it comes back to a broker that lost them.
        declared = {
            name: await channel.declare_queue(name, durable=True, arguments=accepted[name]) for name in accepted
        }
        queue = declared[queue_name(service)]
        exchange = await channel.declare_exchange(EXCHANGE, ExchangeType.TOPIC, durable=True)
        for event_type in types:
            await queue.bind(exchange, event_type)

        async def on_message(message: AbstractIncomingMessage) -> None:
            self._keep(asyncio.current_task())
            await self._handle(service, message, handler)

        self._queues.append(queue)
        self._consumers.append((queue, await queue.consume(on_message)))
        self._watching.append(asyncio.create_task(self._watch_parked(service)))

    def _keep(self, task: asyncio.Task[Any] | None) -> None:
        if task:
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _handle(self, service: str, message: AbstractIncomingMessage, handler: Handler) -> None:
        async with self._lanes.turn(subject_of(message)):
            await self._settling.attempt(service, message, handler)

    async def send(self, message: Message, queue: str) -> None:
        """Put a message into a queue; what `settling` needs."""
        await self._send(message, queue, mandatory=True, direct=True)

    async def ends_within(self, seconds: float) -> bool:
        """Wait, and return whether this bus began to close meanwhile."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        return self._closing.is_set()

    async def mend(self, service: str) -> None:
        """Declare the queues of a service again: somebody deleted one."""
        with contextlib.suppress(*_LOST):
            await self._declare(service)

    async def _declare(self, service: str) -> dict[str, dict[str, Any]]:
        """Declare a service's queues, and return by their names the arguments that they have now."""
        return {queue.name: await self._declare_queue(queue) for queue in queues_of(service)}

    async def _declare_queue(self, queue: Queue) -> dict[str, Any]:
        """Declare one queue with its limits, or as earlier versions did: a queue that exists keeps what it has."""
        try:
            async with self._short_channel() as channel:
                await channel.declare_queue(queue.name, durable=True, arguments=queue.arguments)
            return queue.arguments
        except ChannelPreconditionFailed:
            if not queue.limits:
                raise
        async with self._short_channel() as channel:
            await channel.declare_queue(queue.name, durable=True, arguments=queue.arguments_without_limits)
        _LOG.warning("queue_without_limits", queue=queue.name, advice=_BEFORE_LIMITS)
        return queue.arguments_without_limits

    @contextlib.asynccontextmanager
    async def _short_channel(self) -> AsyncGenerator[Channel]:
        """Open a channel that may be closed by an error, and whose answers are the broker's of this moment."""
        channel = Channel(await self._open_connection())
        await channel.initialize(timeout=CONNECT_TIMEOUT)
        try:
            yield channel
        finally:
            if not channel.is_closed:
                await channel.close()

    # --- parked messages ---------------------------------------------------------------------------------------------

    async def _watch_parked(self, service: str) -> None:
        """Tell how many messages wait in the parking place, whoever put them there: the broker says nothing of it."""
        known = 0
        while not await self.ends_within(LOOK_AT_PARKED_SECONDS):
            with contextlib.suppress(*_LOST):
                known = await self._look_at_parked(service, known)

    async def _look_at_parked(self, service: str, known: int) -> int:
        try:
            async with self._short_channel() as channel:
                parked = await channel.declare_queue(parking_name(service), durable=True, passive=True)
        except ChannelNotFoundEntity:
            await self.mend(service)
            return 0
        count = parked.declaration_result.message_count or 0
        PARKED_NOW.labels(service).set(count)
        if count > known:
            _LOG.error("messages_are_parked", service=service, count=count, more=count - known)
        return count

    async def replay(self, service: str) -> int:
        await self._open_exchange()
        async with self._short_channel() as channel:
            parked = await channel.declare_queue(parking_name(service), durable=True, passive=True)
            # No more than are there now: what is still poison is parked again meanwhile, and would never end.
            waiting = parked.declaration_result.message_count or 0
            for count in range(waiting):
                message = await parked.get(fail=False)
                if message is None:
                    return count
                await self._replay_one(service, message)
            return waiting

    async def _replay_one(self, service: str, message: AbstractIncomingMessage) -> None:
        try:
            await self.send(copy_of(message, attempt=1), queue_name(service))
        except PublishFailed:
            await message.nack(requeue=True)
            raise
        await message.ack()
        told = {"event_type": message.type, "message_id": message.message_id, "reason": reason_of(message)[:200]}
        _LOG.info("message_replayed", service=service, **told)

    # --- listening ---------------------------------------------------------------------------------------------------

    async def listen(self, types: Sequence[str], listener: Listener, hearing: Hearing = lambda _: None) -> None:
        channel = await self._hear(types, listener, hearing)
        self._watching.append(asyncio.create_task(self._hear_again(channel, types, listener, hearing)))

    async def _hear(self, types: Sequence[str], listener: Listener, hearing: Hearing) -> Channel:
        """Listen on a channel that lasts as long as its connection: what is missed between two is never hidden."""
        channel = Channel(await self._open_connection())
        await channel.initialize(timeout=CONNECT_TIMEOUT)
        try:
            await self._hear_on(channel, types, listener, hearing)
        except BaseException:
            await channel.close()
            raise
        hearing(True)
        return channel

    @staticmethod
    async def _hear_on(channel: Channel, types: Sequence[str], listener: Listener, hearing: Hearing) -> None:
        await channel.set_qos(prefetch_count=PREFETCH, global_=False)
        exchange = await channel.declare_exchange(EXCHANGE, ExchangeType.TOPIC, durable=True)
        missed = await channel.declare_queue(exclusive=True, auto_delete=True, arguments=dict(MISSED))
        arguments = {**LIVE_FEED, "x-dead-letter-exchange": "", "x-dead-letter-routing-key": missed.name}
        queue = await channel.declare_queue(exclusive=True, auto_delete=True, arguments=arguments)

        async def on_message(message: AbstractIncomingMessage) -> None:
            try:
                await listener(CloudEvent.from_json(message.body))
            except Exception as error:
                _LOG.warning("listener_failed", event_type=message.type, error=type(error).__name__)
                hearing(True)
            # What is not acknowledged stays in the broker's queue, which has a limit; else it piles up in its memory.
            with contextlib.suppress(*_LOST):
                await message.ack()

        async def on_missed(_: AbstractIncomingMessage) -> None:
            hearing(True)

        await missed.consume(on_missed, no_ack=True)
        await queue.consume(on_message)
        for event_type in types:
            await queue.bind(exchange, event_type)

    async def _hear_again(self, channel: Channel, types: Sequence[str], listener: Listener, hearing: Hearing) -> None:
        while not self._closing.is_set():
            await self._one_of(channel.closed())
            hearing(False)
            while channel.is_closed:
                if await self.ends_within(LISTEN_AGAIN_SECONDS):
                    return
                with contextlib.suppress(*_LOST):
                    channel = await self._hear(types, listener, hearing)

    async def _one_of(self, ended: Awaitable[Any]) -> None:
        """Wait until this has come, or this bus begins to close."""
        both = [asyncio.ensure_future(ended), asyncio.ensure_future(self._closing.wait())]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for one in both:
            one.cancel()

    async def close(self) -> None:
        consumers, self._consumers = self._consumers, []
        for queue, tag in consumers:
            with contextlib.suppress(*_LOST):
                async with asyncio.timeout(CONNECT_TIMEOUT):
                    await queue.cancel(tag)
        self._closing.set()
        if ending := {*self._watching, *self._running}:
            await asyncio.wait(ending, timeout=10)
        if self._connection is not None:
            await self._connection.close()


def _with_heartbeat(url: str) -> str:
    """Return the address with our heartbeat, unless it names one."""
    parts = urlsplit(url)
    if "heartbeat" in parse_qs(parts.query):
        return url
    return urlunsplit(parts._replace(query="&".join(filter(None, [parts.query, f"heartbeat={HEARTBEAT_SECONDS}"]))))
