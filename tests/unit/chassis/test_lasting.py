"""Streams end with the log-in that opened them, while nothing happens as well as when something does."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from chassis.auth import EndedSessions, LogInsUnchecked, Unauthenticated
from chassis.graphql.lasting import until_logged_out


class LogIn:
    """A log-in that counts until told otherwise; counts how often it was looked at."""

    def __init__(self) -> None:
        self.refusal: Exception | None = None
        self.looks = 0

    async def __call__(self) -> None:
        self.looks += 1
        if self.refusal is not None:
            raise self.refusal


class Events:
    """A feed that says whether somebody still listens."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[str | None] = asyncio.Queue()
        self.is_open = True

    async def listen(self) -> AsyncGenerator[str]:
        try:
            while (event := await self.queue.get()) is not None:
                yield event
        finally:
            self.is_open = False


@pytest.mark.parametrize("refusal", [Unauthenticated(), LogInsUnchecked()], ids=["ended", "unsure"])
async def test_a_quiet_stream_ends_with_its_session(refusal: Exception) -> None:
    """Without any event, the stream says why it ends, ends, and lets its feed go."""
    log_in, events = LogIn(), Events()
    stream = until_logged_out(events.listen(), log_in, seconds=0.01)
    waiting = asyncio.ensure_future(anext(stream))
    await events_seen(log_in)
    assert not waiting.done()
    log_in.refusal = refusal
    assert await waiting is refusal
    assert [event async for event in stream] == []
    assert not events.is_open


async def test_nothing_is_shown_after_the_end() -> None:
    """An event that comes after the session ended is not shown, even if the feed has it at once."""
    log_in, events = LogIn(), Events()
    stream = until_logged_out(events.listen(), log_in, seconds=60)
    events.queue.put_nowait("before")
    assert await anext(stream) == "before"
    log_in.refusal = Unauthenticated()
    events.queue.put_nowait("after")
    assert [event async for event in stream] == [log_in.refusal]


async def test_a_stream_that_ends_by_itself_ends_without_an_error() -> None:
    """Events come in order, and the end of the feed is the end of the stream."""
    events = Events()
    for event in ("a", "b", None):
        events.queue.put_nowait(event)
    assert [event async for event in until_logged_out(events.listen(), LogIn(), seconds=60)] == ["a", "b"]
    assert not events.is_open


async def test_an_error_of_the_feed_is_the_streams() -> None:
    """What the feed raises reaches whoever listens."""

    async def broken() -> AsyncGenerator[str]:
        yield "a"
        raise KeyError("b")

    stream = until_logged_out(broken(), LogIn(), seconds=60)
    assert await anext(stream) == "a"
    with pytest.raises(KeyError):
        await anext(stream)


async def test_who_leaves_lets_the_feed_go() -> None:
    """Closing the stream closes the feed, while it waits for an event too."""
    events = Events()
    stream = until_logged_out(events.listen(), LogIn(), seconds=60)
    events.queue.put_nowait("a")
    await anext(stream)
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await stream.aclose()
    assert not events.is_open


async def test_what_ended_is_read_before_anybody_is_believed() -> None:
    """Right after a start, the first who asks fills the memory; while its store is away nobody is believed."""
    ended, calls = EndedSessions(), list[str]()

    async def first() -> None:
        calls.append("read")
        if len(calls) == 1:
            raise ConnectionError

    ended.learn_by(first)
    with pytest.raises(LogInsUnchecked):
        await ended.require_known()
    await ended.require_known()
    await ended.require_known()
    assert calls == ["read", "read"]


async def test_a_memory_that_is_not_fresh_is_not_believed() -> None:
    """Whoever cannot read for a minute which sessions ended lets nobody in, and so ends every stream."""
    now = [1000.0]
    ended = EndedSessions(seconds=lambda: now[0])
    ended.kept_fresh(lambda: 1000.0)
    now[0] += 59
    await ended.require_known()
    now[0] += 2
    with pytest.raises(LogInsUnchecked):
        await ended.require_known()


async def events_seen(log_in: LogIn) -> None:
    """Wait until the log-in was looked at twice."""
    while log_in.looks < 2:
        await asyncio.sleep(0)
