"""Prometheus' own tools over what operators load into it."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY, generate_latest

from portal_cli.foreign import PROMETHEUS
from portal_cli.paths import ROOT
from tests.architecture.test_alerts import exported
from tests.support.foreign import program

FOLDER = ROOT / "deploy" / "prometheus"


def _promtool(*arguments: str | Path, given: bytes = b"") -> tuple[int, str]:
    command = [program(PROMETHEUS) / "root" / "usr" / "bin" / "promtool", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, check=False)
    return done.returncode, (done.stdout + done.stderr).decode()


def test_the_rules_are_rules() -> None:
    """Every expression can be read, and every template of a text."""
    code, said = _promtool("check", "rules", FOLDER / "alerts.yaml")

    assert code == 0, said


def test_every_alert_fires_when_it_should_and_only_then() -> None:
    """`deploy/prometheus/alerts.test.yaml`, as an operator would run it."""
    code, said = _promtool("test", "rules", FOLDER / "alerts.test.yaml")

    assert code == 0, said


@pytest.mark.parametrize(("was", "now"), [("> 300", "> 302"), ("> 300", "> 298"), ("for: 5m", "for: 7m")])
def test_a_changed_threshold_is_noticed(was: str, now: str, tmp_path: Path) -> None:
    """The tests of the rules fail where a rule waits longer, fires later or fires earlier."""
    alert = re.compile(rf"(alert: PortalEventsWait.*?){re.escape(was)}", re.DOTALL)
    (tmp_path / "alerts.yaml").write_text(alert.sub(rf"\g<1>{now}", (FOLDER / "alerts.yaml").read_text(), count=1))
    tried = yaml.safe_load((FOLDER / "alerts.test.yaml").read_text())
    tried["tests"] = [one for one in tried["tests"] if one["name"].startswith("PortalEventsWait")]
    (tmp_path / "alerts.test.yaml").write_text(yaml.safe_dump(tried))

    assert _promtool("test", "rules", tmp_path / "alerts.test.yaml")[0] != 0


def test_our_metrics_are_named_as_prometheus_wants_it() -> None:
    """`promtool check metrics` over everything that our processes show."""
    exported()

    assert _promtool("check", "metrics", given=generate_latest(REGISTRY)) == (0, "")
