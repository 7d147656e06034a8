"""`portal chart`: the Helm chart in `deploy/chart`, made from the same files as the overlays in `deploy/k8s`.

The base is rendered by kubectl; what a place decides for itself is then taken out of it and put into `values.yaml`. A
text between `@@` in a value stands for what the chart calculates; it becomes `{{ … }}` when a template is written. The
alerts as Prometheus' operator reads them are made here too, from `deploy/prometheus/alerts.yaml`, and the dashboards.

Longer than most files, because what a place decides is taken out of all kinds of objects in one pass.
"""

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import yaml

from portal_cli import dashboards
from portal_cli.chart_files import HELPERS, MIGRATION_HOOK, SETTINGS, values_file
from portal_cli.checked_in import CheckedIn, obsolete, settle
from portal_cli.paths import ROOT, SERVICES
from portal_cli.refusals import Refusal

COMMAND = "./portal chart"
CHART = ROOT / "deploy" / "chart"
K8S = ROOT / "deploy" / "k8s"
ALERTS = K8S / "components" / "monitoring" / "alerts.yaml"
_WRITTEN_BY = f"# Written by `{COMMAND}`.\n"

Manifest = dict[str, Any]


def run(*, check: bool) -> int:
    """Write or compare the chart; return the exit code.

    Raises:
        Refusal: when kubectl, which renders the base, is not here.
    """
    made = files()
    return settle(CheckedIn(made, COMMAND, obsolete(CHART / "templates", "*", made)), check=check)


def files() -> dict[Path, str]:
    """Return the text of each file."""
    base = _base()
    settings = next(one for one in base if one["kind"] == "ConfigMap")["data"]
    values = values_file(settings, _sizes(base), _resources(base))
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    templates = {
        "_portal.tpl": HELPERS,
        "settings.yaml": SETTINGS,
        **{
            f"{name}.yaml": _written(_workload(one) for one in _of(base, name))
            for name in ("gateway", "interface", *SERVICES)
        },
        "network.yaml": _written(_placed(one) for one in base if one["kind"] == "NetworkPolicy"),
        **_options(),
    }
    return {
        ALERTS: _WRITTEN_BY + _yaml(_alerts()),
        CHART / "Chart.yaml": _WRITTEN_BY + _yaml(_described(version)),
        CHART / "values.yaml": _WRITTEN_BY + values,
        **dashboards.files(),
        **{CHART / "templates" / name: text for name, text in templates.items()},
    }


def _base() -> list[Manifest]:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        raise Refusal("kubectl, which renders deploy/k8s/base, is not installed.")
    done = subprocess.run([kubectl, "kustomize", str(K8S / "base")], check=True, capture_output=True, text=True)
    return list(yaml.safe_load_all(done.stdout))


def _described(version: str) -> Manifest:
    return {
        "apiVersion": "v2",
        "name": "client-portal",
        "description": "A portal for estimates, invoices and payments.",
        "type": "application",
        "version": version,
        "appVersion": version,
        "kubeVersion": ">=1.29.0-0",
    }


# --- what every place has --------------------------------------------------------------------------------------------


def _of(base: Iterable[Manifest], name: str) -> list[Manifest]:
    """Return the objects of one service, its policies apart."""
    kinds = {"Service", "Deployment", "HorizontalPodAutoscaler", "PodDisruptionBudget"}
    names = {name, f"{name}-web", f"{name}-worker"}
    return [one for one in base if one["kind"] in kinds and one["metadata"]["name"] in names]


def _workload(manifest: Manifest) -> Manifest:
    name = manifest["metadata"]["name"]
    if manifest["kind"] == "HorizontalPodAutoscaler":
        manifest["spec"] |= {
            "minReplicas": f"@@.Values.replicas.{_key(name)}.min@@",
            "maxReplicas": f"@@.Values.replicas.{_key(name)}.max@@",
        }
    if manifest["kind"] == "Deployment":
        service = name.removesuffix("-web").removesuffix("-worker")
        pod = manifest["spec"]["template"]
        pod["metadata"]["annotations"] = {"checksum/settings": '@@include "portal.settings" . | sha256sum | quote@@'}
        if any("secretRef" in source for source in pod["spec"]["containers"][0]["envFrom"]):
            pod["metadata"]["annotations"]["checksum/secret"] = (
                f'@@include "portal.secretSum" (list . .Values.secrets.{service}) | quote@@'
            )
        _container(pod["spec"], 8)
    return manifest


def _container(pod: Manifest, indent: int) -> None:
    """Put what a place decides into a pod's only container; `indent` is that of the pod's fields."""
    (container,) = pod["containers"]
    container["image"] = '@@include "portal.image" .@@'
    container["resources"] = f"@@toYaml .Values.resources | nindent {indent + 4}@@"
    pod["imagePullSecrets"] = f"@@toYaml .Values.image.pullSecrets | nindent {indent}@@"
    for source in container["envFrom"]:
        if "configMapRef" in source:
            source["configMapRef"]["name"] = "portal-settings"
        else:
            service = source["secretRef"]["name"].removeprefix("portal-")
            source["secretRef"]["name"] = f"@@.Values.secrets.{service}@@"


def _placed(manifest: Manifest) -> Manifest:
    """Return a policy whose neighbours are in the namespaces that the values name."""
    neighbours = {"data": "stores", "monitoring": "monitoring", "gateway-system": "gateway", "ingress-nginx": "ingress"}
    for rule in [*manifest["spec"].get("ingress", []), *manifest["spec"].get("egress", [])]:
        for peer in [*rule.get("from", []), *rule.get("to", [])]:
            labels = peer.get("namespaceSelector", {}).get("matchLabels", {})
            named = neighbours.get(labels.get("kubernetes.io/metadata.name", ""))
            if named:
                labels["kubernetes.io/metadata.name"] = f"@@.Values.namespaces.{named}@@"
    return manifest


def _sizes(base: Iterable[Manifest]) -> dict[str, dict[str, int]]:
    scalers = [one for one in base if one["kind"] == "HorizontalPodAutoscaler"]
    bounds = {"min": "minReplicas", "max": "maxReplicas"}
    return {
        _key(one["metadata"]["name"]): {short: one["spec"][long] for short, long in bounds.items()} for one in scalers
    }


def _resources(base: Iterable[Manifest]) -> Manifest:
    deployment = next(one for one in base if one["kind"] == "Deployment")
    return deployment["spec"]["template"]["spec"]["containers"][0]["resources"]


# --- what a place may choose -----------------------------------------------------------------------------------------


def _options() -> dict[str, str]:
    return {
        "gateway-api.yaml": _if("gatewayApi.enabled", _outside("gateway-api", "routes.yaml")),
        "ingress.yaml": _if("ingress.enabled", _outside("ingress", "ingress.yaml")),
        "keda.yaml": _if("keda.enabled", _written(_scaled(one) for one in _workers())),
        "monitoring.yaml": _if(
            "monitoring.enabled", _written([*_read("components/monitoring/monitors.yaml"), _alerts()])
        ),
        "migrate.yaml": _if("migrate.enabled", _written(_hook(one) for one in _jobs("migrate"))),
        "backup.yaml": _if("backup.enabled", _written([*map(_nightly, _jobs("backup")), *_volume()])),
    }


def _outside(component: str, file: str) -> str:
    named = [_hosted(one) for one in _read(f"components/{component}/{file}")]
    return _written([*named, *map(_placed, _read(f"components/{component}/network.yaml"))])


def _hosted(value: Any) -> Any:
    """Return a value with the host and the classes that the values name."""
    chosen = {
        "portal.example.com": "@@.Values.host@@",
        "portal-tls": "@@.Values.tlsSecret@@",
        "public": "@@.Values.gatewayApi.className@@",
        "nginx": "@@.Values.ingress.className@@",
    }
    if isinstance(value, dict):
        return {name: _hosted(one) for name, one in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return [_hosted(one) for one in value]  # pyright: ignore[reportUnknownVariableType]
    return chosen.get(value, value) if isinstance(value, str) else value


def _workers() -> list[Manifest]:
    (common,) = _read("components/keda/every-worker.yaml")
    found = _read("components/keda/workers.yaml")
    for one in found:
        if one["kind"] == "ScaledObject":
            one["spec"] = {**common["spec"], **one["spec"]}
    return found


def _scaled(manifest: Manifest) -> Manifest:
    name = manifest["metadata"]["name"]
    if manifest["kind"] == "TriggerAuthentication":
        (secret,) = manifest["spec"]["secretTargetRef"]
        secret["name"] = f"@@.Values.secrets.{name.removesuffix('-queue')}@@"
        return manifest
    manifest["spec"] |= {
        "minReplicaCount": f"@@.Values.replicas.{_key(name)}.min@@",
        "maxReplicaCount": f"@@.Values.replicas.{_key(name)}.max@@",
    }
    manifest["spec"]["triggers"][1]["metadata"]["serverAddress"] = "@@.Values.keda.prometheus@@"
    return manifest


def _jobs(name: str) -> list[Manifest]:
    (common,) = _read(f"jobs/{name}/every-job.yaml")
    labels = {"app.kubernetes.io/part-of": "client-portal", "portal/job": name}
    return [_labelled(_merged(common, one), labels) for one in _read(f"jobs/{name}/jobs.yaml")]


def _labelled(manifest: Manifest, labels: Mapping[str, str]) -> Manifest:
    manifest["metadata"].setdefault("labels", {}).update(labels)
    job = manifest["spec"].get("jobTemplate", manifest)
    job["spec"]["template"]["metadata"]["labels"].update(labels)
    return manifest


def _merged(common: Any, own: Any) -> Any:
    """Return both: what is `own` wins, and the only container of the one is the only container of the other."""
    if isinstance(common, dict) and isinstance(own, dict):
        first, second = cast(Manifest, common), cast(Manifest, own)
        return {
            name: _merged(first.get(name, value), second.get(name, value)) for name, value in (first | second).items()
        }
    if isinstance(common, list) and isinstance(own, list):
        first, second = cast(list[Any], common), cast(list[Any], own)
        return [_merged(first[0], second[0])] if len(first) == len(second) == 1 else second
    return own


def _hook(manifest: Manifest) -> Manifest:
    """Return a job that Helm runs before an installation or an upgrade, and waits for."""
    manifest["metadata"]["annotations"] = dict(MIGRATION_HOOK)
    _container(manifest["spec"]["template"]["spec"], 6 + 2)
    return manifest


def _nightly(manifest: Manifest) -> Manifest:
    manifest["spec"]["schedule"] = "@@.Values.backup.schedule | quote@@"
    _container(manifest["spec"]["jobTemplate"]["spec"]["template"]["spec"], 12)
    return manifest


def _volume() -> list[Manifest]:
    (claim,) = _read("jobs/backup/volume.yaml")
    claim["spec"]["resources"]["requests"]["storage"] = "@@.Values.backup.storage@@"
    return [claim]


def _alerts() -> Manifest:
    (groups,) = yaml.safe_load_all((ROOT / "deploy" / "prometheus" / "alerts.yaml").read_text())
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "portal"},
        "spec": groups,
    }


# --- writing ---------------------------------------------------------------------------------------------------------


def _key(name: str) -> str:
    """Return a name as a key of the values: `billing-web` is `billingWeb`."""
    first, *rest = name.split("-")
    return first + "".join(word.capitalize() for word in rest)


def _read(name: str) -> list[Manifest]:
    return list(yaml.safe_load_all((K8S / name).read_text()))


def _if(value: str, text: str) -> str:
    return f"{{{{- if .Values.{value} }}}}\n{text}{{{{- end }}}}\n"


def _written(manifests: Iterable[Manifest]) -> str:
    return "---\n".join(_conditional(one, _filled(_yaml(one))) for one in manifests)


def _conditional(manifest: Manifest, text: str) -> str:
    """Return our autoscalers of workers only where KEDA makes none."""
    is_ours = manifest["kind"] == "HorizontalPodAutoscaler" and manifest["metadata"]["name"].endswith("-worker")
    return f"{{{{- if not .Values.keda.enabled }}}}\n{text}{{{{- end }}}}\n" if is_ours else text


def _filled(text: str) -> str:
    """Return a template: braces of others' languages as text, and ours where `@@` stands."""
    kept = re.sub(r"\{\{|\}\}", lambda found: f'{{{{ "{found[0]}" }}}}', text)
    blocks = re.sub(r" '@@(toYaml .*?)@@'", lambda found: f" {{{{- {found[1]} }}}}", kept)
    return re.sub(r"'?@@(.*?)@@'?", lambda found: f"{{{{ {found[1].replace(chr(39) * 2, chr(39))} }}}}", blocks)


class _Dumper(yaml.SafeDumper):
    """Writes shared parts out, and lists indented, as people do."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _yaml(value: Mapping[str, Any] | Sequence[Any]) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, width=10_000, allow_unicode=True)
