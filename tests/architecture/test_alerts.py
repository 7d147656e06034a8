"""What operators load, alerts and dashboards, asks for metrics that there are, and each alert has its page."""

import importlib
import json
import re
from pathlib import Path
from typing import Any, cast

import yaml
from prometheus_client import REGISTRY

from portal_cli.dashboards import FOLDER
from portal_cli.paths import ROOT

RULES = Path(ROOT) / "deploy/prometheus/alerts.yaml"
TESTS = RULES.with_name("alerts.test.yaml")
RUNBOOKS = Path(ROOT) / "docs/runbooks.md"
WITH_METRICS = (
    "chassis.telemetry",
    "services.billing.adapters.payment_metrics",
    "services.billing.api.webhooks",
    "gateway.observe",
    "gateway.subgraphs.breaker",
)
GROWS_WITH_THE_CODE = {
    *("service", "type", "kind", "outcome", "reason", "loop", "collection", "event", "provider", "state", "code"),
    *("operation", "subgraph", "quota"),
}
"""Labels whose values our code or a schema lists; the gateway's `operation` is the clients', and bounded."""
_NAME = re.compile(r"\b(?:portal|gateway)_[a-z_]+")


def rules() -> list[dict[str, Any]]:
    loaded: Any = yaml.safe_load(RULES.read_text())
    return [rule for group in loaded["groups"] for rule in group["rules"]]


def exported() -> set[str]:
    """Return the names of all series that our processes show."""
    for module in WITH_METRICS:
        importlib.import_module(module)
    endings = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}
    return {f"{metric.name}{ending}" for metric in REGISTRY.collect() for ending in endings.get(metric.type, ("",))}


def asked(text: str) -> set[str]:
    return set(_NAME.findall(text))


def test_every_alert_asks_for_a_metric_that_is_exported() -> None:
    """A name that nobody exports makes an alert that never fires."""
    assert len(rules()) >= 18
    assert asked("\n".join(rule["expr"] for rule in rules())) <= exported()


def test_every_dashboard_asks_for_a_metric_that_is_exported() -> None:
    """A name that nobody exports makes a panel that stays empty; and what we export is drawn somewhere."""
    drawn = [json.loads(file.read_text()) for file in FOLDER.glob("*.json")]
    expressions = [target["expr"] for one in drawn for panel in one["panels"] for target in panel["targets"]]
    ours = {name for name in exported() if _NAME.fullmatch(name)}
    stems = {re.sub(r"_(bucket|count|sum|total)$", "", name) for name in ours}
    shown = {re.sub(r"_(bucket|count|sum|total)$", "", name) for name in asked("\n".join(expressions))}

    assert len(drawn) == 4
    assert asked("\n".join(expressions)) <= exported()
    assert stems - shown == {"portal_backfill_seen", "portal_backfill_mended", "portal_backfill_unreadable"}


def test_every_alert_says_what_to_do() -> None:
    """Each has a severity, a summary, a description, a section of the runbook, and a name that is its own."""
    sections = [line.removeprefix("## ") for line in RUNBOOKS.read_text().splitlines() if line.startswith("## ")]
    for rule in rules():
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert set(rule["annotations"]) == {"summary", "description", "runbook"}
        assert rule["annotations"]["runbook"] == f"docs/runbooks.md#{rule['alert'].lower()}"
    assert len({rule["alert"] for rule in rules()}) == len(rules())
    assert [name for name in sections if name.startswith("Portal")] == [rule["alert"] for rule in rules()]


def test_every_alert_was_seen_to_fire_and_to_keep_quiet() -> None:
    """`alerts.test.yaml` has both for each; tests/foreign/test_prometheus.py runs it."""
    told = [one["name"] for one in yaml.safe_load(TESTS.read_text())["tests"]]

    assert told == [f"{rule['alert']} {ending}" for rule in rules() for ending in ("fires", "keeps quiet")]


def test_no_label_is_somebody_else_s_choice() -> None:
    """Labels are words of our code: no ids, addresses or texts, so that the number of series is bounded."""
    exported()
    labels = {
        name
        for metric in REGISTRY.collect()
        if metric.name.startswith(("portal_", "gateway_"))
        for sample in metric.samples
        for name in sample.labels
    }
    declared = {
        name
        for collector, names in cast(Any, REGISTRY)._collector_to_names.items()
        for name in (*getattr(collector, "_labelnames", ()), *getattr(collector, "_labels", ()))
        if any(own.startswith(("portal_", "gateway_")) for own in names)
    }

    assert (labels - {"le"}) | declared <= GROWS_WITH_THE_CODE
    assert len(declared) > 8
