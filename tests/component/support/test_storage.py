"""The database fixtures."""

from typing import Any

import pymongo


def test_a_document_is_stored_and_read_back(mongo_url: str, database_name: str) -> None:
    """The server that `mongo_url` names keeps documents."""
    with pymongo.MongoClient[dict[str, Any]](mongo_url) as client:
        client[database_name].things.insert_one({"_id": 1, "name": "one"})

        assert client[database_name].things.find_one() == {"_id": 1, "name": "one"}


def test_every_service_has_a_database_of_its_own(mongo_urls: dict[str, str]) -> None:
    """`mongo_urls` names four different servers."""
    assert len(set(mongo_urls.values())) == 4
