"""`portal backup` and `portal restore`, as an operator calls them."""

from pathlib import Path
from uuid import uuid4

import pymongo
import pytest

from portal_cli import backups
from portal_cli.backups import back_up, bring_back
from portal_cli.refusals import Refusal

pytestmark = pytest.mark.storage


@pytest.fixture
def prefix(mongo_urls: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """The environment of collaboration, with databases of this test's own."""
    named = f"t{uuid4().hex[:8]}_"
    told = {"MONGO_URL": mongo_urls["collaboration"], "GATEWAY_KEY": "g" * 32, "SERVICE_KEY": "s" * 32}
    for name, value in {**told, "DATABASE_PREFIX": named}.items():
        monkeypatch.setenv(f"PORTAL_{name}", value)
    return named


def _write(url: str, prefix: str, *names: str) -> None:
    with pymongo.MongoClient[dict[str, str]](url) as client:
        client[f"{prefix}collaboration"]["threads"].insert_many([{"_id": name} for name in names])


def _drop(url: str, prefix: str) -> None:
    with pymongo.MongoClient[dict[str, str]](url) as client:
        client.drop_database(f"{prefix}collaboration")


def _read(url: str, prefix: str) -> list[str]:
    with pymongo.MongoClient[dict[str, str]](url) as client:
        return sorted(row["_id"] for row in client[f"{prefix}collaboration"]["threads"].find())


def test_a_backup_comes_back(
    prefix: str, mongo_urls: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The newest whole one, unless an earlier time is asked for; what a killed backup left is not looked at."""
    url = mongo_urls["collaboration"]
    _write(url, prefix, "one")
    (tmp_path / "collaboration" / ".20200101T000000Z.part").mkdir(parents=True)
    back_up("collaboration", tmp_path, keep=0)
    (made,) = (tmp_path / "collaboration").iterdir()
    made.rename(made.with_name("20261130T021700Z"))
    _write(url, prefix, "two")
    back_up("collaboration", tmp_path, keep=2)

    found: list[list[str]] = []
    for at in ("", "20261130T021700Z"):
        _drop(url, prefix)
        assert bring_back("collaboration", tmp_path, at) == 0
        found.append(_read(url, prefix))

    assert found == [["one", "two"], ["one"]]
    assert "run `portal migrate collaboration`" in capsys.readouterr().out


def test_only_the_newest_are_kept(prefix: str, tmp_path: Path) -> None:
    """`--keep 2` takes the oldest away, and only once the new one is whole."""
    for name in ("20260101T000000Z", "20260102T000000Z", "20260103T000000Z"):
        (tmp_path / "collaboration" / name).mkdir(parents=True)

    back_up("collaboration", tmp_path, keep=2)

    old, _new = sorted(one.name for one in (tmp_path / "collaboration").iterdir())
    assert old == "20260103T000000Z"


@pytest.mark.parametrize(
    ("service", "at", "said"),
    [
        ("pears", "", "There is no service pears"),
        ("collaboration", "yesterday", "yesterday cannot be read as a time"),
        ("collaboration", "20200101T000000Z", "There is no backup of collaboration"),
    ],
)
def test_what_cannot_be_restored_is_said(prefix: str, service: str, at: str, said: str, tmp_path: Path) -> None:
    """One sentence each, and nothing is written."""
    with pytest.raises(Refusal, match=said):
        bring_back(service, tmp_path, at)


def test_a_database_in_use_is_said(prefix: str, mongo_urls: dict[str, str], tmp_path: Path) -> None:
    """A restore beside what is there is refused, with the database's name."""
    _write(mongo_urls["collaboration"], prefix, "one")
    back_up("collaboration", tmp_path, keep=0)

    with pytest.raises(Refusal, match=f"{prefix}collaboration is not empty"):
        bring_back("collaboration", tmp_path, "")


def test_a_database_that_is_away_is_said(prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And no backup is left that looks like one."""
    monkeypatch.setenv("PORTAL_MONGO_URL", "mongodb://127.0.0.1:1/")
    monkeypatch.setattr(backups, "TIMEOUT_MS", 100)

    with pytest.raises(Refusal, match="collaboration: it cannot be done now"):
        back_up("collaboration", tmp_path, keep=0)
    assert [one.name for one in (tmp_path / "collaboration").iterdir() if not one.name.startswith(".")] == []
