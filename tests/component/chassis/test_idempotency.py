"""One answer per idempotency key."""

import asyncio
from typing import Any

import pytest
import strawberry

from chassis.graphql.fingerprints import all_that_was_there, fingerprint, what_was_given
from chassis.graphql.idempotency import (
    Idempotency,
    IdempotencyKeyInFlight,
    IdempotencyKeyReused,
    InvalidIdempotencyKey,
    Seed,
    of_kind,
)
from chassis.kernel import ConcurrentUpdate, DomainError, Unavailable, id_from_bits
from tests.component.chassis.conftest import Depot
from tests.support.chassis import OTHER_STAFF, STAFF, TooHeavy
from tests.support.chassis.formerly import FormerIdempotency
from tests.support.loop_clock import time_stands_still

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


# --- what must not be remembered, and what must ----------------------------------------------------------------------


async def test_others_getting_in_between_is_no_answer(keys: Idempotency) -> None:
    """A lost race frees the key at once, and the next request goes on with the same seed: no id is made twice."""
    work = Work(ConcurrentUpdate())
    with pytest.raises(ConcurrentUpdate, match="same request again"):
        await keys.once(STAFF, "pay", KEY, {}, work)
    work.failure = None
    assert await keys.once(STAFF, "pay", KEY, {}, work) == {"id": "inv_2"}
    assert work.seeds[0] == work.seeds[1]


def deciding(depot: Depot, parcel_id: str, *, grams: int, then: BaseException | None = None) -> Any:
    """Return work that weighs a parcel, and may not live to say so."""

    async def work(_: Seed) -> str:
        parcel = await depot.parcels.update(STAFF, parcel_id, lambda it: it.weigh(grams, depot.clock.now()))
        if then:
            raise then
        return parcel.id

    return work


async def test_a_decision_is_made_once_whatever_happened_since(keys: Idempotency, depot: Depot) -> None:
    """The document remembers the key: a retry changes nothing, also after others have changed it."""
    parcel = await depot.add_parcel()
    with pytest.raises(RuntimeError):
        await keys.once(STAFF, "weigh", KEY, {}, deciding(depot, parcel.id, grams=200, then=RuntimeError("died")))
    await keys.once(STAFF, "weigh", f"{KEY}-2", {}, deciding(depot, parcel.id, grams=300))
    assert await keys.once(STAFF, "weigh", KEY, {}, deciding(depot, parcel.id, grams=200)) == parcel.id
    assert (await depot.parcels.get(STAFF, parcel.id)).weights == [200, 300]


async def test_a_refusal_after_the_decision_is_none(depot: Depot) -> None:
    """Where the run of a retry is refused, but the document carries the decision, the answer is that it was made."""
    keys = Idempotency(depot.database["idempotency"], depot.clock, {"inv": depot.collection})
    parcel = await depot.add_parcel()
    with pytest.raises(RuntimeError):
        await keys.once(
            STAFF, "weigh", KEY, {"id": parcel.id}, deciding(depot, parcel.id, grams=200, then=RuntimeError("died"))
        )
    refused = Work(TooHeavy("A guard that sees what was done."))
    for _ in range(2):
        assert await keys.once(STAFF, "weigh", KEY, {"id": parcel.id}, refused, recall=of_kind("inv")) == parcel.id
    assert len(refused.seeds) == 1
    with pytest.raises(DomainError, match="guard"):
        await keys.once(STAFF, "weigh", f"{KEY}-2", {"id": parcel.id}, refused, recall=of_kind("inv"))


async def test_nothing_is_said_to_have_failed_after_the_decision(depot: Depot) -> None:
    """A step that cannot be made now, after the decision was stored, leaves an answer, and the rest to the next one."""
    keys = Idempotency(depot.database["idempotency"], depot.clock, {"inv": depot.collection})
    parcel, given = await depot.add_parcel(), {}
    given["id"] = parcel.id
    for expected in (1, 1):
        work = deciding(depot, parcel.id, grams=200, then=ConcurrentUpdate())
        assert await keys.once(STAFF, "weigh", KEY, given, work, recall=of_kind("inv")) == parcel.id
        assert len((await depot.parcels.get(STAFF, parcel.id)).weights) == expected
    assert await keys.once(STAFF, "weigh", KEY, given, deciding(depot, parcel.id, grams=200)) == parcel.id
    row = await depot.database["idempotency"].find_one({})
    assert row is not None
    assert row["state"] == "done"


# --- leases -----------------------------------------------------------------------------------------------------------


async def test_a_long_work_keeps_its_key(keys: Idempotency, depot: Depot) -> None:
    """The lease is renewed while the work lives: no other process begins it, however long it takes."""
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def work(_: Seed) -> str:
        begun.set()
        await may_end.wait()
        return "done"

    with time_stands_still() as clock:
        running = asyncio.create_task(keys.once(STAFF, "pay", KEY, {}, work))
        await begun.wait()
        for _ in range(12):
            held_until = await leased_until(depot)
            depot.clock.move(seconds=3.1)
            clock.advance(3.1)
            while await leased_until(depot) == held_until:
                await asyncio.sleep(0)
            with pytest.raises(IdempotencyKeyInFlight):
                await Idempotency(depot.database["idempotency"], depot.clock).once(STAFF, "pay", KEY, {}, Work())
        may_end.set()
        assert await running == "done"


async def test_who_loses_the_key_stops(keys: Idempotency, depot: Depot) -> None:
    """A process whose lease another one has, after a pause of the machine say, does not go on working."""
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def work(_: Seed) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    with time_stands_still() as clock:
        running = asyncio.create_task(keys.once(STAFF, "pay", KEY, {}, work))
        await begun.wait()
        depot.clock.move(seconds=11)
        assert await Idempotency(depot.database["idempotency"], depot.clock).once(STAFF, "pay", KEY, {}, Work()) == {
            "id": "inv_1"
        }
        clock.advance(3.1)
        with pytest.raises(IdempotencyKeyInFlight):
            await running
        assert stopped.is_set()
    assert await keys.once(STAFF, "pay", KEY, {}, Work()) == {"id": "inv_1"}


async def leased_until(depot: Depot) -> Any:
    row = await depot.database["idempotency"].find_one({})
    assert row is not None
    return row["leased_until"]


# --- two versions on one database -------------------------------------------------------------------------------------


@strawberry.input
class Paying:
    """An input of the version before."""

    amount: str
    note: str | None = None
    modes: list[str] = strawberry.field(default_factory=list)
    tip: str | None = strawberry.UNSET
    idempotency_key: str = ""


@strawberry.input
class PayingNow(Paying):
    """The same with inputs that are new."""

    message: str | None = None
    gift: bool = False


def asked(given: Any) -> dict[str, Any]:
    return {"given": what_was_given(given), "formerly": all_that_was_there(given)}


def asked_before(given: Any) -> dict[str, Any]:
    """Return what the version before compared, as it did."""
    values = strawberry.asdict(given)
    values.pop("idempotency_key")
    return values


@pytest.mark.parametrize("kind", [Paying, PayingNow])
async def test_a_key_of_the_version_before_is_recognised(depot: Depot, kind: type[Any]) -> None:
    """What was begun or answered before a deploy is gone on with after it, also where there are new inputs since."""
    former = FormerIdempotency(depot.database["idempotency"], depot.clock)
    keys = Idempotency(depot.database["idempotency"], depot.clock)
    answered = await former.once(STAFF, "pay", KEY, asked_before(Paying(amount="1")), Work())
    work = Work(RuntimeError("died"))
    with pytest.raises(RuntimeError):
        await former.once(STAFF, "pay", f"{KEY}-2", asked_before(Paying(amount="1", note="x")), work)
    depot.clock.move(seconds=1)
    work.failure = None
    assert await keys.once(STAFF, "pay", KEY, work=Work(), **asked(kind(amount="1"))) == answered
    assert await keys.once(STAFF, "pay", f"{KEY}-2", work=work, **asked(kind(amount="1", note="x"))) == {"id": "inv_2"}
    assert work.seeds[0] == work.seeds[1]
    for other in (kind(amount="2"), kind(amount="1", note="x"), kind(amount="1", tip=None)):
        with pytest.raises(IdempotencyKeyReused):
            await keys.once(STAFF, "pay", KEY, work=Work(), **asked(other))


async def test_the_version_before_recognises_our_keys(depot: Depot) -> None:
    """During a deploy, and after one that was taken back, the older version gives our answer again."""
    former = FormerIdempotency(depot.database["idempotency"], depot.clock)
    keys = Idempotency(depot.database["idempotency"], depot.clock)
    answered = await keys.once(STAFF, "pay", KEY, work=Work(), **asked(Paying(amount="1")))
    assert await former.once(STAFF, "pay", KEY, asked_before(Paying(amount="1")), Work()) == answered


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Paying(amount="1"), PayingNow(amount="1"), True),
        (Paying(amount="1"), Paying(amount="1", note=None), True),
        (Paying(amount="1"), Paying(amount="1", modes=[]), True),
        (Paying(amount="1"), Paying(amount="1", tip=strawberry.UNSET), True),
        (Paying(amount="1"), Paying(amount="1", tip=None), False),
        (Paying(amount="1"), PayingNow(amount="1", gift=True), False),
        (Paying(amount="1"), Paying(amount="1", note=""), False),
        (Paying(amount="1"), Paying(amount="1", idempotency_key="another"), True),
    ],
)
def test_what_is_not_given_does_not_count(one: Any, other: Any, same: bool) -> None:
    """Left out and given as what it is then are the same, but for a null that says something."""
    assert (fingerprint(what_was_given(one)) == fingerprint(what_was_given(other))) is same


def test_the_frozen_form_is_that_of_the_version_before() -> None:
    """What we still compare for its rows is what that version compared."""
    for given in (Paying(amount="1"), Paying(amount="1", tip=None, modes=["CARD"], note="x")):
        assert all_that_was_there(given) == asked_before(given)
