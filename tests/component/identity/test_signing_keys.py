"""Stored signing keys and the secret that seals them: changed without notice, and told where it does not fit."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import pytest

from chassis.kernel import SystemClock
from chassis.mongo.client import Database, Document, connect
from chassis.readiness import Readiness
from services.identity.adapters.sealing import JweSealing
from services.identity.adapters.tokens import KEYS, SecretDoesNotFit, SigningKeys

OLD, NEW = b"the secret of yesterday, 32 bytes", b"the secret of tomorrow, 32 bytes."


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncGenerator[Database]:
    """A database of this test's own."""
    database = connect(mongo_url, database_name)
    yield database
    await database.close()


def keys(database: Database, *secrets: bytes) -> SigningKeys:
    """Return the keys as a process sees them that was started with these secrets."""
    return SigningKeys(database, secrets, SystemClock(), life=timedelta(days=90))


async def test_a_secret_that_does_not_fit_is_told_and_stops_nobody(database: Database) -> None:
    """It is one sentence of readiness; the key set is published all the same, and nothing is signed or made anew."""
    kept = keys(database, OLD)
    signing = await kept.present()
    stranger = keys(database, NEW)
    report = await Readiness({"signing keys": stranger.fit}).report()
    assert report["missing"] == ["signing keys"]
    assert "PORTAL_IDENTITY_SECRET does not open the signing keys" in report["advice"]["signing keys"]
    assert await stranger.published() == await kept.published()
    found: Any = await stranger.key(signing.id)
    assert found.as_dict(private=False) == signing.key.as_dict(private=False)
    with pytest.raises(SecretDoesNotFit):
        await stranger.present()
    assert await database[KEYS].count_documents({}) == 1


async def test_a_secret_is_changed_step_by_step(database: Database) -> None:
    """Whatever steps run side by side, all sign by the same key; sealed again, it needs the old secret no more."""
    before, first, second = keys(database, OLD), keys(database, OLD, NEW), keys(database, NEW, OLD)
    signing = await before.present()
    assert [(await one.present()).id for one in (first, second)] == [signing.id] * 2
    assert await second.seal_again(OLD) == 1
    assert await second.seal_again(OLD) == 0
    third = keys(database, NEW)
    await third.fit()
    assert (await keys(database, OLD, NEW).present()).id == (await third.present()).id == signing.id


async def test_keys_of_earlier_versions_are_read(database: Database) -> None:
    """Without a public half beside it a key is opened as before; sealing it again adds that half."""
    signing = await keys(database, OLD).present()
    await database[KEYS].update_one({"_id": signing.id}, {"$unset": {"public": ""}})
    assert (await keys(database, OLD).present()).id == signing.id
    assert await keys(database, NEW).published() == {"keys": []}
    await keys(database, NEW, OLD).seal_again(OLD)
    assert [key["kid"] for key in (await keys(database, b"x" * 32).published())["keys"]] == [signing.id]


async def test_second_factors_are_sealed_again(database: Database) -> None:
    """What the predecessor sealed opens with the present secret alone, once a worker was there; the rest is left."""
    old, both, new = JweSealing([OLD]), JweSealing([NEW, OLD]), JweSealing([NEW])
    rows: list[Document] = [
        {"_id": "stf_1", "version": 3, "second_factor": {"secret": old.seal("A", "p"), "last_step": 7}},
        {"_id": "stf_2", "version": 3, "second_factor": {"secret": new.seal("B", "p")}},
        {"_id": "stf_3", "version": 3, "second_factor": None},
    ]
    await database["staff"].insert_many([*rows])

    assert await both.seal_again([database["staff"]], "second_factor.secret", "p") == 1
    assert await both.seal_again([database["staff"]], "second_factor.secret", "p") == 0

    first, second, third = await database["staff"].find({}).sort("_id", 1).to_list()
    assert (new.open(first["second_factor"]["secret"], "p"), first["second_factor"]["last_step"]) == ("A", 7)
    assert [row["version"] for row in (first, second, third)] == [4, 3, 3]
    assert second == rows[1]
