"""A live feed gives everything, or ends by an error that says that it did not."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from typing import cast

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


STEPS = 10
"""Of the event loop, which each stream works for one id."""


async def _at_work(
    live: LiveFeed, topic: str, working: set[int], most: list[int], told: list[int], number: int
) -> None:
    async for _ in live.follow(topic):
        working.add(number)
        most.append(len(working))
        for _step in range(STEPS):
            await asyncio.sleep(0)
        working.discard(number)
        told.append(number)


async def test_a_thousand_who_follow_hold_up_nobody() -> None:
    """None runs before `tell` returns, a few at once after it, each once; a request meanwhile waits little."""
    live = LiveFeed(at_once=8)
    live.hearing(True)
    working, most, told = set[int](), list[int](), list[int]()
    streams = [asyncio.ensure_future(_at_work(live, "a", working, most, told, number)) for number in range(1_000)]
    await asyncio.sleep(0)
    live.tell("a", "1")
    assert most == []
    for _request in range(5 * STEPS):
        await asyncio.sleep(0)
    assert 0 < len(told) <= 8 * 5
    while len(told) < 1_000:
        await asyncio.sleep(0)
    assert (sorted(told), max(most)) == ([*range(1_000)], 8)
    for stream in streams:
        stream.cancel()
    await asyncio.gather(*streams, return_exceptions=True)


async def test_turns_are_fair() -> None:
    """Who follows a quiet topic waits for one id of each stream of a noisy one, never for all that came there."""
    live = LiveFeed(at_once=1)
    live.hearing(True)
    working, most, told = set[int](), list[int](), list[int]()
    noisy = [asyncio.ensure_future(_at_work(live, "noisy", working, most, told, number)) for number in range(3)]
    quiet = asyncio.ensure_future(_at_work(live, "quiet", working, most, told, 99))
    await asyncio.sleep(0)
    for number in range(50):
        live.tell("noisy", str(number))
    live.tell("quiet", "1")
    while 99 not in told:
        await asyncio.sleep(0)
    assert len(told) == 4
    for stream in (*noisy, quiet):
        stream.cancel()
    await asyncio.gather(*noisy, quiet, return_exceptions=True)


async def test_who_does_not_read_or_leaves_keeps_no_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that is not asked for more lets others go on when its turn has lapsed; one that is closed at once."""
    monkeypatch.setattr("chassis.live.LONGEST_TURN", 0.0)
    live = LiveFeed(at_once=1)
    live.hearing(True)
    (_stuck, taken), (other, its) = await follow(live), await follow(live)
    live.tell("a", "1")
    assert {await taken, await its} == {"1"}
    monkeypatch.setattr("chassis.live.LONGEST_TURN", 3_600.0)
    (third, first), following = await follow(live, "b"), asyncio.ensure_future(anext(other))
    live.tell("b", "2")
    assert await first == "2"
    live.tell("a", "3")
    await asyncio.sleep(0)
    assert not following.done()
    await cast(AsyncGenerator[str, None], third).aclose()
    assert (await following, live.listening("a"), live.listening("b")) == ("3", 2, 0)
