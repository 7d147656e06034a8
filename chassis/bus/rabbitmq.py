"""The bus over RabbitMQ; with its neighbours in this package the one owner of aio_pika.

What is declared is in `topology.py`, by `declaring.py`. An event is told to our own queues first, each of which the
broker must have, and then to all others. Messages of one subject are handled one after the other, others side by side.

Longer than most files, because one connection, its publishers, its consumers and what happens when it is gone are one
thing to understand.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import structlog
from aio_pika import Channel, DeliveryMode, ExchangeType, Message, RobustConnection
from aio_pika.abc import (
    AbstractIncomingMessage,
    AbstractRobustChannel,
    AbstractRobustConnection,
    AbstractRobustQueue,
)
from aio_pika.connection import make_url
from aio_pika.exceptions import (
    ChannelNotFoundEntity,
)

from chassis.bus import EXCHANGE, Handler, Hearing, Listener, PublishFailed, Rung
from chassis.bus.declaring import CONNECT_TIMEOUT, Declaring
from chassis.bus.forwarding import Forwarder
from chassis.bus.lanes import Lanes
from chassis.bus.parked import forget
from chassis.bus.publishing import LOST, PUBLISH_TIMEOUT, Publishing
from chassis.bus.ringing import Ringing
from chassis.bus.settling import ATTEMPT_HEADER, REASON_HEADER, Settling, note_of, replayed_copy, subject_of
from chassis.bus.topology import (
    FEED,
    HEARTBEAT_SECONDS,
    LIVE,
    LIVE_FEED,
    MAX_MESSAGE_BYTES,
    MISSED,
    PREFETCH,
    RETRY_SECONDS,
    Readers,
    address_of,
    parking_name,
    queue_name,
)
from chassis.cloudevents import CONTENT_TYPE, CloudEvent
from chassis.telemetry import PARKED_NOW
from chassis.troubles import is_refusal

__all__ = ["ATTEMPT_HEADER", "REASON_HEADER", "RETRY_SECONDS", "RabbitBus", "queue_name"]

_LOG = structlog.stdlib.get_logger("bus")

APP_ID = "client-portal"
LOOK_AT_PARKED_SECONDS = 15.0
LISTEN_AGAIN_SECONDS = 0.5


class RabbitBus:
    """One connection to RabbitMQ that heals itself; nothing is queued here while the broker is away.

    `readers` are our services that read from durable queues, for whoever publishes: each is addressed by name, so that
    it gets what it reads whatever its queue is bound to.
    """

    system = "rabbitmq"

    def __init__(self, url: str, readers: Readers | None = None) -> None:
        self._url = url
        self._connection: AbstractRobustConnection | None = None
        self._connecting = asyncio.Lock()
        self._declaring = Declaring(self._open_connection, readers or {})
        self._publishing = Publishing(self._open_connection, self._declaring)
        self._forwarder: Forwarder | None = None
        self._queues: list[AbstractRobustQueue] = []
        self._consumers: list[tuple[AbstractRobustQueue, str]] = []
        self._lanes = Lanes()
        self._running: set[asyncio.Task[Any]] = set()
        self._watching: list[asyncio.Task[None]] = []
        self._closing = asyncio.Event()
        self._settling = Settling(self)
        self._refused: Exception | None = None
        """Why the broker refused our first connection."""
        self._ringing = Ringing(self._open_connection)

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
        await self._publishing.tell(message, event.type, mandatory=mandatory)

    async def _open_connection(self) -> AbstractRobustConnection:
        async with self._connecting:
            if self._connection is None:
                self._connection = await self._connect()
            return self._connection

    async def _connect(self) -> AbstractRobustConnection:
        connection = RobustConnection(make_url(_with_heartbeat(self._url), reconnect_interval=0.5))
        try:
            await connection.connect(timeout=CONNECT_TIMEOUT)
        except LOST as error:
            self._refused = error if is_refusal(error) else None
            raise
        except BaseException:
            # Whoever waited has gone: left alone, it would try for ever, and outlive the end of the loop.
            await connection.close()
            raise
        self._refused = None
        return connection

    async def missing(self) -> list[str]:
        """Return the exchanges and queues that are not there; raises what asking raises while the broker is away."""
        async with asyncio.timeout(PUBLISH_TIMEOUT):
            return await self._declaring.missing()

    @staticmethod
    async def _channel(connection: AbstractRobustConnection) -> AbstractRobustChannel:
        channel: Any = connection.channel(publisher_confirms=True, on_return_raises=True)
        await channel.initialize(timeout=CONNECT_TIMEOUT)
        return channel

    # --- consuming ---------------------------------------------------------------------------------------------------

    async def consume(self, service: str, types: Sequence[str], handler: Handler) -> None:
        connection = await self._open_connection()
        await self._publishing.open()
        accepted = await self._declaring.queues(service)
        channel = await self._channel(connection)
        await channel.set_qos(prefetch_count=PREFETCH, global_=False)
        # Once more on the channel that lives: it declares them again when it comes back to a broker that lost them.
        declared = {
            name: await channel.declare_queue(name, durable=True, arguments=accepted[name]) for name in accepted
        }
        queue = declared[queue_name(service)]
        exchange = await channel.declare_exchange(EXCHANGE, ExchangeType.TOPIC, durable=True)
        for key in (*types, address_of(service)):
            await queue.bind(exchange, key)
        if self._forwarder is None:
            self._forwarder = Forwarder(self._connect)
            await self._forwarder.start(FEED.arguments)

        async def on_message(message: AbstractIncomingMessage) -> None:
            self._keep(asyncio.current_task())
            await self._handle(service, message, handler)

        self._queues.append(queue)
        self._consumers.append((queue, await queue.consume(on_message)))
        self._watching.append(asyncio.create_task(self._watch_parked(service)))

    async def works(self, service: str) -> None:
        if (refused := self._refused or self._publishing.refused) is not None:
            raise refused
        consuming = [queue for queue, _ in self._consumers if queue.name == queue_name(service)]
        if not consuming or self._connection is None or not self._connection.connected.is_set():
            raise ConnectionError("the broker is away")

    async def reach(self) -> None:
        """Connect; raises what stands against it."""
        await self._open_connection()

    async def admits(self) -> None:
        if self._connection is None and self._refused is not None:
            raise self._refused

    def _keep(self, task: asyncio.Task[Any] | None) -> None:
        if task:
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _handle(self, service: str, message: AbstractIncomingMessage, handler: Handler) -> None:
        async with self._lanes.turn(subject_of(message)):
            await self._settling.attempt(service, message, handler)

    async def send(self, message: Message, queue: str) -> None:
        """Put a message into a queue; what `settling` needs."""
        await self._publishing.send(message, queue)

    async def ends_within(self, seconds: float) -> bool:
        """Wait, and return whether this bus began to close meanwhile."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        return self._closing.is_set()

    async def mend(self, service: str) -> None:
        """Declare the queues of a service again: somebody deleted one."""
        with contextlib.suppress(*LOST):
            await self._declaring.queues(service)

    # --- parked messages ---------------------------------------------------------------------------------------------

    async def _watch_parked(self, service: str) -> None:
        """Tell how many messages wait in the parking place, whoever put them there: the broker says nothing of it."""
        known = 0
        while not await self.ends_within(LOOK_AT_PARKED_SECONDS):
            with contextlib.suppress(*LOST):
                known = await self._look_at_parked(service, known)

    async def _look_at_parked(self, service: str, known: int) -> int:
        try:
            async with self._declaring.channel() as channel:
                parked = await channel.declare_queue(parking_name(service), durable=True, passive=True)
        except ChannelNotFoundEntity:
            await self.mend(service)
            return 0
        count = parked.declaration_result.message_count or 0
        PARKED_NOW.labels(service).set(count)
        if count > known:
            _LOG.error("messages_are_parked", service=service, count=count, more=count - known)
        return count

    async def replay(self, service: str, by: str = "") -> int:
        await self._publishing.open()
        async with self._declaring.channel() as channel:
            parked = await channel.declare_queue(parking_name(service), durable=True, passive=True)
            # No more than are there now: what is still poison is parked again meanwhile, and would never end.
            waiting = parked.declaration_result.message_count or 0
            for count in range(waiting):
                message = await parked.get(fail=False)
                if message is None:
                    return count
                await self._replay_one(service, message, by)
            return waiting

    async def _replay_one(self, service: str, message: AbstractIncomingMessage, by: str) -> None:
        try:
            await self.send(replayed_copy(message), queue_name(service))
        except PublishFailed:
            await message.nack(requeue=True)
            raise
        await message.ack()
        _LOG.info("message_replayed", service=service, by=by, **note_of(message).as_log())

    async def forget_parked(self, service: str, is_meant: Callable[[bytes], bool]) -> int:
        return await forget(self._url, service, is_meant)

    # --- listening ---------------------------------------------------------------------------------------------------

    async def listen(self, types: Sequence[str], listener: Listener, hearing: Hearing = lambda _: None) -> None:
        await self._publishing.open()
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
        exchange = await channel.declare_exchange(LIVE, ExchangeType.TOPIC, durable=True)
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
            with contextlib.suppress(*LOST):
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
                with contextlib.suppress(*LOST):
                    channel = await self._hear(types, listener, hearing)

    async def _one_of(self, ended: Awaitable[Any]) -> None:
        """Wait until this has come, or this bus begins to close."""
        both = [asyncio.ensure_future(ended), asyncio.ensure_future(self._closing.wait())]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for one in both:
            one.cancel()

    # --- bells -------------------------------------------------------------------------------------------------------

    async def ring(self, bell: str, names: Sequence[str]) -> None:
        await self._ringing.ring(bell, names)

    async def hear(self, bell: str, rung: Rung) -> None:
        await self._ringing.hear(bell, rung)

    async def close(self) -> None:
        consumers, self._consumers = self._consumers, []
        for queue, tag in consumers:
            with contextlib.suppress(*LOST):
                async with asyncio.timeout(CONNECT_TIMEOUT):
                    await queue.cancel(tag)
        self._closing.set()
        forwarder, self._forwarder = self._forwarder, None
        if forwarder is not None:
            await forwarder.close()
        await self._publishing.close()
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
