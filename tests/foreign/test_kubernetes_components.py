"""Everything in deploy/k8s that an operator may choose, by the rules of those who read it.

What Kubernetes knows goes through the API server's rules, what an operator knows through its published definition.
"""

import json
import subprocess
from pathlib import Path
from typing import cast

import pytest

from portal_cli.foreign import KUBE_SCORE
from portal_cli.paths import SERVICES
from tests.support.custom_resources import WITHOUT_DEFINITION, faults, is_native
from tests.support.foreign import program
from tests.support.kubernetes import K8S, Manifest, judged, parsed, rendered

COMPONENTS = sorted(folder.name for folder in (K8S / "components").iterdir())
OUTSIDE = {"gateway-api", "ingress"}
"""One of them, and only one."""
JOBS = ("migrate", "backup", "restore")
DEV_PODS = 13


def _composed(tmp_path: Path, *components: str) -> list[Manifest]:
    """Return production's base with these components, and files of secrets for the one that reads them."""
    there = tmp_path / "overlay"
    there.mkdir()
    (tmp_path / "base").symlink_to(K8S / "base")
    (tmp_path / "image").symlink_to(K8S / "overlays" / "production" / "image")
    for name in components:
        folder = tmp_path / name
        folder.mkdir()
        for file in (K8S / "components" / name).glob("*.yaml"):
            (folder / file.name).write_text(file.read_text())
    if "secrets-from-files" in components:
        for service in ("gateway", *SERVICES):
            (tmp_path / "secrets-from-files" / f"{service}.env").write_text("PORTAL_GATEWAY_KEY=a-key\n")
    lines = ["namespace: portal", "resources: [../base]", "components:", "  - ../image"]
    (there / "kustomization.yaml").write_text("\n".join([*lines, *(f"  - ../{name}" for name in components)]))
    return parsed(rendered(there))


def _assert_taken(manifests: list[Manifest], pods: int) -> None:
    found = judged([one for one in manifests if is_native(one)])
    assert (found.sentences, found.pods) == ("", pods)
    assert faults([one for one in manifests if not is_native(one)]) == []


@pytest.mark.parametrize("component", ["cpu-limit", "external-secrets"])
def test_a_component_is_taken_alone(component: str, tmp_path: Path) -> None:
    """What does not go together with others is what a cluster and its operators take, too."""
    _assert_taken(_composed(tmp_path, component), pods=10)


@pytest.mark.parametrize("outside", sorted(OUTSIDE))
def test_all_components_go_together(outside: str, tmp_path: Path) -> None:
    """All at once, with either way in from outside."""
    others = [name for name in COMPONENTS if name not in OUTSIDE | {"external-secrets"}]
    _assert_taken(_composed(tmp_path, outside, *others), pods=10)


def test_the_place_for_one_machine_is_complete() -> None:
    """`dev` brings its stores, its mail server and its payment provider, and every secret that a pod reads."""
    manifests = parsed(rendered(K8S / "overlays" / "dev"))
    secrets = {one["metadata"]["name"] for one in manifests if one["kind"] == "Secret"}
    read = {
        source["secretRef"]["name"]
        for one in manifests
        if one["kind"] in {"Deployment", "StatefulSet"}
        for container in one["spec"]["template"]["spec"]["containers"]
        for source in container.get("envFrom", [])
        if "secretRef" in source
    }

    _assert_taken(manifests, pods=DEV_PODS)
    assert read == secrets


@pytest.mark.parametrize("place", ["production", "staging"])
def test_the_jobs_are_taken(place: str) -> None:
    """A pod for each service and each of the three jobs, with that service's secret and no other."""
    manifests = [one for job in JOBS for one in parsed(rendered(K8S / "overlays" / place / job))]
    pods = [_pod(one) for one in manifests if one["kind"] in {"Job", "CronJob"}]

    _assert_taken(manifests, pods=len(JOBS) * len(SERVICES))
    for pod in pods:
        (container,) = pod["spec"]["containers"]
        service = pod["metadata"]["labels"]["portal/service"]
        assert container["args"][1] == service
        assert container["envFrom"] == [{"secretRef": {"name": f"portal-{service}"}}]


def _pod(manifest: Manifest) -> Manifest:
    job = manifest["spec"].get("jobTemplate", manifest)
    return job["spec"]["template"]


@pytest.mark.parametrize("store", ["mongodb", "rabbitmq"])
def test_the_stores_are_taken(store: str) -> None:
    """What MongoDB's operator and cert-manager read fits their definitions."""
    manifests = parsed(rendered(K8S / "stores" / store))

    assert faults([one for one in manifests if one["apiVersion"] not in WITHOUT_DEFINITION]) == []
    assert {one["metadata"]["namespace"] for one in manifests} == {"data"}


def test_a_changed_secret_rolls_the_pods_that_read_it(tmp_path: Path) -> None:
    """Secrets from files are named after their content: another one rolls its readers only."""
    before = _templates(_composed(tmp_path, "secrets-from-files"))
    (tmp_path / "secrets-from-files" / "billing.env").write_text("PORTAL_GATEWAY_KEY=another-key\n")
    rendered.cache_clear()
    after = _templates(parsed(rendered(tmp_path / "overlay")))

    assert {name for name in before if before[name] != after[name]} == {"billing-web", "billing-worker"}


def _templates(manifests: list[Manifest]) -> dict[str, object]:
    return {one["metadata"]["name"]: one["spec"]["template"] for one in manifests if one["kind"] == "Deployment"}


def test_workers_are_scaled_by_one_hand(tmp_path: Path) -> None:
    """KEDA makes an autoscaler of its own: ours for workers are gone, and each worker has its queue."""
    manifests = _composed(tmp_path, "keda")
    scaled = [one["spec"]["scaleTargetRef"]["name"] for one in manifests if one["kind"] == "HorizontalPodAutoscaler"]
    objects = [one for one in manifests if one["kind"] == "ScaledObject"]

    assert sorted(scaled) == [
        "billing-web",
        "collaboration-web",
        "gateway",
        "identity-web",
        "interface",
        "notifications-web",
    ]
    for one in objects:
        service = one["spec"]["scaleTargetRef"]["name"].removesuffix("-worker")
        queue, age = one["spec"]["triggers"]
        assert queue["metadata"]["queueName"] == f"{service}.events"
        assert f'service="{service}"' in age["metadata"]["query"]
    assert len(objects) == 4


def test_a_field_that_nobody_knows_is_found() -> None:
    """Definitions are held as closed: a misspelt field would be dropped by a server without a word."""
    route = next(one for one in parsed(rendered(K8S / "overlays" / "production")) if one["kind"] == "HTTPRoute")
    route["spec"]["hostNames"] = ["x"]

    assert "hostNames" in "\n".join(faults([route]))


# --- what kube-score says --------------------------------------------------------------------------------------------

ANSWERED = {"container-image-pull-policy", "container-resources", "deployment-has-host-podantiaffinity"}
ANSWERED_OF_JOBS = {"pod-networkpolicy"}
ANSWERED_OF_ONE_MACHINE = {"container-security-context-user-group-id", "deployment-replicas"}


@pytest.mark.parametrize(
    ("place", "answered"),
    [
        ("production", ANSWERED),
        ("dev", ANSWERED | ANSWERED_OF_ONE_MACHINE),
        ("production/backup", ANSWERED | ANSWERED_OF_JOBS),
    ],
)
def test_every_finding_of_kube_score_is_answered(place: str, answered: set[str]) -> None:
    """It finds nothing but what deploy/k8s/README.md answers, and each answer there is about something it finds."""
    command = [program(KUBE_SCORE) / "kube-score", "score", "--output-format", "json", "-"]
    text = rendered(K8S / "overlays" / place)
    scored: list[Manifest] = json.loads(
        subprocess.run(command, input=text, capture_output=True, text=True, check=False).stdout
    )
    found: set[str] = {
        check["check"]["id"]
        for each in scored
        for check in cast(list[Manifest], each["checks"] or [])
        if not check["skipped"] and check["grade"] <= 5 and check["comments"]
    }

    assert found <= answered
    assert {one for one in found if f"`{one}`" not in (K8S / "README.md").read_text()} == set()
