"""What is deployed: the manifests, the compose file, the image and the locked packages (promise 31).

Long, since it is one list of facts about files that belong together.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from chassis.web import FINISH_SECONDS
from portal_cli.paths import ROOT, SERVICES
from tests.support.custom_resources import is_native

Manifest = dict[str, Any]

_BIN = Path(sys.executable).parent
_K8S = ROOT / "deploy" / "k8s"
_OVERLAYS = ("production", "staging")
_PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
_AFTER_DRAINING = 3
"""By then a process has ended by itself, whatever it still wants to tell others."""
_DEPLOYMENTS = {
    "gateway",
    "interface",
    *(f"{service}-{process}" for service in SERVICES for process in ("web", "worker")),
}


@cache
def _rendered(overlay: str) -> str:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("kubectl, which renders the manifests, is not installed")
    command = [kubectl, "kustomize", str(_K8S / "overlays" / overlay)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _manifests(overlay: str, kind: str) -> dict[str, Manifest]:
    documents: Iterator[Manifest] = yaml.safe_load_all(_rendered(overlay))
    return {document["metadata"]["name"]: document for document in documents if document["kind"] == kind}


def _container(deployment: Manifest) -> Manifest:
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    return container


@pytest.fixture(params=_OVERLAYS)
def overlay(request: pytest.FixtureRequest) -> str:
    """Each overlay in turn."""
    return request.param


@pytest.mark.parametrize("version", ["1.27", "1.37"])
def test_the_manifests_are_valid(overlay: str, version: str) -> None:
    """Every rendered manifest fits Kubernetes' own schemas, the oldest and the newest, with no unknown field."""
    documents: Iterator[Manifest] = yaml.safe_load_all(_rendered(overlay))

    for one in documents:
        if is_native(one):
            kubernetes_validate.validate(one, version, strict=True)


def test_every_process_has_a_deployment(overlay: str) -> None:
    """The gateway, the interface, and a web and a worker process for each service: ten deployments, and no other."""
    assert set(_manifests(overlay, "Deployment")) == _DEPLOYMENTS


def test_every_container_is_locked_in(overlay: str) -> None:
    """Not root, no capability, no way to more privileges, nothing to write on, no token of the cluster."""
    for deployment in _manifests(overlay, "Deployment").values():
        pod = deployment["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] > 0
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        assert _container(deployment)["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "privileged": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


def test_every_container_has_bounds_and_probes(overlay: str) -> None:
    """Requests, a memory limit, three probes, and an image of one registry by its digest.

    What ends in a restart asks for the process alone; only readiness asks whether its database is there.
    """
    for deployment in _manifests(overlay, "Deployment").values():
        container = _container(deployment)
        assert {"cpu", "memory"} <= set(container["resources"]["requests"])
        assert "memory" in container["resources"]["limits"]
        assert container["livenessProbe"]["httpGet"]["path"] == "/livez"
        assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
        assert container["startupProbe"]["httpGet"]["path"] == "/livez"
        assert re.fullmatch(r"registry\.example\.com/client-portal@sha256:[0-9a-f]{64}", container["image"])


def test_a_rollout_never_takes_capacity_away(overlay: str) -> None:
    """A new pod is ready before an old one goes, and the old one has time to leave the endpoints, drain and finish."""
    settings = next(iter(_manifests(overlay, "ConfigMap").values()))["data"]
    for deployment in _manifests(overlay, "Deployment").values():
        assert deployment["spec"]["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
        (_, before_stop) = _container(deployment)["lifecycle"]["preStop"]["exec"]["command"]
        needed = int(before_stop) + int(settings["PORTAL_DRAIN_SECONDS"]) + FINISH_SECONDS + _AFTER_DRAINING
        assert deployment["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] > needed


def test_every_deployment_scales_and_survives_a_drained_node(overlay: str) -> None:
    """Each has an autoscaler of its own and a disruption budget that matches its pods, and guards only ready ones."""
    scaled = {one["spec"]["scaleTargetRef"]["name"] for one in _manifests(overlay, "HorizontalPodAutoscaler").values()}
    budgets = _manifests(overlay, "PodDisruptionBudget")

    assert scaled == _DEPLOYMENTS
    for name, deployment in _manifests(overlay, "Deployment").items():
        assert budgets[name]["spec"]["selector"] == deployment["spec"]["selector"]
        assert budgets[name]["spec"]["unhealthyPodEvictionPolicy"] == "AlwaysAllow"


def test_every_service_finds_its_pods(overlay: str) -> None:
    """A service's selector is that of its web deployment, and workers are behind none."""
    deployments = _manifests(overlay, "Deployment")
    for name, service in _manifests(overlay, "Service").items():
        deployment = deployments[name if name in {"gateway", "interface"} else f"{name}-web"]
        assert service["spec"]["selector"] == deployment["spec"]["selector"]["matchLabels"]


def test_every_process_is_reached_by_both_families(overlay: str) -> None:
    """Each listens at every address, and its service gets an address of each family that the cluster has."""
    for deployment in _manifests(overlay, "Deployment").values():
        arguments = _container(deployment)["args"]
        assert arguments[arguments.index("--host") + 1] == "::"
    for service in _manifests(overlay, "Service").values():
        assert service["spec"]["ipFamilyPolicy"] == "PreferDualStack"


def test_the_internet_is_allowed_without_the_inside(overlay: str) -> None:
    """Billing reaches any public address, of both families and through a translator, and no private one."""
    (rule,) = _manifests(overlay, "NetworkPolicy")["to-payment-provider"]["spec"]["egress"]
    blocks = [
        (ip_network(to["ipBlock"]["cidr"]), [ip_network(one) for one in to["ipBlock"].get("except", [])])
        for to in rule["to"]
    ]

    def is_allowed(address: str) -> bool:
        there = ip_address(address)
        return any(there in block and not any(there in one for one in left_out) for block, left_out in blocks)

    outside = ("198.202.176.1", "2600:1901::1", "64:ff9b::c6ca:b001", "9.255.255.255", "11.0.0.0", "172.32.0.1")
    inside = ("10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.1.1")
    private = ("::1", "fe80::1", "fd00::1", "fd00:ec2::254", "::ffff:10.0.0.1", "2002:a00:1::1", "2001:0:a00:1::1")
    assert [address for address in outside if not is_allowed(address)] == []
    assert [address for address in (*inside, *private) if is_allowed(address)] == []
    assert [address for address in inside if is_allowed(f"64:ff9b::{address}")] == []


def test_what_a_manifest_names_is_there(overlay: str) -> None:
    """Ports, services, settings and secrets are named by name: the server takes any name, and the pod never runs."""
    services = _manifests(overlay, "Service")
    known = {
        "ConfigMap": set(_manifests(overlay, "ConfigMap")),
        "Secret": {one["metadata"]["name"] for one in yaml.safe_load_all((_K8S / "secrets.example.yaml").read_text())},
        "Deployment": set(_manifests(overlay, "Deployment")),
    }
    for deployment in _manifests(overlay, "Deployment").values():
        container = _container(deployment)
        ports = {port["name"] for port in container["ports"]}
        assert {container[probe]["httpGet"]["port"] for probe in _PROBES} <= ports
        assert {port["targetPort"] for service in services.values() for port in service["spec"]["ports"]} <= ports
        for source in container["envFrom"]:
            assert source.get("configMapRef", {"name": None})["name"] in {None, *known["ConfigMap"]}
            assert source.get("secretRef", {"name": None})["name"] in {None, *known["Secret"]}
    for scaler in _manifests(overlay, "HorizontalPodAutoscaler").values():
        assert scaler["spec"]["scaleTargetRef"]["name"] in known["Deployment"]
    for rule in _manifests(overlay, "HTTPRoute")["portal"]["spec"]["rules"]:
        for backend in rule["backendRefs"]:
            assert backend["port"] in {port["port"] for port in services[backend["name"]]["spec"]["ports"]}


def test_traffic_is_refused_unless_allowed(overlay: str) -> None:
    """There is a policy that denies everything in both directions; from outside only three services are reached.

    The interface, which strangers reach first, reaches nobody itself.
    """
    policies = _manifests(overlay, "NetworkPolicy")
    (outside,) = (
        next(
            term
            for term in policies["from-outside"]["spec"]["podSelector"]["matchExpressions"]
            if "gateway" in term["values"]
        ),
    )

    assert policies["deny-all"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert sorted(outside["values"]) == ["billing", "gateway", "interface"]
    (_, inside) = policies["to-services"]["spec"]["podSelector"]["matchExpressions"]
    pages = _manifests(overlay, "Deployment")["interface"]["spec"]["selector"]["matchLabels"]["portal/process"]
    assert inside == {"key": "portal/process", "operator": "NotIn", "values": [pages]}


def test_the_way_in_shows_no_inner_door(overlay: str) -> None:
    """From outside one reaches GraphQL at the gateway, billing's signed files and webhooks, and pages; nothing else.

    By Gateway API, and by the Ingress that may take its place.
    """
    rules = _manifests(overlay, "HTTPRoute")["portal"]["spec"]["rules"]
    paths = {one["path"]["value"]: rule["backendRefs"][0]["name"] for rule in rules for one in rule["matches"]}
    ingress: Manifest = yaml.safe_load((_K8S / "components" / "ingress" / "ingress.yaml").read_text())
    (rule,) = ingress["spec"]["rules"]
    by_ingress = {one["path"].rstrip("/"): one["backend"]["service"]["name"] for one in rule["http"]["paths"]}

    inner = {"/graphql": "gateway", "/files": "billing", "/webhooks": "billing"}
    assert {path.rstrip("/"): name for path, name in paths.items()} == by_ingress == {**inner, "": "interface"}
    settings = next(iter(_manifests(overlay, "ConfigMap").values()))["data"]
    assert settings["PORTAL_GRAPHQL_URL"] == f"{settings['PORTAL_ISSUER']}/graphql"


def test_secrets_are_named_and_never_written_down(overlay: str) -> None:
    """The settings hold no secret, the examples hold no value, and each deployment reads its own secret only."""
    examples: dict[str, Manifest] = {
        one["metadata"]["name"]: one for one in yaml.safe_load_all((_K8S / "secrets.example.yaml").read_text())
    }
    settings = next(iter(_manifests(overlay, "ConfigMap").values()))["data"]

    assert {value for example in examples.values() for value in example["stringData"].values()} == {""}
    assert not [name for name in settings if re.search(r"SECRET|PASSWORD|_KEY$|MONGO_URL|AMQP_URL", name)]
    for name, deployment in _manifests(overlay, "Deployment").items():
        read = [source["secretRef"]["name"] for source in _container(deployment)["envFrom"] if "secretRef" in source]
        own = f"portal-{name.removesuffix('-web').removesuffix('-worker')}"
        assert read == ([] if name == "interface" else [own])
        assert set(read) <= examples.keys()


def test_production_shows_no_schema(overlay: str) -> None:
    """Introspection and GraphiQL are off in production and on elsewhere; by https, the gateway wants both said."""
    settings = next(iter(_manifests(overlay, "ConfigMap").values()))["data"]
    shown = "false" if overlay == "production" else "true"

    assert (settings["PORTAL_INTROSPECTION"], settings["PORTAL_GRAPHIQL"]) == (shown, shown)


# --- Docker ----------------------------------------------------------------------------------------------------------


def test_the_compose_file_is_valid() -> None:
    """It fits the Compose specification's schema."""
    command = [_BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", ROOT / "docker-compose.yml"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_compose_runs_every_process_locked_in() -> None:
    """Every process is a container of its own: read-only, without capabilities, reachable from this machine only."""
    services: dict[str, Manifest] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    ours = {name: service for name, service in services.items() if service["image"] == "client-portal"}

    assert set(ours) == _DEPLOYMENTS - {"interface"} | {"sandbox"}
    assert ours["gateway"]["environment"]["PORTAL_WITH_INTERFACE"] == "true"
    for service in ours.values():
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert service["security_opt"] == ["no-new-privileges:true"]
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_compose_tells_both_which_pages_there_are() -> None:
    """The gateway answers pages of other origins and identity takes their passkeys: both are told by one setting."""
    services: dict[str, Manifest] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    told = {services[name]["environment"]["PORTAL_ALLOWED_ORIGINS"] for name in ("gateway", "identity-web")}

    assert told == {"${PORTAL_ALLOWED_ORIGINS:-[]}"}


def test_the_image_is_clean() -> None:
    """Hadolint has nothing to say, the image's user is not root, and packages come from the lock only."""
    done = subprocess.run([_BIN / "hadolint", ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    text = (ROOT / "Dockerfile").read_text()

    assert done.returncode == 0, done.stdout + done.stderr
    assert re.findall(r"^USER (.+)$", text, re.MULTILINE) == ["10001:10001"]
    assert all("--locked" in line for line in text.splitlines() if "uv sync" in line or "uv export" in line)
    assert "--format cyclonedx1.5" in text


def test_nothing_but_sources_reaches_the_image() -> None:
    """The build context leaves out everything that the image is not made of: secrets, data, history, tests."""
    (first, *rest) = [
        line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")
    ]

    assert first == "*"
    assert {line for line in rest if line.startswith("!")} == {
        f"!{name}"
        for name in (
            "pyproject.toml",
            "uv.lock",
            "README.md",
            "chassis",
            "services",
            "gateway",
            "payment_sandbox",
            "portal_cli",
            "portal_ui/dist",
            "portal_ui/persisted-documents.json",
        )
    }


# --- packages --------------------------------------------------------------------------------------------------------


def test_every_package_is_locked_by_hash() -> None:
    """Each package of uv.lock comes from the default index, and each of its files has a SHA-256."""
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    ours = [package for package in packages if package["name"] == "client-portal"]
    others = [package for package in packages if package["name"] != "client-portal"]

    assert [package["source"] for package in ours] == [{"editable": "."}]
    assert {package["source"].get("registry") for package in others} == {"https://pypi.org/simple"}
    for package in others:
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        assert files
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", file["hash"]) for file in files)


@pytest.mark.parametrize(
    "lock",
    [*sorted((ROOT / "tools").glob("*/package-lock.json")), ROOT / "portal_ui" / "package-lock.json"],
    ids=lambda lock: lock.parent.name,
)
def test_every_npm_package_is_locked_by_hash(lock: Path) -> None:
    """Each package of a package-lock.json has an integrity hash, and each that another one names is in it.

    `npm ci` refuses a lock that lacks one, an optional one for another system too. npm writes such a lock without a
    word where its registry did not have the package.
    """
    packages: dict[str, Any] = json.loads(lock.read_text())["packages"]
    names = {name.rpartition("node_modules/")[2] for name in packages}
    kinds = ("dependencies", "optionalDependencies")
    asked = {name for package in packages.values() for kind in kinds for name in package.get(kind, {})}

    assert all("integrity" in package for name, package in packages.items() if name)
    assert asked - names == set()


def test_the_bill_of_materials_lists_what_is_installed() -> None:
    """The CycloneDX document that the image carries can be made, and names every locked package with its version."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(ROOT / ".venv" / "uv" / "bin"))
    if uv is None:
        assert not os.environ.get("CI"), "uv is needed for the bill of materials"
        pytest.skip("uv is not on PATH")
    command = [uv, "export", "--locked", "--no-dev", "--no-emit-project", "--format", "cyclonedx1.5", "--project", ROOT]
    environment = {**os.environ, "UV_PREVIEW_FEATURES": "sbom-export"}

    done = subprocess.run([*command, "--quiet"], env=environment, capture_output=True, text=True, check=True)

    components = {component["name"]: component["version"] for component in json.loads(done.stdout)["components"]}
    assert {"starlette", "motor", "pydantic", "aio-pika"} <= set(components)
    assert all(components.values())
