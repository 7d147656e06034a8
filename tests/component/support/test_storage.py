"""The database fixtures."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pymongo

from tests.support.soak import only_long, soak
from tests.support.storage import running_secantusdb


def test_a_document_is_stored_and_read_back(mongo_url: str, database_name: str) -> None:
    """The server that `mongo_url` names keeps documents."""
    with pymongo.MongoClient[dict[str, Any]](mongo_url) as client:
        client[database_name].things.insert_one({"_id": 1, "name": "one"})

        assert client[database_name].things.find_one() == {"_id": 1, "name": "one"}


def test_every_service_has_a_database_of_its_own(mongo_urls: dict[str, str]) -> None:
    """`mongo_urls` names four different servers."""
    assert len(set(mongo_urls.values())) == 4


@soak
@only_long
def test_what_is_past_by_the_real_clock_is_kept(tmp_path: Path) -> None:
    """A daemon of the tests does not delete by time, which goes on while their clocks stand in March."""
    with running_secantusdb(tmp_path / "kept") as [url], pymongo.MongoClient[dict[str, Any]](url) as client:
        things = client.kept.things
        things.create_index("at", expireAfterSeconds=1)
        things.insert_one({"_id": 1, "at": datetime(2026, 3, 9, tzinfo=UTC)})
        time.sleep(70)
        assert things.count_documents({}) == 1
