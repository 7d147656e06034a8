"""`portal doctor`: one finding for each thing, and what to do about those that are not well."""

import json
from pathlib import Path

import pytest

from chassis.mongo.client import connect
from portal_cli.doctor import run, told
from portal_cli.examining import Finding, examine
from portal_cli.ports import free_ports
from portal_cli.refusals import Refusal
from services.identity.adapters.tokens import KEYS
from services.identity.settings import IdentitySettings

SECRETS = {
    "gateway_key": "a-gateway-key-of-the-tests",
    "service_key": "a-service-key-of-the-tests",
    "identity_secret": "an-identity-secret-of-the-tests-0123",
}


@pytest.fixture
def settings(mongo_url: str, database_name: str) -> IdentitySettings:
    """Settings over a database of this test's own."""
    return IdentitySettings(**SECRETS, mongo_url=mongo_url, database_prefix=f"{database_name}_")  # pyright: ignore


async def found(settings: IdentitySettings) -> dict[str, Finding]:
    return {finding.what: finding async for finding in examine("identity", settings)}


async def test_each_thing_is_looked_at(settings: IdentitySettings) -> None:
    """A new database lacks its indexes; all else is well; a key that another secret sealed is told with what to do."""
    findings = await found(settings)
    assert {what: finding.is_well for what, finding in findings.items()} == {
        "settings": True, "database": True, "clock": True, "indexes": False, "signing keys": True,
        "second factors": True,
    }  # fmt: skip
    assert findings["indexes"].todo == "Run `portal migrate`."

    database = connect(settings.mongo_url, f"{settings.database_prefix}identity")
    await database[KEYS].insert_one({"_id": "one", "sealed": "e.y..J.h", "signs_from": None})
    await database["contacts"].insert_one({"_id": "con_1", "second_factor": {"secret": "e.y..J.h"}})
    looked_at = await found(settings)
    sealed, factors = looked_at["signing keys"], looked_at["second factors"]
    await database.drop()
    await database.close()
    assert not sealed.is_well
    assert "PORTAL_IDENTITY_SECRET_BEFORE" in sealed.todo
    assert (factors.is_well, "PORTAL_IDENTITY_SECRET_BEFORE" in factors.todo) == (False, True)


async def test_a_database_that_is_away_is_a_finding(
    settings: IdentitySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends nothing: the sentence says which variable to look at."""
    monkeypatch.setattr("portal_cli.examining.SECONDS", 0.2)
    away = settings.model_copy(update={"mongo_url": f"mongodb://127.0.0.1:{free_ports(1)[0]}/"})
    assert (await found(away))["database"].todo.startswith("The database does not answer")


def test_what_is_wrong_decides_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """0 when all is well; the same findings for people and, with `--json`, for programs; no portal is one sentence."""
    monkeypatch.setenv("PORTAL_MONGO_URL", f"mongodb://127.0.0.1:{free_ports(1)[0]}/")
    assert run(tmp_path, as_json=True) == 1
    findings = json.loads(capsys.readouterr().out)
    assert {(one["service"], one["found"], one["todo"], one["well"]) for one in findings} >= {
        ("billing", "PORTAL_GATEWAY_KEY", "Field required", False)
    }
    assert told(Finding("billing", "clock")) == "ok    billing: clock: well"
    monkeypatch.delenv("PORTAL_MONGO_URL")
    with pytest.raises(Refusal, match="No running portal uses"):
        run(tmp_path, as_json=False)
