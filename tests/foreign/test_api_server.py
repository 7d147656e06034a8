"""What we deploy, stored by a real API server: applied twice, by either way of applying, and over the release before.

The rules alone are in `test_kubernetes_admission.py`; here are those that definitions write in CEL, defaults that a
server fills in, who owns which field, and what an update may not touch.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path

import pytest
import yaml

from portal_cli.paths import ROOT
from tests.support.api_server import Manifest, Server, running_server
from tests.support.custom_resources import WITHOUT_DEFINITION
from tests.support.kubernetes import K8S, everything, parsed, rendered

pytestmark = pytest.mark.slow

PLACES = {"production": "portal", "staging": "portal-staging", "dev": "portal-dev"}
RELEASED = ROOT / "tests" / "fixtures" / "released-manifests.yaml"
LEFT_BY_THE_RELEASE = {("Ingress", "portal")}
"""What an apply does not take away; docs/upgrading.md says so."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the module; each test has namespaces of its own."""
    with running_server(tmp_path_factory.mktemp("api-server")) as server:
        yield server


def _known(manifests: Sequence[Manifest]) -> list[Manifest]:
    return [one for one in manifests if one["apiVersion"] not in WITHOUT_DEFINITION]


def _moved(manifests: Sequence[Manifest], namespace: str) -> list[Manifest]:
    """Return manifests for another namespace."""
    made = deepcopy(_known(manifests))
    for one in made:
        one["metadata"]["namespace"] = namespace
    return made


def _assert_applied_twice(server: Server, manifests: Sequence[Manifest], namespace: str, *options: str) -> None:
    """Both times without a warning, and the second time nothing is written."""
    server.apply(manifests, *options)
    before = server.versions(manifests, namespace)
    server.apply(manifests, *options)
    assert server.versions(manifests, namespace) == before


@pytest.mark.parametrize("place", PLACES)
def test_an_overlay_is_applied_and_applied_again(place: str, server: Server) -> None:
    """By `kubectl apply`, where Pod Security lets in nothing but what it calls restricted."""
    namespace = server.namespace(PLACES[place])
    _assert_applied_twice(server, everything(place), namespace)


def test_the_server_itself_can_apply_twice(server: Server) -> None:
    """As tools of GitOps do: fields are owned, and the second time nothing is written."""
    namespace = server.namespace("portal-by-server")
    manifests = _moved(everything("production"), namespace)
    _assert_applied_twice(server, manifests, namespace, "--server-side", "--field-manager", "gitops")


@pytest.mark.parametrize("outside", ["gateway-api", "ingress"])
def test_all_components_are_taken(outside: str, server: Server, tmp_path: Path) -> None:
    """By the definitions of the operators as a server reads them, with their rules in CEL and their defaults."""
    namespace = server.namespace(f"portal-with-{outside}")
    wanted = ["image", outside, "cert-manager", "keda", "monitoring", "cpu-limit", "external-secrets"]
    manifests = _composed(tmp_path, namespace, wanted)

    assert {one["kind"] for one in manifests} > {"ScaledObject", "Certificate", "ExternalSecret", "PodMonitor"}
    _assert_applied_twice(server, manifests, namespace)


def _composed(folder: Path, namespace: str, components: Sequence[str]) -> list[Manifest]:
    (folder / "k8s").symlink_to(K8S)
    there = folder / "overlay"
    there.mkdir()
    paths = ["overlays/production/image" if one == "image" else f"components/{one}" for one in components]
    text = {
        "namespace": namespace,
        "resources": ["../k8s/base"],
        "components": [f"../k8s/{path}" for path in paths],
    }
    (there / "kustomization.yaml").write_text(yaml.safe_dump(text))
    return parsed(rendered(there))


@pytest.mark.parametrize("place", ["production", "staging"])
def test_the_jobs_are_taken(place: str, server: Server) -> None:
    """Migration, restore and backup; and a backup by hand, out of its schedule."""
    namespace = server.namespace(f"jobs-of-{place}")
    for job in ("migrate", "restore", "backup"):
        server.apply(_moved(everything(f"{place}/{job}"), namespace))
    server.kubectl("-n", namespace, "create", "job", "by-hand", "--from", "cronjob/portal-backup-billing")


def test_the_stores_are_taken(server: Server) -> None:
    """MongoDB's resource and the certificates, by their definitions; RabbitMQ's cannot be had."""
    server.namespace("data")
    for store in ("mongodb", "rabbitmq"):
        server.apply(_known(parsed(rendered(K8S / "stores" / store))))


def test_the_release_before_is_upgraded_in_place(server: Server) -> None:
    """Over its manifests ours are applied without a field that is fixed; what stays behind is what the guide names."""
    namespace = server.namespace("portal-upgraded")
    released = _moved(parsed(RELEASED.read_text()), namespace)
    wanted = _moved(everything("production"), namespace)
    server.apply(released)
    server.apply(wanted)

    names = {(one["kind"], one["metadata"]["name"]) for one in wanted}
    left = {(one["kind"], one["metadata"]["name"]) for one in released if one["kind"] != "ConfigMap"} - names
    guide = (ROOT / "docs" / "upgrading.md").read_text()
    assert left == LEFT_BY_THE_RELEASE
    assert all(f"delete {kind.lower()} {name}" in guide for kind, name in left)


def test_a_second_apply_that_writes_is_noticed(server: Server) -> None:
    """Another value in one field of one object is another version of it."""
    namespace = server.namespace("portal-changed")
    manifests = [one for one in _moved(everything("staging"), namespace) if one["kind"] == "Deployment"]
    server.apply(manifests)
    before = server.versions(manifests, namespace)
    manifests[0]["spec"]["revisionHistoryLimit"] = 4
    server.apply(manifests)

    assert len(set(server.versions(manifests, namespace).items()) ^ set(before.items())) == 2
