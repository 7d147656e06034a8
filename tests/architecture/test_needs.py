"""What a namespace must have room for: the table in deploy/k8s/README.md is the sum of the manifests, never stale."""

import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from portal_cli.paths import ROOT

_README = ROOT / "deploy" / "k8s" / "README.md"
_UNITS = {"m": 0.001, "": 1.0, "Mi": 1.0, "Gi": 1024.0}
_ROLLOUT = 2
"""Pods that end are there until they have ended, and are not counted as surge."""


def _amount(quantity: str) -> float:
    number, unit = re.fullmatch(r"(\d+)(m|Mi|Gi|)", str(quantity)).groups()  # pyright: ignore[reportOptionalMemberAccess]
    return int(number) * _UNITS[unit]


def _manifests(overlay: str) -> list[dict[str, Any]]:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("kubectl, which renders the manifests, is not installed")
    folder = ROOT / "deploy" / "k8s" / "overlays" / overlay
    done = subprocess.run([kubectl, "kustomize", folder], check=True, capture_output=True, text=True)
    return list(yaml.load_all(done.stdout, Loader=yaml.CSafeLoader))


def _needs(overlay: str, bound: str, factor: int) -> str:
    """Return one row: pods, requested CPU and memory, limited memory, of all deployments together."""
    manifests = _manifests(overlay)
    scalers = [one["spec"] for one in manifests if one["kind"] == "HorizontalPodAutoscaler"]
    replicas = {one["scaleTargetRef"]["name"]: one[bound] * factor for one in scalers}
    cpu = memory = limit = 0.0
    for deployment in (one for one in manifests if one["kind"] == "Deployment"):
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        count, resources = replicas[deployment["metadata"]["name"]], container["resources"]
        cpu += count * _amount(resources["requests"]["cpu"])
        memory += count * _amount(resources["requests"]["memory"])
        limit += count * _amount(resources["limits"]["memory"])
    return f"{sum(replicas.values())} | {cpu:.1f} | {memory:.0f} Mi | {limit:.0f} Mi"


def test_the_table_of_needs_is_the_sum_of_the_manifests() -> None:
    """Each row, at rest and in a rollout, at the fewest and at the most pods, is what the overlays say."""
    rows = [
        f"| {overlay}, {size}{', during a rollout' if factor == _ROLLOUT else ''} | {_needs(overlay, bound, factor)} |"
        for overlay in ("production", "staging")
        for bound, size in (("minReplicas", "at rest"), ("maxReplicas", "fully scaled"))
        for factor in (1, _ROLLOUT)
    ]
    written = [line for line in _README.read_text().splitlines() if re.match(r"\| (production|staging),", line)]

    assert written == rows, "write these lines:\n" + "\n".join(rows)
