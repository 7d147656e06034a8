"""Upserts that come while one is on its way go in one command, and each ends as if it had been sent by itself."""

import asyncio
from typing import Any

import pytest
from pymongo.errors import WriteError

from chassis.mongo.projections import store_newer
from tests.component.chassis.conftest import Depot
from tests.support.commands import recorded


async def stored(depot: Depot) -> dict[str, Any]:
    rows = await depot.database["weights"].find({}).to_list()
    return {row["_id"]: (row["sequence"], row["grams"]) for row in rows}


async def keep(depot: Depot, subject: str, sequence: int, grams: Any = 1) -> bool:
    return await store_newer(depot.database["weights"], subject, sequence, {"grams": grams})


async def test_one_alone_waits_for_nobody_and_many_share_a_command(depot: Depot) -> None:
    """The first leaves in the command that it always was; all others that came meanwhile are in one more."""
    with recorded(depot.database.name) as commands:
        assert await keep(depot, "a", 1)
        assert len(commands) == 1
        commands.clear()
        assert all(await asyncio.gather(*(keep(depot, f"b{n}", 1) for n in range(50))))
    assert [len(one["updates"]) for one in commands if one["_name"] == "update"] == [50]
    assert len(await stored(depot)) == 51


async def test_each_learns_how_its_own_ended(depot: Depot) -> None:
    """What is stale changes nothing and says so, in whatever company it is sent."""
    assert await keep(depot, "a", 5, 50)
    ended = await asyncio.gather(
        keep(depot, "b", 1), keep(depot, "a", 4, 40), keep(depot, "a", 6, 60), keep(depot, "c", 2)
    )
    assert ended == [True, False, True, True]
    assert await stored(depot) == {"a": (6, 60), "b": (1, 1), "c": (2, 1)}


async def test_those_of_one_document_are_sent_one_after_the_other(depot: Depot) -> None:
    """In the order in which they came: the third is newer than what the first two leave."""
    ended = await asyncio.gather(*(keep(depot, "a", sequence, sequence) for sequence in (2, 1, 3)))
    assert (ended, await stored(depot)) == ([True, False, True], {"a": (3, 3)})


async def test_one_that_the_database_refuses_fails_alone(depot: Depot) -> None:
    """The others of the command are stored."""
    assert await keep(depot, "a", 1)
    bad = store_newer(depot.database["weights"], "a", 2, {"grams.of": "a number"})
    first, refused, last = await asyncio.gather(keep(depot, "b", 1), bad, keep(depot, "c", 1), return_exceptions=True)
    assert (first, type(refused), last) == (True, WriteError, True)
    assert await stored(depot) == dict.fromkeys("abc", (1, 1))


async def test_one_that_is_no_longer_waited_for_is_no_obstacle(depot: Depot) -> None:
    """Its caller was cancelled: the others go on."""
    given_up = asyncio.create_task(keep(depot, "a", 1))
    others = [asyncio.create_task(keep(depot, f"b{n}", 1)) for n in range(3)]
    await asyncio.sleep(0)
    given_up.cancel()
    assert await asyncio.gather(*others) == [True] * 3
    assert await keep(depot, "d", 1)


async def test_a_database_that_is_away_fails_all_of_them(depot: Depot) -> None:
    """Each message comes again by itself, and whoever comes later begins anew."""
    collection: Any = depot.database["weights"]

    class Away:
        name = "weights"

        async def update_one(self, *_: Any, **__: Any) -> None:
            raise ConnectionError("away")

        async def bulk_write(self, *_: Any, **__: Any) -> None:
            raise ConnectionError("away")

    away: Any = Away()
    sent = (store_newer(away, one, 1, {}) for one in "abc")
    assert [type(one) for one in await asyncio.gather(*sent, return_exceptions=True)] == [ConnectionError] * 3
    with pytest.raises(ConnectionError):
        await store_newer(away, "a", 1, {})
    assert await store_newer(collection, "a", 1, {"grams": 1})
