"""What of a client's headers goes to subgraphs: an allow-list, written once per client request."""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

from chassis.addresses import plain
from gateway.executor.ports import Forwarded
from gateway.subgraphs.header_rules import Rules

RawHeaders = Mapping[bytes, bytes]

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_TRACEPARENT = re.compile(rb"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]{0,8192}")


@dataclass(frozen=True, slots=True)
class HeaderRules:
    """Which headers go where.

    `everywhere` go to every subgraph as they came, `cookies` names for each subgraph the cookies that it alone may
    see. `gateway_key` is the credential that subgraphs demand. `trusted_proxies` is the number of proxies in front of
    the gateway whose `X-Forwarded-For` entries are believed.
    """

    everywhere: Sequence[bytes] = (b"authorization", b"accept-language", b"user-agent")
    cookies: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    gateway_key: bytes = b""
    trusted_proxies: int = 0
    rules: Rules | None = None
    """What is changed of `everywhere`, for all subgraphs or for some."""

    def forward(self, headers: RawHeaders, address: str, deadline: float | None = None) -> "Travelling":
        """Return what travels with the fetches of one client request; `address` is the peer's."""
        request_id = headers.get(b"x-request-id", b"")
        fresh = b"%080x" % random.getrandbits(320)
        if not _REQUEST_ID.fullmatch(request_id):
            request_id = fresh[48:]
        traceparent, trace_id, state = _trace(headers, fresh)
        lines = [b"x-request-id: ", request_id, b"\r\ntraceparent: ", traceparent, b"\r\n", state]
        own: list[bytes] = []
        for name in self.everywhere:
            value = headers.get(name)
            if value is not None and _VALUE.fullmatch(value):
                own += (name, b": ", value, b"\r\n")
        ruled: dict[str, bytes] = {}
        if self.rules is not None:
            own, ruled = self._ruled(self.rules, headers)
        private = self._private_cookies(headers) if self.cookies and b"cookie" in headers else None
        begin, replaced = lines, None
        lines = [*lines, *own]
        end = [b"x-portal-client-address: ", self._client(headers, address), b"\r\n"]
        if self.gateway_key:
            end += (b"x-portal-gateway-key: ", self.gateway_key, b"\r\n")
        lines += end
        credentials = b"".join(own) + (repr(private).encode() if private else b"")
        if ruled:
            replaced = {name: b"".join([*begin, block, *end]) for name, block in ruled.items()}
            credentials += repr(ruled).encode()
        return Travelling(
            b"".join(lines), credentials, [], private, deadline, None, replaced, None, request_id, trace_id
        )

    def _ruled(self, rules: Rules, headers: RawHeaders) -> tuple[list[bytes], dict[str, bytes]]:
        """Return the lines that every subgraph gets, and those of the subgraphs that have rules of their own."""
        given = ((name, headers.get(name)) for name in self.everywhere)
        sent = {name: value for name, value in given if value is not None and _VALUE.fullmatch(value)}
        common, own = rules.apply(headers, sent)
        return [_block(common)], {subgraph: _block(pairs) for subgraph, pairs in own.items()}

    def with_authorization(self, headers: RawHeaders, value: object) -> RawHeaders:
        """Return the headers with the authorization that a socket's client sent in its first message, if it did."""
        if isinstance(value, str) and value.isascii() and _VALUE.fullmatch(value.encode()):
            return {**headers, b"authorization": value.encode()}
        return headers

    def _private_cookies(self, headers: RawHeaders) -> Mapping[str, bytes] | None:
        try:
            given = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1"))
        except CookieError:
            return None
        private: dict[str, bytes] = {}
        for subgraph, names in self.cookies.items():
            pairs = [f"{name}={given[name].coded_value}" for name in names if name in given]
            line = "; ".join(pairs).encode("latin-1")
            if pairs and _VALUE.fullmatch(line):
                private[subgraph] = b"cookie: " + line + b"\r\n"
        return private or None

    def client(self, headers: RawHeaders, address: str) -> str:
        """Return the client's address, as proxies that are believed say it; `address` is the peer's."""
        return self._client(headers, address).decode()

    def _client(self, headers: RawHeaders, address: str) -> bytes:
        if self.trusted_proxies:
            given = headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")
            hops = [hop.strip() for hop in given if hop.strip()]
            hops = [*hops, address][-1 - self.trusted_proxies :]
            address = hops[0]
        return plain(address).encode()


def combined(fields: Sequence[tuple[bytes, bytes]]) -> RawHeaders:
    """Return a request's fields by name; several lines of one name are one list, in their order (RFC 9110, 5.3).

    What may come only once is then no value of its kind, so that nobody takes the first where we took the last.
    """
    headers = dict(fields)
    if len(headers) != len(fields):
        headers.clear()
        for name, value in fields:
            before = headers.get(name)
            headers[name] = value if before is None else before + (b"; " if name == b"cookie" else b", ") + value
    return headers


def _block(pairs: Mapping[bytes, bytes]) -> bytes:
    return b"".join(b"%b: %b\r\n" % pair for pair in pairs.items())


@dataclass(slots=True)
class Travelling(Forwarded):
    """`Forwarded`, with what our own log says about the request."""

    request_id: bytes = b""
    trace_id: bytes = b""


def _trace(headers: RawHeaders, fresh: bytes) -> tuple[bytes, bytes, bytes]:
    """Return traceparent, trace id and the `tracestate` line; a client's trace is continued if it is well formed."""
    given = headers.get(b"traceparent", b"")
    match = _TRACEPARENT.fullmatch(given) if given else None
    if match is None:
        return b"00-%b-%b-01" % (fresh[:32], fresh[32:48]), fresh[:32], b""
    state = headers.get(b"tracestate", b"")
    usable = state and len(state) <= 512 and _VALUE.fullmatch(state)
    return given, match[1], b"tracestate: " + state + b"\r\n" if usable else b""
