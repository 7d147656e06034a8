"""Settings from the environment (`PORTAL_…`), read once at start; a wrong or missing one says which and why."""

from typing import Annotated, Any, TypeVar
from urllib.parse import SplitResult, urlsplit, urlunsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.email_domains import ascii_domain
from chassis.keyring import unfit

_A_COLLECTOR = "This must be the address of a collector by http or https, such as http://collector:4318/v1/traces."
_NEVER_IN_ADDRESSES = frozenset(' "<>\\^`{|}')


def _collector(address: str) -> str:
    """Return the address of a collector, or nothing.

    Raises:
        ValueError: spans could never be sent there; the exporter itself would say so once a span is lost, if at all.
    """
    if address and _split(address) is None:
        raise ValueError(_A_COLLECTOR)
    return address


def _split(address: str) -> SplitResult | None:
    """Return the parts of an address by http or https with a host; None for anything else."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").encode("idna"), parts.port
    except ValueError:  # UnicodeError is one
        return None
    is_plain = address.isprintable() and not set(address) & _NEVER_IN_ADDRESSES
    return parts if is_plain and host and port != 0 and parts.scheme in ("http", "https") else None


CollectorAddress = Annotated[str, AfterValidator(_collector)]
"""Where spans go by OTLP over HTTP; empty for nowhere."""


_A_PORTAL = "This must be the address of the portal by http or https, such as https://portal.example, without ? and #."


def _portal(address: str) -> str:
    """Return the address where the portal is, without a slash at its end, its host as browsers name it: `xn--…`.

    Mails carry the host in their headers, browsers compare origins by it, and passkeys belong to it.

    Raises:
        ValueError: links that begin with it would lead nowhere, or run a script.
    """
    parts = _split(address)
    if parts is None or parts.username is not None or {*address} & {"?", "#"}:
        raise ValueError(_A_PORTAL)
    host, colon, port = ("", "", "") if "[" in parts.netloc else parts.netloc.partition(":")
    try:
        where = f"{ascii_domain(host)}{colon}{port}" if host else parts.netloc
    except ValueError:
        raise ValueError(_A_PORTAL) from None
    return urlunsplit(parts._replace(netloc=where)).rstrip("/")


PortalAddress = Annotated[str, AfterValidator(_portal)]
"""What links in mails begin with."""


class ServiceSettings(BaseSettings):
    """What every service can be told. Services add their own by subclassing."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", extra="ignore", frozen=True)

    mongo_url: str = "mongodb://127.0.0.1:27017/?replicaSet=rs0"
    """MongoDB; the database is named after the service, see `database_prefix`."""
    database_prefix: str = "portal_"
    amqp_url: str = ""
    """RabbitMQ, such as `amqp://user:password@host:5672`: no slash at the end. That, or `/%2F`, means the virtual host
    `/`, and `/name` another one. Empty means the bus inside this process."""
    gateway_key: SecretStr = Field(min_length=16)
    """What the gateway shows to subgraphs (`x-portal-gateway-key`)."""
    service_key: SecretStr = Field(min_length=16)
    """What services show to each other (`x-portal-service-key`) at `/internal/`."""
    gateway_key_next: SecretStr = SecretStr("")
    gateway_key_before: SecretStr = SecretStr("")
    service_key_next: SecretStr = SecretStr("")
    service_key_before: SecretStr = SecretStr("")
    """Accepted beside the present ones: those that will follow them, and those that were there before. May be empty."""
    issuer: str = "http://127.0.0.1:8080"
    """The `iss` of our access tokens."""
    jwks_url: str = "http://127.0.0.1:8081/identity/.well-known/jwks.json"
    identity_url: str = "http://127.0.0.1:8081/identity"
    billing_url: str = "http://127.0.0.1:8081/billing"
    owner_seconds: float = Field(default=3, gt=0, le=120)
    """How long another service may take to answer at `/internal/` before it counts as away."""
    portal_url: PortalAddress = "http://127.0.0.1:8080"
    """Where clients open the portal: the only source of links in mails."""
    run_worker: bool = False
    """Whether the web process runs the worker as well (small installations)."""
    outbox_poll_seconds: float = Field(default=10, gt=0, le=60)
    """How often outboxes are looked at for what no bell told; what is saved is relayed at once."""
    log_level: str = "INFO"
    otlp_endpoint: CollectorAddress = ""
    """OTLP/HTTP endpoint for traces; empty keeps them in the process (trace ids still reach logs and events)."""
    max_body_bytes: int = Field(default=1_000_000, gt=0)
    introspection: bool = True


S = TypeVar("S", bound=BaseSettings)


class SettingsError(SystemExit):
    """The environment is incomplete; printed as one sentence per setting."""


def load_settings(kind: type[S], **given: Any) -> S:
    """Read settings of this kind from the environment; what is `given` wins.

    Raises:
        SettingsError: naming each variable and what is wrong with it; values are never shown.
    """
    try:
        settings = kind(**given)
    except ValidationError as error:
        lines = [
            f"PORTAL_{'_'.join(map(str, item['loc'])).upper()}: {item['msg'].removeprefix('Value error, ')}"
            for item in error.errors()
        ]
        raise SettingsError("The settings are not complete.\n" + "\n".join(lines)) from None
    if lines := unfit(settings):
        raise SettingsError("The settings do not fit each other.\n" + "\n".join(lines))
    if lines := unsafe(settings):
        raise SettingsError("The settings are not safe for a portal that is reached by https.\n" + "\n".join(lines))
    return settings


PUBLISHED = frozenset(
    {
        "a-gateway-key-for-this-machine",
        "a-service-key-for-this-machine",
        "an-identity-secret-for-this-machine",
        "a-billing-secret-for-this-machine",
        "sk_sandbox",
        "whsec_sandbox",
    }
)
"""Secrets that everybody can read in this repository: for one machine only."""
_FEWEST_CHARACTERS, _SHORTEST = 8, 16


def unsafe(settings: BaseSettings) -> list[str]:
    """Return what must not be so where `portal_url` is https, a sentence for each setting; values are never shown."""
    values = {name: getattr(settings, name) for name in type(settings).model_fields}
    if not str(values.get("portal_url", "")).lower().startswith("https:"):
        return []
    lines: list[str] = []
    for name, value in values.items():
        text = value.get_secret_value() if isinstance(value, SecretStr) else ""
        if text in PUBLISHED:
            lines.append(f"PORTAL_{name.upper()}: This secret is published in docker-compose.yml; set a random one.")
        elif text and len(set(text)) < _FEWEST_CHARACTERS:
            lines.append(f"PORTAL_{name.upper()}: This secret can be guessed; set a random one.")
    said, there = getattr(settings, "must_be_said", ()), getattr(settings, "must_be_there", ())
    unsaid = [name for name in said if values[name] and name not in settings.model_fields_set]
    short = [name for name in there if len(values[name].get_secret_value()) < _SHORTEST]
    lines += [f"PORTAL_{name.upper()}: Say whether this is to be on (true or false)." for name in unsaid]
    lines += [f"PORTAL_{name.upper()}: Set at least {_SHORTEST} random characters." for name in short]
    return lines
