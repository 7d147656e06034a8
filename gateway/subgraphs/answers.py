"""What both transports demand of an answer before the executor sees it, and of a header block before it is sent."""

import re
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


def header_pairs(head: bytes) -> list[tuple[str, str]]:
    """Return the headers of a safe block."""
    lines = head.decode("latin-1").split("\r\n")[:-1]
    return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
