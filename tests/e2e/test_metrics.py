"""`/metrics` of every process, while all of them work."""

import json
import re
import subprocess

import pytest

from portal_cli.dashboards import FOLDER
from portal_cli.foreign import PROMETHEUS
from portal_cli.ports import LOOPBACK
from tests.architecture.test_alerts import asked, rules
from tests.e2e.running import RunningPortal
from tests.e2e.world import Organisation, sent_invoice
from tests.support.foreign import program

pytestmark = pytest.mark.e2e


def test_prometheus_has_nothing_to_say_of_any_process(portal: RunningPortal, organisation: Organisation) -> None:
    """`promtool check metrics` over the gateway, four web processes and four workers, and no id is a label.

    Everything that an alert or a dashboard asks for is shown by one of them.
    """
    customer = organisation.add_customer("Client Ltd")
    invoice = sent_invoice(organisation, customer)["id"]
    addresses = portal.addresses
    ports = {"gateway": addresses.gateway}
    ports |= {f"{name} web": port for name, port in addresses.web.items()}
    ports |= {f"{name} worker": port for name, port in addresses.worker.items()}
    pages = {name: portal.http.get(f"http://{LOOPBACK}:{port}/metrics").text for name, port in ports.items()}
    command = [program(PROMETHEUS) / "root" / "usr" / "bin" / "promtool", "check", "metrics"]
    told = {name: subprocess.run(command, input=page, capture_output=True, text=True) for name, page in pages.items()}

    assert len(pages) == 9
    assert {name: done.stdout + done.stderr for name, done in told.items() if done.returncode} == {}
    assert [name for name, page in pages.items() if invoice in page or customer in page] == []
    shown = {stem(name) for page in pages.values() for name in re.findall(r"^# TYPE (\S+)", page, re.MULTILINE)}
    drawn = [json.loads(file.read_text()) for file in FOLDER.glob("*.json")]
    asked_for = [target["expr"] for one in drawn for panel in one["panels"] for target in panel["targets"]]
    asked_for += [rule["expr"] for rule in rules()]
    assert {stem(name) for name in asked("\n".join(asked_for))} - shown == set()


def stem(name: str) -> str:
    """Return the name of a metric without what a kind of series adds to it."""
    return re.sub(r"_(bucket|count|sum|total)$", "", name)
