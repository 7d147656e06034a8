"""`portal migrate`: indexes and documents brought to this version, with words; `--check` says what that would be."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pymongo
import pytest
from bson import json_util

from portal_cli.migrating import run
from portal_cli.paths import SERVICES
from portal_cli.refusals import Refusal
from tests.support.storage import Databases, quickest

RELEASE = Path(__file__).parents[2] / "releases" / "2026-11" / "documents.json"


@pytest.fixture
def prefix(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The environment of a service, with databases of this test's own."""
    url, name = databases.url(quickest()), f"m{uuid4().hex[:12]}_"
    given = {"MONGO_URL": url, "DATABASE_PREFIX": name, "GATEWAY_KEY": "k" * 16, "SERVICE_KEY": "k" * 16}
    for key, value in {**given, "IDENTITY_SECRET": "s" * 32}.items():
        monkeypatch.setenv(f"PORTAL_{key}", value)
    yield name
    with pymongo.MongoClient[dict[str, Any]](url) as client:
        for service in SERVICES:
            client.drop_database(f"{name}{service}")


@pytest.fixture
def collaboration(databases: Databases, prefix: str) -> Iterator[pymongo.database.Database[dict[str, Any]]]:
    """The database of a service as the first release left it, with a TTL of another length."""
    with pymongo.MongoClient[dict[str, Any]](databases.url(quickest())) as client:
        database = client[f"{prefix}collaboration"]
        for place, rows in json_util.loads(RELEASE.read_text()).items():
            service, name = place.split(".")
            if service == "collaboration" and rows:
                database[name].insert_many(rows)
        database["ended_sessions"].create_index([("stored_at", 1)], expireAfterSeconds=5)
        yield database


def test_a_database_is_brought_to_this_version_and_then_nothing_is_left(
    collaboration: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says what it does, does it once, and `--check` fails before and not after."""
    assert run("collaboration", check=True) == 1
    told = capsys.readouterr().out
    assert "index ended_sessions.stored_at_1: change how long rows are kept" in told
    assert "comments: bring 8 of 8 documents forward" in told
    assert "schema" not in collaboration["comments"].find_one()

    assert run("collaboration", check=False) == 0
    assert "comments: brought 8 of 8 documents forward" in capsys.readouterr().out
    assert collaboration["comments"].count_documents({"schema": 1, "listing": 1}) == 8
    assert collaboration["ended_sessions"].index_information()["stored_at_1"]["expireAfterSeconds"] > 5

    assert run("collaboration", check=True) == 0
    assert capsys.readouterr().out == "collaboration: nothing to do\n"
    assert run("collaboration", check=False) == 0
    assert re.search(r"\d+ documents looked at, 0 changed", capsys.readouterr().out)


def test_what_cannot_be_done_is_told(databases: Databases, prefix: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Rows that stand in the way of a unique index, and a document that cannot be read: all else is done."""
    with pymongo.MongoClient[dict[str, Any]](databases.url(quickest())) as client:
        client[f"{prefix}billing"]["numbers"].insert_many([{"document_id": "same"}, {"document_id": "same"}])
        client[f"{prefix}billing"]["invoices"].insert_one({"_id": "bad", "version": 1, "number_key": "k"})
        assert run("billing", check=False) == 1
        assert "document_id_1" not in client[f"{prefix}billing"]["numbers"].index_information()
        assert "number_key_1" in client[f"{prefix}billing"]["invoices"].index_information()
    told = capsys.readouterr().out
    assert "The index numbers.document_id_1 is not there" in told
    assert "Rows that share a value stand in its way" in told
    assert "invoices: 1 documents cannot be read and were left alone" in told


def test_a_service_that_there_is_not_is_refused() -> None:
    """With the names of those that there are."""
    with pytest.raises(Refusal, match="identity, billing, collaboration, notifications"):
        run("bling", check=True)
