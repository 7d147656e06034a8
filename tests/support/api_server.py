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

from portal_cli.foreign import CONTROL_PLANE, CUSTOM_RESOURCES
from portal_cli.ports import LOOPBACK, free_ports
from portal_cli.processes import Child, Program
from tests.support.foreign import program
from tests.support.soak import LONG
from tests.support.waiting import wait_until

RESTRICTED = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn", "audit")}
_TOKEN = "the-administrator-of-this-test"
WANTED = "PORTAL_API_SERVER"
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
    """The server as its administrator sees it; what else is started for it ends with it."""

    kubectl_: Sequence[str]
    folder: Path
    running: ExitStack

    @property
    def kubeconfig(self) -> Path:
        """What programs of a cluster are told to reach it."""
        return self.folder / "kubeconfig"

    @property
    def accounts_key(self) -> Path:
        """What signs and proves the tokens of service accounts."""
        return self.folder / "accounts.key"

    @property
    def certificates(self) -> Path:
        """Where the parts of the control plane keep the certificates that they make for themselves."""
        return self.folder / "certificates"

    def told_by(self, name: str) -> str:
        """Return what a part of the control plane prints."""
        return subprocess.run([_program(), name], capture_output=True, text=True, check=True).stdout

    def start(self, name: str, *options: str) -> None:
        """Start a part of the control plane."""
        argv = (_program(), name, *options)
        environment = {"HOME": str(self.folder)}
        log = self.folder / f"{name}.log"
        child = Child.start(Program(name=name, argv=argv, log=log, env=environment, cwd=self.folder))
        self.running.callback(child.kill)

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


def _program() -> str:
    return str(program(CONTROL_PLANE) / "control-plane")


def _version(one: Manifest) -> str:
    return str(one["metadata"]["generation" if one["kind"] == "Gateway" else "resourceVersion"])


@contextmanager
def running_server(folder: Path) -> Generator[Server]:
    """Run a server while the block runs; skip where it is not built, and nobody asks for that."""
    if not CONTROL_PLANE.folder.is_dir() and not (LONG or os.environ.get(WANTED)):
        pytest.skip(f"{CONTROL_PLANE.folder.name} is not built: with {WANTED}=1 it is, in minutes of two cores")
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("kubectl is not installed")
    with ExitStack() as running:
        yield _started(kubectl, folder, running)


def _started(kubectl: str, folder: Path, running: ExitStack) -> Server:
    etcd, peers, api = free_ports(3)
    server = Server((kubectl, "--kubeconfig", str(_credentials(folder, api))), folder, running)
    server.start("etcd", *_etcd(folder, etcd, peers))
    server.start("kube-apiserver", *_api_server(folder, etcd, api))
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
