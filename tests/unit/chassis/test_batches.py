"""Batches overlap without two of them being published at once, and whatever fails, nothing stays leased or untold."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.mongo.batches import Batches
from chassis.mongo.outboxes import Leased

AT = datetime(2026, 3, 1, tzinfo=UTC)
BATCHES = [["a", "b"], ["c"], ["d", "e"], ["f"]]


class Failed(Exception):
    """What a step raises."""


class Stage:
    """Outboxes and a bus that note each step; `fails` names the step at which something breaks."""

    def __init__(self, fails: str = "") -> None:
        self.fails = fails
        self.steps: list[str] = []
        self.leased: set[str] = set()
        self.told: list[str] = []
        self.taken_out: list[str] = []

    async def _step(self, step: str) -> None:
        self.steps.append(f"{step} begins")
        for _ in range(3):
            await asyncio.sleep(0)
        self.steps.append(f"{step} ends")
        if step == self.fails:
            raise Failed(step)

    async def lease(self, subjects: Sequence[str]) -> Leased:
        await self._step(f"lease {subjects[0]}")
        self.leased |= {*subjects}
        return Leased(subjects[0], AT, AT, [{"_id": one} for one in subjects], is_held=False)

    async def settle(self, leased: Leased, confirmed: Sequence[str]) -> None:
        await self._step(f"settle {leased.by}")
        self.leased -= {one["_id"] for one in leased.documents}
        self.taken_out += confirmed

    async def publish(self, leased: Leased, confirmed: list[str]) -> None:
        for document in leased.documents:
            self.told.append(document["_id"])
            confirmed.append(document["_id"])
            await self._step(f"publish {document['_id']}")

    async def between(self) -> int:
        self.steps.append("between")
        return 0

    async def run(self) -> int:
        outboxes: Any = self
        return await Batches(outboxes, BATCHES).publish(self.publish, self.between)


async def test_the_database_works_for_the_neighbours_of_what_is_published() -> None:
    """The second batch is being leased, and the first settled, while the other one is on its way to the bus."""
    stage = Stage()
    assert await stage.run() == 6
    steps = stage.steps
    assert steps.index("lease c begins") < steps.index("publish a ends")
    assert steps.index("publish c begins") < steps.index("settle a ends")
    assert (stage.told, stage.taken_out, stage.leased) == ([*"abcdef"], [*"abcdef"], set())


async def test_one_batch_is_published_at_a_time_and_what_is_fresh_goes_between() -> None:
    """A save meanwhile is told before the next batch, and the next batch only when the one before has ended."""
    stage = Stage()
    await stage.run()
    published = [step for step in stage.steps if step.startswith("publish") or step == "between"]
    pairs = [f"publish {one} {when}" for one in "abcdef" for when in ("begins", "ends")]
    assert [step for step in published if step != "between"] == pairs
    assert [published.index("publish c begins") - 1, published.index("publish d begins") - 2] == [
        published.index("between"),
        published.index("between") + 2,
    ]
    assert published.count("between") == len(BATCHES) - 1


@pytest.mark.parametrize("subject", "abcdef")
async def test_whatever_the_bus_fails_at_what_was_told_is_taken_out_and_nothing_stays_leased(subject: str) -> None:
    """The batch that was leased in vain is given back, and nothing behind the failure is told."""
    stage = Stage(f"publish {subject}")
    with pytest.raises(Failed):
        await stage.run()
    assert stage.told == stage.taken_out == [*"abcdef"["abcdef".index(subject) :: -1][::-1]]
    assert stage.leased == set()


@pytest.mark.parametrize("step", [f"{what} {batch[0]}" for what in ("lease", "settle") for batch in BATCHES])
async def test_a_database_that_fails_is_said_and_what_it_can_settle_is_settled(step: str) -> None:
    """Whatever was told before, and is not in the very batch that failed, has left its outbox."""
    stage = Stage(step)
    with pytest.raises(Failed):
        await stage.run()
    lost = next(batch for batch in BATCHES if batch[0] == step[-1]) if step.startswith("settle") else []
    assert stage.taken_out == [one for one in stage.told if one not in lost]
    assert stage.leased == {*lost}


@pytest.mark.parametrize("turns", range(1, 40))
async def test_an_end_at_any_moment_leaves_nothing_leased(turns: int) -> None:
    """Cancelled wherever it is: what was confirmed is taken out, and what was leased is given back."""
    stage = Stage()
    running = asyncio.create_task(stage.run())
    for _ in range(turns):
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert (stage.leased, stage.told) == (set(), stage.taken_out)
