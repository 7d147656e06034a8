"""Two messages of one subject never run at once, whoever comes at whatever moment."""

import asyncio

from chassis.bus.lanes import Lanes


async def test_who_comes_between_two_turns_waits_too() -> None:
    """One holds the lane, one waits; a third comes at the very moment between them: still one at a time."""
    lanes, running, most, order = Lanes(), 0, 0, list[str]()
    first_may_end = asyncio.Event()

    async def run(name: str, until: asyncio.Event | None = None) -> None:
        nonlocal running, most
        async with lanes.turn("inv_1"):
            running += 1
            most = max(most, running)
            order.append(name)
            if until:
                await until.wait()
            for _ in range(5):
                await asyncio.sleep(0)
            running -= 1

    async def first() -> None:
        await run("first", first_may_end)
        await run("third")

    tasks = [asyncio.create_task(first()), asyncio.create_task(run("second"))]
    await asyncio.sleep(0)
    first_may_end.set()
    await asyncio.gather(*tasks)
    assert (most, order, len(lanes)) == (1, ["first", "second", "third"], 0)


async def test_a_failure_and_a_cancellation_leave_no_lane_behind() -> None:
    """Lanes are counted down however their users end; other subjects are not held up."""
    lanes, entered = Lanes(), asyncio.Event()

    async def hold(subject: str) -> None:
        async with lanes.turn(subject):
            entered.set()
            await asyncio.Event().wait()

    holder = asyncio.create_task(hold("a"))
    await entered.wait()
    waiter = asyncio.create_task(hold("a"))
    await asyncio.sleep(0)
    async with lanes.turn("b"):
        assert len(lanes) == 2
    for task in (waiter, holder):
        task.cancel()
    await asyncio.gather(holder, waiter, return_exceptions=True)
    assert len(lanes) == 0
