"""What comes while one is on its way goes in few commands, and each ends as if it had been sent by itself."""

import asyncio
from collections.abc import Awaitable, Callable
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
        assert [one["_name"] for one in commands] == ["find", "insert"]
        commands.clear()
        ended = await asyncio.gather(*(keep(depot, f"b{n}", n % 2 + 1) for n in range(50)))
        assert ended == [bool(n % 2) for n in range(50)]
        assert [(one["_name"], len(one.get("updates", ()))) for one in commands] == [("find", 0), ("update", 25)]
    assert len(await stored(depot)) == 51


async def test_each_learns_how_its_own_ended(depot: Depot) -> None:
    """What is stale changes nothing and says so, in whatever company it is sent."""
    assert await keep(depot, "a", 5, 50)
    ended = await asyncio.gather(
        keep(depot, "b", 1), keep(depot, "a", 4, 40), keep(depot, "a", 6, 60), keep(depot, "c", 2)
    )
    assert ended == [True, False, True, True]
    assert await stored(depot) == {"a": (6, 60), "b": (1, 1), "c": (2, 1)}


MIXED = [
    ("new", 1, True),
    ("same", 5, False),
    ("older", 4, False),
    ("newer", 6, True),
    ("path", 1, True),
    ("other", 2, True),
]


async def test_new_stale_and_newer_ones_of_a_batch_end_each_as_by_itself(depot: Depot) -> None:
    """A batch long enough to be read first: what is inserted, left out and moved on is what one by one would be."""
    for subject in ("same", "older", "newer"):
        assert await keep(depot, subject, 5, 50)
    fields: dict[str, dict[str, Any]] = {"path": {"grams": 1, "of.what": "a nested field"}}
    mixed = [
        store_newer(depot.database["weights"], subject, sequence, fields.get(subject, {"grams": 60}))
        for subject, sequence, _ in MIXED
    ]
    assert await asyncio.gather(*mixed) == [ended for _, _, ended in MIXED]
    known = {"same": (5, 50), "older": (5, 50), "newer": (6, 60)}
    assert await stored(depot) == known | {"new": (1, 60), "path": (1, 1), "other": (2, 60)}
    row = await depot.database["weights"].find_one({"_id": "path"})
    assert row
    assert row["of"] == {"what": "a nested field"}


class Between:
    """A collection beside which something happens before one of its commands, named by method."""

    name = "weights"

    def __init__(self, depot: Depot, method: str, happens: Callable[[], Awaitable[object]]) -> None:
        self._collection: Any = depot.database["weights"]
        self._method, self._happens = method, happens

    def __getattr__(self, method: str) -> Any:
        if method != self._method:
            return getattr(self._collection, method)

        async def command(*args: Any, **named: Any) -> Any:
            await self._happens()
            return await getattr(self._collection, method)(*args, **named)

        return command


async def test_what_another_worker_made_after_the_batch_was_read_stays_where_it_is_newer(depot: Depot) -> None:
    """Two workers hold different events of the same subjects: nothing is set back, nothing is left out."""

    async def others() -> None:
        await depot.database["weights"].insert_many(
            [
                {"_id": "b0", "sequence": 9, "grams": 9, "schema": 1},
                {"_id": "b1", "sequence": 1, "grams": 1, "schema": 1},
            ]
        )

    beside: Any = Between(depot, "insert_many", others)
    ended = await asyncio.gather(*(store_newer(beside, f"b{n}", 2, {"grams": 2}) for n in range(6)))
    assert ended == [False, True, True, True, True, True]
    assert await stored(depot) == {"b0": (9, 9), **{f"b{n}": (2, 2) for n in range(1, 6)}}


async def test_a_batch_that_breaks_off_in_the_middle_is_whole_when_it_comes_again(depot: Depot) -> None:
    """The new ones are inserted when the database goes away: all of the batch come again, each with one effect."""

    async def away() -> None:
        raise ConnectionError("away")

    for n in range(3):
        assert await keep(depot, f"b{n}", 1)
    broken: Any = Between(depot, "bulk_write", away)
    sent = [store_newer(broken, f"b{n}", 2, {"grams": 2}) for n in range(6)]
    assert [type(one) for one in await asyncio.gather(*sent, return_exceptions=True)] == [ConnectionError] * 6
    assert await stored(depot) == {f"b{n}": (1, 1) if n < 3 else (2, 2) for n in range(6)}
    ended = await asyncio.gather(*(keep(depot, f"b{n}", 2, 2) for n in range(6)))
    assert ended == [True, True, True, False, False, False]
    assert await stored(depot) == {f"b{n}": (2, 2) for n in range(6)}


async def test_those_of_one_document_are_sent_one_after_the_other(depot: Depot) -> None:
    """In the order in which they came: the third is newer than what the first two leave."""
    ended = await asyncio.gather(*(keep(depot, "a", sequence, sequence) for sequence in (2, 1, 3)))
    assert (ended, await stored(depot)) == ([True, False, True], {"a": (3, 3)})


async def test_one_that_the_database_refuses_fails_alone(depot: Depot) -> None:
    """The others of the command are stored."""
    assert await keep(depot, "a", 1)
    bad = store_newer(depot.database["weights"], "a", 2, {"grams.of": "a number"})
    others = [keep(depot, one, 1) for one in "bcdef"]
    refused, *rest = await asyncio.gather(bad, *others, return_exceptions=True)
    assert (type(refused), rest) == (WriteError, [True] * 5)
    assert await stored(depot) == dict.fromkeys("abcdef", (1, 1))


async def test_a_new_one_that_the_database_refuses_fails_alone(depot: Depot) -> None:
    """It is refused where new ones are inserted."""
    collection: Any = depot.database["weights"]
    await collection.database.create_collection("weights", validator={"grams": {"$ne": 13}})
    refused, *rest = await asyncio.gather(
        keep(depot, "a", 1, 13), *(keep(depot, one, 1) for one in "bcdef"), return_exceptions=True
    )
    assert (type(refused), rest) == (WriteError, [True] * 5)
    assert await stored(depot) == dict.fromkeys("bcdef", (1, 1))


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
