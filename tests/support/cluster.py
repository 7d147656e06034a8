"""A whole cluster beside the API server of `api_server.py`: controllers, a scheduler, and three nodes of kwok.

Door: `running_cluster`. Pods are made, placed, said to run, evicted and scaled by Kubernetes' own programs; no kubelet
runs anything in them, so probes, network policies and images are not seen here.
"""

import json
import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import Any

import pytest

from portal_cli.ports import LOOPBACK, free_ports
from tests.support.api_server import WANTED, Manifest, Server, running_server
from tests.support.soak import LONG
from tests.support.waiting import wait_until

NODES = ("node-1", "node-2", "node-3")
_PATIENCE = "--timeout=120s"
_ROOM = {"cpu": "64", "memory": "256Gi", "pods": "500", "ephemeral-storage": "500Gi"}


@dataclass(frozen=True)
class Cluster:
    """The cluster as its operator sees it."""

    server: Server

    def objects(self, kind: str, namespace: str) -> list[Manifest]:
        """Return all objects of a kind."""
        return json.loads(self.server.kubectl("get", kind, "-n", namespace, "-o", "json"))["items"]

    def wait_until_rolled_out(self, namespace: str) -> None:
        """Return when each Deployment runs what it was told last, and nothing else."""
        self.server.kubectl("rollout", "status", "deployment", "-n", namespace, _PATIENCE)
        wait_until(lambda: self.images(namespace) == self.wanted_images(namespace))

    def images(self, namespace: str) -> set[str]:
        """Return the images of the pods that are there."""
        return {
            container["image"] for pod in self.objects("pods", namespace) for container in pod["spec"]["containers"]
        }

    def wanted_images(self, namespace: str) -> set[str]:
        """Return the images that Deployments ask for."""
        templates = [one["spec"]["template"]["spec"] for one in self.objects("deployments", namespace)]
        return {container["image"] for template in templates for container in template["containers"]}

    def wishes(self, manifests: Sequence[Manifest], namespace: str) -> dict[str, Manifest]:
        """Return what is stored of these kinds, without what controllers report in it."""
        kinds = ",".join(
            sorted({f"{one['kind']}.{one['apiVersion'].rpartition('/')[0]}".rstrip(".") for one in manifests})
        )
        return {f"{one['kind']} {one['metadata']['name']}": _wish(one) for one in self.objects(kinds, namespace)}

    def make_unready(self, pod: Manifest) -> None:
        """Let a pod's probe fail, as it does while a database is away."""
        name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
        conditions = [{"type": "Ready", "status": "False"}, {"type": "ContainersReady", "status": "False"}]
        patch = json.dumps({"status": {"conditions": conditions}})
        self.server.kubectl("patch", "pod", name, "-n", namespace, "--subresource=status", "-p", patch)

    @contextmanager
    def watching_pods(self, namespace: str) -> Generator["Availability"]:
        """Write down, while the block runs, each state of the Deployments that the server tells of."""
        file = self.server.folder / f"{namespace}.watched"
        command = [*self.server.kubectl_, "get", "deployments", "-n", namespace, "-o", "json", "--watch"]
        seen = Availability(file)
        with file.open("wb") as out, Popen(command, stdout=out, stderr=DEVNULL) as watching:
            try:
                wait_until(seen.states)
                yield seen
            finally:
                watching.terminate()


@dataclass(frozen=True)
class Availability:
    """The states of Deployments, as a watch has told them."""

    file: Path

    def states(self) -> list[Manifest]:
        """Return them in their order; a last one that is not told to its end is left out."""
        decoder, text, found = json.JSONDecoder(), self.file.read_text().lstrip(), list[Manifest]()
        while text:
            try:
                one, end = decoder.raw_decode(text)
            except json.JSONDecodeError:
                break
            found.append(one)
            text = text[end:].lstrip()
        return found

    def lowest(self) -> dict[str, int]:
        """Return by Deployment how many of its pods were available when the fewest were."""
        told = [(one["metadata"]["name"], one["status"].get("availableReplicas", 0)) for one in self.states()]
        return {name: min(many for other, many in told if other == name) for name, _ in told}


def _wish(one: Manifest) -> Manifest:
    metadata = {
        name: value for name, value in one["metadata"].items() if name not in {"resourceVersion", "managedFields"}
    }
    annotations = {
        k: v for k, v in metadata.get("annotations", {}).items() if not k.startswith("deployment.kubernetes.io")
    }
    return {**one, "metadata": {**metadata, "annotations": annotations}, "status": None}


@contextmanager
def running_cluster(folder: Path) -> Generator[Cluster]:
    """Run a cluster while the block runs; skip where nobody asks for it."""
    if not (LONG or os.environ.get(WANTED)):
        pytest.skip(f"minutes of a cluster's life: with {WANTED}=1, or in the long run")
    with running_server(folder) as server:
        _start(server)
        cluster = Cluster(server)
        wait_until(lambda: _ready(server) == [*NODES])
        yield cluster


def _start(server: Server) -> None:
    manager, scheduler, nodes = free_ports(3)
    to_it = ("--kubeconfig", str(server.kubeconfig))
    alone = ("--leader-elect=false", "--bind-address", LOOPBACK, "--cert-dir", str(server.certificates))
    server.start(
        "kube-controller-manager",
        *(*to_it, *alone, "--secure-port", str(manager)),
        *("--use-service-account-credentials=false", "--service-account-private-key-file", str(server.accounts_key)),
        *("--horizontal-pod-autoscaler-sync-period=1s", "--horizontal-pod-autoscaler-initial-readiness-delay=0s"),
        *("--horizontal-pod-autoscaler-cpu-initialization-period=0s", "--kube-api-qps=200", "--kube-api-burst=400"),
    )
    server.start("kube-scheduler", *to_it, *alone, "--secure-port", str(scheduler))
    server.apply([_node(name) for name in NODES])
    stages = server.folder / "stages.yaml"
    stages.write_text(server.told_by("stages"))
    leases = ("--node-lease-duration-seconds", "40")
    options = ("--manage-all-nodes", "--config", str(stages), *leases, "--server-address", f"{LOOPBACK}:{nodes}")
    server.start("kwok", *to_it, *options)


def _node(name: str) -> Manifest:
    labels = {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": labels, "annotations": {"kwok.x-k8s.io/node": "fake"}},
        "status": {"allocatable": _ROOM, "capacity": _ROOM},
    }


def _ready(server: Server) -> list[str]:
    nodes: list[Any] = json.loads(server.kubectl("get", "nodes", "-o", "json"))["items"]
    return sorted(
        node["metadata"]["name"]
        for node in nodes
        if any(one["type"] == "Ready" and one["status"] == "True" for one in node["status"].get("conditions", []))
    )
