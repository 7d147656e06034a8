"""`portal topology`: what an operator applies to RabbitMQ, made from the topology that our processes declare.

`policies.json` limits queues that earlier versions declared, and those of other systems; it is safe on every broker
(`rabbitmqctl import_definitions`, or the management UI). `subscriber.json` is a user of another system, called `acme`.
`definitions.json` has the policies and the user of docker-compose.yml, since a broker that loads definitions at its
first start makes no other user; `policies.kubernetes.json` is for RabbitMQ's Kubernetes operators (`kubectl apply`).
Also written is, from what our services read, the table by which every process declares their queues.
"""

import json
from base64 import b64encode
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from chassis.bus.topology import policies, subscriber_permissions
from portal_cli.checked_in import CheckedIn, settle
from portal_cli.paths import ROOT, SERVICES

FOLDER = ROOT / "deploy" / "rabbitmq"
READERS = ROOT / "chassis" / "bus" / "readers.json"
USER = "portal"
SUBSCRIBER = "acme"
COMMAND = "./portal topology"
_SALT = b"port"


def run(*, check: bool) -> int:
    """Write or compare the files in `deploy/rabbitmq`; return the exit code."""
    return settle(CheckedIn(files(), COMMAND), check=check)


def files() -> dict[Path, str]:
    """Return the text of each file."""
    ours = policies(SERVICES)
    resources = [_resource(policy) for policy in ours]
    return {
        FOLDER / "policies.json": _json({"policies": ours}),
        FOLDER / "definitions.json": _json({**_of_this_machine(), "policies": ours}),
        FOLDER / "policies.kubernetes.json": _json({"apiVersion": "v1", "kind": "List", "items": resources}),
        FOLDER / "subscriber.json": _json(_of_subscriber(SUBSCRIBER)),
        READERS: _json({service: _read_by(service) for service in SERVICES}),
    }


def _read_by(service: str) -> list[str]:
    """Return the types of event that a service reads."""
    return sorted(import_module(f"services.{service}.messaging.consumed").CONSUMED)


def _of_subscriber(name: str) -> dict[str, Any]:
    """Return a user of another system, who cannot log in before somebody gives it a password."""
    user: dict[str, Any] = {
        "name": name,
        "password_hash": "",
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": [],
    }
    return {"users": [user], "permissions": [{"user": name, "vhost": "/", **subscriber_permissions(name)}]}


def _of_this_machine() -> dict[str, Any]:
    """Return the virtual host and the user of docker-compose.yml: name and password are the same word."""
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    return {
        "vhosts": [{"name": "/"}],
        "users": [
            {
                "name": USER,
                "password_hash": b64encode(_SALT + sha256(_SALT + USER.encode()).digest()).decode(),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": ["administrator"],
            }
        ],
        "permissions": [{"user": USER, "vhost": "/", **everything}],
    }


def _resource(policy: dict[str, Any]) -> dict[str, Any]:
    """Return a policy as the messaging topology operator reads it (rabbitmq.com/v1beta1)."""
    spec = {name: policy[name] for name in ("name", "vhost", "pattern", "priority", "definition")}
    return {
        "apiVersion": "rabbitmq.com/v1beta1",
        "kind": "Policy",
        "metadata": {
            "name": f"portal-{policy['name'].removeprefix('portal-').removeprefix('portal.').replace('.', '-')}"
        },
        "spec": {**spec, "applyTo": policy["apply-to"], "rabbitmqClusterReference": {"name": "rabbitmq"}},
    }


def _json(value: Any) -> str:
    return json.dumps(value, indent=2) + "\n"
