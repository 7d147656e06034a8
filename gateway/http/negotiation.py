"""Which media type an answer has: the GraphQL over HTTP specification, "Accept"."""

from enum import Enum
from functools import lru_cache

_NEW = "application/graphql-response+json"
_STREAMS = frozenset({"text/event-stream", "multipart/mixed"})


class Media(Enum):
    """What the client can read best, of what we can send."""

    RESPONSE = b"application/graphql-response+json; charset=utf-8"
    JSON = b"application/json; charset=utf-8"
    STREAM = b""
    NONE = b"application/json"


@lru_cache(maxsize=256)
def media_for(accept: bytes) -> Media:
    """Return the media type for an `Accept` header; no header accepts JSON."""
    ranges = [_range(part) for part in accept.decode("latin-1").lower().split(",") if part.strip()] or [("*/*", 1.0)]
    wanted = [name for name, quality in sorted(ranges, key=lambda one: -one[1]) if quality > 0]
    if _STREAMS & set(wanted):
        return Media.STREAM
    if _NEW in wanted:
        return Media.RESPONSE
    if {"application/json", "application/*", "*/*"} & set(wanted):
        return Media.JSON
    return Media.NONE


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip() for piece in part.split(";"))
    quality = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
    try:
        return name, float(quality)
    except ValueError:
        return name, 0.0


@lru_cache(maxsize=256)
def is_json(content_type: bytes) -> bool:
    """Return whether a request body is `application/json`, in UTF-8 if it says so."""
    name, *parameters = (piece.strip() for piece in content_type.decode("latin-1").lower().split(";"))
    charsets = [piece[8:].strip('"') for piece in parameters if piece.startswith("charset=")]
    return name == "application/json" and all(charset in ("utf-8", "utf8") for charset in charsets)
