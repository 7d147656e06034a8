"""Settings: what is deployed says only what code reads, and an operator can read of everything that code reads."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_core import PydanticUndefined

from portal_cli.checked_in import CheckedIn
from portal_cli.paths import ROOT, SERVICES
from portal_cli.settings_table import COMMAND, FILE, classes, files, names

_K8S = ROOT / "deploy" / "k8s"
_OF_PROCESSES = {"PORTAL_DRAIN_SECONDS", "PORTAL_MONGO_DRIVER", "PORTAL_PROCESSES", "PORTAL_WITH_INTERFACE"}
_SUBGRAPHS = {f"PORTAL_SUBGRAPH_{service.upper()}_URL" for service in SERVICES}
_OF_THE_SANDBOX = {"PAYMENT_SANDBOX_SECRET_KEY", "PAYMENT_SANDBOX_WEBHOOK_SECRET"}
_VARIABLE = re.compile(r"\b(?:PORTAL|PAYMENT_SANDBOX)_[A-Z0-9_]+\b")
DEPLOYED = (
    ROOT / "docker-compose.yml",
    ROOT / "Dockerfile",
    ROOT / "deploy" / "chart" / "values.yaml",
    *(file for file in sorted(_K8S.rglob("*")) if file.suffix in {".yaml", ".env"}),
)


def read_by_code() -> set[str]:
    return {name for _, kind in classes() for name in names(kind)} | _OF_PROCESSES | _SUBGRAPHS | _OF_THE_SANDBOX


@pytest.mark.parametrize("file", DEPLOYED, ids=lambda file: str(file.relative_to(ROOT)))
def test_what_is_deployed_says_nothing_that_nobody_reads(file: Path) -> None:
    """A variable that no code reads is a setting that an operator changes without effect."""
    lines = [line for line in file.read_text().splitlines() if not line.lstrip().startswith("#")]

    assert set(_VARIABLE.findall("\n".join(lines))) - read_by_code() == set()


@pytest.mark.parametrize("service", [*SERVICES, "gateway"])
def test_what_a_process_cannot_start_without_is_deployed(service: str) -> None:
    """Required settings, and those whose default is an address of one machine, are in the manifests and in Compose."""
    kind = dict(classes())[service]
    needed = {
        f"PORTAL_{name.upper()}"
        for name, field in kind.model_fields.items()
        if (field.default is PydanticUndefined and field.default_factory is None) or "127.0.0.1" in str(field.default)
    } - {"PORTAL_SUPERGRAPH"}

    assert needed - _told_in_kubernetes(service) == set()
    assert needed - _told_in_compose(service) == set()


def _told_in_kubernetes(service: str) -> set[str]:
    settings = {line.split("=")[0] for line in (_K8S / "base" / "settings.env").read_text().split()}
    secrets = yaml.safe_load_all((_K8S / "secrets.example.yaml").read_text())
    (secret,) = [one for one in secrets if one["metadata"]["name"] == f"portal-{service}"]
    return settings | set(secret["stringData"])


def _told_in_compose(service: str) -> set[str]:
    services: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    told = services["gateway" if service == "gateway" else f"{service}-web"]["environment"]
    return set(told) | ({"PORTAL_PORTAL_URL"} if service == "gateway" else set())


def test_an_operator_can_read_of_every_setting() -> None:
    """docs/settings.md is what the classes say now, and no setting is without a sentence."""
    assert CheckedIn(files(), COMMAND).difference() == ""
    assert [line for line in FILE.read_text().splitlines() if line.endswith("|  |")] == []
    assert {name for _, kind in classes() for name in names(kind)} <= set(_VARIABLE.findall(FILE.read_text()))
