"""Parked messages of RabbitMQ for a person: looked at without taking any away, and one of them replayed.

A connection of its own for each question; what was looked at goes back to its place when that ends.
"""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aio_pika import connect
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from chassis.bus.settling import ATTEMPT_HEADER, reason_of, replayed_copy
from chassis.bus.topology import parking_name, queue_name

_OURS = "x-portal-"
MOST_LOOKED_AT = 100_000


@dataclass(frozen=True, slots=True)
class Parked:
    """A message that waits for a person: its bytes, why, after how many attempts, and what else is noted on it."""

    key: str
    body: bytes
    reason: str
    attempts: int
    notes: Mapping[str, Any]


async def look(url: str, service: str, most: int) -> list[Parked]:
    """Return a service's parked messages, the oldest first.

    Raises:
        ChannelNotFoundEntity: when the broker knows no such service.
    """
    async with _channel(url) as channel:
        return [_parked(message) async for message in _taken(channel, service, most)]


async def replay_one(url: str, service: str, event_id: str, most: int) -> bool:
    """Put one parked message back into its service's queue; False when it is not among the first `most`."""
    async with _channel(url) as channel:
        async for message in _taken(channel, service, most):
            if message.message_id == event_id:
                copy = replayed_copy(message)
                await channel.default_exchange.publish(copy, queue_name(service), mandatory=True)
                await message.ack()
                return True
    return False


async def forget(url: str, service: str, is_meant: Callable[[bytes], bool]) -> int:
    """Take away for good those of a service's parked messages that are meant, and return how many they were."""
    count = 0
    async with _channel(url) as channel:
        async for message in _taken(channel, service, MOST_LOOKED_AT):
            if is_meant(message.body):
                await message.ack()
                count += 1
    return count


@asynccontextmanager
async def _channel(url: str) -> AsyncGenerator[AbstractChannel]:
    async with await connect(url, timeout=5) as connection:
        yield await connection.channel(publisher_confirms=True, on_return_raises=True)


async def _taken(channel: AbstractChannel, service: str, most: int) -> AsyncGenerator[AbstractIncomingMessage]:
    """Take messages, which go back when the channel is closed; never one twice."""
    queue = await channel.declare_queue(parking_name(service), durable=True, passive=True)
    waiting = queue.declaration_result.message_count or 0
    for _ in range(min(waiting, most)):
        message = await queue.get(fail=False)
        if message is None:
            return
        yield message


def _parked(message: AbstractIncomingMessage) -> Parked:
    notes = {name.removeprefix(_OURS): value for name, value in message.headers.items() if name.startswith(_OURS)}
    attempts = message.headers.get(ATTEMPT_HEADER, 1)
    return Parked(
        key=message.message_id or "",
        body=message.body,
        reason=reason_of(message),
        attempts=attempts if isinstance(attempts, int) else 1,
        notes={name: value for name, value in notes.items() if name not in {"attempt", "reason"}},
    )
