"""The Helm chart: made from the same files as the overlays, it puts the same things into a cluster."""

import subprocess
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from typing import Any

import yaml

from portal_cli.chart import CHART, COMMAND, files
from portal_cli.checked_in import CheckedIn, obsolete
from portal_cli.foreign import HELM
from portal_cli.paths import SERVICES
from tests.support.custom_resources import faults, is_native
from tests.support.foreign import program
from tests.support.kubernetes import Manifest, everything, judged, parsed

_DIGEST = "sha256:" + "0" * 64
_ALL = ("ingress", "keda", "monitoring", "backup")


def _helm(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [program(HELM) / "helm", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@cache
def _rendered(*options: str) -> str:
    values = [word for option in (f"image.digest={_DIGEST}", *options) for word in ("--set", option)]
    done = _helm("template", "portal", str(CHART), "--namespace", "portal", *values)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _chart(*options: str) -> list[Manifest]:
    return [one for one in parsed(_rendered(*options)) if one]


def test_the_chart_is_up_to_date() -> None:
    """What is checked in is what `deploy/k8s` says now."""
    made = files()

    assert CheckedIn(made, COMMAND, obsolete(CHART / "templates", "*", made)).difference() == ""


def test_helm_finds_nothing_wrong() -> None:
    """`helm lint --strict` has nothing to say."""
    done = _helm("lint", "--strict", "--quiet", str(CHART), "--set", f"image.digest={_DIGEST}")

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_chart_is_what_the_production_overlay_is() -> None:
    """Both put the same objects into a cluster, but for checksums, which do what a name with a hash does."""
    by_kustomize = {_name(one): _plain(one) for one in everything("production")}
    by_helm = {_name(one): _plain(one) for one in _chart() if one["kind"] != "Job"}

    assert by_helm.keys() == by_kustomize.keys()
    assert [name for name in by_helm if by_helm[name] != by_kustomize[name]] == []


def _name(manifest: Manifest) -> str:
    name = "portal-settings" if manifest["kind"] == "ConfigMap" else manifest["metadata"]["name"]
    return f"{manifest['kind']} {name}"


def _plain(manifest: Manifest) -> Manifest:
    """Return a manifest without what the two ways write differently."""
    made = deepcopy(manifest)
    made["metadata"] = {name: value for name, value in made["metadata"].items() if name == "labels"}
    if made["kind"] == "Deployment":
        pod = made["spec"]["template"]
        pod["metadata"].pop("annotations", None)
        if pod["spec"].get("imagePullSecrets") == []:
            del pod["spec"]["imagePullSecrets"]
        for source in pod["spec"]["containers"][0]["envFrom"]:
            source.pop("configMapRef", None)
    return made


def test_a_cluster_takes_the_chart_with_everything() -> None:
    """With every option on, no object is refused or warned about, operators' resources included."""
    made = _chart(*(f"{name}.enabled=true" for name in _ALL), "gatewayApi.enabled=false")
    found = judged([one for one in made if is_native(one)])
    jobs = 2 * len(SERVICES)

    assert (found.sentences, found.pods) == ("", 2 * len(SERVICES) + 2 + jobs)
    assert faults([one for one in made if not is_native(one)]) == []


def test_alerts_keep_their_own_braces() -> None:
    """What Prometheus fills in is not filled in by Helm."""
    (rule,) = [one for one in _chart("monitoring.enabled=true") if one["kind"] == "PrometheusRule"]
    ours: Mapping[str, Any] = yaml.safe_load(files()[CHART.parent / "k8s/components/monitoring/alerts.yaml"])

    assert rule["spec"] == ours["spec"]


def test_changed_settings_roll_the_pods() -> None:
    """Another setting is another checksum in each pod template."""
    before, after = (
        {
            one["metadata"]["name"]: one["spec"]["template"]["metadata"]["annotations"]["checksum/settings"]
            for one in made
            if one["kind"] == "Deployment"
        }
        for made in (_chart(), _chart("settings.PORTAL_LOG_LEVEL=DEBUG"))
    )

    assert {name for name in before if before[name] == after[name]} == set()


def test_an_image_has_to_be_named() -> None:
    """Without a digest and a tag nothing is installed, and the sentence says which value is missing."""
    done = _helm("template", "portal", str(CHART))

    assert done.returncode != 0
    assert "set image.digest, or image.tag" in done.stderr
