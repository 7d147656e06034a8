"""The guard of a loop: its own faults set an item aside, outages do not, and neither stops the others."""

import pytest

from chassis.guard import DOWN_IN_A_ROW, FIRST_PAUSE, LONGEST_PAUSE, Guard, MemoryAside, Pace, Round, in_turns
from chassis.guard import pause_after as pause
from chassis.kernel import NewerVersion
from tests.support.chassis import ManualClock


class World:
    """A loop over words, some of which fail."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.aside = MemoryAside(self.clock)
        self.guard = Guard("words", self.aside, self.clock)
        self.fails: dict[str, Exception] = {}
        self.done: list[str] = []

    async def work(self, word: str) -> None:
        if word in self.fails:
            raise self.fails[word]
        self.done.append(word)

    async def round(self, *words: str, at_once: int = 1) -> Round:
        return await self.guard.each(words, lambda word: f"words/{word}", self.work, at_once=at_once)


@pytest.mark.parametrize("at_once", [1, 3])
async def test_an_items_own_fault_stops_no_other(at_once: int) -> None:
    """It is noted, passed over while it rests, tried again, and forgotten when it succeeds."""
    world = World()
    world.fails["bad"] = KeyError("x")
    made = await world.round("a", "bad", "b", at_once=at_once)
    assert (sorted(world.done), made.done, made.aside, made.down) == (["a", "b"], 2, 1, None)
    assert (await world.round("bad")).aside == 0
    world.clock.move(seconds=FIRST_PAUSE.total_seconds())
    assert (await world.round("bad")).aside == 1
    assert world.aside.kept["words"]["words/bad"][0] == 2
    world.fails.clear()
    world.clock.move(hours=1)
    assert (await world.round("bad")).done == 1
    assert world.aside.kept["words"] == {}


async def test_an_outage_counts_against_nothing_and_ends_the_round() -> None:
    """One item may lack a dependency of its own; when several in a row do, the rest would too."""
    world = World()
    world.fails = {word: ConnectionResetError() for word in "bcdefg"}
    made = await world.round(*"abcdefg")
    assert (world.done, made.aside, world.aside.kept) == (["a"], 0, {})
    assert (made.in_a_row, made.is_over) == (DOWN_IN_A_ROW, True)
    world.fails = {word: ConnectionResetError() for word in "aceg"}
    assert not (await world.round(*"abcdefg")).is_over


async def test_what_a_newer_version_wrote_is_set_aside_by_loops() -> None:
    """A message waits for it; a loop goes on with the next item."""
    world = World()
    world.fails["new"] = NewerVersion()
    assert ((await world.round("new", "a")).aside, world.done) == (1, ["a"])


def test_pauses_grow_and_end() -> None:
    """From 15 s to an hour, however often it fails."""
    pauses = [pause(attempts) for attempts in range(1, 200)]
    assert (pauses[0], pauses[1], pauses[-1]) == (FIRST_PAUSE, 2 * FIRST_PAUSE, LONGEST_PAUSE)
    assert pauses == sorted(pauses)


def test_the_pace_of_rounds() -> None:
    """No pause while there is work, the usual one when there is none, growing ones through an outage."""
    pace, down = Pace(2.0), Round(done=1, down=ConnectionResetError())
    assert (pace.after(Round(done=1)), pace.after(Round())) == (0.0, 2.0)
    assert [pace.after(down) for _ in range(5)] == [4.0, 8.0, 16.0, 30.0, 30.0]
    assert (pace.after(Round()), pace.after(down)) == (2.0, 4.0)


def test_owners_take_turns() -> None:
    """The first of each, then the second of each; everybody's own order stays."""
    rows = ["a1", "a2", "a3", "b1", "c1", "b2"]
    assert in_turns(rows, lambda row: row[0]) == ["a1", "b1", "c1", "a2", "b2", "a3"]
