"""Everywhere that a service has to be named, it is: adding one to `SERVICES` makes this say what else is to be done.

`CONTRIBUTING.md` leads here. Files that only a service itself knows (its domain, its use cases) are not listed.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields

import pytest

from portal_cli.command_line import Service
from portal_cli.embedded import Ports
from portal_cli.event_contract import SERVICE_TAGS
from portal_cli.paths import ROOT, SERVICES

FILES = (
    *(f"services/{{}}/{file}.py" for file in ("settings", "bootstrap", "app", "worker", "api/schema")),
    *(f"services/{{}}/messaging/{file}.py" for file in ("published", "consumed", "consumers", "examples")),
    "services/{}/domain/events.py",
    "services/{}/application/__init__.py",
    "deploy/k8s/base/{}.yaml",
    "tests/contract/test_{}_schema.py",
)
"""What each service has, by its name."""
_JOBS = ("migrate", "backup", "restore")
MENTIONS = {
    "README.md": ("| [{}](services/{}) |", "the table of services"),
    "docker-compose.yml": ("{}-web:", "its web process"),
    "docker-compose.yml ": ("{}-worker:", "its worker"),
    "deploy/k8s/base/kustomization.yaml": ("- {}.yaml", "its manifest among the resources"),
    "deploy/k8s/base/network.yaml": ("{}", "the policies that let it be reached"),
    "deploy/k8s/base/settings.env": ("PORTAL_SUBGRAPH_{upper}_URL=", "where the gateway finds it"),
    "deploy/k8s/secrets.example.yaml": ("name: portal-{}", "its secret"),
    "deploy/k8s/components/secrets-from-files/kustomization.yaml": ("name: portal-{}", "its secret, from a file"),
    "deploy/k8s/components/external-secrets/secrets.yaml": ("name: portal-{}", "its secret, from a store outside"),
    "deploy/k8s/components/keda/workers.yaml": ("name: {}-worker", "what its worker is scaled by"),
    **{f"deploy/k8s/jobs/{job}/jobs.yaml": (f"name: portal-{job}-{{}}", "its job") for job in _JOBS},
    "deploy/k8s/stores/mongodb/mongodb.yaml": ("- name: {}", "its user"),
    "deploy/k8s/stores/rabbitmq/rabbitmq.yaml": ("name: {}", "its user and what that may do"),
    "deploy/chart/values.yaml": ("{}: portal-{}", "its secret (`portal_cli/chart_files.py`, then `./portal chart`)"),
}
"""Files that name every service: what stands there, and what it is."""
CONTRACTS = {
    "bounded-contexts": "modules",
    "service-layers": "containers",
    "chassis-below": "forbidden_modules",
    "driver-owners": "source_modules",
    "gateway-alone": "forbidden_modules",
}
"""Layering rules of `pyproject.toml` that list the services."""


def missing(service: str) -> Iterator[str]:
    """Yield each place that does not know a service, as a sentence that says what belongs there."""
    yield from (f"{file.format(service)} is missing" for file in FILES if not (ROOT / file.format(service)).exists())
    for file, (text, what) in MENTIONS.items():
        wanted = text.format(service, service, upper=service.upper())
        if wanted not in (ROOT / file.strip()).read_text("utf-8"):
            yield f"{file.strip()} lacks `{wanted}`: {what}"
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    for contract in contracts:
        listed = contract.get(CONTRACTS.get(contract["id"], ""))
        if listed is not None and f"services.{service}" not in listed:
            yield f"pyproject.toml, layering rule {contract['id']!r}: `services.{service}` belongs to the list"
    if service not in {one.value for one in Service}:
        yield f"portal_cli/command_line.py: `Service` lacks {service.upper()}"
    if service not in {field.name for field in fields(Ports)}:
        yield f"portal_cli/embedded.py: `Ports` lacks `{service}: int`, the port of its database"
    if service not in SERVICE_TAGS:
        yield f"portal_cli/event_contract.py: `SERVICE_TAGS` does not say what {service!r} publishes"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_known_everywhere(service: str) -> None:
    """Nothing that starts, deploys, documents or checks the services leaves one out."""
    if told := list(missing(service)):
        pytest.fail("\n".join(told), pytrace=False)


def test_a_service_that_nothing_knows_is_missing_everywhere() -> None:
    """Each of the places can fail."""
    told = list(missing("pears"))

    assert len(told) == len(FILES) + len(MENTIONS) + len(CONTRACTS) + 3
    assert "services/pears/bootstrap.py is missing" in told
    assert "deploy/k8s/base/settings.env lacks `PORTAL_SUBGRAPH_PEARS_URL=`: where the gateway finds it" in told


def test_every_folder_of_a_service_is_listed() -> None:
    """`SERVICES` is what lies in `services/`, the chassis apart."""
    folders = {folder.parent.name for folder in (ROOT / "services").glob("*/__init__.py")}
    assert folders == set(SERVICES)


def test_the_services_are_listed_once() -> None:
    """Whoever needs them imports `SERVICES`, but for what also runs on the code of earlier releases."""
    by_hand = re.compile(r'"identity",\s*"billing",\s*"collaboration",\s*"notifications"')
    files = [
        file
        for folder in ("portal_cli", "tests", "chassis", "services", "gateway")
        for file in (ROOT / folder).rglob("*.py")
    ]
    found = {str(file.relative_to(ROOT)) for file in files if by_hand.search(file.read_text("utf-8"))}
    assert found == {"portal_cli/paths.py", "tests/releases/either.py"}
