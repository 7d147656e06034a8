"""What other systems get: events through the exchange where they bind, without a portal that feeds it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime

import aio_pika
from aio_pika.abc import AbstractChannel

from chassis.bus.topology import SUBSCRIBERS
from chassis.cloudevents import CONTENT_TYPE, CloudEvent


@asynccontextmanager
async def subscribers_exchange(amqp_url: str) -> AsyncGenerator[AbstractChannel]:
    """Yield an operator's channel; the exchange is there."""
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel(on_return_raises=True)
        await channel.declare_exchange(SUBSCRIBERS, aio_pika.ExchangeType.TOPIC, durable=True)
        yield channel


async def tell(channel: AbstractChannel, *events: CloudEvent) -> None:
    """Publish events to whoever has bound a queue there."""
    exchange = await channel.get_exchange(SUBSCRIBERS)
    for event in events:
        message = aio_pika.Message(
            event.to_json(),
            content_type=CONTENT_TYPE,
            message_id=event.id,
            type=event.type,
            timestamp=datetime.fromisoformat(event.time),
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            headers={**event.headers()},
        )
        await exchange.publish(message, event.type, mandatory=False)
