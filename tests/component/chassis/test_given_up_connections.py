"""A connection to the broker that nobody waits for any more is no longer tried."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

import pytest

from chassis.bus.rabbitmq import RabbitBus
from tests.support.waiting import eventually


@contextlib.asynccontextmanager
async def silent_broker(taken: list[asyncio.StreamWriter]) -> AsyncGenerator[str]:
    """Yield the address of one that takes connections and never says a word; `taken` are those it has."""

    async def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken.append(writer)

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    yield f"amqp://{':'.join(map(str, server.sockets[0].getsockname()))}/"
    for writer in taken:
        writer.close()
    server.close()


async def test_who_gives_up_waiting_gives_up_connecting() -> None:
    """Left alone, the connection would be tried for ever, by nobody's order, and keep the process from ending."""
    before, taken = asyncio.all_tasks(), list[asyncio.StreamWriter]()
    async with silent_broker(taken) as address:
        bus = RabbitBus(address)
        asking = asyncio.create_task(bus.missing())
        await eventually(lambda: taken)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await eventually(lambda: asyncio.all_tasks() <= before, "the end of what it began")
        await bus.close()
