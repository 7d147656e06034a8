"""The alerts that operators load ask for metrics that there are."""

import importlib
import re
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import REGISTRY

from portal_cli.paths import ROOT

RULES = Path(ROOT) / "deploy/prometheus/alerts.yaml"
WITH_METRICS = ("chassis.telemetry", "services.billing.adapters.payment_metrics")


def rules() -> list[dict[str, Any]]:
    loaded: Any = yaml.safe_load(RULES.read_text())
    return [rule for group in loaded["groups"] for rule in group["rules"]]


def test_every_alert_asks_for_a_metric_that_is_exported() -> None:
    """A name that nobody exports makes an alert that never fires."""
    for module in WITH_METRICS:
        importlib.import_module(module)
    exported: set[str] = set()
    for metric in REGISTRY.collect():
        exported |= {metric.name, f"{metric.name}_total"}
    asked = {name for rule in rules() for name in re.findall(r"portal_[a-z_]+", rule["expr"])}
    assert len(rules()) >= 7
    assert asked <= exported


def test_every_alert_says_what_to_do() -> None:
    """Each has a severity, a summary and a description, and names that are its own."""
    for rule in rules():
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert set(rule["annotations"]) == {"summary", "description"}
    assert len({rule["alert"] for rule in rules()}) == len(rules())
