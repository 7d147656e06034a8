"""Kubernetes' own rules over what we deploy: everything is taken, and every pod that is made of it as well.

A schema knows fields; the API server knows rules, and controllers make pods later that are judged by their own.
"""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal_cli.paths import ROOT
from tests.support.custom_resources import is_native
from tests.support.kubernetes import K8S, OVERLAYS, Manifest, judged, overlay, parsed, rendered

_RULES = {"1.37": (), "1.33": ("--rules", "1.33")}
_PODS = 10
FIXTURES = ROOT / "tests" / "fixtures"


@pytest.mark.parametrize("rules", _RULES)
@pytest.mark.parametrize("name", OVERLAYS)
def test_a_cluster_takes_everything(name: str, rules: str) -> None:
    """No object of an overlay and no replica set or pod made of it is refused, and none of them is warned about."""
    found = judged(overlay(name), *_RULES[rules])

    print(f"Kubernetes {rules}, {name}: {found.pods} pods admitted, {found.objects} objects judged")
    assert found.sentences == ""
    assert found.pods == _PODS


def test_the_secrets_are_taken() -> None:
    """The examples, once they have values, are what a cluster takes."""
    assert judged((K8S / "secrets.example.yaml").read_text()).sentences == ""


@pytest.mark.parametrize("name", OVERLAYS)
def test_a_second_apply_changes_nothing_that_may_not_change(name: str, tmp_path: Path) -> None:
    """An overlay can be applied over itself: no field that is fixed at creation differs."""
    assert judged(overlay(name), "--update-from", _there(tmp_path, name)).refused == {}


def test_staging_becomes_production_without_a_fixed_field(tmp_path: Path) -> None:
    """The overlays differ in nothing that an update may not touch."""
    production = [one for one in overlay("production") if one["kind"] != "ConfigMap"]

    assert judged(production, "--update-from", _there(tmp_path, "staging", "portal")).refused == {}


def _there(tmp_path: Path, name: str, namespace: str = "") -> str:
    """Return a file with what an overlay has put into its namespace, or into this one."""
    there = tmp_path / "there.yaml"
    objects = overlay(name)
    for one in objects:
        one["metadata"]["namespace"] = namespace or one["metadata"]["namespace"]
    there.write_text(yaml.safe_dump_all(objects))
    return str(there)


def test_the_optional_cpu_limit_is_taken(tmp_path: Path) -> None:
    """The component gives every pod a limit, with which a quota on `limits.cpu` lets it in."""
    found = judged([*_with_component(tmp_path), _quota({"limits.cpu": "200"})])

    assert found.sentences == ""
    assert found.pods == _PODS


# --- seen to fail ----------------------------------------------------------------------------------------------------


def _set(path: str, value: Any) -> Callable[[Manifest], None]:
    """Return the change that sets `a.b.0.c` to a value; `None` takes it away."""
    *way, last = path.split(".")

    def change(manifest: Manifest) -> None:
        place: Any = manifest
        for step in way:
            place = place[int(step)] if step.isdigit() else place.setdefault(step, {})
        if value is None:
            del place[last]
        else:
            place[int(last) if last.isdigit() else last] = value

    return change


_SELECTOR = "spec.template.spec.topologySpreadConstraints.0.labelSelector"
_EXISTS = {"matchExpressions": [{"key": "portal/service", "operator": "Exists"}]}
_INGRESS = parsed((K8S / "components" / "ingress" / "ingress.yaml").read_text())
_BROKEN: list[dict[str, Any]] = yaml.safe_load((FIXTURES / "broken-manifests.yaml").read_text())


@pytest.mark.parametrize("broken", [pytest.param(one, id=one["what"]) for one in _BROKEN])
def test_a_broken_manifest_is_noticed(broken: dict[str, Any]) -> None:
    """One field of one object is wrong, and the rules say so, by refusing or by warning."""
    manifest = next(one for one in [*overlay("production"), *deepcopy(_INGRESS)] if one["kind"] == broken["kind"])

    _set(broken["path"], "x" * broken["xs"] if "xs" in broken else broken.get("value"))(manifest)

    assert broken["said"] in judged([manifest]).sentences


@pytest.mark.parametrize(("rules", "where"), [("1.37", "Pod"), ("1.33", "Deployment")])
def test_a_spread_is_refused_where_the_version_looks(rules: str, where: str) -> None:
    """Today's server takes the deployment with a key in both halves and refuses its pods; older ones refuse at once."""
    manifest = next(one for one in overlay("production") if one["kind"] == "Deployment")
    _set(_SELECTOR, _EXISTS)(manifest)

    (refused,) = judged([manifest], *_RULES[rules]).refused

    assert refused.split()[0] == where


def test_a_changed_selector_is_refused(tmp_path: Path) -> None:
    """What a deployment selects is fixed at its creation."""
    manifest = next(one for one in overlay("production") if one["kind"] == "Deployment")
    manifest["spec"]["selector"]["matchLabels"]["tier"] = "web"
    manifest["spec"]["template"]["metadata"]["labels"]["tier"] = "web"

    assert "field is immutable" in judged([manifest], "--update-from", _there(tmp_path, "production")).sentences


# --- what controllers make, of kinds that we do not have -------------------------------------------------------------

_CONTAINER = """
containers:
  - name: one
    image: one:1
    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
"""


def _stateful(name: str) -> Manifest:
    spec = {"serviceName": "one", "replicas": 2, **_labelled()}
    return {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": name}, "spec": spec}


def _daemons(name: str) -> Manifest:
    return {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": name}, "spec": _labelled()}


def _labelled() -> dict[str, Any]:
    template = {"metadata": {"labels": {"app": "one"}}, "spec": yaml.safe_load(_CONTAINER)}
    return {"selector": {"matchLabels": {"app": "one"}}, "template": template}


def _headless(name: str) -> Manifest:
    spec = {"clusterIP": "None", "selector": {"app": "one"}, "ports": [{"name": "http", "port": 8000}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


def _job(name: str, **pod: Any) -> Manifest:
    template = {"spec": {"restartPolicy": "Never", **yaml.safe_load(_CONTAINER), **pod}}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": {"template": template}}


def _cron(name: str, schedule: str = "0 3 * * *", **spec: Any) -> Manifest:
    job = {"spec": _job(name)["spec"]}
    details = {"schedule": schedule, "jobTemplate": job, **spec}
    return {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": name}, "spec": details}


@pytest.mark.parametrize("make", [_stateful, _daemons, _job, _cron])
@pytest.mark.parametrize("rules", _RULES)
def test_each_controller_gets_its_pod(make: Callable[[str], Manifest], rules: str) -> None:
    """A good one of each kind is taken, with one pod judged."""
    found = judged([_headless("one"), make("one")], *_RULES[rules])

    assert (found.sentences, found.pods) == ("", 1)


@pytest.mark.parametrize(
    ("manifest", "who", "said"),
    [
        (_stateful("s" * 53), "Pod", "must be no more than 63"),
        (_job("j" * 64), "Job", "must be no more than 63"),
        (_cron("c" * 53), "CronJob", "must be no more than 52"),
        (_cron("one", "0 3 * *"), "CronJob", "spec.schedule"),
        (_cron("one", timeZone="Europe/Berlni"), "CronJob", "unknown time zone"),
        (_job("one", restartPolicy="Always"), "Job", "restartPolicy"),
        (_job("one", securityContext={}), "Pod", "runAsNonRoot != true"),
    ],
)
def test_what_a_controller_would_make_is_judged_too(manifest: Manifest, who: str, said: str) -> None:
    """Names that become labels, host names and other names are too long there first."""
    found = judged([manifest])

    assert {what.split()[0] for what in found.refused} == {who}
    assert said in found.sentences


# --- what a namespace may impose -------------------------------------------------------------------------------------


def _quota(hard: dict[str, str]) -> Manifest:
    metadata = {"name": "quota", "namespace": "portal"}
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": metadata, "spec": {"hard": hard}}


def _limits(**limit: Any) -> Manifest:
    limits = {"limits": [{"type": "Container", **limit}]}
    return {
        "apiVersion": "v1",
        "kind": "LimitRange",
        "metadata": {"name": "limits", "namespace": "portal"},
        "spec": limits,
    }


def _with_component(tmp_path: Path) -> list[Manifest]:
    (tmp_path / "k8s").symlink_to(K8S)
    there = tmp_path / "overlay"
    there.mkdir()
    lines = ["resources: [../k8s/overlays/production]", "components: [../k8s/components/cpu-limit]"]
    (there / "kustomization.yaml").write_text("\n".join(lines))
    return [one for one in parsed(rendered(there)) if is_native(one)]


def test_a_quota_on_limits_that_nobody_has_stops_every_pod() -> None:
    """The deployments are taken, and none of their pods: each would have to say a limit."""
    found = judged([*overlay("production"), _quota({"limits.cpu": "200"})])

    assert {what.split()[0] for what in found.refused} == {"Pod"}
    assert len(found.refused) == _PODS
    assert "must specify limits.cpu" in found.sentences


def test_a_default_limit_heals_it() -> None:
    """A LimitRange of the namespace gives the limit to those that have none."""
    assert (
        judged([*overlay("production"), _quota({"limits.cpu": "200"}), _limits(default={"cpu": "1"})]).sentences == ""
    )


@pytest.mark.parametrize(("pods", "refused"), [(36, False), (35, True)])
def test_a_rollout_needs_twice_the_pods(pods: int, refused: bool) -> None:
    """Production has 18 pods at rest; those that end still count, so a quota of less than 36 holds a rollout up."""
    found = judged([*overlay("production"), _quota({"pods": str(pods)})])

    assert ("exceeded in a rollout: pods 36 of 35" in found.sentences) == refused


def test_a_limit_range_may_refuse_what_is_too_large() -> None:
    """A maximum below our memory limit is said for each pod."""
    found = judged([*overlay("production"), _limits(max={"memory": "256Mi"})])

    assert len(found.refused) == _PODS
    assert "maximum memory usage per Container is 256Mi" in found.sentences


def test_what_kubectl_prints_can_be_given_as_it_is() -> None:
    """The quota of a cluster comes as a list, with its status."""
    quota = {**_quota({"pods": "10"}), "status": {"hard": {"pods": "10"}, "used": {"pods": "0"}}}
    found = judged([*overlay("production"), {"apiVersion": "v1", "kind": "List", "metadata": {}, "items": [quota]}])

    assert "exceeded in a rollout: pods 36 of 10" in found.sentences
