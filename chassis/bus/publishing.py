"""How an event reaches everybody on RabbitMQ: first our queues, each of which the broker must have, then all others.

`rabbitmq.py` is the only user. Nothing is published before all that we need is declared, on every new connection.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from weakref import WeakValueDictionary

from aio_pika import Channel, Message
from aio_pika.abc import AbstractConnection, HeadersType
from aio_pika.exceptions import AMQPError, ChannelClosed, ChannelPreconditionFailed, DeliveryError, PublishError
from pamqp import commands as spec

from chassis.bus import EXCHANGE, PublishFailed, Unroutable
from chassis.bus.declaring import CONNECT_TIMEOUT, Declaring
from chassis.bus.topology import LIVE, address_of, queue_name
from chassis.cloudevents import INTERNAL
from chassis.telemetry import REFUSED_OUTSIDE
from chassis.troubles import is_refusal

PUBLISH_TIMEOUT = 5.0
DECLARE_TIMEOUT = 60.0
"""For all that we declare, on a new connection: who publishes meanwhile does not wait for it to end."""
LOST = (AMQPError, ChannelClosed, RuntimeError, OSError, TimeoutError)
"""What any call to the broker may raise while it is away."""
ALSO_FOR = "BCC"
"""Further routing keys, which RabbitMQ takes off before it delivers (sender-selected distribution): a queue to which
several of a message's keys lead gets it once."""


class _Refused(PublishFailed):
    """At least one of the queues that the event was routed to did not take it; the broker does not say which."""


class _Told(spec.Basic.Properties):
    """The properties of an event with its readers' addresses, made into bytes once for all places it is published to.

    The addresses lead nowhere but to our own queues behind `portal.events`, and the broker takes them off everywhere.
    """

    _written: bytes | None = None

    def __init__(self, message: Message, readers: Sequence[str]) -> None:
        plain = message.properties
        headers: HeadersType = {**message.headers}
        if readers:
            headers[ALSO_FOR] = [address_of(service) for service in readers]
        super().__init__(
            content_type=plain.content_type,
            headers=headers,
            delivery_mode=plain.delivery_mode,
            message_id=plain.message_id,
            timestamp=plain.timestamp,
            message_type=plain.message_type,
            app_id=plain.app_id,
        )

    def marshal(self) -> bytes:
        if self._written is None:
            self._written = super().marshal()
        return self._written


class Publishing:
    """Publishes with confirmation over one channel, which ends with its connection and is opened anew."""

    def __init__(self, connected: Callable[[], Awaitable[AbstractConnection]], declaring: Declaring) -> None:
        self._connected = connected
        self._declaring = declaring
        self._channel: Channel | None = None
        self._opening: asyncio.Task[Channel] | None = None
        self._mending: asyncio.Task[None] | None = None
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """One for each message id on its way: aiormq tells what comes back by its id alone, so that of two copies at a
        time (one for all, one that its consumer puts aside) a lost one would count as taken, and the other as lost."""
        self.refused: Exception | None = None
        """Why the broker refused the last message that it let us try to publish."""

    async def tell(self, message: Message, event_type: str, *, mandatory: bool) -> None:
        """Return when every one of our queues that reads the event has it, and all others are being told.

        Raises:
            Unroutable: when it is mandatory, or one of our services reads it, and a queue is not there.
            PublishFailed: when there was no confirmation in time.
        """
        readers = self._declaring.readers_of(event_type)
        told = _Told(message, readers)
        await self._tell_ours(message, told, event_type, readers, mandatory=mandatory or bool(readers))
        # Other systems' queue is always there for what is theirs; what is internal may have nobody who listens.
        is_internal = event_type.startswith(f"{INTERNAL}.")
        await self._put(message.body, told, event_type, LIVE, mandatory=not is_internal)

    async def send(self, message: Message, routing_key: str) -> None:
        """Return when the broker has put the message into the queue of this name.

        Raises:
            Unroutable: when there is none.
            PublishFailed: when it did not take it, or there was no confirmation in time.
        """
        await self._put(message.body, message.properties, routing_key, "", mandatory=True)

    async def open(self) -> Channel:
        """Return the channel; a new one is opened when all that we need has been declared."""
        if self._channel is not None and not self._channel.is_closed:
            return self._channel
        if self._opening is None or self._opening.done():
            self._opening = asyncio.create_task(self._declared_channel())
            self._opening.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._channel = channel = await asyncio.shield(self._opening)
        return channel

    async def close(self) -> None:
        """Open nothing more."""
        for one in (self._opening, self._mending):
            if one is not None:
                one.cancel()
                await asyncio.wait([one])

    async def _tell_ours(
        self, message: Message, told: "_Told", event_type: str, readers: Sequence[str], *, mandatory: bool
    ) -> None:
        try:
            await self._put(message.body, told, event_type, EXCHANGE, mandatory=mandatory)
        except _Refused:
            if mandatory and not readers:
                raise
            # An outsider's queue refused it, or one of ours: what is ours is asked by itself.
            REFUSED_OUTSIDE.labels("refused").inc()
            for service in readers:
                await self.send(message, queue_name(service))
        await self._all_there(readers, event_type)

    async def _put(
        self, body: bytes, properties: spec.Basic.Properties, routing_key: str, exchange: str, *, mandatory: bool
    ) -> None:
        """Return when the broker has put the message into every queue that the key leads to.

        Its frames leave with those of whoever publishes at the same moment, and its confirmation is all that it waits
        for: `Exchange.publish` waits for the socket as well, one message after the other.
        """
        turn = self._turns.setdefault(properties.message_id or "", asyncio.Lock())
        try:
            async with asyncio.timeout(PUBLISH_TIMEOUT), turn:
                channel: Any = await (await self.open()).get_underlay_channel()
                await channel.basic_publish(
                    body,
                    exchange=exchange,
                    routing_key=routing_key,
                    properties=properties,
                    mandatory=mandatory,
                    wait=False,
                )
                self.refused = None
        except PublishError as error:
            await self._declare_again()
            raise Unroutable(f"no queue takes {routing_key}") from error
        except DeliveryError as error:
            raise _Refused(f"the broker refused {routing_key}") from error
        except ChannelPreconditionFailed as error:
            raise PublishFailed(f"the broker does not take {routing_key}: {error}") from error
        except LOST as error:
            self.refused = error if is_refusal(error) else self.refused
            raise PublishFailed(f"{type(error).__name__} at {routing_key}", bus_down=True) from error

    async def _all_there(self, readers: Sequence[str], event_type: str) -> None:
        """One queue that takes an event is route enough for the broker: of all that should, it is asked."""
        try:
            async with asyncio.timeout(PUBLISH_TIMEOUT):
                absent = await self._declaring.absent(readers)
        except LOST as error:
            raise PublishFailed(f"{type(error).__name__} at {event_type}", bus_down=True) from error
        if absent:
            await self._declare_again()
            raise Unroutable(f"{', '.join(sorted(absent))} was not there for {event_type}")

    async def _declared_channel(self) -> Channel:
        async with asyncio.timeout(DECLARE_TIMEOUT):
            await self._declaring.everything()
            channel = Channel(await self._connected(), publisher_confirms=True, on_return_raises=True)
            await channel.initialize(timeout=CONNECT_TIMEOUT)
            return channel

    async def _declare_again(self) -> None:
        """Declare what somebody may have deleted; who publishes tries again later, whatever comes of it.

        All who find it at once share one declaring: each of them alone would open a channel for every queue.
        """
        if self._mending is None or self._mending.done():
            self._mending = asyncio.create_task(self._mend())
        await asyncio.wait([self._mending])

    async def _mend(self) -> None:
        with contextlib.suppress(*LOST):
            async with asyncio.timeout(PUBLISH_TIMEOUT):
                await self._declaring.everything()
