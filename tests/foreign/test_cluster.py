"""What we deploy, in a cluster that acts upon it: controllers, a scheduler and nodes, without what runs in the pods.

`test_api_server.py` has what is stored; here is what becomes of it, hour by hour: pods are made, replaced while others
serve, moved off a node, multiplied, and kept out by what a namespace allows.
"""

import json
import subprocess
from collections.abc import Iterator, Sequence
from copy import deepcopy

import pytest

from portal_cli.chart import CHART
from portal_cli.foreign import HELM
from portal_cli.paths import ROOT
from tests.support.api_server import Manifest
from tests.support.cluster import Cluster, running_cluster
from tests.support.custom_resources import WITHOUT_DEFINITION
from tests.support.foreign import program
from tests.support.kubernetes import everything, parsed
from tests.support.resource_metrics import ResourceMetrics
from tests.support.waiting import wait_until

pytestmark = pytest.mark.slow

RELEASED = ROOT / "tests" / "fixtures" / "released-manifests.yaml"
DIGEST, NEXT_DIGEST = "sha256:" + "0" * 64, "sha256:" + "1" * 64
DEPLOYMENTS = 9
OF_EACH = 2


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One cluster for the module; each test has a namespace of its own."""
    with running_cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


def moved(manifests: Sequence[Manifest], namespace: str) -> list[Manifest]:
    """Return manifests for another namespace."""
    made = deepcopy([one for one in manifests if one["apiVersion"] not in WITHOUT_DEFINITION])
    for one in made:
        one["metadata"]["namespace"] = namespace
    return made


def with_image(manifests: Sequence[Manifest], image: str) -> list[Manifest]:
    """Return manifests whose Deployments run another image."""
    made = deepcopy([*manifests])
    for one in made:
        if one["kind"] == "Deployment":
            one["spec"]["template"]["spec"]["containers"][0]["image"] = image
    return made


def quota(namespace: str, **hard: str) -> Manifest:
    named = {name.replace("_", "."): value for name, value in hard.items()}
    metadata = {"name": "of-this-place", "namespace": namespace}
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": metadata, "spec": {"hard": named}}


def installed(cluster: Cluster, namespace: str, *beside: Manifest) -> list[Manifest]:
    """Put production into a new namespace, wait until all of it runs, and return its manifests."""
    cluster.server.namespace(namespace)
    manifests = moved(everything("production"), namespace)
    cluster.server.apply([*beside, *manifests])
    cluster.wait_until_rolled_out(namespace)
    return manifests


@pytest.mark.parametrize(("place", "pods"), [("production", 18), ("staging", 9)])
def test_all_of_it_runs_and_a_second_apply_changes_nothing(place: str, pods: int, cluster: Cluster) -> None:
    """Every pod is let in, placed and running; what was asked for is the same after the second time."""
    namespace = cluster.server.namespace(f"twice-{place}")
    manifests = moved(everything(place), namespace)
    cluster.server.apply(manifests)
    cluster.wait_until_rolled_out(namespace)
    before = cluster.wishes(manifests, namespace)
    cluster.server.apply(manifests)

    assert cluster.wishes(manifests, namespace) == before
    assert len(cluster.objects("pods", namespace)) == pods


def test_the_chart_is_installed_and_upgraded_to_the_same(cluster: Cluster) -> None:
    """`helm install` waits for all of it; `helm upgrade` with the same values runs the migration, and nothing else."""
    namespace = cluster.server.namespace("by-helm")
    values = ("--set", f"image.digest={DIGEST}", "--namespace", namespace, "--wait", "--timeout", "120s")
    helm(cluster, "install", "portal", str(CHART), *values)
    manifests = [one for one in cluster_manifests(cluster, namespace) if one["kind"] != "Job"]
    before = cluster.wishes(manifests, namespace)
    helm(cluster, "upgrade", "portal", str(CHART), *values)

    assert len(cluster.objects("deployments", namespace)) == DEPLOYMENTS
    assert cluster.wishes(manifests, namespace) == before


def helm(cluster: Cluster, *arguments: str) -> str:
    command = [program(HELM) / "helm", "--kubeconfig", cluster.server.kubeconfig, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def cluster_manifests(cluster: Cluster, namespace: str) -> list[Manifest]:
    """Return what Helm says that it has put there."""
    return [one for one in parsed(helm(cluster, "get", "manifest", "portal", "--namespace", namespace)) if one]


def test_a_new_image_is_rolled_out_without_a_pod_less(cluster: Cluster) -> None:
    """At no time are fewer pods available than were asked for, and of the old image nothing is left."""
    manifests = installed(cluster, "new-image")
    with cluster.watching_pods("new-image") as seen:
        cluster.server.apply(with_image(manifests, f"registry.example/client-portal@{NEXT_DIGEST}"))
        cluster.wait_until_rolled_out("new-image")

    assert cluster.images("new-image") == {f"registry.example/client-portal@{NEXT_DIGEST}"}
    assert len(seen.states()) > DEPLOYMENTS
    assert set(seen.lowest().values()) == {OF_EACH}


def test_the_release_before_is_upgraded_while_it_runs(cluster: Cluster) -> None:
    """What runs from its manifests is replaced by ours in place: no Deployment has a pod less meanwhile."""
    namespace = cluster.server.namespace("from-the-release")
    cluster.server.apply(moved(parsed(RELEASED.read_text()), namespace))
    cluster.server.kubectl("rollout", "status", "deployment", "-n", namespace, "--timeout=120s")
    wanted = with_image(moved(everything("production"), namespace), f"registry.example/client-portal@{NEXT_DIGEST}")
    with cluster.watching_pods(namespace) as seen:
        cluster.server.apply(wanted)
        cluster.wait_until_rolled_out(namespace)

    assert set(seen.lowest().values()) == {OF_EACH}
    assert {one["metadata"]["name"] for one in cluster.objects("deployments", namespace)} == {
        one["metadata"]["name"] for one in wanted if one["kind"] == "Deployment"
    }


def test_a_node_is_drained_under_the_budgets(cluster: Cluster) -> None:
    """Its pods go one of a kind at a time, also those that are not ready since their database is away."""
    installed(cluster, "drained")
    sick = cluster.objects("pods", "drained")[0]
    node = sick["spec"]["nodeName"]
    cluster.make_unready(sick)
    try:
        with cluster.watching_pods("drained") as seen:
            drain(cluster, node)
            cluster.server.kubectl("rollout", "status", "deployment", "-n", "drained", "--timeout=120s")
    finally:
        cluster.server.kubectl("uncordon", node)

    assert min(seen.lowest().values()) == OF_EACH - 1
    assert [pod for pod in cluster.objects("pods", "drained") if pod["spec"]["nodeName"] == node] == []


def drain(cluster: Cluster, node: str) -> None:
    """Empty a node, as its operator does before it is repaired; kubectl's warnings are about what it meets there."""
    options = ("--delete-emptydir-data", "--ignore-daemonsets", "--timeout=120s")
    done = cluster.server.call("drain", node, *options)
    assert done.code == 0, done.err[-4000:]


def test_who_works_hard_is_multiplied(cluster: Cluster) -> None:
    """Above the wished use of CPU the autoscaler adds pods where the work is, and nowhere else."""
    installed(cluster, "scaled")
    names = [pod["metadata"]["name"] for pod in cluster.objects("pods", "scaled")]
    metrics = ResourceMetrics({"scaled": {name: 900 if name.startswith("billing-web") else 100 for name in names}})
    with metrics.serving(cluster.server):
        wait_until(lambda: replicas(cluster, "scaled")["billing-web"] > OF_EACH)
        wait_until(lambda: all(is_measured(one) for one in cluster.objects("hpa", "scaled")))
    grown = replicas(cluster, "scaled")

    assert {name for name, many in grown.items() if many != OF_EACH} == {"billing-web"}


def replicas(cluster: Cluster, namespace: str) -> dict[str, int]:
    return {one["metadata"]["name"]: one["spec"]["replicas"] for one in cluster.objects("deployments", namespace)}


def is_measured(autoscaler: Manifest) -> bool:
    """Tell whether an autoscaler has found its Deployment and what its pods use."""
    conditions = {one["type"]: one["status"] for one in autoscaler["status"].get("conditions", [])}
    return (conditions.get("AbleToScale"), conditions.get("ScalingActive")) == ("True", "True")


def test_a_quota_of_what_is_documented_lets_a_rollout_through(cluster: Cluster) -> None:
    """The row *at rest, during a rollout* of deploy/k8s/README.md is enough of everything."""
    hard = {"pods": "36", "requests_cpu": "3600m", "requests_memory": "4608Mi", "limits_memory": "13824Mi"}
    manifests = installed(cluster, "with-quota", quota("with-quota", **hard))
    cluster.server.apply(with_image(manifests, f"registry.example/client-portal@{NEXT_DIGEST}"))
    cluster.wait_until_rolled_out("with-quota")

    assert len(cluster.objects("pods", "with-quota")) == DEPLOYMENTS * OF_EACH
    assert refusals(cluster, "with-quota") == []


def test_a_quota_on_cpu_limits_is_said_where_the_readme_says(cluster: Cluster) -> None:
    """Without the component `cpu-limit` everything is taken and no pod is made; each Deployment says why."""
    namespace = cluster.server.namespace("cpu-quota")
    manifests = moved(everything("production"), namespace)
    cluster.server.apply([quota(namespace, limits_cpu="40"), *manifests])
    wait_until(lambda: len(refusals(cluster, namespace)) == DEPLOYMENTS)

    assert cluster.objects("pods", namespace) == []
    assert all("must specify limits.cpu" in why for why in refusals(cluster, namespace))


def refusals(cluster: Cluster, namespace: str) -> list[str]:
    """Return why no pods could be made, as Deployments say it."""
    conditions = [c for one in cluster.objects("deployments", namespace) for c in one["status"].get("conditions", [])]
    return [one["message"] for one in conditions if one["type"] == "ReplicaFailure"]


def test_pods_that_are_not_restricted_are_kept_out(cluster: Cluster) -> None:
    """The cluster of these tests refuses what Pod Security calls unrestricted, and the Deployment never runs."""
    namespace = cluster.server.namespace("too-free")
    (gateway,) = [
        one
        for one in moved(everything("production"), namespace)
        if (one["kind"], one["metadata"]["name"]) == ("Deployment", "gateway")
    ]
    gateway["spec"]["template"]["spec"]["securityContext"] = {}
    gateway["spec"]["template"]["spec"]["containers"][0]["securityContext"] = {}
    cluster.server.call("apply", "-f", "-", given=json.dumps(gateway))
    wait_until(lambda: refusals(cluster, namespace))

    assert "violates PodSecurity" in refusals(cluster, namespace)[0]
