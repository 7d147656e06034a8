"""Rules for the headers of one direction: to subgraphs by name or pattern, back to clients by how several become one.

What belongs to one connection (RFC 9110, 7.6.1), what frames a message and what the gateway says itself is never
touched: no rule can name it, and no pattern finds it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

RawHeaders = Mapping[bytes, bytes]
Pairs = dict[bytes, bytes]
Merging = Literal["append", "first", "last", "strictest"]
EVERY = "*"
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9a-z]+")
_VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]{0,8192}")
_KEPT = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer"
    b" transfer-encoding upgrade host expect content-length content-type content-encoding accept accept-encoding"
    b" accept-charset traceparent tracestate x-request-id".split()
)
_OURS = b"x-portal-"
_VERBS = ("propagate", "propagate_matching", "insert", "remove", "remove_matching")
_MORE = {"propagate": {"as", "default"}, "insert": {"value"}}


@dataclass(frozen=True, slots=True)
class Rule:
    """One step: propagate `name` (under another one, or with a default), insert it, remove it; or all of a pattern."""

    verb: str
    name: bytes
    pattern: re.Pattern[str] | None = None
    under: bytes = b""
    value: bytes | None = None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Rule":
        """Read a rule as an operator writes it.

        Raises:
            ValueError: the text says what is wrong.
        """
        verbs = [verb for verb in _VERBS if verb in given]
        if len(verbs) != 1 or given.keys() - {verbs[0]} - _MORE.get(verbs[0], set()):
            raise ValueError(
                f"a rule has one of {', '.join(_VERBS)}, and nothing beside it that it cannot use: {given}"
            )
        verb, text = verbs[0], given[verbs[0]]
        if verb.endswith("_matching"):
            return cls(verb, b"", _pattern(text))
        value = given.get("value" if verb == "insert" else "default")
        encoded = None if value is None else value.encode("latin-1", "replace")
        if (verb == "insert" and encoded is None) or (encoded is not None and not _VALUE.fullmatch(encoded)):
            raise ValueError(f"the value of {text} is missing, or no header can have it")
        name = _checked(text)
        return cls(verb, name, None, _checked(given["as"]) if "as" in given else name, encoded)

    def apply(self, headers: RawHeaders, kept: frozenset[bytes], to: Pairs) -> None:
        """Change what goes out; `headers` are the client's, without those that it names as its connection's, `kept`."""
        match self.verb:
            case "propagate":
                value = headers.get(self.name) if self.name not in kept else None
                value = self.value if value is None or not _VALUE.fullmatch(value) else value
                if value is not None:
                    to[self.under] = value
            case "insert":
                to[self.name] = self.value or b""
            case "remove":
                to.pop(self.name, None)
            case "remove_matching":
                for name in [name for name in to if self._fits(name)]:
                    del to[name]
            case _:
                for name, value in headers.items():
                    if name not in kept and name != b"cookie" and self._fits(name) and _VALUE.fullmatch(value):
                        to[name] = value

    def _fits(self, name: bytes) -> bool:
        return self.pattern is not None and not _is_kept(name) and bool(self.pattern.fullmatch(name.decode("latin-1")))


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of all subgraphs, by name; those of `*` come first."""

    by_subgraph: Mapping[str, Sequence[Rule]]

    @property
    def propagated(self) -> list[str]:
        """The names that clients are invited to send."""
        rules = (rule for all_ in self.by_subgraph.values() for rule in all_)
        return sorted({rule.name.decode() for rule in rules if rule.verb == "propagate"})

    def apply(self, headers: RawHeaders, sent: Pairs) -> tuple[Pairs, dict[str, Pairs]]:
        """Return what every subgraph gets instead of `sent`, and what those get that have rules of their own."""
        kept = _of_connection(headers)
        common = _applied(self.by_subgraph.get(EVERY, ()), headers, kept, sent)
        own = {
            name: _applied(rules, headers, kept, common) for name, rules in self.by_subgraph.items() if name != EVERY
        }
        return common, own


def read_rules(given: Mapping[str, Iterable[Mapping[str, str]]]) -> Rules | None:
    """Return the rules of a setting, None where it is empty.

    Raises:
        ValueError: see `Rule.read`.
    """
    read = {subgraph: [Rule.read(one) for one in rules] for subgraph, rules in given.items()}
    return Rules(read) if read else None


def merged(returned: Sequence[tuple[bytes, bytes]], how: Mapping[bytes, Merging]) -> list[tuple[bytes, bytes]]:
    """Return the headers that several answers gave back, in the order of the answers, as one answer has them."""
    if not how:
        return list(returned)
    kept: list[tuple[bytes, bytes]] = []
    for name in dict.fromkeys(name for name, _ in returned):
        values = [value for one, value in returned if one == name]
        match how.get(name, "append"):
            case "first":
                values = values[:1]
            case "last":
                values = values[-1:]
            case "strictest":
                values = [strictest(values)]
            case _:
                pass
        kept += [(name, value) for value in values]
    return kept


def strictest(values: Sequence[bytes]) -> bytes:
    """Return the `Cache-Control` that keeps all promises (RFC 9111, 5.2.2); what cannot be read is `no-store`."""
    directives = [_directives(value) for value in values]
    names = {name for one in directives for name in one}
    ages = [age for one in directives if (age := _age(one)) is not None]
    if b"no-store" in names or (len(ages) < len(directives) and b"no-cache" not in names):
        return b"no-store"
    scope = b"private" if any(b"public" not in one for one in directives) else b"public"
    stricter = [name for name in (b"no-cache", b"must-revalidate", b"no-transform") if name in names]
    return b", ".join([scope, *([b"max-age=%d" % min(ages)] if ages else []), *stricter])


def _directives(value: bytes) -> dict[bytes, bytes]:
    parts = (part.strip().lower().partition(b"=") for part in value.split(b",") if part.strip())
    return {name: argument.strip(b'"') for name, _, argument in parts}


def _age(one: Mapping[bytes, bytes]) -> int | None:
    age = one.get(b"max-age", b"")
    return int(age) if age.isdigit() and len(age) < 10 else None


def _applied(rules: Iterable[Rule], headers: RawHeaders, kept: frozenset[bytes], sent: Pairs) -> Pairs:
    changed = dict(sent)
    for rule in rules:
        rule.apply(headers, kept, changed)
    return changed


def _of_connection(headers: RawHeaders) -> frozenset[bytes]:
    named = headers.get(b"connection", b"").lower().split(b",")
    return frozenset(name.strip() for name in named)


def _is_kept(name: bytes) -> bool:
    return name in _KEPT or name.startswith(_OURS)


def _checked(text: str) -> bytes:
    name = text.lower()
    if not _NAME.fullmatch(name) or _is_kept(name.encode()):
        raise ValueError(f"{text} is no header that a rule can name")
    return name.encode()


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"{text} is no regular expression: {error}") from None
