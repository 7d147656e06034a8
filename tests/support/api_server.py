"""A real Kubernetes API server with its database, and kubectl: what it takes is stored, and nobody acts upon it.

Door: `running_server`, with the definitions of the operators' resources. All of it listens on loopback and is gone
afterwards. No controller makes a pod, an image or a replica set of what is stored.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from portal_cli.foreign import API_SERVER, CUSTOM_RESOURCES
from portal_cli.ports import LOOPBACK, free_ports
from portal_cli.processes import Child, Program
from tests.support.foreign import program
from tests.support.soak import LONG
from tests.support.waiting import wait_until

RESTRICTED = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn", "audit")}
_TOKEN = "the-administrator-of-this-test"
_WANTED = "PORTAL_API_SERVER"
"""Set to build it where the cache has none: minutes of two cores, too long for each run on a new machine."""
Manifest = dict[str, Any]


@dataclass(frozen=True)
class Done:
    """How a call of kubectl ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Server:
    """The server as its administrator sees it."""

    kubectl_: Sequence[str]
    folder: Path

    def call(self, *arguments: str, given: str = "") -> Done:
        """Run kubectl and return how it ended."""
        command = [*self.kubectl_, *arguments]
        home = {"HOME": str(self.folder), "PATH": os.environ["PATH"]}
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, env=home)
        return Done(done.returncode, done.stdout, done.stderr)

    def kubectl(self, *arguments: str, given: str = "") -> str:
        """Run kubectl, which must succeed and have no warning, and return what it printed."""
        done = self.call(*arguments, given=given)
        assert (done.code, done.err) == (0, ""), done.err[-4000:]
        return done.out

    def apply(self, manifests: Sequence[Manifest], *options: str) -> None:
        """Apply manifests, namespaces first as kubectl does; they must be taken without a warning."""
        in_order = sorted(manifests, key=lambda one: one["kind"] != "Namespace")
        everything = json.dumps({"apiVersion": "v1", "kind": "List", "items": in_order})
        self.kubectl("apply", *options, "-f", "-", given=everything)

    def versions(self, manifests: Sequence[Manifest], namespace: str) -> dict[str, str]:
        """Return the resource version, which each write changes, of each object of these kinds in a namespace.

        Of a Gateway the generation, which a write of its specification changes: its definition fills in a status, which
        is stored with the second apply, whatever that says.
        """
        groups = {(one["apiVersion"].rpartition("/")[0], one["kind"]) for one in manifests}
        kinds = ",".join(f"{kind}.{group}" if group else kind for group, kind in groups - {("", "Namespace")})
        found = json.loads(self.kubectl("get", kinds, "-n", namespace, "-o", "json"))["items"]
        return {f"{one['kind']} {one['metadata']['name']}": _version(one) for one in found}

    def namespace(self, name: str) -> str:
        """Make a namespace that lets in what Pod Security calls restricted, and return its name."""
        metadata = {"name": name, "labels": RESTRICTED}
        self.apply([{"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}])
        return name


def _version(one: Manifest) -> str:
    return str(one["metadata"]["generation" if one["kind"] == "Gateway" else "resourceVersion"])


@contextmanager
def running_server(folder: Path) -> Generator[Server]:
    """Run a server while the block runs; skip where it is not built, and nobody asks for that."""
    wanted = LONG or os.environ.get(_WANTED)
    if not API_SERVER.folder.is_dir() and not wanted:
        pytest.skip(f"{API_SERVER.folder.name} is not built: with {_WANTED}=1 it is, in minutes of two cores")
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("kubectl is not installed")
    binary = program(API_SERVER) / "api-server"
    with ExitStack() as running:
        yield _started(binary, kubectl, folder, running)


def _started(binary: Path, kubectl: str, folder: Path, running: ExitStack) -> Server:
    etcd, peers, api = free_ports(3)
    server = Server((kubectl, "--kubeconfig", str(_credentials(folder, api))), folder)

    def start(name: str, *options: str) -> None:
        argv = (str(binary), name, *options)
        child = Child.start(
            Program(name=name, argv=argv, log=folder / f"{name}.log", env={"HOME": str(folder)}, cwd=folder)
        )
        running.callback(child.kill)

    start("etcd", *_etcd(folder, etcd, peers))
    start("kube-apiserver", *_api_server(folder, etcd, api))
    wait_until(lambda: server.call("get", "--raw", "/readyz").code == 0)
    server.kubectl("apply", "--server-side", "-f", str(program(CUSTOM_RESOURCES)))
    server.kubectl("wait", "--for=condition=established", "--timeout=120s", "crd", "--all")
    return server


def _etcd(folder: Path, port: int, peers: int) -> Sequence[str]:
    mine, others = f"http://{LOOPBACK}:{port}", f"http://{LOOPBACK}:{peers}"
    return (
        *("--data-dir", str(folder / "etcd"), "--unsafe-no-fsync"),
        *("--listen-client-urls", mine, "--advertise-client-urls", mine),
        *("--listen-peer-urls", others, "--initial-advertise-peer-urls", others),
        *("--initial-cluster", f"default={others}"),
    )


def _api_server(folder: Path, etcd: int, port: int) -> Sequence[str]:
    key = str(folder / "accounts.key")
    return (
        *("--etcd-servers", f"http://{LOOPBACK}:{etcd}", "--cert-dir", str(folder / "certificates")),
        *("--bind-address", LOOPBACK, "--secure-port", str(port), "--endpoint-reconciler-type", "none"),
        *("--token-auth-file", str(folder / "tokens.csv"), "--authorization-mode", "Node,RBAC"),
        *("--service-account-issuer", "https://cluster.example"),
        *("--service-account-key-file", key, "--service-account-signing-key-file", key),
        *("--service-cluster-ip-range", "10.96.0.0/16"),
    )


def _credentials(folder: Path, port: int) -> Path:
    """Write the administrator's token, the key of service accounts, and the file that kubectl and the others read."""
    (folder / "tokens.csv").write_text(f"{_TOKEN},administrator,1,system:masters\n")
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    (folder / "accounts.key").write_bytes(key)
    there = {"server": f"https://{LOOPBACK}:{port}", "insecure-skip-tls-verify": True}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "here", "cluster": there}],
        "users": [{"name": "administrator", "user": {"token": _TOKEN}}],
        "contexts": [{"name": "here", "context": {"cluster": "here", "user": "administrator"}}],
        "current-context": "here",
    }
    file = folder / "kubeconfig"
    file.write_text(json.dumps(config))
    return file
