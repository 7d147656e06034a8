"""The whole portal as processes: every service's web and worker, the gateway, the sandbox, RabbitMQ between."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import httpx2

from portal_cli.http_probe import answers_ok
from portal_cli.paths import SERVICES
from portal_cli.ports import LOOPBACK, free_ports
from portal_cli.processes import Child, Program
from tests.support.waiting import LIMIT

ROOT = Path(__file__).parent.parent.parent
PATIENT_SECONDS = 100.0
"""The gateway's time for one operation, and services' for each other: only a defect reaches it."""
IMPATIENT_SECONDS = 30.0
"""The same for a gateway that is there to see its time end: what the other services give must come within it."""
SECRET = "a-secret-of-the-end-to-end-tests-0123456789"


@dataclass(frozen=True)
class Addresses:
    """Where everything listens."""

    gateway: int
    sandbox: int
    web: Mapping[str, int]
    worker: Mapping[str, int]

    @classmethod
    def pick(cls) -> "Addresses":
        ports = free_ports(2 + 2 * len(SERVICES))
        return cls(
            ports[0],
            ports[1],
            dict(zip(SERVICES, ports[2:6], strict=True)),
            dict(zip(SERVICES, ports[6:], strict=True)),
        )


class RunningPortal:
    """Starts and stops the processes; knows where they listen and where mails land.

    `root` is the checkout that runs: this one, or another to compare with.
    """

    def __init__(self, folder: Path, mongo_urls: Mapping[str, str], amqp_url: str, *, root: Path = ROOT) -> None:
        self.folder = folder
        self._root = root
        self.mails = folder / "mail"
        self.addresses = Addresses.pick()
        self._mongo_urls = mongo_urls
        self._amqp_url = amqp_url
        self.children: dict[str, Child] = {}
        self.http = httpx2.Client(timeout=LIMIT)

    @property
    def gateway_url(self) -> str:
        return f"http://{LOOPBACK}:{self.addresses.gateway}"

    @property
    def sandbox_url(self) -> str:
        return f"http://{LOOPBACK}:{self.addresses.sandbox}"

    def service_url(self, service: str) -> str:
        return f"http://{LOOPBACK}:{self.addresses.web[service]}"

    def start(self) -> None:
        """Start everything and wait until all are ready."""
        programs = {
            "sandbox": self._sandbox(),
            **{f"{name} {kind}": self._service(name, kind) for name in SERVICES for kind in ("web", "worker")},
            "gateway": self._portal("gateway", self.addresses.gateway, "gateway", "web", self._environment()),
        }
        for name, program in programs.items():
            self.children[name] = Child.start(program)
        for child in self.children.values():
            child.wait_until_ready(5 * LIMIT)

    def stop(self) -> None:
        """Stop everything."""
        self.http.close()
        for child in reversed(self.children.values()):
            child.stop()

    def restart(self, name: str) -> None:
        """Start a process again that has ended, at its old address, and wait until it is ready."""
        self.children[name] = Child.start(self.children[name].program)
        self.children[name].wait_until_ready(5 * LIMIT)

    @contextmanager
    def impatient_gateway(self) -> Iterator[str]:
        """Run one more gateway, with `IMPATIENT_SECONDS`; yield its address."""
        (port,) = free_ports(1)
        names = ("PORTAL_OPERATION_TIMEOUT", "PORTAL_FETCH_TIMEOUT")
        environment = {**self._environment(), **dict.fromkeys(names, str(IMPATIENT_SECONDS))}
        child = Child.start(self._portal(f"gateway-{port}", port, "gateway", "web", environment))
        try:
            child.wait_until_ready(5 * LIMIT)
            yield f"http://{LOOPBACK}:{port}"
        finally:
            child.stop()

    def log(self, name: str) -> str:
        """Return what a process has logged."""
        return self.children[name].program.log.read_text(errors="replace")

    def mails_to(self, address: str) -> list[EmailMessage]:
        """Return the mails that were sent to an address, oldest first."""
        found: list[EmailMessage] = []
        for file in sorted(self.mails.glob("*.eml")):
            mail = message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=policy.default)
            if address in str(mail["To"]):
                found.append(mail)
        return found

    def _service(self, name: str, kind: str) -> Program:
        port = (self.addresses.web if kind == "web" else self.addresses.worker)[name]
        environment = {**self._environment(), "PORTAL_MONGO_URL": self._mongo_urls[name]}
        return self._portal(f"{name}-{kind}", port, name, kind, environment)

    def _portal(self, name: str, port: int, service: str, kind: str, environment: Mapping[str, str]) -> Program:
        return Program(
            name=name,
            argv=(sys.executable, "-m", "portal_cli.main", "serve", service, kind, "--port", str(port)),
            log=self.folder / f"{name}.log",
            env=environment,
            cwd=self._root,
            ready=answers_ok(port, "/readyz"),
        )

    def _sandbox(self) -> Program:
        port = self.addresses.sandbox
        hook = f"{self.service_url('billing')}/webhooks/sandbox"
        options = ("--port", str(port), "--data", str(self.folder / "sandbox"), "--webhook-url", hook)
        return Program(
            name="sandbox",
            argv=(sys.executable, "-m", "payment_sandbox", *options),
            log=self.folder / "sandbox.log",
            env=self._environment(),
            cwd=self._root,
            ready=answers_ok(port, "/readyz"),
        )

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        urls = {name: self.service_url(name) for name in SERVICES}
        return {
            **inherited,
            "PORTAL_AMQP_URL": self._amqp_url,
            "PORTAL_GATEWAY_KEY": f"gateway-{SECRET}",
            "PORTAL_SERVICE_KEY": f"service-{SECRET}",
            "PORTAL_IDENTITY_SECRET": f"identity-{SECRET}",
            "PORTAL_BILLING_SECRET": f"billing-{SECRET}",
            "PORTAL_ISSUER": "https://portal.example",
            "PORTAL_PORTAL_URL": "https://portal.example",
            "PORTAL_INTROSPECTION": "true",
            "PORTAL_GRAPHIQL": "true",
            "PORTAL_JWKS_URL": f"{urls['identity']}/.well-known/jwks.json",
            **{f"PORTAL_{name.upper()}_URL": url for name, url in urls.items()},
            **{f"PORTAL_SUBGRAPH_{name.upper()}_URL": f"{url}/graphql" for name, url in urls.items()},
            "PORTAL_SUPERGRAPH": str(self._root / "gateway" / "schema" / "supergraph.graphql"),
            "PORTAL_MAIL_FOLDER": str(self.mails),
            "PORTAL_ARGON2_MEMORY_KIB": "8",
            "PORTAL_ARGON2_PASSES": "1",
            "PORTAL_LOG_IN_TRIES": "100",  # all tests come from one address
            "PORTAL_REGISTRATIONS_PER_HOUR": "10000",
            "PORTAL_PROVIDER_SECONDS": str(LIMIT),
            "PORTAL_OPERATION_TIMEOUT": str(PATIENT_SECONDS),
            "PORTAL_FETCH_TIMEOUT": str(PATIENT_SECONDS),
            "PORTAL_OWNER_SECONDS": str(PATIENT_SECONDS),
            "PORTAL_SANDBOX_URL": self.sandbox_url,
            "PORTAL_SANDBOX_SECRET_KEY": f"sandbox-{SECRET}",
            "PORTAL_SANDBOX_WEBHOOK_SECRET": f"webhook-{SECRET}",
            "PAYMENT_SANDBOX_SECRET_KEY": f"sandbox-{SECRET}",
            "PAYMENT_SANDBOX_WEBHOOK_SECRET": f"webhook-{SECRET}",
        }
