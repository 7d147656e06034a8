"""What an operator can set, from the environment (`PORTAL_…`) or from the command line."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.settings import CollectorAddress
from chassis.web_origins import require_patterns
from gateway.limits import Limits
from gateway.quotas.amounts import Quotas
from gateway.subgraphs.header_rules import EVERY, Merging, read_rules
from gateway.subgraphs.target import DIFFERING

_MAY_BE_NONE = ("queue", "query_retries", "breaker_percent")
_SUBGRAPH_URL = re.compile(r"PORTAL_SUBGRAPH_(.+)_URL")


class GatewaySettings(BaseSettings):
    """Every setting has a default that is right for one machine; times are in seconds."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", extra="ignore", frozen=True)

    must_be_said: ClassVar[tuple[str, ...]] = ("introspection", "graphiql")
    must_be_there: ClassVar[tuple[str, ...]] = ("gateway_key",)

    supergraph: Path
    """The supergraph file; changes to it are picked up while the gateway runs (by polling, and on SIGHUP). If the new
    file is not valid, the last good one stays in use, and `/readyz` and the log say so."""
    reload_seconds: float = Field(default=1.0, gt=0)
    """How often the file is checked for changes."""
    subgraph_urls: dict[str, str] = Field(default_factory=dict[str, str])
    """Addresses that replace those in the file, by subgraph; each also as `PORTAL_SUBGRAPH_<NAME>_URL`."""
    override_labels: list[str] = Field(default_factory=list[str])
    """The labels of progressive `@override` that are always on; `percent(N)` is on for N of 100 requests anyway."""

    portal_url: str = ""
    """Where clients open the portal. If that is by https, the gateway starts only with a `PORTAL_GATEWAY_KEY` that is
    not published, and with `PORTAL_INTROSPECTION` and `PORTAL_GRAPHIQL` set to true or false."""
    gateway_key: SecretStr = SecretStr("")
    """The credential that subgraphs require (`x-portal-gateway-key`); when empty, the header is not sent."""
    jwks_url: str = ""
    """Where the keys are that verify access tokens. When empty, no quotas are counted, and nobody counts as logged in
    for `@authenticated` and `@requiresScopes`. A token's scopes are its claim `scope`."""
    issuer: str = "http://127.0.0.1:8080"
    """Who issues those tokens: their claim `iss`."""
    unauthorized: Literal["filter", "reject"] = "filter"
    """What becomes of a request for fields that the caller may not see by those directives: it is answered with null
    and an error at each, or refused as a whole."""
    forwarded_headers: list[str] = Field(default_factory=lambda: ["authorization", "accept-language", "user-agent"])
    """The client's headers that go to every subgraph, besides trace context, request id and client address."""
    forwarded_cookies: dict[str, list[str]] = Field(
        default_factory=lambda: {"identity": ["portal_refresh", "portal_device"]}
    )
    """The cookies that go to one subgraph."""
    returned_headers: dict[str, list[str]] = Field(default_factory=lambda: {"identity": ["set-cookie"]})
    """The headers of one subgraph's answers, or of all (`*`), that go back to the client."""
    merged_headers: dict[str, Merging] = Field(default_factory=dict[str, Merging])
    """What becomes of a header that several subgraphs gave back: `append` (all of them), the `first` or the `last` to
    answer, or for `cache-control` of all subgraphs the `strictest`; else answers are `no-store`."""
    header_rules: dict[str, list[dict[str, str]]] = Field(default_factory=dict[str, list[dict[str, str]]])
    """What is changed of the headers that go to one subgraph, or to all (`*`), in this order: `{"propagate": NAME}`,
    also with `"as"` and `"default"`; `{"propagate_matching": REGEX}`; `{"insert": NAME, "value": TEXT}`;
    `{"remove": NAME}`; `{"remove_matching": REGEX}`. Never those of a connection, nor the gateway's own."""
    trusted_proxies: int = Field(default=0, ge=0, le=10)
    """How many proxies in front of the gateway append to `X-Forwarded-For`."""
    allowed_origins: list[str] = Field(default_factory=list[str])
    """Web origins whose pages may use the endpoint, besides its own: `https://app.example`, `https://*.app.example` for
    every subdomain, `http://localhost:*` for every port, or `*` for all, without credentials."""
    allowed_headers: list[str] = Field(
        default_factory=lambda: [
            "apollo-require-preflight", "apollographql-client-name", "apollographql-client-version", "b3", "baggage",
            "graphql-client-name", "graphql-client-version", "last-event-id", "newrelic", "sentry-trace",
            "x-apollo-operation-id", "x-apollo-operation-name", "x-apollo-operation-type", "x-b3-sampled",
            "x-b3-spanid", "x-b3-traceid", "x-datadog-origin", "x-datadog-parent-id", "x-datadog-sampling-priority",
            "x-datadog-trace-id", "x-graphql-client-name", "x-graphql-client-version", "x-requested-with",
        ]
    )  # fmt: skip
    """What those pages may send, besides what the gateway itself reads and what it forwards."""
    allowed_credentials: bool = True
    """Whether those pages may send cookies, as a refresh in a browser does; never where every origin is allowed."""
    preflight_seconds: int = Field(default=600, ge=0)
    """How long browsers may remember what those pages may do."""

    transport: Literal["lean", "aiohttp"] = "lean"
    """The HTTP client for subgraphs: `lean`, or `aiohttp`, which costs ten times as much CPU."""
    share_fetches: bool = False
    """Whether identical queries of one caller to one subgraph share a fetch while it is in flight."""
    operation_timeout: float = Field(default=5.0, gt=0)
    """How long all fetches of a query may take together."""
    fetch_timeout: float = Field(default=4.0, gt=0)
    """How long one fetch may take, including waiting and repeating; less than the whole, to leave time for others."""
    mutation_timeout: float = Field(default=15.0, gt=0)
    """How long all fetches of a mutation may take together, at least as long as those of a query. What was not answered
    in time may have happened; and a pod that ends waits 20 s for open requests."""
    mutation_fetch_timeout: float = Field(default=12.0, gt=0)
    """How long the fetch of a mutation may take: a subgraph may ask others, as a payment its provider for 10 s."""
    fetch_connections: int = Field(default=64, gt=0)
    """How many connections, and so fetches at once, a subgraph gets."""
    fetch_queue: int = Field(default=1024, ge=0)
    """How many fetches may wait for a connection; any more fail at once."""
    fetch_retries: int = Field(default=1, ge=0, le=5)
    """How often a failed query is repeated; mutations never are."""
    breaker_percent: int = Field(default=0, ge=0, le=100)
    """What share of a subgraph's fetches has to fail before it is not asked for a while, and the clients are told
    `SUBGRAPH_CIRCUIT_OPEN` at once; then one fetch at a time tries whether it answers again. 0 is never."""
    breaker_fetches: int = Field(default=20, gt=0)
    """How many fetches of 10 s it takes to tell."""
    breaker_pause: float = Field(default=5.0, gt=0)
    """For how long a subgraph is not asked then, before it is tried again."""
    subgraph_options: dict[str, dict[str, float]] = Field(default_factory=dict[str, dict[str, float]])
    """What is other for one subgraph, as JSON: `{"billing": {"timeout": 9, "answer_bytes": 1000000}}`; also
    `mutation_timeout`, `connect_timeout` (1), `connections`, `queue`, `query_retries`, `breaker_percent`,
    `breaker_fetches` and `breaker_pause`."""
    connection_age: float = Field(default=60.0, gt=0)
    """After how long a connection is replaced, so that new pods get their share."""
    subscription_protocols: dict[str, Literal["graphql-transport-ws", "sse"]] = Field(
        default_factory=dict[str, Literal["graphql-transport-ws", "sse"]]
    )
    """The protocol of subscriptions, by subgraph: `sse` or, by default, `graphql-transport-ws`."""

    status_codes: Literal["audited", "2026-08"] = "audited"
    """The statuses of `application/graphql-response+json`: those that `graphql-http`'s audits demand, or those of the
    draft of August 2026 (422 for requests that are read and wrong, 294 for data with errors)."""
    introspection: bool = True
    """Whether introspection is enabled; if not, errors name only what the client named."""
    suggestions: bool = False
    """Whether errors say “Did you mean …”."""
    error_extensions: list[str] = Field(default_factory=lambda: ["code"])
    """What of the `extensions` of subgraphs' errors clients see; `code` is always there. What clients send as
    `extensions` goes no further."""
    plan_scope: str = ""
    """Whose requests with the header `x-portal-query-plan` are told the query plan, as `extensions.queryPlan`: those
    whose token has this scope, everybody's with `*`, nobody's when empty."""
    graphiql: bool = True
    """Whether browsers get GraphiQL."""
    persisted_documents: Path | None = None
    """The manifest of persisted documents, read at start."""
    persisted_only: bool = False
    """Whether only persisted documents are run."""
    automatic_persisted_bytes: int = Field(default=4_000_000, ge=0)
    """How many bytes of documents are remembered by their hash for clients that send that first (automatic persisted
    queries); 0 tells those clients to stop asking, as `PORTAL_PERSISTED_ONLY` does."""
    compress_from: int = Field(default=2_048, ge=0)
    """From how many bytes on answers are compressed for clients that read that; 0 leaves it to a proxy."""
    codings: list[Literal["br", "gzip", "zstd"]] = Field(default_factory=lambda: ["br", "gzip", "zstd"])
    """By what, of those that a client likes equally well; `br` and `zstd` where the extra `compression` is installed.
    zstd costs least and is last, since some clients list it that cannot read it."""
    limits: dict[str, int] = Field(default_factory=dict[str, int])
    """Limits that differ from the defaults below, as JSON: `{"depth": 12}`."""
    quotas: dict[str, int] = Field(default_factory=dict[str, int])
    """Quotas that differ from the defaults below, as JSON: `{"person_sockets": 20}`."""
    socket_init_timeout: float = Field(default=10.0, gt=0)
    """How long a WebSocket may take to send `connection_init`."""
    operations_per_socket: int = Field(default=100, gt=0)
    """How many operations a WebSocket may run at once."""

    drain_seconds: float = Field(default=0.0, ge=0)
    """How long the gateway goes on answering after SIGTERM, while `/readyz` reports that it is not ready."""
    log_level: str = "INFO"
    """The least serious messages that are logged."""
    log_requests: bool = True
    """Whether every request is logged, as one line of JSON."""
    metrics: bool = True
    """Whether `/metrics` has figures of requests and fetches."""
    otlp_endpoint: CollectorAddress = ""
    """Where spans go (OTLP over HTTP), one per operation and per fetch; when empty, tracing is off."""

    @field_validator("allowed_origins")
    @classmethod
    def _readable_origins(cls, value: list[str]) -> list[str]:
        return require_patterns(value)

    @field_validator("header_rules")
    @classmethod
    def _readable_rules(cls, value: dict[str, list[dict[str, str]]]) -> dict[str, list[dict[str, str]]]:
        read_rules(value)
        return value

    @field_validator("merged_headers")
    @classmethod
    def _fitting_merges(cls, value: dict[str, Merging], info: ValidationInfo) -> dict[str, Merging]:
        strict = [name for name, how in value.items() if how == "strictest"]
        returned = [name.lower() for name in info.data.get("returned_headers", {}).get(EVERY, ())]
        if strict and (strict != ["cache-control"] or "cache-control" not in returned):
            raise ValueError(
                'strictest is for cache-control, and only where PORTAL_RETURNED_HEADERS has it for all ("*")'
            )
        return value

    @field_validator("subgraph_options")
    @classmethod
    def _known_options(cls, value: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        for subgraph, options in value.items():
            if unknown := options.keys() - DIFFERING.keys():
                raise ValueError(f"unknown options of {subgraph}: {', '.join(sorted(unknown))}")
            if any(number < 0 or (number == 0 and name not in _MAY_BE_NONE) for name, number in options.items()):
                raise ValueError(f"options of {subgraph} must be more than 0")
        return value

    @field_validator("limits")
    @classmethod
    def _known_limits(cls, value: dict[str, int]) -> dict[str, int]:
        unknown = value.keys() - Limits.__slots__
        if unknown:
            raise ValueError(f"unknown limits: {', '.join(sorted(unknown))}")
        return value

    @field_validator("quotas")
    @classmethod
    def _known_quotas(cls, value: dict[str, int]) -> dict[str, int]:
        if unknown := value.keys() - Quotas.__slots__:
            raise ValueError(f"unknown quotas: {', '.join(sorted(unknown))}")
        if small := sorted(name for name, number in value.items() if number < 1):
            raise ValueError(f"quotas must be at least 1: {', '.join(small)}")
        return value

    def all_quotas(self) -> Quotas:
        """Return every quota."""
        return Quotas(**self.quotas)

    def all_limits(self) -> Limits:
        """Return every limit."""
        numbers: dict[str, Any] = {**self.limits, "introspection": self.introspection}
        return Limits(**numbers)

    def url_of(self, name: str, in_file: str, environment: Mapping[str, str] | None = None) -> str:
        """Return the address of a subgraph: from the settings, from the environment, or the file's."""
        if name in self.subgraph_urls:
            return self.subgraph_urls[name]
        wanted = _env_name(name)
        for key, value in (os.environ if environment is None else environment).items():
            match = _SUBGRAPH_URL.fullmatch(key)
            if match is not None and _env_name(match[1]) == wanted:
                return value
        return in_file


def _env_name(name: str) -> str:
    return re.sub(r"\W", "_", name).upper()
