"""Acknowledgements of a batch are one frame, and never one that speaks for a message that is not settled."""

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from aio_pika.abc import AbstractIncomingMessage

from chassis.bus.acks import Acks


@dataclass(eq=False)
class Channel:
    """A channel as the broker sees it: who acknowledges what was settled before is disconnected."""

    open: set[int] = field(default_factory=set[int])
    acked: set[int] = field(default_factory=set[int])
    frames: list[tuple[str, int, bool]] = field(default_factory=list[tuple[str, int, bool]])
    is_slow: bool = False

    async def basic_ack(self, tag: int, *, multiple: bool = False, wait: bool = True) -> None:
        if self.is_slow:
            await asyncio.sleep(0)
        self._note("ack", tag, multiple)
        self.acked |= {one for one in self.open if one == tag or (multiple and one < tag)}
        self.open -= self.acked

    async def basic_nack(self, tag: int, *, requeue: bool) -> None:
        if self.is_slow:
            await asyncio.sleep(0)
        self._note("nack", tag, requeue)
        self.open.remove(tag)

    def _note(self, what: str, tag: int, more: bool) -> None:
        assert tag in self.open, f"unknown delivery tag {tag}"
        self.frames.append((what, tag, more))

    def delivers(self, count: int) -> list[AbstractIncomingMessage]:
        self.open |= set(range(1, count + 1))
        return [cast(AbstractIncomingMessage, Delivery(self, tag)) for tag in range(1, count + 1)]


@dataclass
class Delivery:
    """What is needed of a message."""

    channel: Any
    delivery_tag: int


async def test_a_batch_leaves_in_one_frame() -> None:
    """In whichever order its messages ended."""
    channel, acks = Channel(), Acks()
    messages = channel.delivers(5)
    await asyncio.gather(*(acks.ack(one) for one in reversed(messages)))
    assert channel.frames == [("ack", 5, True)]
    assert not channel.open


async def test_a_message_that_is_held_is_not_spoken_for_and_holds_up_nobody() -> None:
    """One poison in the middle of a batch: all others are acknowledged, it stays with us until it is settled."""
    channel, acks = Channel(), Acks()
    messages = channel.delivers(6)
    await asyncio.gather(*(acks.ack(one) for one in messages if one.delivery_tag != 3))
    assert channel.open == {3}
    assert channel.frames == [("ack", 2, True), ("ack", 4, False), ("ack", 5, False), ("ack", 6, False)]
    await acks.ack(messages[2])
    assert channel.frames[4:] == [("ack", 3, False)]


async def test_what_is_given_back_is_not_acknowledged_by_those_after_it() -> None:
    """It is out of our hands first."""
    channel, acks = Channel(), Acks()
    messages = channel.delivers(3)
    await acks.nack(messages[1])
    await asyncio.gather(acks.ack(messages[0]), acks.ack(messages[2]))
    assert channel.frames == [("nack", 2, True), ("ack", 3, True)]
    assert channel.acked == {1, 3}


async def test_channels_count_by_themselves() -> None:
    """After a lost connection the numbers begin anew: those of before say nothing of them."""
    before, after, acks = Channel(), Channel(), Acks()
    await asyncio.gather(*(acks.ack(one) for one in before.delivers(4)))
    messages = after.delivers(4)
    await acks.ack(messages[3])
    assert after.open == {1, 2, 3}


@pytest.mark.parametrize("seed", range(20))
async def test_in_any_order_each_is_settled_once_and_as_it_ended(seed: int) -> None:
    """However the ends of messages fall together, and however slowly frames leave."""
    chance, channel, acks = random.Random(seed), Channel(is_slow=True), Acks()
    messages = channel.delivers(60)
    given_back = {one.delivery_tag for one in messages if chance.random() < 0.1}
    still_held = {one.delivery_tag for one in messages if chance.random() < 0.05} - given_back

    async def end(message: AbstractIncomingMessage, turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        await (acks.nack(message) if message.delivery_tag in given_back else acks.ack(message))

    ending = [end(one, chance.randrange(12)) for one in messages if one.delivery_tag not in still_held]
    chance.shuffle(ending)
    await asyncio.gather(*ending)
    assert channel.open == still_held
    assert channel.acked == {one.delivery_tag for one in messages} - given_back - still_held
