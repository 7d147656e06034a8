"""Where a subgraph is and how it may be used: plain values, checked when they are made."""

import re
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import urlsplit

from gateway.plan import OperationKind

DIFFERING: Mapping[str, type[int] | type[float]] = {
    "timeout": float,
    "mutation_timeout": float,
    "connect_timeout": float,
    "connections": int,
    "queue": int,
    "answer_bytes": int,
    "query_retries": int,
    "breaker_percent": int,
    "breaker_fetches": int,
    "breaker_pause": float,
}
"""The options that may differ between subgraphs."""
CACHING = b"cache-control"
_UNSAFE = re.compile(r"[\x00-\x20\x7f]")


@dataclass(frozen=True, slots=True)
class Target:
    """The parsed address of one subgraph."""

    url: str
    host: str
    port: int
    path: str
    tls: bool

    @classmethod
    def parse(cls, url: str) -> "Target":
        """Return the target of an `http://` or `https://` address.

        Raises:
            ValueError: for any other address; userinfo, control characters and fragments are refused too.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or _UNSAFE.search(url):
            raise ValueError(f"not a usable subgraph address: {url!r}")
        tls = parts.scheme == "https"
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(url, parts.hostname, parts.port or (443 if tls else 80), path, tls)

    @property
    def authority(self) -> str:
        """The value of the `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class TransportOptions:
    """Limits of a transport, for each subgraph; times in seconds, sizes in bytes.

    `timeout` bounds one fetch from `post` to its answer, waiting and repeating included; `mutation_timeout` that of a
    mutation, where it is given. `idle` should be below the subgraphs' own keep-alive time (ours is 65 s, uvicorn's 5 s)
    and the time for which they go on answering after SIGTERM (ours: 5 s), so that no connection is closed under a
    request.
    `breaker_percent` of at least `breaker_fetches` in 10 s have to fail before the subgraph is not asked for
    `breaker_pause`; 0 is never.
    `returned` names, for each subgraph and for all of them (`*`), the answer headers (lower-case) that are collected
    for the client; `protocols` how to subscribe to it.
    """

    timeout: float = 5.0
    mutation_timeout: float | None = None
    connect_timeout: float = 1.0
    connections: int = 64
    queue: int = 1024
    idle: float = 4.0
    age: float = 60.0
    answer_bytes: int = 16 * 1024 * 1024
    query_retries: int = 1
    breaker_percent: int = 0
    breaker_fetches: int = 20
    breaker_pause: float = 5.0
    returned: Mapping[str, frozenset[bytes]] = field(default_factory=dict[str, frozenset[bytes]])
    tls: ssl.SSLContext | None = None
    differing: Mapping[str, Mapping[str, float]] = field(default_factory=dict[str, Mapping[str, float]])
    """What is other for one subgraph, by its name: some of `DIFFERING`."""
    protocols: Mapping[str, Literal["graphql-transport-ws", "sse"]] = field(
        default_factory=dict[str, Literal["graphql-transport-ws", "sse"]]
    )

    def of(self, subgraph: str) -> "TransportOptions":
        """Return what holds for one subgraph."""
        own: dict[str, Any] = {name: DIFFERING[name](value) for name, value in self.differing.get(subgraph, {}).items()}
        return replace(self, **own) if own else self

    def watched(self, subgraph: str) -> frozenset[bytes]:
        """Return the names of the answer headers that are collected."""
        return self.returned.get("*", frozenset()) | self.returned.get(subgraph, frozenset())

    def timeout_of(self, kind: OperationKind) -> float:
        """Return how long a fetch of this kind may take."""
        return self.timeout if kind != "mutation" or self.mutation_timeout is None else self.mutation_timeout

    def tls_for(self, target: Target) -> ssl.SSLContext | None:
        """Return the TLS settings for a target (system trust and host name checks unless set), None without TLS."""
        return (self.tls or ssl.create_default_context()) if target.tls else None


def with_age(returned: Sequence[tuple[bytes, bytes]] | None) -> list[tuple[bytes, bytes]]:
    """Return an answer's collected headers; one that says nothing of caching is not to be kept."""
    found = list(returned or ())
    return found if any(name == CACHING for name, _ in found) else [*found, (CACHING, b"no-store")]
