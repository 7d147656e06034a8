"""The programs of the embedded portal: what runs where, and what each is told.

Four databases, one process with all services, the gateway, the payment sandbox and the mailbox page.
"""

import json
import os
import sys
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from portal_cli import secantusdb
from portal_cli.data_folder import DataFolder
from portal_cli.front_end import FrontEnd, twin
from portal_cli.http_probe import answers_ok
from portal_cli.paths import INTERFACE, INTERFACE_DOCUMENTS, ROOT, SERVICES, SUPERGRAPH
from portal_cli.ports import LOOPBACK, free_ports, is_free
from portal_cli.processes import Program
from portal_cli.refusals import Refusal

DEMO_SLUG = "northwind"
"""The demo organisation's portal."""


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Where the embedded portal listens. Only the gateway's port is promised; the others prefer those after it."""

    gateway: int
    services: int
    sandbox: int
    mailbox: int
    identity: int
    billing: int
    collaboration: int
    notifications: int

    @classmethod
    def pick(cls, gateway: int) -> "Ports":
        """Choose the ports.

        Raises:
            Refusal: when the gateway's port is taken.
        """
        if not is_free(gateway):
            raise Refusal(f"Port {gateway} is in use by another program; choose another one with --port.")
        names = [one.name for one in fields(cls)][1:]
        spare = iter(free_ports(len(names)))
        wanted = range(gateway + 1, gateway + 1 + len(names))
        chosen = {name: port if _usable(port) else next(spare) for name, port in zip(names, wanted, strict=True)}
        return cls(gateway=gateway, **chosen)


@dataclass(frozen=True)
class Embedded:
    """The embedded portal in one data folder."""

    data: DataFolder
    ports: Ports
    front_end: FrontEnd = field(default_factory=FrontEnd)
    slug: str = ""
    """The portal whose log-in the interface's first page shows."""

    @property
    def interface_url(self) -> str:
        """What a person opens."""
        return f"{self._public(self.ports.gateway)}/"

    @property
    def portal_url(self) -> str:
        """Where links of mails lead: to the front end, if one is named."""
        return self.front_end.portal_url or self._public(self.ports.gateway)

    @property
    def graphql_url(self) -> str:
        return f"{self._public(self.ports.gateway)}/graphql"

    @property
    def mailbox_url(self) -> str:
        return self._public(self.ports.mailbox)

    @property
    def sandbox_url(self) -> str:
        return self._public(self.ports.sandbox)

    @property
    def services_url(self) -> str:
        """Where our own processes reach the services."""
        return self._inside(self.ports.services)

    def _inside(self, port: int) -> str:
        return f"http://{_in_url(self.front_end.reached)}:{port}"

    def _own_names(self) -> list[str]:
        """Return the origins of the interface: `localhost` and `127.0.0.1` are different ones, and both are opened."""
        own = self._public(self.ports.gateway)
        return [one for one in (own, twin(own)) if one]

    def _named_origins(self) -> list[str]:
        """Return the interface's other name where links lead to an address, for which no passkey can be made."""
        other = twin(self.portal_url) if urlsplit(self.portal_url).hostname == LOOPBACK else ""
        return [other] if other and other not in self.front_end.origins else []

    def _public(self, port: int) -> str:
        return f"http://{_in_url(self.front_end.name)}:{port}"

    def databases(self) -> list[Program]:
        """The four databases, which everything else needs."""
        folder = self.data.folder("databases")
        return [
            secantusdb.program(
                f"{service} database",
                folder / service,
                getattr(self.ports, service),
                log=self._log(f"{service}-database"),
                inherit=(self.data.lock,),
            )
            for service in SERVICES
        ]

    def servers(self) -> list[Program]:
        """Everything that answers HTTP."""
        state, hook = str(self.data.folder("sandbox")), f"{self.services_url}/billing/webhooks/sandbox"
        sandbox = ("-m", "payment_sandbox", "--port", str(self.ports.sandbox), "--data", state, "--webhook-url", hook)
        shown, listening = ("--public-url", self.sandbox_url), ("--host", self.front_end.host)
        return [
            self._program("services", self.ports.services, *_serve("all", self.ports.services), *listening),
            self._program("gateway", self.ports.gateway, *_serve("gateway", self.ports.gateway), *listening),
            self._program("payment sandbox", self.ports.sandbox, *sandbox, *shown, *listening),
            self._program("mailbox", self.ports.mailbox, *_serve("mailbox", self.ports.mailbox), *listening),
        ]

    @cached_property
    def environment(self) -> dict[str, str]:
        """What every process is told: addresses, folders and secrets."""
        databases = {
            f"PORTAL_MONGO_URL_{service.upper()}": secantusdb.quiet_url(getattr(self.ports, service))
            for service in SERVICES
        }
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")},
            **databases,
            "PORTAL_AMQP_URL": "",
            "PORTAL_ISSUER": self._inside(self.ports.gateway),
            "PORTAL_ALLOWED_ORIGINS": json.dumps([*self.front_end.origins, *self._named_origins()]),
            "PORTAL_PASSKEY_DOMAIN": "localhost" if urlsplit(self.portal_url).hostname == LOOPBACK else "",
            "PORTAL_RETURN_ORIGINS": json.dumps([*self.front_end.origins, *self._own_names()]),
            "PORTAL_FILES_URL": f"{self._public(self.ports.services)}/billing",
            "PORTAL_PORTAL_URL": self.portal_url,
            "PORTAL_JWKS_URL": f"{self.services_url}/identity/.well-known/jwks.json",
            **{f"PORTAL_{service.upper()}_URL": f"{self.services_url}/{service}" for service in SERVICES},
            "PORTAL_SUPERGRAPH": str(SUPERGRAPH),
            "PORTAL_WITH_INTERFACE": "true" if (INTERFACE / "index.html").exists() else "",
            "PORTAL_INTERFACE_PAYMENT_FORM": self.sandbox_url,
            "PORTAL_INTERFACE_SLUG": self.slug,
            **self._persisted(),
            **{
                f"PORTAL_SUBGRAPH_{service.upper()}_URL": f"{self.services_url}/{service}/graphql"
                for service in SERVICES
            },
            "PORTAL_MAIL_FOLDER": str(self.data.folder("mail")),
            "PORTAL_PARKED_FOLDER": str(self.data.folder("parked")),
            "PORTAL_GATEWAY_KEY": self.data.secret("gateway_key"),
            "PORTAL_SERVICE_KEY": self.data.secret("service_key"),
            "PORTAL_IDENTITY_SECRET": self.data.secret("identity_secret"),
            "PORTAL_SANDBOX_URL": self._inside(self.ports.sandbox),
            "PORTAL_SANDBOX_SECRET_KEY": self.data.secret("sandbox_key"),
            "PORTAL_SANDBOX_WEBHOOK_SECRET": self.data.secret("sandbox_webhook_secret"),
            "PORTAL_BILLING_SECRET": self.data.secret("billing_secret"),
            "PORTAL_REGISTRATIONS_PER_HOUR": "500",  # whoever tries it out comes from this machine alone
            "PAYMENT_SANDBOX_SECRET_KEY": self.data.secret("sandbox_key"),
            "PAYMENT_SANDBOX_WEBHOOK_SECRET": self.data.secret("sandbox_webhook_secret"),
        }

    def _persisted(self) -> dict[str, str]:
        """Return what lets the interface send ids in place of documents."""
        if not INTERFACE_DOCUMENTS.exists():
            return {}
        return {"PORTAL_PERSISTED_DOCUMENTS": str(INTERFACE_DOCUMENTS), "PORTAL_INTERFACE_PERSISTED": "true"}

    def _program(self, name: str, port: int, *arguments: str) -> Program:
        return Program(
            name=name,
            argv=(sys.executable, *arguments),
            log=self._log(name.replace(" ", "-")),
            env=self.environment,
            cwd=ROOT,
            ready=answers_ok(port, "/readyz", self.front_end.reached),
            alive=answers_ok(port, "/livez", self.front_end.reached),
            inherit=(self.data.lock,),
        )

    def _log(self, name: str) -> Path:
        return self.data.folder("logs") / f"{name}.log"


def _serve(service: str, port: int) -> tuple[str, ...]:
    return ("-m", "portal_cli.main", "serve", service, "--port", str(port))


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _usable(port: int) -> bool:
    return port < 65536 and is_free(port)
