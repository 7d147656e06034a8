"""Acknowledgements that leave together: those of a batch of messages are one frame wherever that is the same.

An acknowledgement of "all up to this one" is sent only where every delivery of the channel up to it is settled, so a
message that is held, or still waits for its turn, is never acknowledged by its neighbours, and holds up none of theirs.
Users are `settling.py` and `forwarding.py`, each with channels of its own that have one consumer.
"""

import asyncio
from typing import Any, cast
from weakref import WeakKeyDictionary

from aio_pika.abc import AbstractIncomingMessage


class Acks:
    """Settles deliveries of any channels; a delivery belongs to the channel that it came over."""

    def __init__(self) -> None:
        self._channels: WeakKeyDictionary[Any, _Tags] = WeakKeyDictionary()

    async def ack(self, message: AbstractIncomingMessage) -> None:
        """Acknowledge, with all that are settled at the same moment; raises what the channel raises."""
        channel, tags, tag = self._of(message)
        await tags.ack(channel, tag)

    async def nack(self, message: AbstractIncomingMessage) -> None:
        """Give back; raises what the channel raises."""
        channel, tags, tag = self._of(message)
        await tags.nack(channel, tag)

    def _of(self, message: AbstractIncomingMessage) -> "tuple[Any, _Tags, int]":
        channel: Any = message.channel
        return channel, self._channels.setdefault(channel, _Tags()), cast(int, message.delivery_tag)


class _Tags:
    """The deliveries of one channel, numbered by the broker from 1 on."""

    def __init__(self) -> None:
        self._known = 0
        """The highest that was settled; the broker numbers without a gap, so all below were delivered."""
        self._open = set[int]()
        """Those below that are not settled: no more than a channel may hold at once."""
        self._waiting: list[int] = []
        self._sending: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    async def ack(self, channel: Any, tag: int) -> None:
        self._waiting.append(tag)
        if self._sending is None:
            self._sending = asyncio.create_task(self._send(channel))
        await asyncio.shield(self._sending)

    async def nack(self, channel: Any, tag: int) -> None:
        async with self._turn:
            await channel.basic_nack(tag, requeue=True)
            self._settle([tag])

    async def _send(self, channel: Any) -> None:
        # One after the other: a tag that was sent with others is unknown to the broker when it comes once more.
        async with self._turn:
            waiting, self._waiting, self._sending = self._waiting, [], None
            settled_up_to = self._settle(waiting)
            together = [tag for tag in waiting if tag <= settled_up_to]
            if together:
                await channel.basic_ack(max(together), multiple=len(together) > 1, wait=False)
            for tag in waiting:
                if tag > settled_up_to:
                    await channel.basic_ack(tag, wait=False)

    def _settle(self, tags: list[int]) -> int:
        """Note these as settled, and return up to where all are."""
        highest = max(self._known, *tags)
        self._open.update(range(self._known + 1, highest + 1))
        self._open.difference_update(tags)
        self._known = highest
        return min(self._open) - 1 if self._open else highest
