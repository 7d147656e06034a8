"""One answer per idempotency key."""

import asyncio
from typing import Any

import pytest

from services.chassis.graphql.idempotency import (
    Idempotency,
    IdempotencyKeyInFlight,
    IdempotencyKeyReused,
    InvalidIdempotencyKey,
    Seed,
)
from services.chassis.kernel import DomainError, Unavailable, id_from_bits
from tests.component.chassis.conftest import Depot
from tests.support.chassis import OTHER_STAFF, STAFF, TooHeavy

KEY = "0123456789abcdef"


class Work:
    """Something that must happen once."""

    def __init__(self, failure: BaseException | None = None) -> None:
        self.seeds: list[Seed] = []
        self.failure = failure

    async def __call__(self, seed: Seed) -> Any:
        self.seeds.append(seed)
        if self.failure:
            raise self.failure
        return {"id": f"inv_{len(self.seeds)}"}


@pytest.fixture
def keys(depot: Depot) -> Idempotency:
    return Idempotency(depot.database["idempotency"], depot.clock)


async def test_the_first_answer_is_given_again(keys: Idempotency) -> None:
    """The same key and input do the work once and give the same answer."""
    work = Work()
    answers = [await keys.once(STAFF, "pay", KEY, {"amount": "1"}, work) for _ in range(3)]
    assert (answers, len(work.seeds)) == ([{"id": "inv_1"}] * 3, 1)


async def test_a_refusal_is_given_again(keys: Idempotency) -> None:
    """A refusal is an answer too: the same code, message and field, without doing the work again."""
    work = Work(TooHeavy("Too heavy.", field=("grams",)))
    for _ in range(2):
        with pytest.raises(DomainError) as refused:
            await keys.once(STAFF, "pay", KEY, {}, work)
        assert (refused.value.code, refused.value.message, refused.value.field) == (
            "TOO_HEAVY",
            "Too heavy.",
            ("grams",),
        )
    assert len(work.seeds) == 1


async def test_what_could_not_be_decided_is_no_answer(keys: Idempotency) -> None:
    """When somebody who knows did not answer, the next request does the work, at once and with the same seed."""

    class NobodyKnows(Unavailable):
        """Nobody knows."""

    work = Work(NobodyKnows("Please try again."))
    with pytest.raises(NobodyKnows):
        await keys.once(STAFF, "pay", KEY, {}, work)
    work.failure = None
    assert await keys.once(STAFF, "pay", KEY, {}, work) == {"id": "inv_2"}
    assert work.seeds[0] == work.seeds[1]


async def test_another_input_is_refused(keys: Idempotency) -> None:
    """The same key with another input is an error."""
    await keys.once(STAFF, "pay", KEY, {"amount": "1"}, Work())
    with pytest.raises(IdempotencyKeyReused):
        await keys.once(STAFF, "pay", KEY, {"amount": "2"}, Work())


async def test_keys_of_others_and_of_other_operations_are_independent(keys: Idempotency) -> None:
    """A key belongs to one principal and one operation."""
    work = Work()
    await keys.once(STAFF, "pay", KEY, {}, work)
    await keys.once(OTHER_STAFF, "pay", KEY, {}, work)
    await keys.once(STAFF, "send", KEY, {}, work)
    assert len({seed.bits for seed in work.seeds}) == 3


async def test_while_the_first_runs_the_second_is_a_conflict(keys: Idempotency) -> None:
    """Twenty at once: one does the work, the others are told that it runs or get its answer."""
    work = Work()

    async def slow(seed: Seed) -> Any:
        await asyncio.sleep(0)
        return await work(seed)

    results = await asyncio.gather(*(keys.once(STAFF, "pay", KEY, {}, slow) for _ in range(20)), return_exceptions=True)
    assert len(work.seeds) == 1
    assert {type(result) for result in results} <= {dict, IdempotencyKeyInFlight}


async def test_a_crash_lets_the_next_try_do_the_work_with_the_same_seed(keys: Idempotency, depot: Depot) -> None:
    """After an unexpected failure the work may run again, with the seed from which its ids are made."""
    work = Work(RuntimeError("crash"))
    with pytest.raises(RuntimeError):
        await keys.once(STAFF, "pay", KEY, {}, work)
    depot.clock.move(seconds=1)
    work.failure = None
    await keys.once(STAFF, "pay", KEY, {}, work)
    assert work.seeds[0] == work.seeds[1]


async def test_a_process_that_died_frees_its_key_when_the_lease_ends(keys: Idempotency, depot: Depot) -> None:
    """A key whose process was killed is a conflict until its lease ends, and then is worked on again."""
    begun = asyncio.Event()

    async def endless(_: Seed) -> None:
        begun.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(keys.once(STAFF, "pay", KEY, {}, endless))
    await begun.wait()
    with pytest.raises(IdempotencyKeyInFlight):
        await keys.once(STAFF, "pay", KEY, {}, Work())
    depot.clock.move(seconds=31)
    assert await keys.once(STAFF, "pay", KEY, {}, Work()) == {"id": "inv_1"}
    running.cancel()


async def test_ids_made_of_a_key_sort_by_time(keys: Idempotency, depot: Depot) -> None:
    """What a later request creates sorts after what an earlier one created, whatever their keys are."""
    work = Work()
    for n in range(20):
        await keys.once(STAFF, "pay", f"{KEY}-{n}", {}, work)
        depot.clock.move(seconds=0.001)
    ids = [(id_from_bits("inv", seed.bits), id_from_bits("inv", seed.derive("other"))) for seed in work.seeds]
    assert ids == sorted(ids)
    assert len({one for pair in ids for one in pair}) == 40


@pytest.mark.parametrize("key", ["", "short", "x" * 256, "with space", "línea-de-ocho", "line\nbreak"])
async def test_a_key_that_is_none_is_refused(keys: Idempotency, key: str) -> None:
    """Keys have 8 to 255 visible ASCII characters."""
    work = Work()
    with pytest.raises(InvalidIdempotencyKey):
        await keys.once(STAFF, "pay", key, {}, work)
    assert work.seeds == []
