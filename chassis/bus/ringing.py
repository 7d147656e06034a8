"""Bells over RabbitMQ: messages that nobody keeps, for whoever listens now. `rabbitmq.py` is the only user."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import orjson
import structlog
from aio_pika import Channel, DeliveryMode, ExchangeType, Message
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractIncomingMessage, AbstractRobustConnection
from aio_pika.exceptions import AMQPError, ChannelClosed

from chassis.bus import Rung

_LOG = structlog.stdlib.get_logger("bus")

BELLS = "portal.bells"
"""A direct exchange of our own: no subscriber sees what is rung, and what is rung can hold up no event."""
LONGEST = 1_000
"""Rings that wait for one process: it looks at everything now and then anyway."""
_QUEUE: Mapping[str, Any] = {"x-queue-type": "classic", "x-max-length": LONGEST, "x-overflow": "drop-head"}
KEPT_SECONDS = 10
WAIT_SECONDS = 5.0
AGAIN_SECONDS = 0.5
_LOST = (AMQPError, ChannelClosed, RuntimeError, OSError, TimeoutError)


class Ringing:
    """The bells of one process."""

    def __init__(self, connection: Callable[[], Awaitable[AbstractRobustConnection]]) -> None:
        self._connection = connection
        self._exchange: AbstractExchange | None = None
        self._silent: set[str] = set()

    async def ring(self, bell: str, names: Sequence[str]) -> None:
        """Ring, if the broker is there."""
        body = Message(orjson.dumps(list(names)), delivery_mode=DeliveryMode.NOT_PERSISTENT, expiration=KEPT_SECONDS)
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                self._exchange = self._exchange or await _bells(await self._channel())
                await self._exchange.publish(body, bell, mandatory=False)
            self._silent.discard(bell)
        except _LOST as error:
            self._exchange = None
            self._say_silent(bell, error)

    async def hear(self, bell: str, rung: Rung) -> None:
        """Call `rung` with the names of each ring until cancelled; without any whenever one may have been missed."""
        while True:
            channel: AbstractChannel | None = None
            try:
                channel = await self._channel()
                await _listen(channel, bell, rung)
                rung([])
                self._silent.discard(bell)
                await channel.closed()
            except _LOST as error:
                self._say_silent(bell, error)
            finally:
                if channel is not None:
                    with contextlib.suppress(*_LOST):
                        await channel.close()
            await asyncio.sleep(AGAIN_SECONDS)

    def _say_silent(self, bell: str, error: BaseException) -> None:
        """Say once that a bell cannot be rung or heard, until it can again."""
        if bell not in self._silent:
            _LOG.warning("bell_silent", bell=bell, error=type(error).__name__)
        self._silent.add(bell)

    async def _channel(self) -> AbstractChannel:
        """Open a channel that lasts as long as its connection, and confirms nothing."""
        channel = Channel(await self._connection(), publisher_confirms=False)
        await channel.initialize(timeout=WAIT_SECONDS)
        return channel


async def _bells(channel: AbstractChannel) -> AbstractExchange:
    return await channel.declare_exchange(BELLS, ExchangeType.DIRECT, durable=True)


async def _listen(channel: AbstractChannel, bell: str, rung: Rung) -> None:
    queue = await channel.declare_queue(exclusive=True, auto_delete=True, arguments=dict(_QUEUE))
    await queue.bind(await _bells(channel), bell)

    async def on_message(message: AbstractIncomingMessage) -> None:
        rung(_names(message.body))

    await queue.consume(on_message, no_ack=True)


def _names(body: bytes) -> list[str]:
    """Return the names of a ring; none, which stands for anything, where it says nothing that we can read."""
    with contextlib.suppress(ValueError):
        said: Any = orjson.loads(body)
        if isinstance(said, list):
            return [str(one) for one in said]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return []
