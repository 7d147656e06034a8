"""The broker fixtures."""

import asyncio

import aio_pika

from portal_cli.rabbitmq import RabbitMQNode
from tests.support.waiting import LIMIT


async def test_a_message_goes_through(amqp_url: str) -> None:
    """The node that `amqp_url` names takes a message and gives it back."""
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True)
        await channel.default_exchange.publish(aio_pika.Message(b"hello"), queue.name)

        message = await queue.get(timeout=LIMIT)

        assert message.body == b"hello"


async def test_a_confirmed_message_survives_the_death_of_the_broker(rabbitmq_node: RabbitMQNode) -> None:
    """After SIGKILL and a new start the node listens at the same address and still has what it confirmed.

    The queue itself was declared a moment ago: RabbitMQ writes that down a little later, which `sync_log` awaits.
    """
    async with await aio_pika.connect(rabbitmq_node.url) as connection:
        channel = await connection.channel()
        await channel.declare_queue("kept", durable=True)
        await channel.default_exchange.publish(
            aio_pika.Message(b"hello", delivery_mode=aio_pika.DeliveryMode.PERSISTENT), "kept"
        )

    await asyncio.to_thread(rabbitmq_node.ctl, "eval", "mnesia:sync_log().")
    rabbitmq_node.kill()
    rabbitmq_node.start()

    async with await aio_pika.connect(rabbitmq_node.url) as connection:
        channel = await connection.channel()
        message = await (await channel.get_queue("kept")).get(timeout=LIMIT)
        assert message.body == b"hello"
