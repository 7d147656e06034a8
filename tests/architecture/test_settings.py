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

GUIDES = (
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "tests/foreign/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *(file for folder in ("docs/interface", "deploy", "examples") for file in sorted((ROOT / folder).rglob("*.md"))),
)
_CODES = {"PORTAL_ALREADY_ENABLED", "PORTAL_NOT_ENABLED"}
"""Codes of errors that look like variables."""
_ANY_OF = re.compile(r"_(?:NAME_URL|)$")
"""What stands for several: `PORTAL_SMTP_*`, `PORTAL_SUBGRAPH_NAME_URL`."""


def read_by_code() -> set[str]:
    return {name for _, kind in classes() for name in names(kind)} | _OF_PROCESSES | _SUBGRAPHS | _OF_THE_SANDBOX


@pytest.mark.parametrize("file", DEPLOYED, ids=lambda file: str(file.relative_to(ROOT)))
def test_what_is_deployed_says_nothing_that_nobody_reads(file: Path) -> None:
    """A variable that no code reads is a setting that an operator changes without effect."""
    lines = [line for line in file.read_text().splitlines() if not line.lstrip().startswith("#")]

    assert set(_VARIABLE.findall("\n".join(lines))) - read_by_code() == set()


@pytest.fixture(scope="module")
def read_anywhere() -> set[str]:
    """What processes, the command line or the tests read."""
    folders = (ROOT / name for name in ("portal_cli", "portal_ui", "tests/support", "tests/browser", "tests/e2e"))
    return read_by_code().union(*(_VARIABLE.findall(file.read_text()) for one in folders for file in one.rglob("*.py")))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: str(guide.relative_to(ROOT)))
def test_every_variable_of_a_guide_is_read(guide: Path, read_anywhere: set[str]) -> None:
    """A name that nobody reads is set at night without effect; a beginning of names is that of some."""
    told = set(_VARIABLE.findall(guide.read_text("utf-8"))) - read_anywhere - _CODES
    beginnings = {name: _ANY_OF.sub("_", name) for name in told if _ANY_OF.search(name)}

    assert [name for name in told if name not in beginnings] == []
    assert [one for one in beginnings.values() if not any(name.startswith(one) for name in read_by_code())] == []


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
