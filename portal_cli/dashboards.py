"""The dashboards for Grafana in `deploy/grafana`, one for each question; `portal chart` writes them.

A panel is a title, a unit and what it draws: pairs of an expression and a legend.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal_cli.paths import ROOT

FOLDER = ROOT / "deploy" / "grafana"
_WIDTH, _HEIGHT, _A_ROW = 12, 8, 2


@dataclass(frozen=True, slots=True)
class Panel:
    """One graph: each of `lines` is an expression and its legend; `unit` is one of Grafana's."""

    title: str
    unit: str
    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The answer to one question."""

    name: str
    question: str
    panels: Sequence[Panel]


def _rate(metric: str, by: str, chosen: str = "") -> str:
    return f"sum by ({by}) (rate({metric}{chosen}[$__rate_interval]))"


def _quantile(metric: str, by: str, share: float = 0.95) -> str:
    return f"histogram_quantile({share}, sum by (le, {by}) (rate({metric}_bucket[$__rate_interval])))"


DASHBOARDS = (
    Dashboard(
        "healthy",
        "Is the portal healthy?",
        (
            Panel(
                "Operations by outcome", "reqps", [(_rate("gateway_request_seconds_count", "outcome"), "{{outcome}}")]
            ),
            Panel(
                "Time of operations",
                "s",
                [
                    (_quantile("gateway_request_seconds", "kind"), "{{kind}} p95"),
                    (_quantile("gateway_request_seconds", "kind", 0.5), "{{kind}} p50"),
                ],
            ),
            Panel("Refused, by code", "reqps", [(_rate("gateway_refused_total", "code"), "{{code}}")]),
            Panel("Processes that answer", "short", [('sum by (service) (up{job="client-portal"})', "{{service}}")]),
            Panel("Refused, by quota", "reqps", [(_rate("gateway_quota_refused_total", "quota"), "{{quota}}")]),
            Panel("Open WebSockets", "short", [("sum(gateway_sockets)", "sockets")]),
            Panel(
                "Log-ins that fail, security events",
                "reqps",
                [
                    ("sum(rate(portal_log_in_failures_total[$__rate_interval]))", "log-ins"),
                    (_rate("portal_security_events_total", "event"), "{{event}}"),
                ],
            ),
            Panel(
                "Indexes and documents on their way",
                "short",
                [
                    ("max by (service) (portal_indexes_pending)", "{{service}}: indexes"),
                    ("max by (service, collection) (portal_backfill_left)", "{{service}} {{collection}}: documents"),
                ],
            ),
            Panel(
                "Set aside, unreadable",
                "short",
                [
                    ("max by (service, loop) (portal_set_aside)", "{{service}} {{loop}}"),
                    ("sum by (collection) (increase(portal_unreadable_total[1h]))", "{{collection}} left out"),
                ],
            ),
        ),
    ),
    Dashboard(
        "payments",
        "Are payments healthy?",
        (
            Panel("Not settled, by state", "short", [("max by (state) (portal_payments_unsettled)", "{{state}}")]),
            Panel(
                "Oldest payment of unknown outcome", "s", [("max(portal_payments_oldest_unknown_seconds)", "oldest")]
            ),
            Panel(
                "Deliveries of providers",
                "reqps",
                [(_rate("portal_payment_webhooks_total", "provider, outcome"), "{{provider}} {{outcome}}")],
            ),
            Panel(
                "Events of payments",
                "reqps",
                [(_rate("portal_events_published_total", "type", '{type=~".*payment.*"}'), "{{type}}")],
            ),
            Panel("Papers printed", "reqps", [(_rate("portal_printed_total", "outcome"), "{{outcome}}")]),
            Panel("Payments set aside", "short", [('max by (loop) (portal_set_aside{service="billing"})', "{{loop}}")]),
        ),
    ),
    Dashboard(
        "events",
        "Are events flowing?",
        (
            Panel("Oldest event not sent", "s", [("max by (service) (portal_outbox_oldest_seconds)", "{{service}}")]),
            Panel("Documents with events", "short", [("max by (service) (portal_outbox_waiting)", "{{service}}")]),
            Panel("Sent", "reqps", [(_rate("portal_events_published_total", "service"), "{{service}}")]),
            Panel(
                "Sending fails",
                "reqps",
                [(_rate("portal_outbox_failures_total", "service, reason"), "{{service}} {{reason}}")],
            ),
            Panel(
                "Reactions by outcome",
                "reqps",
                [(_rate("portal_message_seconds_count", "service, outcome"), "{{service}} {{outcome}}")],
            ),
            Panel(
                "Again, known already, unknown",
                "reqps",
                [
                    (_rate("portal_message_retries_total", "service"), "{{service}}: again"),
                    (_rate("portal_inbox_duplicates_total", "service"), "{{service}}: known already"),
                    (_rate("portal_inbox_unknown_total", "service"), "{{service}}: of unknown type"),
                ],
            ),
            Panel(
                "Not taken by other systems' queues",
                "reqps",
                [(_rate("portal_subscribers_refused_total", "reason"), "{{reason}}")],
            ),
            Panel(
                "Parked",
                "short",
                [
                    ("max by (service) (portal_parked_messages)", "{{service}} now"),
                    ("sum by (service) (increase(portal_messages_parked_total[1h]))", "{{service}} in an hour"),
                ],
            ),
            Panel(
                "Mails",
                "short",
                [
                    ("max by (service) (portal_mail_oldest_seconds)", "{{service}}: oldest, s"),
                    ("max by (service) (portal_mails_failed)", "{{service}}: failed"),
                    ("sum by (outcome) (increase(portal_mails_total[1h]))", "{{outcome}} in an hour"),
                ],
            ),
        ),
    ),
    Dashboard(
        "slow",
        "Who is slow?",
        (
            Panel("Subgraphs, p95", "s", [(_quantile("gateway_fetch_seconds", "subgraph"), "{{subgraph}}")]),
            Panel(
                "Fetches by outcome",
                "reqps",
                [(_rate("gateway_fetch_seconds_count", "subgraph, outcome"), "{{subgraph}} {{outcome}}")],
            ),
            Panel(
                "The ten slowest operations, p95",
                "s",
                [(f"topk(10, {_quantile('gateway_request_seconds', 'operation')})", "{{operation}}")],
            ),
            Panel(
                "The ten slowest of the services, p95",
                "s",
                [
                    (
                        f"topk(10, {_quantile('portal_request_seconds', 'service, operation')})",
                        "{{service}} {{operation}}",
                    )
                ],
            ),
            Panel(
                "The ten slowest reactions, p95",
                "s",
                [(f"topk(10, {_quantile('portal_message_seconds', 'service, type')})", "{{service}} {{type}}")],
            ),
            Panel(
                "CPU and memory",
                "short",
                [
                    (
                        'sum by (pod) (rate(process_cpu_seconds_total{job="client-portal"}[$__rate_interval]))',
                        "{{pod}}: cores",
                    ),
                    ('max by (pod) (process_resident_memory_bytes{job="client-portal"}) / 1e9', "{{pod}}: GB"),
                ],
            ),
            Panel(
                "The gateway's own time, p95",
                "s",
                [(f"topk(10, {_quantile('gateway_overhead_seconds', 'operation')})", "{{operation}}")],
            ),
            Panel(
                "Subgraphs that are given a pause",
                "short",
                [
                    ("max by (subgraph) (gateway_circuit_open)", "{{subgraph}}"),
                    ("sum by (subgraph) (increase(gateway_circuit_opened_total[1h]))", "{{subgraph}} in an hour"),
                ],
            ),
        ),
    ),
)


def files() -> dict[Path, str]:
    """Return the text of each dashboard."""
    return {
        FOLDER / f"{one.name}.json": json.dumps(_drawn(one), indent=1, ensure_ascii=False) + "\n" for one in DASHBOARDS
    }


def _drawn(dashboard: Dashboard) -> dict[str, Any]:
    """Return a dashboard as Grafana 9 and later import it."""
    return {
        "uid": f"portal-{dashboard.name}",
        "title": f"Portal: {dashboard.question}",
        "tags": ["client-portal"],
        "schemaVersion": 39,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {"list": [{"name": "datasource", "type": "datasource", "query": "prometheus"}]},
        "panels": [_panel(number, panel) for number, panel in enumerate(dashboard.panels)],
    }


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    across, down = number % _A_ROW * _WIDTH, number // _A_ROW * _HEIGHT
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": panel.title,
        "datasource": {"type": "prometheus", "uid": "${datasource}"},
        "gridPos": {"x": across, "y": down, "w": _WIDTH, "h": _HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "targets": [
            {"refId": chr(ord("A") + place), "expr": expression, "legendFormat": legend}
            for place, (expression, legend) in enumerate(panel.lines)
        ],
    }
