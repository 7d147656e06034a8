"""`portal person`, as an operator calls it beside a running portal."""

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from portal_cli import person
from portal_cli.refusals import Refusal
from tests.e2e.running import SERVICES
from tests.e2e.world import Organisation, sent_invoice
from tests.support.waiting import wait_until

pytestmark = pytest.mark.e2e


@pytest.fixture(autouse=True)
def environment(mongo_urls: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What the operator's environment names: a database server for each service."""
    for service in SERVICES:
        monkeypatch.setenv(f"PORTAL_MONGO_URL_{service.upper()}", mongo_urls[service])


def test_a_person_is_exported_erased_and_erased_again(
    organisation: Organisation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file is for the operator's eyes only; `state` says when all services are done, and stays so."""
    customer = organisation.add_customer("Client Ltd")
    zoe = organisation.welcome(customer, "Zoe Quastenflosser")
    sent_invoice(organisation, customer)
    assert person.state(zoe.id) == 1
    assert exported(zoe.id, tmp_path / "before.json") >= {"identity", "notifications"}
    assert "Quastenflosser" in (tmp_path / "before.json").read_text()
    assert (tmp_path / "before.json").stat().st_mode & 0o777 == 0o600

    assert person.erase(zoe.id) == 0
    wait_until(lambda: person.state(zoe.id) == 0)
    with pytest.raises(Refusal, match="erased"):
        person.erase(zoe.id)
    capsys.readouterr()
    assert (person.again(), person.state(zoe.id)) == (0, 0)
    said = capsys.readouterr().out
    assert "erased contacts are erased again" in said
    assert [line.partition(" at ")[0] for line in said.splitlines() if " at " in line] == [
        f"{service}: erased" for service in SERVICES
    ]
    exported(zoe.id, tmp_path / "after.json")
    assert "Quastenflosser" not in (tmp_path / "after.json").read_text()


def exported(contact_id: str, to: Path) -> set[str]:
    """Return which services have written something about a contact into the file."""
    assert person.export(contact_id, to) == 0
    told = json.loads(to.read_text())
    assert told["contact"] == contact_id
    return {item["service"] for item in told["items"]}


@pytest.mark.parametrize(
    ("contact_id", "said"),
    [("inv_1", "is no ID of a contact"), ("con_01m8pxze7aerv829fah1ydw1zt", "There is no contact")],
)
def test_who_is_nobody_is_a_sentence(contact_id: str, said: str, tmp_path: Path) -> None:
    """Neither the export nor the erasure of somebody unknown is a traceback, and nothing is written."""
    to = tmp_path / "none.json"
    for call in (partial(person.erase), partial(person.state), partial(person.export, to=to)):
        with pytest.raises(Refusal, match=said):
            call(contact_id)
    assert not to.exists()
