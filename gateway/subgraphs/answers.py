"""What both transports demand of an answer before the executor sees it, and of a header block before it is sent."""

import re
import zlib
from functools import lru_cache

from gateway.executor.ports import SubgraphUnavailable
from gateway.subgraphs.retry import UNAVAILABLE_STATUSES

_HEAD = re.compile(
    rb"(?:(?!(?:content-length|transfer-encoding|host|connection|expect|upgrade):)"
    rb"[!#$%&'*+\-.^_`|~0-9a-z]+:[\t\x20-\x7e\x80-\xff]*\r\n)*",
    re.IGNORECASE,
)


@lru_cache(maxsize=256)
def is_safe_head(head: bytes) -> bool:
    """Return whether a block is complete header lines, none of them a header that the transport itself writes."""
    return _HEAD.fullmatch(head) is not None


def unusable(subgraph: str, status: int, body: bytes) -> SubgraphUnavailable | None:
    """Return why a complete answer is no GraphQL answer, None when it may be one (a JSON object)."""
    if status in UNAVAILABLE_STATUSES:
        return SubgraphUnavailable(subgraph, f"status {status}")
    if body[:1] == b"{" or body.lstrip()[:1] == b"{":
        return None
    return SubgraphUnavailable(subgraph, f"status {status} and no JSON object")


def decoded(subgraph: str, body: bytes, coding: bytes, limit: int) -> bytes:
    """Return a body without its content coding (RFC 9110, 8.4), at most `limit` bytes of it.

    We ask for gzip; a subgraph that codes in another way, or more than once, cannot be read.

    Raises:
        SubgraphUnavailable: the coding or what it holds cannot be read, or it holds more.
    """
    name = coding.strip().lower()
    if name in (b"", b"identity"):
        return body
    if name not in (b"gzip", b"x-gzip"):
        raise SubgraphUnavailable(subgraph, f"content-encoding {name[:40].decode('latin-1')!r} cannot be read")
    pieces, left, rest = list[bytes](), limit, body
    while rest:
        reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            pieces.append(reader.decompress(rest, left + 1))
        except zlib.error:
            raise SubgraphUnavailable(subgraph, "content-encoding 'gzip', and no gzip") from None
        left -= len(pieces[-1])
        if left < 0:
            raise SubgraphUnavailable(subgraph, "answer too large")
        if not reader.eof:
            raise SubgraphUnavailable(subgraph, "gzip answer is not whole")
        rest = reader.unused_data
    return b"".join(pieces)


def header_pairs(head: bytes) -> list[tuple[str, str]]:
    """Return the headers of a safe block."""
    lines = head.decode("latin-1").split("\r\n")[:-1]
    return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
