"""`portal settings`: every setting of every process, from the classes that read them, as tables.

A class says what a setting does in the text below it, or in its own docstring by the name of the setting.
"""

import ast
import inspect
import json
import re
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from portal_cli.checked_in import CheckedIn, settle
from portal_cli.paths import ROOT, SERVICES

COMMAND = "./portal settings --write"
FILE = ROOT / "docs" / "settings.md"
_OF_PROCESSES = {
    "PORTAL_DRAIN_SECONDS": "How long a process goes on answering after SIGTERM while `/readyz` says no.",
    "PORTAL_MONGO_DRIVER": "`motor` or `pymongo`: the driver for MongoDB.",
    "PORTAL_PROCESSES": "How many processes of the gateway or of a service's web share its port (1 to 64; 1). "
    "Services need a broker for it.",
    "PORTAL_WITH_INTERFACE": "`true`: the gateway serves the interface besides, as in `portal up`.",
    "PORTAL_SUBGRAPH_NAME_URL": "The gateway's address of the subgraph NAME, in place of that in the supergraph.",
}
"""What is read from the environment without a class."""
_MEANT = {
    "database_prefix": "What the names of the databases begin with.",
    "jwks_url": "Where every service finds the keys that verify access tokens.",
    "identity_url": "Where the other services reach identity.",
    "billing_url": "Where the other services reach billing.",
    "outbox_poll_seconds": "How often the relay looks for events when nobody has called it.",
    "log_level": "The least serious messages that are logged.",
    "max_body_bytes": "The largest body of a request.",
    "introspection": "Whether the service's own schema can be asked for, behind the gateway's key.",
    "mail_folder": "A folder that takes all mails in place of a server.",
    "mail_bounces": "The address below which mails come back, such as `bounces@example.com`.",
    "mail_from": "The sender of all mails: one address and nothing else.",
    "smtp_host": "The mail server.",
    "smtp_port": "The mail server's port.",
    "smtp_username": "The name there; with `smtp_password`, or neither.",
    "smtp_password": "The password there.",
    "signing_key_days": "How long a key signs access tokens before the next one does.",
    "argon2_memory_kib": "The memory that checking one password takes.",
    "argon2_passes": "How often that memory is gone through.",
    "argon2_threads": "How many passwords are checked at once.",
    "invite_days": "How long an invite can be accepted.",
    "reset_minutes": "How long the link of a forgotten password works.",
    "session_idle_days": "After how long a session ends that nobody uses.",
    "session_days": "After how long every session ends.",
    "sandbox_secret_key": "The sandbox's key.",
    "sandbox_webhook_secret": "What the sandbox signs its deliveries with.",
    "stripe_webhook_secret": "What Stripe signs its deliveries with.",
    "pdf_threads": "How many papers are printed at once.",
}
"""Settings whose classes do not say it; what a class says wins."""
_BESIDE = {
    "_next": "The secret that will follow `{name}`, accepted beside it. See [rotating secrets](rotating-secrets.md).",
    "_before": "The secret before `{name}`, still accepted. See [rotating secrets](rotating-secrets.md).",
}
"""What is said of a secret's successor and predecessor, where their class says nothing."""


def run(service: str, *, write: bool, check: bool) -> int:
    """Print the settings of a service, or all; or write the page of all of them; return the exit code."""
    if write or check:
        return settle(CheckedIn(files(), COMMAND), check=check)
    print("\n\n".join(_section(name, kind) for name, kind in classes() if service in {"", name}))
    return 0


def files() -> dict[Path, str]:
    """Return the text of the page."""
    shared = _service_settings()
    lines = [f"| `{name}` | {text} |" for name, text in _OF_PROCESSES.items()]
    parts = [
        "# Settings\n\nEverything that a process reads from its environment, once, at its start: what is missing or "
        f"wrong is said in one sentence each, and values are never shown. Written by `{COMMAND}`.",
        "\n".join(["## every process", "", "| setting | what it does |", "|---|---|", *lines]),
        _section("every service", shared),
        *(_section(name, kind, apart=shared) for name, kind in classes()),
        f"What `PORTAL_QUOTAS` changes:\n\n{import_module('gateway.documented').render_quotas()}",
    ]
    return {FILE: "\n\n".join(parts) + "\n"}


def classes() -> Iterator[tuple[str, type[BaseSettings]]]:
    """Yield each service's settings, then the gateway's and those of the interface."""
    for service in SERVICES:
        yield service, getattr(import_module(f"services.{service}.settings"), f"{service.capitalize()}Settings")
    yield "gateway", import_module("gateway.settings").GatewaySettings
    yield "interface", import_module("portal_cli.interface_settings").InterfaceSettings


def names(kind: type[BaseSettings]) -> set[str]:
    """Return the variables that a class reads."""
    return {f"PORTAL_{name.upper()}" for name in kind.model_fields}


def _service_settings() -> type[BaseSettings]:
    return import_module("chassis.settings").ServiceSettings


def _section(title: str, kind: type[BaseSettings], *, apart: type[BaseSettings] | None = None) -> str:
    meanings = _beside(kind) | _meanings(kind)
    fields = {name: field for name, field in kind.model_fields.items() if not apart or name not in apart.model_fields}
    if not fields:
        return f"## {title}\n\nNothing but what every service has."
    defaults = {name: _shown(field.get_default(call_default_factory=True)) for name, field in fields.items()}
    rows = [f"| `PORTAL_{name.upper()}` | {shown} | {meanings.get(name, '')} |" for name, shown in defaults.items()]
    return "\n".join([f"## {title}", "", "| setting | default | what it does |", "|---|---|---|", *rows])


def _shown(default: object) -> str:
    if default is PydanticUndefined:
        return "required"
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if isinstance(default, Path) and default.is_relative_to(ROOT):
        default = default.relative_to(ROOT).as_posix()  # the table is the same in every folder
    if default in (None, "", [], {}):
        return "–"
    text = default if isinstance(default, str) else json.dumps(default, default=str)
    return f"`{text}`"


def _beside(kind: type[BaseSettings]) -> dict[str, str]:
    """Return what a secret's successor and predecessor are for."""
    return {
        f"{name}{suffix}": text.format(name=f"PORTAL_{name.upper()}")
        for name in kind.model_fields
        for suffix, text in _BESIDE.items()
        if f"{name}{suffix}" in kind.model_fields
    }


def _meanings(kind: type[BaseSettings]) -> dict[str, str]:
    """Return what the class and those it is made from say of each setting."""
    found = dict(_MEANT)
    for one in reversed(kind.__mro__):
        if issubclass(one, BaseSettings) and one is not BaseSettings:
            definition = cast(ast.ClassDef, ast.parse(inspect.getsource(one)).body[0])
            found |= _of_docstring(definition) | dict(_below(definition))
    return found


def _below(definition: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for attribute, text in pairwise(definition.body):
        is_setting = isinstance(attribute, ast.AnnAssign) and isinstance(attribute.target, ast.Name)
        if is_setting and isinstance(text, ast.Expr):
            yield cast(ast.Name, cast(ast.AnnAssign, attribute).target).id, _plain(ast.literal_eval(text.value))


def _of_docstring(definition: ast.ClassDef) -> dict[str, str]:
    """Return the sentences of a docstring by the settings that they name."""
    found: dict[str, str] = {}
    for sentence in re.split(r"(?<=\.)\s+", ast.get_docstring(definition) or ""):
        for name in re.findall(r"`([a-z_]+)`", sentence):
            found[name] = f"{found.get(name, '')} {_plain(sentence)}".strip()
    return found


def _plain(text: Any) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")
