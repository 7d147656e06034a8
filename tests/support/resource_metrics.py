"""A stand-in for a cluster's metrics server: autoscalers are told what a test says that pods use.

Door: `ResourceMetrics`, the API `metrics.k8s.io` behind an API server that runs on this machine.
"""

import json
import ssl
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

from portal_cli.ports import LOOPBACK
from tests.support.api_server import Manifest, Server

VERSION = "metrics.k8s.io/v1beta1"


@dataclass
class ResourceMetrics:
    """What each pod uses of a CPU, in thousandths, by namespace."""

    used: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])

    @contextmanager
    def serving(self, server: Server) -> Generator["ResourceMetrics"]:
        """Answer the API server's questions while the block runs."""
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(server.certificates / "apiserver.crt", server.certificates / "apiserver.key")
        with ThreadingHTTPServer((LOOPBACK, 0), self._handler()) as http:
            http.socket = tls.wrap_socket(http.socket, server_side=True)
            Thread(target=http.serve_forever, daemon=True).start()
            server.apply(_registered(http.server_port))
            server.kubectl("wait", "--for=condition=Available", "--timeout=120s", "apiservice", _NAME)
            yield self
            server.kubectl("delete", "apiservice", _NAME)
            http.shutdown()

    def answer(self, path: str) -> Manifest:
        """Return what is at a path: the list of resources, or the pods of a namespace."""
        parts = path.strip("/").split("/")
        if parts[-1] != "pods":
            pods = {
                "name": "pods",
                "singularName": "",
                "namespaced": True,
                "kind": "PodMetrics",
                "verbs": ["get", "list"],
            }
            return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": VERSION, "resources": [pods]}
        namespace = parts[-2]
        items = [_of_pod(namespace, name, used) for name, used in self.used.get(namespace, {}).items()]
        return {"kind": "PodMetricsList", "apiVersion": VERSION, "metadata": {}, "items": items}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answer = self.answer

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                known = path.startswith(f"/apis/{VERSION}")
                body = json.dumps(answer(path) if known else {}).encode()
                self.send_response(200 if known else 404)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - as the library names it
                """Say nothing."""

        return Handler


_NAME = "v1beta1.metrics.k8s.io"


def _registered(port: int) -> list[Manifest]:
    """Return what makes the API server pass on the questions to a port of this machine."""
    service = {"name": "metrics", "namespace": "kube-system"}
    return [
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": service,
            "spec": {"type": "ExternalName", "externalName": "localhost", "ports": [{"port": port}]},
        },
        {
            "apiVersion": "apiregistration.k8s.io/v1",
            "kind": "APIService",
            "metadata": {"name": _NAME},
            "spec": {
                "group": "metrics.k8s.io",
                "version": "v1beta1",
                "groupPriorityMinimum": 100,
                "versionPriority": 100,
                "insecureSkipTLSVerify": True,
                "service": {**service, "port": port},
            },
        },
    ]


def _of_pod(namespace: str, name: str, thousandths: int) -> Manifest:
    used = {"name": "portal", "usage": {"cpu": f"{thousandths}m", "memory": "64Mi"}}
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    metadata = {"name": name, "namespace": namespace}
    return {"metadata": metadata, "timestamp": at, "window": "30s", "containers": [used]}
