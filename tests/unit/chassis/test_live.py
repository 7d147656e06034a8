"""A live feed gives everything, or ends by an error that says that it did not."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from chassis.live import LiveFeed, StreamInterrupted


def feed(longest: int = 3) -> LiveFeed:
    """Return a feed that hears its bus."""
    made = LiveFeed(longest)
    made.hearing(True)
    return made


async def follow(live: LiveFeed, topic: str = "a") -> tuple[AsyncIterator[str], "asyncio.Future[str]"]:
    """Return a stream that waits for its first id."""
    stream = live.follow(topic)
    first = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    return stream, first


async def rest(stream: AsyncIterator[str]) -> tuple[list[str], bool]:
    """Return what still comes, and whether the end was an interruption."""
    told: list[str] = []
    try:
        while True:
            told += [await anext(stream)]
    except StreamInterrupted:
        return told, True
    except StopAsyncIteration:
        return told, False


async def test_who_follows_a_topic_hears_of_it_alone() -> None:
    """Each gets all ids of its topic in order, and nothing is kept for who comes later."""
    live = feed()
    stream, first = await follow(live)
    for topic, one in (("b", "0"), ("a", "1"), ("a", "2")):
        live.tell(topic, one)
    assert (await first, await anext(stream), live.listening("a"), live.listening("b")) == ("1", "2", 1, 0)


async def test_who_reads_too_slowly_is_told_so() -> None:
    """What was kept comes, then the error; others who read lose nothing."""
    live = feed(longest=3)
    (slow, first), (quick, one) = await follow(live), await follow(live)
    for number in range(150):
        live.tell("a", str(number))
        assert (await one if number == 0 else await anext(quick)) == str(number)
    assert await first == "0"
    assert await rest(slow) == (["1", "2", "3"], True)
    assert live.listening("a") == 1


def _lost(live: LiveFeed) -> None:
    live.hearing(False)


def _heard_again(live: LiveFeed) -> None:
    live.hearing(True)


@pytest.mark.parametrize("what", [_lost, _heard_again])
async def test_a_bus_that_was_away_ends_every_stream(what: Callable[[LiveFeed], None]) -> None:
    """What came before is given; the stream does not go on as if nothing had been missed."""
    live = feed()
    stream, first = await follow(live)
    live.tell("a", "1")
    what(live)
    live.tell("a", "2")
    assert await first == "1"
    assert await rest(stream) == ([], True)


async def test_nobody_follows_what_is_not_heard() -> None:
    """Before the bus is heard, and while it is away, a stream would only look as if nothing happened."""
    live = LiveFeed()
    assert await rest(live.follow("a")) == ([], True)
    live.hearing(True)
    stream, first = await follow(live)
    live.tell("a", "1")
    assert await first == "1"
    live.hearing(False)
    assert await rest(stream) == ([], True)
    assert await rest(live.follow("a")) == ([], True)
